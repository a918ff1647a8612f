"""Numbers of any type in 64 bits, sums of them that do not overflow, and draws in proportion to them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ._typing import AnyArray, AnyIntArray, Float64Array, Int64Array

LARGEST_INTEGER = int(np.iinfo(np.int64).max)
IDS_PER_BLOCK = 1 << 16  # at least


def in_64_bits(numbers: npt.ArrayLike, name: str = "counts") -> AnyArray:
    """Return integers and booleans as an int64 array, and floats as a float64 array.

    Raises
    ------
    OverflowError
        If an integer does not fit.
    TypeError
        If the numbers are not real.
    """
    array = np.asarray(numbers)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"The {name} have the type {array.dtype}; give integers or real floats of at most 64 bits.")
    if array.dtype.kind == "u" and greatest(array) > LARGEST_INTEGER:
        raise OverflowError(
            f"The {name} go up to {greatest(array)}, and 64-bit integers up to {LARGEST_INTEGER}; give them as floats."
        )
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64, copy=False)


def count_ids(ids: AnyIntArray, n_words: int) -> Int64Array:
    """Return how often each id occurs, of shape (n_words,), block by block: `bincount` copies ids to 64 bits."""
    counts, n_at_once = np.zeros(n_words, dtype=np.int64), max(IDS_PER_BLOCK, n_words)
    for start in range(0, len(ids), n_at_once):
        counts += np.bincount(ids[start : start + n_at_once], minlength=n_words)
    return counts


def row_sums(counts: sparse.csr_array) -> Float64Array:
    """Return the sum of each row, of shape (n_rows,): exact up to one rounding if it fits into 64-bit integers."""
    data = in_64_bits(counts.data)
    fits = data.dtype == np.int64 and data.min(initial=0) == 0 and data.sum(dtype=np.float64) < 2.0**62
    matrix = sparse.csr_array(counts).astype(np.int64 if fits else np.float64, copy=False)
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def draw_by_weight(weights: Float64Array, n_draws: int, *, seed: int) -> AnyIntArray:
    """Draw indices in proportion to their weights, of shape (n_draws,); the same ones for each seed."""
    places = np.random.default_rng(seed).random(n_draws)
    order = np.argsort(places)  # a sorted search is several times faster
    cumulative = np.cumsum(weights)
    drawn = np.empty(n_draws, dtype=np.intp)
    drawn[order] = np.searchsorted(cumulative, places[order] * cumulative[-1], side="right")
    return drawn


def greatest(array: AnyArray) -> int:
    """Return the maximum of non-negative numbers, or 0 if there are none."""
    return int(array.max(initial=0))
