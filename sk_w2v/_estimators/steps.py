"""Steps of a fit: calls of pure functions, made when their values are needed, and kept by `memory=`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from joblib import Memory
from sklearn.utils.validation import check_memory

from .memory_keys import documents_key, parameters_key, value_key


@dataclass(frozen=True)
class Documents:
    """The documents that the first step reads, under a key of their content or of their files' identity."""

    value: Any

    @cached_property
    def key(self) -> str:
        """Digest of the documents."""
        return documents_key(self.value)


@dataclass(frozen=True, eq=False)
class Step:
    """One call of a pure function.

    Attributes
    ----------
    function : callable
    inputs : tuple of Documents or Step
        What the function takes first: their values.
    parameters : mapping of str to object
        Its keyword arguments, which the value depends on.
    options : mapping of str to object
        Its further keyword arguments, which the value does not depend on: threads, say.
    """

    function: Callable[..., Any]
    inputs: tuple[Documents | Step, ...]
    parameters: Mapping[str, Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    memory: Memory = field(default_factory=lambda: check_memory(None))

    @cached_property
    def key(self) -> str:
        """Digest of the function's name, of the keys of its inputs and of its parameters."""
        names = (self.function.__module__, self.function.__qualname__)
        return value_key((*names, *(each.key for each in self.inputs), parameters_key(self.parameters)), name="step")

    @cached_property
    def value(self) -> Any:
        """The function's value, from the memory if it is there."""
        if isinstance(self.memory, Memory) and self.memory.location is None:
            return _evaluate("", self)  # a key that nothing is kept under would cost as much
        return self.memory.cache(_evaluate, ignore=["step"])(self.key, self)


def _evaluate(key: str, step: Step) -> Any:
    """Call a step's function."""
    return step.function(*(each.value for each in step.inputs), **step.parameters, **step.options)
