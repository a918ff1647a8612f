"""Keeping BLAS to one thread while dense algebra runs, and restoring its numbers of threads afterwards."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import scipy.linalg  # noqa: F401 - loads SciPy's own BLAS, which must be loaded to be found
from threadpoolctl import ThreadpoolController

N_TRIES = 3  # to set a number that other code may be setting at the same time


class _BlasThreads:
    """The numbers of threads of all BLAS libraries: one from the first hold to the last, in whatever order they end.

    Attributes
    ----------
    libraries : list of threadpoolctl's controllers, or None before the first hold
        Libraries whose number of threads is that of the process.
    runtimes : list of controllers
        Libraries that run on OpenMP, and its runtimes, which have a number for each thread.
    holds : set of int
    before : list of int or None
        What to restore after the last hold.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()  # a signal handler or a finalizer of the same thread may come in between
        self.libraries: list[Any] | None = None
        self.runtimes: list[Any] = []
        self.holds: set[int] = set()
        self.before: list[int] | None = None

    def hold(self, key: int) -> None:
        """Set one thread, again if somebody has changed it meanwhile."""
        with self.lock:
            if self.libraries is None:
                self._find()
            libraries = self.libraries or []
            if self.before is None:
                self.before = _numbers(libraries)
            self.holds.add(key)
            _set_numbers(libraries, [1] * len(libraries))

    def release(self, key: int) -> None:
        """Restore what was before if no hold is left."""
        with self.lock:
            self.holds.discard(key)
            if not self.holds and self.before is not None:
                _set_numbers(self.libraries or [], self.before)
                self.before = None

    def release_in_child(self) -> None:
        """End all holds in a forked process, which has none of the threads that would."""
        self.lock, self.holds = threading.RLock(), set()
        self.release(0)

    def _find(self) -> None:
        """Find the libraries, once: those that NumPy and SciPy call are loaded by now."""
        found = ThreadpoolController().lib_controllers
        by_openmp = [library for library in found if library.user_api == "blas" and _runs_on_openmp(library)]
        if by_openmp:
            self.runtimes = [*by_openmp, *(library for library in found if library.user_api == "openmp")]
        self.libraries = [library for library in found if library.user_api == "blas" and library not in by_openmp]


class _Hold:
    """One stay on one thread of BLAS. If an interrupt cuts its end off, it ends with the object."""

    def __init__(self, threads: _BlasThreads) -> None:
        self.threads = threads
        self.of_thread: list[int] = []

    def take(self) -> None:
        """Begin."""
        self.threads.hold(id(self))
        if self.threads.runtimes:
            self.of_thread = _numbers(self.threads.runtimes)
            _set_numbers(self.threads.runtimes, [1] * len(self.of_thread))

    def end(self) -> None:
        """End, once."""
        if self.of_thread:
            _set_numbers(self.threads.runtimes, self.of_thread)
            self.of_thread = []
        self.threads.release(id(self))

    def __del__(self) -> None:
        self.end()


def _runs_on_openmp(library: Any) -> bool:
    """Tell whether each thread has a number of its own: where OpenBLAS says so, and perhaps in others."""
    return bool(library.internal_api != "openblas" or library.threading_layer == "openmp")


def _numbers(libraries: list[Any]) -> list[int]:
    """Return each library's number of threads."""
    return [library.get_num_threads() for library in libraries]


def _set_numbers(libraries: list[Any], numbers: list[int]) -> None:
    """Set each library's number of threads."""
    for library, number in zip(libraries, numbers, strict=True):
        for _ in range(N_TRIES):
            if library.get_num_threads() == number:
                break
            _set_number(library, number)


def _set_number(library: Any, number: int) -> None:
    """Set a library's number of threads from whatever thread.

    From its version 3.7 on threadpoolctl lets one thread at a time set OpenBLAS's number; calls of others do nothing.
    """
    forget_thread = getattr(library, "clear_controlling_thread", None)
    if forget_thread is None:
        library.set_num_threads(number)
        return
    forget_thread(force=True)
    library.set_num_threads(number)
    forget_thread(force=True)


_blas_threads = _BlasThreads()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_blas_threads.release_in_child)


@contextmanager
def single_threaded_blas() -> Iterator[None]:
    """Keep BLAS to one thread while any thread of the process is in here; the last to leave restores the numbers.

    A function that it decorates runs in it.
    """
    hold = _Hold(_blas_threads)
    try:
        hold.take()
        yield
    finally:
        hold.end()
