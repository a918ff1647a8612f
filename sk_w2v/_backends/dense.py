"""Dense algebra whose results do not depend on threads: ours run fixed pieces, each on one thread of BLAS.

BLAS cuts a product by its own number of threads, and other cuts give other last bits. Here pieces depend on shapes
alone, and partial sums are added in order. One thread a piece is also what a busy machine needs: BLAS's threads wait
for each other actively, and if one of them gets no processor, all others wait with it.

Arrays of other libraries than NumPy are multiplied by their own library.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

import numpy as np
import scipy.linalg  # noqa: F401 - loads SciPy's own BLAS, which must be there to be found
from threadpoolctl import ThreadpoolController

from .._array_api import namespace_of
from .._typing import AnyFloatArray

Piece = TypeVar("Piece")

PIECE_WORK = 1 << 24  # multiplications of a piece: some tenths of a millisecond, so that handing it over costs little
N_TRIES = 3  # to set a number that other code may be setting at the same time
FEWEST_ROWS = 1024  # of a piece of a sum over rows: each gives a partial sum that is added to the others


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


def product(left: Any, right: Any, *, n_jobs: int = 1) -> Any:
    """Return ``left @ right``, of shape (n_rows, n_columns) or (n_rows,), from pieces of the left's rows."""
    if namespace_of(left) is not np:
        return left @ right
    pieces = _cuts(len(left), left.shape[1] * _n_columns(right), fewest=64)
    with single_threaded_blas():
        if len(pieces) == 1:
            return left @ right
        out = np.empty((len(left), *right.shape[1:]), np.result_type(left, right))
        _each(partial(_multiply, left, right, out), pieces, n_jobs=n_jobs)
    return out


def inner_product(left: Any, right: Any, *, n_jobs: int = 1) -> Any:
    """Return ``left.T @ right``, of shape (n_left, n_right) or (n_left,), the sum over pieces of the rows of both."""
    if namespace_of(left) is not np:
        return left.T @ right
    work = left.shape[1] * _n_columns(right)
    return sum_over_rows(lambda rows: left[rows].T @ right[rows], len(left), work, n_jobs=n_jobs)


def sum_over_rows(term: Callable[[slice], Any], n_rows: int, work_per_row: int, *, n_jobs: int = 1) -> Any:
    """Return the sum of ``term(rows)`` over pieces of the rows, added in order.

    `work_per_row` is about how many multiplications a row takes.
    """
    from .cpu.threads import stream_through_threads  # needs Numba, whose import takes a while

    pieces = _cuts(n_rows, work_per_row, fewest=FEWEST_ROWS)
    with single_threaded_blas():
        terms = stream_through_threads(_on_one_thread(term), pieces, n_jobs=min(n_jobs, len(pieces)))
        total = next(terms)
        for each in terms:
            total += each
    return total


def orthonormalize(matrix: Any, *, n_jobs: int = 1) -> tuple[Any, Any]:
    """Return the QR factors of a tall matrix: of pieces of its rows, then of the pieces' triangles."""
    xp = namespace_of(matrix)
    if xp is not np:
        factors: tuple[Any, Any] = xp.linalg.qr(matrix)
        return factors
    n_columns = matrix.shape[1]
    pieces = _cuts(len(matrix), n_columns * n_columns, fewest=max(FEWEST_ROWS, 4 * n_columns))
    with single_threaded_blas():
        if len(pieces) == 1:
            return tuple(np.linalg.qr(matrix))  # type: ignore[return-value]
        parts = _each(lambda rows: np.linalg.qr(matrix[rows]), pieces, n_jobs=n_jobs)
        mixing, triangle = np.linalg.qr(np.concatenate([part[1] for part in parts]))
        out = np.empty_like(matrix, order="C")

        def turn(index: int) -> None:
            block = mixing[index * n_columns : (index + 1) * n_columns]
            np.matmul(parts[index][0], block, out=out[pieces[index]])

        _each(turn, list(range(len(pieces))), n_jobs=n_jobs)
    return out, triangle


def eigh(matrix: Any) -> tuple[Any, Any]:
    """Return eigenvalues, rising, and eigenvectors of a symmetric matrix of any library, on one thread."""
    xp: ModuleType = namespace_of(matrix)
    with single_threaded_blas():
        values, vectors = xp.linalg.eigh(matrix)
    return values, vectors


def _multiply(left: AnyFloatArray, right: AnyFloatArray, out: AnyFloatArray, rows: slice) -> None:
    """Write some rows of a product."""
    np.matmul(left[rows], right, out=out[rows])


def _n_columns(matrix: AnyFloatArray) -> int:
    """Return a matrix' number of columns, 1 for a vector."""
    return matrix.shape[1] if matrix.ndim > 1 else 1


def _cuts(n_rows: int, work_per_row: int, *, fewest: int) -> list[slice]:
    """Cut rows into pieces of about `PIECE_WORK`, by shapes alone; the last is at least as long as the others."""
    n_pieces = max(1, n_rows // max(fewest, PIECE_WORK // max(work_per_row, 1)))
    length = n_rows // n_pieces
    starts = [length * index for index in range(n_pieces)]
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], n_rows], strict=True)]


def _on_one_thread(function: Callable[[Piece], Any]) -> Callable[[Piece], Any]:
    """Return the function as a thread of ours calls it, which may have a number of BLAS threads of its own."""
    return single_threaded_blas()(function)


def _each(function: Callable[[Piece], Any], pieces: list[Piece], *, n_jobs: int) -> list[Any]:
    """Return the function's results for all pieces."""
    from .cpu.threads import run_in_threads  # as above

    calls = [(piece,) for piece in pieces]
    return run_in_threads(_on_one_thread(function), calls, n_jobs=min(n_jobs, len(pieces)))
