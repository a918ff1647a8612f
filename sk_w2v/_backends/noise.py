"""The alias table: draws from any discrete distribution in constant time (Walker 1977, Vose 1991)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .._typing import Float64Array, UInt32Array


class AliasTable(NamedTuple):
    """Cell `i` gives word `i` for draws below its threshold, and `alternatives[i]` for all others.

    Both are uint32 arrays of shape (n_words,); thresholds are in units of 2**-32. A full cell has itself as its
    alternative, so the threshold 2**32 - 1 is exact for it.
    """

    thresholds: UInt32Array
    alternatives: UInt32Array

    def probabilities(self) -> Float64Array:
        """Return the probability of each word, of shape (n_words,)."""
        own = self.thresholds / 2.0**32
        return (own + np.bincount(self.alternatives, 1 - own, minlength=len(own))) / len(own)


def alias_table(probabilities: Float64Array) -> AliasTable:
    """Return the table that draws word `i` with probability `probabilities[i]`; these sum to 1, of shape (n_words,)."""
    n_words = len(probabilities)
    scaled = probabilities * n_words
    alternatives = np.arange(n_words)
    small = list(np.flatnonzero(scaled < 1))
    large = list(np.flatnonzero(scaled >= 1))
    while small and large:
        donor, taker = large[-1], small.pop()
        alternatives[taker] = donor
        scaled[donor] -= 1 - scaled[taker]
        if scaled[donor] < 1:
            small.append(large.pop())
    # The remaining cells are full, up to rounding.
    scaled[small + large] = 1
    thresholds = np.minimum(np.rint(scaled * 2**32), 2**32 - 1)
    return AliasTable(thresholds.astype(np.uint32), alternatives.astype(np.uint32))
