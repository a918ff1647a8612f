"""Running kernels that release the GIL in Python threads, and cutting work into even pieces."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import pairwise, repeat
from threading import Condition
from typing import Any, TypeVar

import numpy as np

from ..._progress import advance
from ..._typing import AnyArray, AnyIntArray

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def call(kernel: Callable[..., Result], *arguments: Any) -> Result:
    """Call a compiled kernel; raise an exception of a signal handler unchanged.

    A signal handler may run while Numba converts the results to Python objects. Python then raises a SystemError whose
    cause is the handler's exception, and code that catches Exception would take it for a failure.
    """
    try:
        return kernel(*arguments)
    except SystemError as error:
        cause: BaseException = error
        while isinstance(cause, SystemError) and cause.__cause__ is not None:
            cause = cause.__cause__
        if cause is error:
            raise
        raise cause from None


def run_in_threads(
    kernel: Callable[..., Result],
    pieces: Iterable[tuple[Any, ...]],
    *,
    n_jobs: int,
    sizes: Sequence[float] | AnyArray | None = None,
) -> list[Result]:
    """Call ``kernel(*piece)`` for each piece, started in order and `n_jobs` at a time; return the results.

    An interrupt waits for the pieces that are running, so a piece should take well under half a second. With `sizes`,
    each piece advances the current stage of the fit by its size.
    """
    if n_jobs == 1:
        return list(_advancing((call(kernel, *piece) for piece in pieces), sizes))
    with _threads(kernel, n_jobs) as submit:
        futures = [submit(*piece) for piece in pieces]
        return list(_advancing((future.result() for future in futures), sizes))


def _advancing(results: Iterable[Result], sizes: Sequence[float] | AnyArray | None) -> Iterator[Result]:
    """Yield the results, and advance the current stage by the size of each."""
    for size, result in zip(repeat(0) if sizes is None else sizes, results):  # noqa: B905 - one of them has no end
        if size:
            advance(size)
        yield result


def stream_through_threads(
    kernel: Callable[[Piece], Result], pieces: Iterable[Piece], *, n_jobs: int
) -> Iterator[Result]:
    """Yield ``kernel(piece)`` for each piece in order; read pieces only as results are requested.

    At most `n_jobs` pieces are in progress and one more is read ahead, so a stream may have any length.
    """
    if n_jobs == 1:
        yield from map(partial(call, kernel), pieces)
        return
    with _threads(kernel, n_jobs) as submit:
        waiting: deque[Future[Result]] = deque()
        for piece in pieces:
            waiting.append(submit(piece))
            if len(waiting) > n_jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _threads(kernel: Callable[..., Result], n_jobs: int) -> Iterator[Callable[..., Future[Result]]]:
    """Return a function that starts a call in one of `n_jobs` threads. After the block no call is running."""
    n_running, is_stopped, changed = 0, False, Condition()

    def call_unless_stopped(*piece: Any) -> Result:
        nonlocal n_running
        with changed:
            if is_stopped:
                raise CancelledError
            n_running += 1
        try:
            return kernel(*piece)
        finally:
            with changed:
                n_running -= 1
                changed.notify_all()

    pool = ThreadPoolExecutor(n_jobs)
    try:
        yield partial(pool.submit, call_unless_stopped)
    finally:
        # The count of running calls is exact even if an interrupt hit the pool while it started a thread.
        with changed:
            is_stopped = True
            changed.wait_for(lambda: n_running == 0)
        pool.shutdown(wait=False, cancel_futures=True)


def even_pieces(work_ends: AnyIntArray, n_pieces: int) -> list[tuple[int, int]]:
    """Cut items into at most `n_pieces` runs of about equal work.

    `work_ends`, of shape (n_items + 1,), is the cumulative work of the items, from 0. Returns non-empty ranges
    ``(first, last + 1)`` that cover all items in order.
    """
    goals = np.linspace(0, work_ends[-1], min(n_pieces, len(work_ends) - 1) + 1)[1:-1]
    cuts = np.unique(np.concatenate([[0], np.searchsorted(work_ends, goals), [len(work_ends) - 1]]))
    return [(int(first), int(end)) for first, end in pairwise(cuts)]
