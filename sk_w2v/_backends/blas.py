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
    """The numbers of threads of all BLAS libraries: 1 while any hold is active, in whatever order holds end.

    Attributes
    ----------
    libraries : list of threadpoolctl's controllers, or None before the first hold
        Libraries whose number of threads is that of the process.
    runtimes : list of controllers
        Libraries that run on OpenMP, and its runtimes, in which each thread has a separate number.
    holds : set of int
    before : list of int or None
        The numbers to restore after the last hold.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()  # a signal handler or finalizer may run in the same thread
        self.libraries: list[Any] | None = None
        self.runtimes: list[Any] = []
        self.holds: set[int] = set()
        self.before: list[int] | None = None

    def hold(self, key: int) -> None:
        """Set one thread, even if other code has changed the number since the last hold."""
        with self.lock:
            if self.libraries is None:
                self._find()
            libraries = self.libraries or []
            if self.before is None:
                self.before = _numbers(libraries)
            self.holds.add(key)
            _set_numbers(libraries, [1] * len(libraries))

    def release(self, key: int) -> None:
        """Restore the earlier numbers if no hold is left."""
        with self.lock:
            self.holds.discard(key)
            if not self.holds and self.before is not None:
                _set_numbers(self.libraries or [], self.before)
                self.before = None

    def release_in_child(self) -> None:
        """End all holds in a forked process, in which the threads that hold do not run."""
        self.lock, self.holds = threading.RLock(), set()
        self.release(0)

    def _find(self) -> None:
        """Find the libraries once. Those of NumPy and SciPy are loaded by now."""
        found = ThreadpoolController().lib_controllers
        by_openmp = [library for library in found if library.user_api == "blas" and _runs_on_openmp(library)]
        if by_openmp:
            self.runtimes = [*by_openmp, *(library for library in found if library.user_api == "openmp")]
        self.libraries = [library for library in found if library.user_api == "blas" and library not in by_openmp]


class _Hold:
    """One hold on single-threaded BLAS. If an interrupt prevents its end, it ends with the object."""

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
    """Tell whether each thread has a separate number: if OpenBLAS says so, and possibly for other libraries."""
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
    """Set a library's number of threads from any thread.

    Since version 3.7 threadpoolctl lets only one thread set OpenBLAS's number and ignores calls of the others.
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
    """Limit BLAS to one thread while any thread of the process is inside; the last to leave restores the numbers.

    It also works as a decorator.
    """
    hold = _Hold(_blas_threads)
    try:
        hold.take()
        yield
    finally:
        hold.end()
