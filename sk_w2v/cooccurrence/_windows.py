"""The weight of a pair of tokens by its distance, in integer units."""

from __future__ import annotations

from math import lcm

import numpy as np

from .._typing import Int64Array
from ..corpus import Corpus

WINDOW_WEIGHTINGS = ("linear", "uniform", "harmonic")

# Harmonic weights are multiples of 1 / lcm(1, ..., window) up to this window, and rounded beyond it.
LAST_EXACT_HARMONIC_WINDOW = 22
LAST_EXACT_LINEAR_WINDOW = 1 << 30  # up to it, linear weights are multiples of 1 / window
_ROUNDED_UNITS = 1 << 30


def longest_document(corpus: Corpus) -> int:
    """Return the length of the longest document (tokens).

    See Also
    --------
    window_weights : Takes it as the limit of distances.

    Examples
    --------
    >>> longest_document(Corpus(np.array([0, 1, 0], dtype=np.int32), np.array([0, 2, 3])))
    2
    """
    return int(np.max(np.diff(corpus.offsets), initial=0))


def window_weights(
    window: int, window_weighting: str, *, longest_document: int | None = None
) -> tuple[Int64Array, float]:
    """Return the weight of a pair at the distances 1, ..., `window` in integer units, and the unit (pairs).

    Distances that do not occur in documents of up to `longest_document` tokens are left out.

    Raises
    ------
    ValueError
        If `window_weighting` is unknown.

    See Also
    --------
    count_cooccurrences : Count pairs with these weights.

    Examples
    --------
    >>> window_weights(3, "linear")
    (array([3, 2, 1]), 0.3333333333333333)
    >>> window_weights(3, "harmonic")
    (array([6, 3, 2]), 0.16666666666666666)
    >>> window_weights(10**9, "linear", longest_document=3)
    (array([1000000000,  999999999]), 1e-09)
    """
    reach = window if longest_document is None else min(window, max(1, longest_document - 1))
    distances = np.arange(1, reach + 1)
    if window_weighting == "uniform":
        return np.ones(reach, dtype=np.int64), 1.0
    if window_weighting == "linear":
        if window <= LAST_EXACT_LINEAR_WINDOW:
            return window + 1 - distances, 1 / window
        shares = 1 - (distances - 1) / min(window, 1 << 62)  # wider windows have shares of 1 only
        return np.rint(_ROUNDED_UNITS * shares).astype(np.int64), 1 / _ROUNDED_UNITS
    if window_weighting == "harmonic":
        units = lcm(*range(1, window + 1)) if window <= LAST_EXACT_HARMONIC_WINDOW else _ROUNDED_UNITS
        return np.rint(units / distances).astype(np.int64), 1 / units
    raise ValueError(f"window_weighting={window_weighting!r} is unknown; use one of {WINDOW_WEIGHTINGS}.")
