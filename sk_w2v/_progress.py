"""Progress: stages of a fit say how far they are, and listeners are told.

A stage is opened where its work is done, and advances between pieces of it. Without a listener a stage costs next to
nothing. Listeners belong to the thread that they are set in, and are told in this thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Any, Protocol

MAX_STEPS = 100  # that the progress of a stage is told in


class Listener(Protocol):
    """What is told of stages."""

    def begin(self, stage: Stage) -> None:
        """Hear of a stage that begins."""

    def advance(self, stage: Stage) -> None:
        """Hear of progress: `done`, `total` or `note` have changed."""

    def end(self, stage: Stage) -> None:
        """Hear of a stage that has come to its end; one that raises an error does not."""

    def compiling(self, kernel: str) -> None:
        """Hear of a kernel that is compiled, perhaps from another thread."""


_listeners: ContextVar[tuple[Listener, ...]] = ContextVar("listeners", default=())
_current: ContextVar[Stage | None] = ContextVar("stage", default=None)
_all_listeners: list[Listener] = []  # of all threads: a kernel is compiled for all of them


@dataclass(eq=False)
class Stage:
    """A part of a fit, as a context manager.

    Attributes
    ----------
    name : str
    total : float or None
        How much work there is, in `unit`; None if that is not known.
    unit : str
    grain : float
        The least progress that is worth telling, in `unit`.
    index, count : int or None
        Which of how many stages of this name it is, from 1.
    is_estimate : bool
        Whether `total` is an estimate, which may change.
    expects : bool
        Whether it comes from `expect`, once the stage has begun.
    done : float
        How much work has been done, in `unit`.
    note : str
        What the stage has come to: "loss 2.31", say.
    stop : bool
        Whether a listener asks to stop after this stage.
    """

    name: str
    total: float | None = None
    unit: str = ""
    grain: float = 1
    index: int | None = None
    count: int | None = None
    is_estimate: bool = False
    expects: bool = False
    done: float = 0
    note: str = ""
    stop: bool = False
    _listeners: tuple[Listener, ...] = ()
    _token: Token[Stage | None] | None = field(default=None, repr=False)

    @property
    def n_steps(self) -> int:
        """In how many steps the stage is told; 0 if its total is not known or not worth it."""
        if self.total is None or self.is_estimate:
            return MAX_STEPS if self.is_estimate else 0
        n_steps = int(min(self.total / self.grain, MAX_STEPS))
        return n_steps if n_steps > 1 else 0

    @property
    def fraction(self) -> float:
        """The share of the work that has been done."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    def __enter__(self) -> Stage:
        self._listeners = () if _current.get() is not None else _listeners.get()  # the outer stage stands for both
        self._token = _current.set(self)
        for listener in self._listeners:
            listener.begin(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        if self._token is not None:
            _current.reset(self._token)
        if kind is None:
            for listener in self._listeners:
                listener.end(self)

    def changed(self) -> None:
        """Tell the listeners."""
        for listener in self._listeners:
            listener.advance(self)


def advance(n: float = 1) -> None:
    """Say that the current stage has done so much more, in its unit."""
    current = _current.get()
    if current is not None:
        current.done += n
        current.changed()


def expect(total: float, unit: str, *, grain: float = 1, is_estimate: bool = False) -> None:
    """Say how much the current stage has to do."""
    current = _current.get()
    if current is not None:
        current.total, current.unit, current.grain, current.is_estimate = total, unit, grain, is_estimate
        current.changed()


def note(text: str) -> None:
    """Say what the current stage has come to."""
    current = _current.get()
    if current is not None:
        current.note = text


def compiling(kernel: str) -> None:
    """Say that a kernel is being compiled, to the listeners of all threads."""
    for listener in list(_all_listeners):
        listener.compiling(kernel)


@contextmanager
def listening(*listeners: Listener) -> Iterator[None]:
    """Tell these listeners, and no others, of stages in this thread."""
    token, of_stage = _listeners.set(listeners), _current.set(None)
    _all_listeners.extend(listeners)
    try:
        yield
    finally:
        _all_listeners[:] = [each for each in _all_listeners if each not in listeners]
        _current.reset(of_stage)
        _listeners.reset(token)
