"""Skip-gram with negative sampling, one window at a time.

The center of a window and its noise words are the outputs. They are looked up once and stay in the first-level cache.
The words of the window take a `gradient_step` against all outputs in groups of four, then two, then one, so each row is
loaded and stored once per group. If noise is not shared, each word of the window takes a separate step.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numba
import numpy as np

from ..._typing import Float32Array, Int32Array, Int64Array, UInt32Array, UInt64Array
from .. import randomness
from ..noise import AliasTable
from .compiling import kernel
from .links import LINKS, Link, link_instructions
from .llvm import LANES
from .prefetching import prefetch_row_to_write
from .simd import gradient_step
from .threads import run_in_threads

MOST_INPUTS = 4  # words of a window that take a step together; more would exceed the registers
NUMBERS_PER_PIECE = 1 << 28  # read per call: a small part of a second, which an interrupt waits for
FEWEST_TOKENS = 64  # per call

_random_bits = numba.njit(inline="always")(randomness.random_bits)
_below = numba.njit(inline="always")(randomness.below)
_high_half = numba.njit(inline="always")(randomness.high_half)
_low_half = numba.njit(inline="always")(randomness.low_half)
SUBSAMPLE_SLOT, WINDOW_SLOT = randomness.SUBSAMPLE_SLOT, randomness.WINDOW_SLOT
FIRST_NOISE_SLOT = randomness.FIRST_NOISE_SLOT


def train_tokens(
    words_wd: Float32Array,
    contexts_wd: Float32Array,
    ids_t: Int32Array,
    offsets_d: Int64Array,
    *,
    keep_w: UInt32Array,
    noise: AliasTable,
    reach_o: UInt64Array,
    negative: int,
    learning_rates: tuple[float, float],
    stream: np.uint64,
    loss: str = "logistic",
    share_noise: bool = True,
    n_jobs: int = 1,
) -> None:
    """Train the vectors by one pass over the documents; see ``reference.train_tokens``.

    Rows must be aligned and padded (`aligned.aligned_rows`). With ``n_jobs`` above 1, threads update the same arrays
    without locks (Hogwild, Niu et al. 2011): the quality is the same, but the vectors differ from run to run.
    """
    draws = _draws(ids_t, offsets_d, keep_w, noise, reach_o, learning_rates, stream)
    cuts = _cuts(np.array([0, len(ids_t)]), len(ids_t) // _tokens_per_piece(reach_o, negative, words_wd.shape[1]))
    pieces = [(first, end, words_wd, contexts_wd, *draws) for first, end in pairwise(cuts[0])]
    train = _token_kernel(negative, loss, LINKS[loss], share_noise)
    run_in_threads(train, pieces, n_jobs=n_jobs, sizes=np.diff(cuts[0]))


def train_replicas(
    words_rwd: Float32Array,
    contexts_rwd: Float32Array,
    ids_t: Int32Array,
    offsets_d: Int64Array,
    *,
    cuts_r: Int64Array,
    keep_w: UInt32Array,
    noise: AliasTable,
    reach_o: UInt64Array,
    negative: int,
    learning_rates: tuple[float, float],
    stream: np.uint64,
    loss: str = "logistic",
    share_noise: bool = True,
    n_jobs: int = 1,
) -> None:
    """Train each replica of the vectors on a separate run of tokens; see ``reference.train_replicas``.

    No two threads train the same replica at once, so the result is the same for any `n_jobs`.
    """
    draws = _draws(ids_t, offsets_d, keep_w, noise, reach_o, learning_rates, stream)
    n_tokens = len(words_rwd) * _tokens_per_piece(reach_o, negative, words_rwd.shape[2])
    cuts = _cuts(cuts_r, (cuts_r[-1] - cuts_r[0]) // n_tokens)
    train = _token_kernel(negative, loss, LINKS[loss], share_noise)
    for firsts, ends in pairwise(cuts.T):
        pieces = [(*piece, *draws) for piece in zip(firsts, ends, words_rwd, contexts_rwd, strict=True)]
        run_in_threads(train, pieces, n_jobs=n_jobs, sizes=ends - firsts)


def _tokens_per_piece(reach_o: UInt64Array, negative: int, width: int) -> int:
    """Return the number of tokens to train on in one call."""
    return max(FEWEST_TOKENS, NUMBERS_PER_PIECE // (len(reach_o) * (1 + negative) * width))


def _cuts(ends_r: Int64Array, n_pieces: int) -> Int64Array:
    """Cut runs of tokens into pieces; return their ends, of shape (n_runs, n_pieces + 1)."""
    return np.linspace(ends_r[:-1], ends_r[1:], max(1, n_pieces) + 1, axis=1).astype(np.int64)


def _draws(
    ids_t: Int32Array,
    offsets_d: Int64Array,
    keep_w: UInt32Array,
    noise: AliasTable,
    reach_o: UInt64Array,
    learning_rates: tuple[float, float],
    stream: np.uint64,
) -> tuple[Any, ...]:
    """Return the arguments of a kernel that are the same for all pieces of a pass."""
    first, last = learning_rates
    slope = (last - first) / len(ids_t)
    return ids_t, offsets_d, keep_w, noise.thresholds, noise.alternatives, reach_o, first, slope, stream


@numba.njit(inline="always")
def _is_kept(stream, position, threshold):
    """Whether subsampling keeps the token at a position."""
    return _low_half(_random_bits(stream, np.uint64(position), SUBSAMPLE_SLOT)) <= threshold


@cache
def _token_kernel(negative: int, loss: str, link: Link, share_noise: bool) -> Any:
    """Compile the pass for a loss with a link, and for `negative` noise words, whose sums stay in registers."""
    n_outputs = 1 + negative
    n_rates = -(-MOST_INPUTS * n_outputs // LANES) * LANES  # whole vectors are loaded

    @kernel(depends_on=link_instructions(loss))
    def train_range(
        first_token, end_token, words_wd, contexts_wd, ids_t, offsets_d, keep_w,
        noise_thresholds, noise_alternatives, reach_o, first_rate, rate_slope, stream,
    ):  # fmt: skip
        width = words_wd.shape[1]
        window = len(reach_o)
        n_chunks = width // LANES
        n_lines = width // LANES  # a vector of 16 floats fills a cache line
        words, contexts = words_wd.ctypes.data, contexts_wd.ctypes.data
        output_addresses = np.empty(n_outputs, np.int64)
        input_addresses = np.empty(MOST_INPUTS, np.int64)
        rates = np.zeros(n_rates, np.float32)
        kept_positions = np.empty(min(end_token - first_token + 2 * window, len(ids_t)), np.int64)
        at = first_token
        document = np.searchsorted(offsets_d, at, side="right") - 1
        while at < end_token:
            while offsets_d[document + 1] <= at:
                document += 1
            stop = min(end_token, offsets_d[document + 1])
            begin, n_before = at, np.int64(0)  # the kept words before, up to a window's reach
            while begin > offsets_d[document] and n_before < window:
                begin -= 1
                n_before += _is_kept(stream, begin, keep_w[ids_t[begin]])
            length, n_after, position = np.int64(0), np.int64(0), begin
            while position < offsets_d[document + 1] and n_after < window:
                if _is_kept(stream, position, keep_w[ids_t[position]]):
                    kept_positions[length] = position
                    length += 1
                    n_after += position >= stop
                position += 1
            at = stop
            for center in range(n_before, length - n_after):
                position = kept_positions[center]
                target = ids_t[position]
                bits = _random_bits(stream, np.uint64(position), WINDOW_SLOT)
                reach, farthest = 1, min(window, max(center, length - 1 - center))
                while reach < farthest and _high_half(bits) < reach_o[reach]:
                    reach += 1
                first = max(0, center - reach)
                end = min(length, center + reach + 1)
                if end + window < length:
                    prefetch_row_to_write(words + 4 * width * ids_t[kept_positions[end + window]], n_lines)
                rate = np.float32(first_rate + rate_slope * position)
                output_addresses[0] = contexts + 4 * width * target
                prefetch_row_to_write(output_addresses[0], n_lines)
                for which in range(MOST_INPUTS):
                    rates[which * n_outputs] = rate
                neighbor, left, noise_slot = first, end - first - 1, FIRST_NOISE_SLOT
                if share_noise:
                    _draw_noise(
                        output_addresses, rates, rate, target, contexts, width, stream, position, noise_slot,
                        noise_thresholds, noise_alternatives,
                    )  # fmt: skip
                while left > 0:
                    n_inputs = MOST_INPUTS if left >= MOST_INPUTS else 2 if left >= 2 else 1
                    if not share_noise:
                        n_inputs = 1
                        _draw_noise(
                            output_addresses, rates, rate, target, contexts, width, stream, position, noise_slot,
                            noise_thresholds, noise_alternatives,
                        )  # fmt: skip
                        noise_slot += np.uint64(negative)
                    for which in range(n_inputs):
                        neighbor += neighbor == center
                        input_addresses[which] = words + 4 * width * ids_t[kept_positions[neighbor]]
                        neighbor += 1
                    left -= n_inputs
                    at_inputs, at_outputs, at_rates = (
                        input_addresses.ctypes.data, output_addresses.ctypes.data, rates.ctypes.data,
                    )  # fmt: skip
                    if n_inputs == 1:
                        gradient_step(loss, at_inputs, at_outputs, at_rates, 1, n_outputs, n_chunks)
                    elif share_noise:
                        if n_inputs == 2:
                            gradient_step(loss, at_inputs, at_outputs, at_rates, 2, n_outputs, n_chunks)
                        else:
                            gradient_step(loss, at_inputs, at_outputs, at_rates, MOST_INPUTS, n_outputs, n_chunks)

    return train_range


@numba.njit
def _draw_noise(
    output_addresses, rates, rate, target, contexts, width, stream, position, first_slot, thresholds, alternatives
):
    """Draw noise words: write the addresses of their vectors behind the first output's, and their learning rates."""
    n_outputs = len(output_addresses)
    for slot in range(1, n_outputs):
        bits = _random_bits(stream, np.uint64(position), first_slot + np.uint64(slot - 1))
        cell = np.int64(_below(bits, np.uint64(len(thresholds))))
        word = cell if _low_half(bits) < thresholds[cell] else np.int64(alternatives[cell])
        output_addresses[slot] = contexts + 4 * width * word
        prefetch_row_to_write(output_addresses[slot], width // LANES)
        used_rate = np.float32(0) if word == target else rate
        for which in range(MOST_INPUTS):
            rates[which * n_outputs + slot] = used_rate
