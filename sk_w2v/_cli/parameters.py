"""The parameters of an estimator as options, made of its signature, docstring and constraints.

A parameter that is added to an estimator becomes an option by itself. Values that are Python objects, such as
callables and arrays, cannot be given on a command line and are not offered.
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from numbers import Integral, Real
from typing import Any

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils._param_validation import Interval, StrOptions

from .._estimators.analysis import REPLACEMENTS
from .docstrings import parameter_sentences

# Parameters of an embedder that the word vectors do not depend on: they are for documents, or for a second fit.
NOT_OF_WORDS = {"pooling", "norm", "oov", "warm_start"}
# Parameters of the vectorizer that are about columns or about files, which `fit` reads by options of its own.
NOT_OF_TEXT = {*REPLACEMENTS, "input", "encoding", "decode_error"}


@dataclass(frozen=True)
class Parameter:
    """A parameter that can be given on the command line.

    Attributes
    ----------
    name : str
        As `set_params` takes it, such as ``vectorizer__token_pattern``.
    default : object
    sentence : str
        What the docstring says about it.
    kinds : dict of str to callable
        What a value can be, and the function that makes it of text or raises a ValueError.
    is_flag : bool
        Whether it is on or off.
    """

    name: str
    default: Any
    sentence: str
    kinds: dict[str, Callable[[str], Any]]
    is_flag: bool

    @property
    def option(self) -> str:
        """The option's name."""
        return "--" + self.name.replace("_", "-").replace("--", "-")

    def parse(self, text: str) -> Any:
        """Return the value that a text stands for."""
        for convert in self.kinds.values():
            try:
                return convert(text)
            except ValueError:
                continue
        raise argparse.ArgumentTypeError(f"{text!r} is not {' or '.join(self.kinds)}")

    def add_to(self, group: Any) -> None:
        """Add the option to a group of a parser."""
        shown = f"{self.sentence} (default: {_shown(self.default)})".replace("%", "%%")
        how: dict[str, Any] = {"dest": self.name, "default": argparse.SUPPRESS, "help": shown}
        if self.is_flag:
            group.add_argument(self.option, action=argparse.BooleanOptionalAction, **how)
        else:
            group.add_argument(self.option, type=self.parse, metavar="|".join(self.kinds), **how)


def parameters_of(estimator_class: Any) -> list[Parameter]:
    """Return the parameters of an embedder that can be given as text, without those of its vectorizer."""
    return _offered(estimator_class, prefix="", left_out=NOT_OF_WORDS)


def vectorizer_parameters() -> list[Parameter]:
    """Return the parameters of the vectorizer that decide about words."""
    return _offered(CountVectorizer, prefix="vectorizer__", left_out=NOT_OF_TEXT)


def _offered(documented: Any, *, prefix: str, left_out: set[str]) -> list[Parameter]:
    """Return the parameters of a class that can be given as text."""
    sentences, constraints = parameter_sentences(documented), documented._parameter_constraints
    made = [
        Parameter(
            prefix + name,
            parameter.default,
            sentences.get(name, ""),
            _kinds(constraints[name]),
            "boolean" in constraints[name],
        )
        for name, parameter in inspect.signature(documented).parameters.items()
        if name not in left_out and name in constraints
    ]
    return [each for each in made if each.is_flag or set(each.kinds) - {"none"}]


def _kinds(constraints: Any) -> dict[str, Callable[[str], Any]]:
    """Return what a parameter can be given as, in the order in which it is tried."""
    kinds: dict[str, Callable[[str], Any]] = {}
    for constraint in constraints if isinstance(constraints, list) else []:
        if isinstance(constraint, StrOptions):
            kinds["{" + ",".join(sorted(constraint.options)) + "}"] = partial(_choice, constraint.options)
        elif _is_number(constraint, Integral) or constraint in ("random_state", "verbose"):
            kinds["INT"] = int
        elif _is_number(constraint, Real):
            kinds["FLOAT"] = float
        elif constraint is tuple:
            kinds["INT,INT"] = _pair
        elif constraint is str:
            kinds["TEXT"] = str
        if constraint is None or constraint == "random_state":
            kinds["none"] = partial(_none)
    return dict(sorted(kinds.items(), key=lambda kind: ("{", "I", "F", "none", "T").index(_order(kind[0]))))


def _is_number(constraint: Any, kind: type) -> bool:
    """Tell whether a constraint asks for a number of a kind."""
    asked = constraint.type if isinstance(constraint, Interval) else constraint
    return isinstance(asked, type) and issubclass(asked, kind)


def _order(name: str) -> str:
    """Return the part of a kind's name that its place depends on: text is tried last, since it fits anything."""
    return name if name == "none" else name[0]


def _choice(choices: Any, text: str) -> str:
    """Return a text if it is one of the choices."""
    if text not in choices:
        raise ValueError(text)
    return text


def _none(text: str) -> None:
    """Return None for the word none."""
    if text.lower() != "none":
        raise ValueError(text)


def _pair(text: str) -> tuple[int, int]:
    """Return two numbers that are separated by a comma."""
    first, second = text.split(",")
    return int(first), int(second)


def _shown(default: Any) -> str:
    """Return a default as it would be given."""
    if isinstance(default, bool):
        return "on" if default else "off"
    if default is None:
        return "none"
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
