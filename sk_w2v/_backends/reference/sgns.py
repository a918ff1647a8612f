"""Skip-gram with negative sampling, one window at a time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from scipy.special import expit

from ..._typing import AnyFloatArray, AnyIntArray, Float32Array, Int32Array, Int64Array, UInt32Array, UInt64Array
from ..blas import single_threaded_blas
from ..noise import AliasTable
from ..skipgrams import draw_noise, skip_gram_pairs

Link = Callable[[AnyFloatArray], AnyFloatArray]

LINKS: dict[str, Link] = {  # the derivative of each loss
    "logistic": expit,
    "quartic": lambda x: x / 4 + np.float32(1 / 2),  # to first order
}


@single_threaded_blas()
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
    """Train the vectors in place by one pass of skip-gram with negative sampling over the documents.

    Every kept token is the center of a window and is predicted from each word of the window, against `negative` noise
    words. If the words of a window share their noise words, up to four of them take one gradient step together.
    Otherwise each word draws its noise words and takes a separate step.

    Parameters
    ----------
    words_wd, contexts_wd : float32 arrays of shape (n_words, width)
        Input and output vectors; the same array if they are tied.
    keep_w : uint32 array of shape (n_words,)
        The probability of keeping a token of each word, in units of 2**-32.
    noise : AliasTable over the n_words words
    reach_o : uint64 array of shape (window,)
        The probability that a window reaches at least 1, 2, ... tokens to each side, in units of 2**-32.
    learning_rates : (float, float)
        At the first and after the last token of this pass; linear in between.
    stream : uint64
        Key of the random numbers of the pass, see `randomness.epoch_stream`.
    loss : {"logistic", "quartic"}
        ``log(1 + e^-x)`` for positive and ``log(1 + e^x)`` for negative pairs, or their second-order expansion at 0.
    share_noise : bool
        Whether all pairs of a window have the same noise words.
    """
    _train_range(
        words_wd, contexts_wd, ids_t, offsets_d, (0, len(ids_t)), keep_w, noise, reach_o, negative, learning_rates,
        stream, loss, share_noise,
    )  # fmt: skip


@single_threaded_blas()
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
    """Train each replica of the vectors in place, on a separate run of tokens.

    Parameters
    ----------
    words_rwd, contexts_rwd : float32 arrays of shape (n_replicas, n_words, width)
        Replicas of input and output vectors; the same array if they are tied.
    cuts_r : int64 array of shape (n_replicas + 1,)
        The centers of replica `r` begin at ``cuts_r[r]`` and end before ``cuts_r[r + 1]``; their windows may reach
        beyond.

    All other parameters are as in `train_tokens`.
    """
    for words_wd, contexts_wd, tokens in zip(words_rwd, contexts_rwd, pairwise(cuts_r), strict=True):
        _train_range(
            words_wd, contexts_wd, ids_t, offsets_d, tokens, keep_w, noise, reach_o, negative, learning_rates,
            stream, loss, share_noise,
        )  # fmt: skip


def _train_range(
    words_wd: Float32Array,
    contexts_wd: Float32Array,
    ids_t: Int32Array,
    offsets_d: Int64Array,
    tokens: tuple[int, int],
    keep_w: UInt32Array,
    noise: AliasTable,
    reach_o: UInt64Array,
    negative: int,
    learning_rates: tuple[float, float],
    stream: np.uint64,
    loss: str,
    share_noise: bool,
) -> None:
    """Train the vectors on the tokens from ``tokens[0]`` to before ``tokens[1]``."""
    first, last = learning_rates
    centers, neighbors = skip_gram_pairs(ids_t, offsets_d, keep_w=keep_w, reach_o=reach_o, stream=stream)
    inside = (tokens[0] <= centers) & (centers < tokens[1])
    centers, neighbors = centers[inside], neighbors[inside]
    is_first = np.diff(centers, prepend=-1) != 0
    starts = np.flatnonzero(is_first)
    turns = np.arange(len(centers)) - starts[np.cumsum(is_first) - 1]
    noise_pk = draw_noise(noise, negative, centers, stream, turns=0 if share_noise else turns)
    for start, end in pairwise([*starts, len(centers)]):
        rate = np.float32(first + (last - first) / len(ids_t) * centers[start])
        target = ids_t[centers[start]]
        for part in group_ends(end - start) if share_noise else [1] * (end - start):
            noise_words = noise_pk[start]
            outputs = [target, *noise_words[noise_words != target]]
            group = ids_t[neighbors[start : start + part]]
            gradient_step(words_wd, contexts_wd, group, outputs, rate, LINKS[loss])
            start += part


def group_ends(n_neighbors: int) -> list[int]:
    """Return the numbers of words of a window that take a step together: four, then two, then one.

    >>> group_ends(7)
    [4, 2, 1]
    """
    return [4] * (n_neighbors // 4) + [2] * (n_neighbors // 2 % 2) + [1] * (n_neighbors % 2)


def gradient_step(
    words_wd: Float32Array,
    contexts_wd: Float32Array,
    group: AnyIntArray,
    outputs: list[int],
    rate: np.float32,
    link: Link,
) -> None:
    """Take one gradient step of some words: ``outputs[0]`` is their positive pair, the others are negative pairs."""
    labels = np.zeros(len(outputs), dtype=np.float32)
    labels[0] = 1
    olds = words_wd[group]  # (n_group, width)
    gradient = rate * (labels - link(olds @ contexts_wd[outputs].T))  # (n_group, n_outputs)
    moves = np.zeros_like(olds)
    for output, steps in zip(outputs, gradient.T, strict=True):  # one after another: noise may repeat a word
        moves += np.outer(steps, contexts_wd[output])
        contexts_wd[output] += steps @ olds
    for word, move in zip(group, moves, strict=True):  # one after another: a window may, too
        words_wd[word] += move
