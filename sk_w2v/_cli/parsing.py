"""Parsing of arguments: errors in one line, and suggestions for options that are not known."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from typing import NoReturn

PROGRAM = "sk-w2v"


class CommandError(ValueError):
    """An argument cannot be used; the message says what to give."""


class CommandParser(argparse.ArgumentParser):
    """A parser of one command's arguments, which raises `CommandError` where argparse prints and exits."""

    def __init__(self, prog: str, *, description: str | None, epilog: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,  # an option that is added later must not change what an abbreviation means
        )

    def parse(self, argv: list[str]) -> argparse.Namespace:
        """Return the parsed arguments, or say which are not known."""
        arguments, unknown = self.parse_known_args(argv)
        if unknown:
            self.error(self._unknown(unknown))
        return arguments

    def error(self, message: str) -> NoReturn:
        """Raise an error with a hint where to look."""
        raise CommandError(f"{message}; see {self.prog} --help")

    def _unknown(self, unknown: list[str]) -> str:
        """Return what is wrong with arguments that nothing takes, with the options that were perhaps meant."""
        options = [argument.partition("=")[0] for argument in unknown if argument.startswith("-")]
        if not options:
            return f"too many arguments: {' '.join(unknown)}"
        near = get_close_matches(options[0], self._option_string_actions, n=3)
        return f"unknown option {options[0]}" + (f"; did you mean {' or '.join(near)}?" if near else "")


def positive_int(text: str) -> int:
    """Return a number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not an INT of at least 1")
    return int(text)
