"""Running kernels that release the GIL from Python threads, and cutting work into even pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

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


def even_pieces(work_ends: npt.NDArray[np.integer[Any]], n_pieces: int) -> list[tuple[int, int]]:
    """Cut items into at most `n_pieces` runs of about equal work.

    `work_ends`, of shape (n_items + 1,), begins with 0 and says how much work the items before each one hold. Returns
    non-empty ranges ``(first, last + 1)`` that cover all items in order.
    """
    goals = np.linspace(0, work_ends[-1], n_pieces + 1)[1:-1]
    cuts = np.unique(np.concatenate([[0], np.searchsorted(work_ends, goals), [len(work_ends) - 1]]))
    return [(int(first), int(end)) for first, end in pairwise(cuts)]
