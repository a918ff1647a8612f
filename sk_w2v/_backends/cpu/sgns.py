"""Skip-gram with negative sampling, one window at a time.

The word in the middle and its noise words are the window's outputs. They are looked up once, stay in the first-level
cache, and each word of the window takes one `logistic_step` against all of them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from .. import randomness
from ..noise import AliasTable
from .prefetching import prefetch_row_to_write
from .simd import LANES, logistic_step, quartic_step
from .threads import even_pieces, run_in_threads

FloatArray = npt.NDArray[np.float32]

TOKENS_PER_PIECE = 1 << 16  # an interrupt waits for one piece: a small part of a second

_random_bits = numba.njit(inline="always")(randomness.random_bits)
_below = numba.njit(inline="always")(randomness.below)
_low_half = numba.njit(inline="always")(randomness.low_half)
SUBSAMPLE_SLOT, WINDOW_SLOT = randomness.SUBSAMPLE_SLOT, randomness.WINDOW_SLOT
FIRST_NOISE_SLOT = randomness.FIRST_NOISE_SLOT


def train_tokens(
    words_wd: FloatArray,
    contexts_wd: FloatArray,
    ids_t: npt.NDArray[np.int32],
    offsets_d: npt.NDArray[np.int64],
    *,
    keep_w: npt.NDArray[np.uint32],
    noise: AliasTable,
    window: int,
    negative: int,
    learning_rates: tuple[float, float],
    stream: np.uint64,
    loss: str = "logistic",
    n_jobs: int = 1,
) -> None:
    """Train the vectors by one pass over the documents; see ``reference.train_tokens``.

    Rows must be padded to whole vectors (`simd.padded_width`). With ``n_jobs`` above 1 threads update the same arrays
    without locks (Hogwild, Niu et al. 2011): as good, but not the same from run to run.
    """
    n_pieces = max(1, len(ids_t) // TOKENS_PER_PIECE)
    first, last = learning_rates
    shared = (
        words_wd, contexts_wd, ids_t, offsets_d, keep_w, noise.thresholds, noise.alternatives,
        window, first, (last - first) / len(ids_t), stream,
    )  # fmt: skip
    pieces = [(*documents, *shared) for documents in even_pieces(offsets_d, n_pieces)]
    run_in_threads(_token_kernel(negative, loss == "quartic"), pieces, n_jobs=n_jobs)


@cache
def _token_kernel(negative: int, quartic: bool) -> Any:
    """Compile the pass for a loss and for `negative` noise words, so that the steps' sums stay in registers."""
    n_outputs = 1 + negative
    n_labels = n_outputs + LANES  # vectors are loaded whole

    @numba.njit(nogil=True, cache=True)
    def train_documents(
        first_document, end_document, words_wd, contexts_wd, ids_t, offsets_d, keep_w,
        noise_thresholds, noise_alternatives, window, first_rate, rate_slope, stream,
    ):  # fmt: skip
        n_words, width = words_wd.shape
        n_chunks = width // LANES
        n_lines = width // LANES  # a vector of floats fills a line
        words, contexts = words_wd.ctypes.data, contexts_wd.ctypes.data
        tied = words == contexts
        output_addresses = np.empty(n_outputs, np.int64)
        labels, rates = np.zeros(n_labels, np.float32), np.zeros(n_labels, np.float32)
        tied_rates = np.zeros(n_labels, np.float32)
        labels[0] = 1
        longest = np.max(np.diff(offsets_d[first_document : end_document + 1]))
        sentence = np.empty(longest, np.int64)
        for document in range(first_document, end_document):
            length = 0
            for position in range(offsets_d[document], offsets_d[document + 1]):
                bits = _random_bits(stream, np.uint64(position), SUBSAMPLE_SLOT)
                if _low_half(bits) <= keep_w[ids_t[position]]:
                    sentence[length] = position
                    length += 1
            for center in range(length):
                position = sentence[center]
                target = ids_t[position]
                bits = _random_bits(stream, np.uint64(position), WINDOW_SLOT)
                reach = 1 + np.int64(_below(bits, np.uint64(window)))
                first = max(0, center - reach)
                end = min(np.int64(length), center + reach + 1)
                if end + window < length:
                    prefetch_row_to_write(words + 4 * width * ids_t[sentence[end + window]], n_lines)
                rate = np.float32(first_rate + rate_slope * position)
                output_addresses[0] = contexts + 4 * width * target
                prefetch_row_to_write(output_addresses[0], n_lines)
                rates[0] = rate
                for slot in range(1, n_outputs):
                    bits = _random_bits(stream, np.uint64(position), FIRST_NOISE_SLOT + np.uint64(slot - 1))
                    cell = np.int64(_below(bits, np.uint64(n_words)))
                    own = _low_half(bits) < noise_thresholds[cell]
                    word = cell if own else np.int64(noise_alternatives[cell])
                    output_addresses[slot] = contexts + 4 * width * word
                    prefetch_row_to_write(output_addresses[slot], n_lines)
                    rates[slot] = np.float32(0) if word == target else rate
                for neighbour in range(first, end):
                    if neighbour == center:
                        continue
                    address = words + 4 * width * ids_t[sentence[neighbour]]
                    used_rates = rates
                    if tied:  # a word beside itself moves once, by both halves of the gradient
                        used_rates = tied_rates
                        for slot in range(n_outputs):
                            own = output_addresses[slot] == address
                            used_rates[slot] = rates[slot] * np.float32((2 if slot == 0 else 0) if own else 1)
                    if quartic:
                        quartic_step(
                            address, output_addresses.ctypes.data, labels.ctypes.data, used_rates.ctypes.data,
                            n_outputs, n_chunks,
                        )  # fmt: skip
                    else:
                        logistic_step(
                            address, output_addresses.ctypes.data, labels.ctypes.data, used_rates.ctypes.data,
                            n_outputs, n_chunks,
                        )  # fmt: skip

    return train_documents
