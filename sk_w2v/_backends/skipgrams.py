"""The training data of skip-gram: the pairs and noise words of one pass over a corpus, as arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .._typing import AnyIntArray, Int32Array, Int64Array, UInt32Array, UInt64Array
from .noise import AliasTable
from .randomness import FIRST_NOISE_SLOT, SUBSAMPLE_SLOT, WINDOW_SLOT, below, high_half, low_half, random_bits


class Windows(NamedTuple):
    """The windows of one pass over a corpus.

    Attributes
    ----------
    kept : int64 array of shape (n_kept,)
        The positions of the tokens that subsampling keeps.
    first, end : int64 arrays of shape (n_kept,)
        The window of ``kept[i]`` is ``kept[first[i] : end[i]]`` without ``kept[i]``.
    """

    kept: Int64Array
    first: Int64Array
    end: Int64Array

    @property
    def n_pairs(self) -> int:
        """Number of pairs (center, word of its window)."""
        return int(np.sum(self.end - self.first - 1))

    def pairs(self, chosen: Int64Array) -> tuple[Int64Array, Int64Array]:
        """Return the positions of pairs (center, word of its window), given their numbers in the order of the text."""
        ends = np.cumsum(self.end - self.first - 1)  # number of pairs up to the end of each window
        center = np.searchsorted(ends, chosen, side="right")
        neighbor = self.end[center] - (ends[center] - chosen)  # counted from the window's end
        neighbor -= neighbor <= center  # the center is no neighbor of itself
        return self.kept[center], self.kept[neighbor]


def skip_gram_windows(
    ids_t: Int32Array,
    offsets_d: Int64Array,
    *,
    keep_w: UInt32Array,
    reach_o: UInt64Array,
    stream: np.uint64,
) -> Windows:
    """Draw the windows of a corpus.

    Subsampling drops tokens first, so windows span the dropped ones. Each kept token then draws its window, which
    reaches at least `o` tokens to each side with probability ``reach_o[o - 1]``, in units of 2**-32.
    """
    draws = random_bits(stream, np.arange(len(ids_t), dtype=np.uint64), SUBSAMPLE_SLOT)
    kept = np.flatnonzero(low_half(draws) <= keep_w[ids_t])
    draws = random_bits(stream, kept.astype(np.uint64), WINDOW_SLOT)
    reach = len(reach_o) - np.searchsorted(reach_o[::-1], high_half(draws), side="right")
    reach = np.maximum(reach, 1)
    bounds = np.searchsorted(kept, offsets_d)  # of documents in `kept`
    document, place = np.searchsorted(offsets_d, kept, side="right") - 1, np.arange(len(kept))
    first = np.maximum(bounds[document], place - reach)
    return Windows(kept, first, np.minimum(bounds[document + 1], place + reach + 1))


def skip_gram_pairs(
    ids_t: Int32Array,
    offsets_d: Int64Array,
    *,
    keep_w: UInt32Array,
    reach_o: UInt64Array,
    stream: np.uint64,
) -> tuple[Int64Array, Int64Array]:
    """Return the positions of all pairs of the `skip_gram_windows`, in the order of the text.

    Returns
    -------
    centers, neighbors : int64 arrays of shape (n_pairs,)
    """
    windows = skip_gram_windows(ids_t, offsets_d, keep_w=keep_w, reach_o=reach_o, stream=stream)
    return windows.pairs(np.arange(windows.n_pairs))


def draw_noise(
    noise: AliasTable,
    negative: int,
    positions: AnyIntArray,
    stream: np.uint64,
    *,
    turns: AnyIntArray | int = 0,
) -> Int64Array:
    """Return the noise words of each position, of shape (n_positions, negative).

    `turns`, of shape (n_positions,), is the number of earlier draws of a position. Each turn draws other words.
    """
    first = FIRST_NOISE_SLOT + np.uint64(negative) * np.atleast_1d(turns).astype(np.uint64)[:, np.newaxis]
    slots = first + np.arange(negative, dtype=np.uint64)
    bits = random_bits(stream, positions.astype(np.uint64)[:, np.newaxis], slots)
    cells = below(bits, np.uint64(len(noise.thresholds))).astype(np.int64)
    own = low_half(bits) < noise.thresholds[cells]
    return np.where(own, cells, noise.alternatives[cells])
