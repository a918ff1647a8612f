"""Running kernels that release the GIL from Python threads, and cutting work into even pieces."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def run_in_threads(kernel: Callable[..., Result], pieces: Iterable[tuple[Any, ...]], *, n_jobs: int) -> list[Result]:
    """Call ``kernel(*piece)`` for each piece, `n_jobs` at a time and begun in order; return the results."""
    if n_jobs == 1:
        return [kernel(*piece) for piece in pieces]
    with ThreadPoolExecutor(n_jobs) as pool:
        futures = [pool.submit(kernel, *piece) for piece in pieces]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(cancel_futures=True)  # an interrupt must not wait for the whole queue
            raise


def stream_through_threads(
    kernel: Callable[[Piece], Result], pieces: Iterable[Piece], *, n_jobs: int
) -> Iterator[Result]:
    """Yield ``kernel(piece)`` for each piece, in order, taking pieces only as results are asked for.

    At most `n_jobs` pieces are worked on and one more is read ahead, so that a stream of any length can pass.
    """
    if n_jobs == 1:
        yield from map(kernel, pieces)
        return
    with ThreadPoolExecutor(n_jobs) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for piece in pieces:
                waiting.append(pool.submit(kernel, piece))
                if len(waiting) > n_jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def even_pieces(work_ends: npt.NDArray[np.integer[Any]], n_pieces: int) -> list[tuple[int, int]]:
    """Cut items into at most `n_pieces` runs of about equal work.

    `work_ends`, of shape (n_items + 1,), begins with 0 and says how much work the items before each one hold. Returns
    non-empty ranges ``(first, last + 1)`` that cover all items in order.
    """
    goals = np.linspace(0, work_ends[-1], n_pieces + 1)[1:-1]
    cuts = np.unique(np.concatenate([[0], np.searchsorted(work_ends, goals), [len(work_ends) - 1]]))
    return [(int(first), int(end)) for first, end in pairwise(cuts)]
