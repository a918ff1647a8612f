"""The alias table: draws from any discrete distribution in constant time (Walker 1977, Vose 1991)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .._typing import Float64Array, UInt32Array


class AliasTable(NamedTuple):
    """Cell `i` gives word `i` below its threshold and `alternatives[i]` from there on.

    Both are uint32 arrays of shape (n_words,); thresholds are in units of 2**-32. A cell that is full names itself as
    its alternative, so that the threshold 2**32 - 1 is exact there, too.
    """

    thresholds: UInt32Array
    alternatives: UInt32Array

    def probabilities(self) -> Float64Array:
        """Return what the table draws each word with, of shape (n_words,)."""
        own = self.thresholds / 2.0**32
        return (own + np.bincount(self.alternatives, 1 - own, minlength=len(own))) / len(own)


def alias_table(probabilities: Float64Array) -> AliasTable:
    """Return the table that draws word `i` with `probabilities[i]`, of shape (n_words,), summing to 1."""
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
    # What is left is full but for rounding, and stands for itself.
    scaled[small + large] = 1
    thresholds = np.minimum(np.rint(scaled * 2**32), 2**32 - 1)
    return AliasTable(thresholds.astype(np.uint32), alternatives.astype(np.uint32))
