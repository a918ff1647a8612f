"""What skip-gram trains on: the pairs and noise words of one pass over a corpus, as arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .noise import AliasTable
from .randomness import FIRST_NOISE_SLOT, SUBSAMPLE_SLOT, WINDOW_SLOT, below, high_half, low_half, random_bits

Int64Array = npt.NDArray[np.int64]


def skip_gram_pairs(
    ids_t: npt.NDArray[np.int32],
    offsets_d: Int64Array,
    *,
    keep_w: npt.NDArray[np.uint32],
    reach_o: npt.NDArray[np.uint64],
    stream: np.uint64,
) -> tuple[Int64Array, Int64Array]:
    """Return the positions of the pairs (word in the middle, word of its window), in the order of the text.

    Subsampling drops tokens first, so that windows reach across what it dropped; each kept token then draws its own
    window: it reaches at least `o` tokens to each side with the probability ``reach_o[o - 1]``, in units of 2**-32.

    Returns
    -------
    centers, neighbours : int64 arrays of shape (n_pairs,)
    """
    draws = random_bits(stream, np.arange(len(ids_t), dtype=np.uint64), SUBSAMPLE_SLOT)
    kept = np.flatnonzero(low_half(draws) <= keep_w[ids_t])
    document = np.searchsorted(offsets_d, kept, side="right")
    draws = random_bits(stream, kept.astype(np.uint64), WINDOW_SLOT)
    window = len(reach_o)
    reach = window - np.searchsorted(reach_o[::-1], high_half(draws), side="right")
    centers, neighbours = [], []
    for offset in range(1, min(window, len(kept) - 1) + 1):
        together = document[offset:] == document[:-offset]
        rightward, leftward = together & (reach[:-offset] >= offset), together & (reach[offset:] >= offset)
        centers += [kept[:-offset][rightward], kept[offset:][leftward]]
        neighbours += [kept[offset:][rightward], kept[:-offset][leftward]]
    if not centers:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    center_p, neighbour_p = np.concatenate(centers), np.concatenate(neighbours)
    order = np.lexsort((neighbour_p, center_p))
    return center_p[order], neighbour_p[order]


def draw_noise(
    noise: AliasTable,
    negative: int,
    positions: npt.NDArray[np.integer],
    stream: np.uint64,
    *,
    turns: npt.NDArray[np.integer] | int = 0,
) -> Int64Array:
    """Return the noise words of each position, of shape (n_positions, negative).

    `turns`, of shape (n_positions,), is how often a position has drawn before: each turn has words of its own.
    """
    first = FIRST_NOISE_SLOT + np.uint64(negative) * np.atleast_1d(turns).astype(np.uint64)[:, np.newaxis]
    slots = first + np.arange(negative, dtype=np.uint64)
    bits = random_bits(stream, positions.astype(np.uint64)[:, np.newaxis], slots)
    cells = below(bits, np.uint64(len(noise.thresholds))).astype(np.int64)
    own = low_half(bits) < noise.thresholds[cells]
    return np.where(own, cells, noise.alternatives[cells])
