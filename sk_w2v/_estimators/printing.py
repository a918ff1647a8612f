"""Printing the progress of a fit: what `verbose=1` does."""

from __future__ import annotations

import sys
import time
import weakref
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Self

from .._progress import Stage

SECONDS_PER_LINE = 2.0  # of a stage that goes on
SECONDS_PER_TICK = 0.25
MANY_PASSES = 100  # more of them do not get a line each


class Printer:
    """A listener that prints a line at the end of each stage, and every two seconds of one that goes on.

    As a context manager it looks at the time in a thread of its own, so that it also prints while others compute.

    Parameters
    ----------
    name : str
        What is fitted.
    clock : callable
        () -> seconds.
    write : callable or None
        Takes a line; None prints it.
    """

    def __init__(
        self, name: str, *, clock: Callable[[], float] = time.monotonic, write: Callable[[str], object] | None = None
    ) -> None:
        self._name = name
        self._clock = clock
        self._write = write or _print
        self._lock = Lock()
        self._stage: Stage | None = None
        self._began = self._stage_began = self._wrote = clock()
        self._n_lines = 0
        self._compiled: str | None = None  # the kernel that is being compiled
        self._has_compiled = False
        self._finished = Event()

    def __enter__(self) -> Self:
        self._ticker = Thread(target=_tick, args=(weakref.ref(self), self._finished), daemon=True)
        self._ticker.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._finished.set()
        self._ticker.join()
        if kind is None:
            self._line(f"fit: {seconds(self._clock() - self._began)}")

    def begin(self, stage: Stage) -> None:
        """Remember the stage; print a line if there was none yet."""
        self._stage, self._stage_began = stage, self._clock()
        if not self._n_lines:
            size = f": {amount(stage.total, stage.unit)}" if stage.total else ""
            self._line(f"{label(stage)}{size} ...")

    def advance(self, stage: Stage) -> None:
        """Forget what is being compiled: it has been."""
        self._compiled = None

    def end(self, stage: Stage) -> None:
        """Print what the stage has come to."""
        now, self._stage, self._compiled = self._clock(), None, None
        if stage.count is None or stage.count <= MANY_PASSES or now - self._wrote >= SECONDS_PER_LINE:
            self._line(f"{label(stage)}: {outcome(stage, now - self._stage_began)}")

    def compiling(self, kernel: str) -> None:
        """Print that kernels are compiled, once; lines of progress then tell which."""
        if not self._has_compiled:
            self._line("compiling kernels for this processor, once: later fits load them from the disk")
        self._compiled, self._has_compiled = kernel, True

    def tick(self) -> None:
        """Print how far the stage is, if there was no line for a while."""
        now, stage = self._clock(), self._stage
        if now - self._wrote >= SECONDS_PER_LINE:
            compiled = f", compiling {self._compiled}" if self._compiled else ""
            name, state = "fit", seconds(now - self._began)
            if stage is not None:
                name, state = label(stage), progress(stage, now - self._stage_began)
            self._line(f"{name}: {state}{compiled}")

    def _line(self, text: str) -> None:
        """Print a line."""
        with self._lock:
            self._wrote, self._n_lines = self._clock(), self._n_lines + 1
            self._write(f"[{self._name}] {text}")


def _tick(printer: weakref.ref[Printer], finished: Event) -> None:
    """Let a printer look at the time until its fit is finished, or nobody has it any more."""
    while not finished.wait(SECONDS_PER_TICK):
        alive = printer()
        if alive is None:
            return
        alive.tick()
        del alive


def _print(line: str) -> None:
    print(line, file=sys.stdout, flush=True)


def label(stage: Stage) -> str:
    """Return a stage's name, and which of how many it is."""
    return stage.name if stage.index is None else f"{stage.name} {stage.index} of {stage.count}"


def progress(stage: Stage, elapsed: float) -> str:
    """Return how far a stage is after some seconds, how fast, and how many seconds it may still take."""
    parts = [_share_done(stage), stage.note, seconds(elapsed)]
    if stage.done and elapsed > 0:
        parts.append(f"{amount(stage.done / elapsed, stage.unit)}/s")
    if 0 < stage.fraction < 1:
        whole = elapsed / stage.fraction
        parts.append(f"about {seconds(whole - elapsed)} left")
        if stage.index is not None and stage.count is not None and stage.index < stage.count:
            parts[-1] += f", {seconds(whole * (stage.count - stage.index + 1) - elapsed)} with all {stage.count}"
    return ", ".join(part for part in parts if part)


def _share_done(stage: Stage) -> str:
    """Return what has been done, of how much."""
    if stage.total is None:
        return amount(stage.done, stage.unit) if stage.done else ""
    if stage.is_estimate:
        return f"{stage.done:.0f} of about {amount(stage.total, stage.unit)}"
    return f"{100 * stage.fraction:.0f} % of {amount(stage.total, stage.unit)}"


def outcome(stage: Stage, elapsed: float) -> str:
    """Return what a stage came to, how much it did, and in how many seconds."""
    parts = [stage.note, amount(stage.done, stage.unit) if stage.done else ""]
    did = f"{', '.join(part for part in parts if part)} in {seconds(elapsed)}".strip()
    if stage.index is not None and stage.count is not None and stage.index < stage.count:
        did += f", at most {seconds(elapsed * (stage.count - stage.index))} left"
    return did


def amount(number: float, unit: str) -> str:
    """Return an amount in its unit: of bytes, millions."""
    if unit == "bytes":
        return f"{number / 1e6:,.1f} MB"
    return f"{number:,.1f} {unit}" if number < 10 and number != int(number) else f"{number:,.0f} {unit}"


def seconds(number: float) -> str:
    """Return a time in seconds, or in minutes if it is long."""
    if number < 100:
        return f"{number:.1f} s" if number < 10 else f"{number:.0f} s"
    return f"{number // 60:.0f} min {number % 60:.0f} s"
