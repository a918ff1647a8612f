"""From arguments to an exit code: which command runs, and how its failures are told."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.metadata import version
from typing import Any

from .parsing import PROGRAM, CommandError, CommandParser

# Each command is a module of this package with `add_arguments(parser, argv)` and `run(arguments)`.
COMMANDS = {
    "fit": "fit a model to a text and write its word vectors",
    "neighbors": "print the words most similar to given words",
    "analogy": "answer: A is to B as C is to what?",
    "evaluate": "score word vectors by analogies, similarity and categories",
    "convert": "write word vectors in another format",
}

FAILED = 2
INTERRUPTED = 130  # as a shell tells of SIGINT
CLOSED_PIPE = 141  # as a shell tells of SIGPIPE

# What the package and the system raise for wrong input. Any other exception is a fault of the program.
EXPECTED = (ArithmeticError, ImportError, LookupError, MemoryError, OSError, TypeError, ValueError)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv : sequence of str or None, default=None
        Arguments; None takes those of the process.

    Returns
    -------
    int
        0, 2 after an error, 130 if interrupted, 141 if the reader of the output closed it.
    """
    try:
        with _warnings_as_lines():
            with suppress(SystemExit):  # argparse has printed help or the version
                _run(list(sys.argv[1:] if argv is None else argv))
            sys.stdout.flush()
    except KeyboardInterrupt:
        _tell("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return CLOSED_PIPE
    except EXPECTED as error:
        _tell(f"error: {message_of(error)}")
        return FAILED
    return 0


def _run(argv: list[str]) -> None:
    """Run the command that the first argument names."""
    if not argv or argv[0] not in COMMANDS:
        _parser().parse(argv or ["--help"])
    module = import_module(f".{argv[0]}", __package__)
    parser = CommandParser(f"{PROGRAM} {argv[0]}", description=module.__doc__)
    module.add_arguments(parser, argv[1:])
    module.run(parser.parse(argv[1:]))


def _parser() -> CommandParser:
    """Return the parser of the program itself, which knows the commands by name."""
    listed = "\n".join(f"  {name:<10} {summary}" for name, summary in COMMANDS.items())
    parser = CommandParser(
        PROGRAM,
        description="Word vectors: word2vec, trained and in closed form.",
        epilog=f"commands:\n{listed}\n\n{PROGRAM} COMMAND --help shows the options of a command.",
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {version('sk-w2v')}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of the commands below")
    return parser


def message_of(error: BaseException) -> str:
    """Return what an exception says, in one line."""
    if isinstance(error, OSError) and error.filename is not None:
        text = f"{os.fspath(error.filename)}: {error.strerror}"
    elif isinstance(error, KeyError) and error.args:
        text = str(error.args[0])
    elif isinstance(error, MemoryError):
        text = f"out of memory {error}"
    else:
        text = str(error) or type(error).__name__
    return " ".join(text.split())


@contextmanager
def _warnings_as_lines() -> Iterator[None]:
    """Print the package's warnings as one line each, without the place in the source."""

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        _tell(f"warning: {' '.join(str(message).split())}")

    with warnings.catch_warnings():
        if not sys.warnoptions:  # else the user has said what is to be done with warnings
            warnings.simplefilter("default", UserWarning)
        warnings.showwarning = show
        yield


def _tell(message: str) -> None:
    """Print a line on standard error, if it is still open."""
    with suppress(OSError):
        print(f"{PROGRAM}: {message}", file=sys.stderr, flush=True)


def _drop_output() -> None:
    """Send what is left of the output nowhere, so that Python does not complain when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


__all__ = ["COMMANDS", "CommandError", "main", "message_of"]
