"""Steps of a fit: lazy calls of pure functions, whose values `memory=` can cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from joblib import Memory
from sklearn.utils.validation import check_memory

from .._progress import Stage
from .memory_keys import documents_key, parameters_key, value_key


@dataclass(frozen=True)
class Documents:
    """Documents, the input of the first step, with a key from their content or the identity of their files."""

    value: Any

    @cached_property
    def key(self) -> str:
        """Return a digest of the documents."""
        with Stage("recognize documents"):
            return documents_key(self.value)


@dataclass(frozen=True, eq=False)
class Step:
    """One call of a pure function.

    Attributes
    ----------
    name : str
        The stage of the fit that is reported if the value comes from the cache.
    function : callable
    inputs : tuple of Documents or Step
        Their values are the function's positional arguments.
    parameters : mapping of str to object
        Keyword arguments that the value depends on.
    options : mapping of str to object
        Keyword arguments that the value does not depend on, such as the number of threads.
    memory : joblib.Memory
        The cache.
    """

    name: str
    function: Callable[..., Any]
    inputs: tuple[Documents | Step, ...]
    parameters: Mapping[str, Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    memory: Memory = field(default_factory=lambda: check_memory(None))
    _calls: list[str] = field(default_factory=list)

    @cached_property
    def key(self) -> str:
        """Return a digest of the function's name, the keys of its inputs, and its parameters."""
        names = (self.function.__module__, self.function.__qualname__)
        return value_key((*names, *(each.key for each in self.inputs), parameters_key(self.parameters)), name="step")

    @cached_property
    def value(self) -> Any:
        """Return the function's value, from the cache if it is there."""
        if isinstance(self.memory, Memory) and self.memory.location is None:
            return _evaluate("", self)  # saves the cost of a key
        value = self.memory.cache(_evaluate, ignore=["step"])(self.key, self)
        if not self._calls:
            with Stage(self.name, note="from memory"):
                pass
        return value


def _evaluate(key: str, step: Step) -> Any:
    """Call the function of a step."""
    step._calls.append(key)
    return step.function(*(each.value for each in step.inputs), **step.parameters, **step.options)
