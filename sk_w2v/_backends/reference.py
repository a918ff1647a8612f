"""The reference backend: every kernel in plain NumPy, short and slow, the definition of what the others compute."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise

import numpy as np
from scipy import sparse
from scipy.special import expit

from .._typing import (
    AnyFloatArray,
    AnyIntArray,
    Float32Array,
    Float64Array,
    Int32Array,
    Int64Array,
    UInt32Array,
    UInt64Array,
)
from .characters import decode_block
from .dense import single_threaded_blas
from .noise import AliasTable
from .skipgrams import draw_noise, skip_gram_pairs

xp = np


def tokenize_blocks(
    blocks: Iterable[bytes], *, token_pattern: str, lowercase: bool, n_jobs: int = 1
) -> Iterator[tuple[list[str], Int32Array, Int64Array]]:
    """Split blocks of documents into tokens, numbering all blocks' words in the order in which they appear.

    Parameters
    ----------
    blocks : iterable of bytes
        Documents, one after another, each as `characters.encode_document` writes it.
    token_pattern : str
        What a token is: a regular expression, one of `characters.RUNS`.
    lowercase : bool
        Whether documents are turned to lower case before they are split.

    Yields
    ------
    new_words : list of str
        The words that were in no earlier block, by number.
    ids_t : int32 array of shape (n_tokens,)
        The number of each token's word.
    offsets_d : int64 array of shape (n_documents + 1,)
        Where each document begins in `ids_t`.
    """
    find_tokens = re.compile(token_pattern).findall
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__  # a new word gets the next number
    for block in blocks:
        n_before = len(numbers)
        documents = [find_tokens(text.lower() if lowercase else text) for text in decode_block(block)]
        ids = [numbers[token] for tokens in documents for token in tokens]
        offsets = np.cumsum([0, *map(len, documents)], dtype=np.int64)
        yield list(islice(numbers, n_before, None)), np.array(ids, dtype=np.int32), offsets


def count_pairs(
    ids_t: Int32Array,
    offsets_d: Int64Array,
    weights_o: Int64Array,
    *,
    n_words: int,
    rows: tuple[int, int] | None = None,
    n_jobs: int = 1,
) -> tuple[Int64Array, Int32Array, Int64Array]:
    """Count, in both directions, the pairs of tokens at most ``len(weights_o)`` apart in one document.

    Parameters
    ----------
    ids_t : int32 array of shape (n_tokens,)
    offsets_d : int64 array of shape (n_documents + 1,)
    weights_o : int64 array of shape (window,)
        What a pair 1, 2, ... tokens apart adds to its count.
    rows : (int, int) or None
        The first row to count and the one after the last; None counts them all.

    Returns
    -------
    indptr, indices, counts : int64 (n_rows + 1,), int32 (n_pairs,) and int64 (n_pairs,) arrays
        The `rows` of a symmetric matrix of shape (n_words, n_words) in CSR form with sorted indices.
    """
    document_t = np.repeat(np.arange(len(offsets_d) - 1), np.diff(offsets_d))
    total = sparse.csr_array((n_words, n_words), dtype=np.int64)
    for offset, weight in enumerate(weights_o, start=1):
        together = document_t[offset:] == document_t[:-offset]
        left, right = ids_t[:-offset][together], ids_t[offset:][together]
        pairs = sparse.coo_array((np.full(len(left), weight), (left, right)), shape=(n_words, n_words)).tocsr()
        total = total + pairs + pairs.T
    total = sparse.csr_array(total)[slice(*(rows or (0, n_words)))]
    total.sort_indices()
    return total.indptr.astype(np.int64), total.indices.astype(np.int32), total.data


def place_matrix(matrix: sparse.csr_array) -> sparse.csr_array:
    """Return a matrix that is to be multiplied many times as `matmat` takes it soonest; it may move to a device."""
    return matrix


def matmat(matrix: sparse.csr_array, dense_nb: AnyFloatArray, *, n_jobs: int = 1) -> AnyFloatArray:
    """Return ``matrix @ dense_nb`` of shape (n_words, n_columns)."""
    product: AnyFloatArray = matrix @ dense_nb
    return product


@single_threaded_blas()
def pair_products(
    indptr: AnyIntArray,
    indices: AnyIntArray,
    left_wd: Float32Array,
    right_wd: Float32Array,
    *,
    n_jobs: int = 1,
) -> Float32Array:
    """Return ``left_wd[i] . right_wd[j]`` for each stored pair (i, j) of a CSR pattern, of shape (n_pairs,)."""
    rows = np.repeat(np.arange(len(left_wd)), np.diff(indptr))
    products: Float32Array = np.einsum("pd,pd->p", left_wd[rows], right_wd[indices], dtype=np.float32)
    return products


@single_threaded_blas()
def quartic_sum(
    indptr: AnyIntArray,
    indices: AnyIntArray,
    left_wd: Float32Array,
    right_wd: Float32Array,
    *,
    total_p: Float32Array,
    positive_p: Float32Array,
    n_jobs: int = 1,
) -> float:
    """Return ``sum_p total[p] (x_p^2 / 8 + x_p / 2) - positive[p] x_p`` of the stored pairs' products, in float64."""
    x = pair_products(indptr, indices, left_wd, right_wd).astype(np.float64)
    return float(total_p @ (x * x / 8 + x / 2) - positive_p @ x)


@single_threaded_blas()
def solve_rows(
    start_wd: Float32Array,
    others_wd: Float32Array,
    indptr: AnyIntArray,
    indices: AnyIntArray,
    slopes_p: Float32Array,
    constants_p: Float32Array,
    *,
    right_wd: Float32Array,
    background_wr: Float64Array,
    grams_rdd: Float64Array,
    ridge_w: Float64Array,
    n_steps: int,
    n_jobs: int = 1,
) -> Float32Array:
    """Improve each row's vector by `n_steps` steps of conjugate gradients on a least-squares problem of its own.

    The vector ``v`` of row ``i`` solves ``H v = b``, where with the entries ``e`` of the row, and the vectors ``o_e``
    of their columns,

        ``H = sum_e slopes[e] o_e o_e' + sum_r background[i, r] grams[r] + ridge[i] I``,
        ``b = sum_e constants[e] o_e + right[i]``.

    Parameters
    ----------
    start_wd : float32 array of shape (n_words, n_components)
        The vectors to begin with.
    others_wd : float32 array of shape (n_words, n_components)
        The vectors that stay fixed.
    indptr, indices : arrays of a CSR pattern of shape (n_words, n_words)
    slopes_p, constants_p : float32 arrays of shape (n_pairs,)
    right_wd : float32 array of shape (n_words, n_components)
    background_wr : array of shape (n_words, rank)
    grams_rdd : array of shape (rank, n_components, n_components)
    ridge_w : array of shape (n_words,)

    Returns
    -------
    float32 array of shape (n_words, n_components)
    """
    solved = np.empty_like(start_wd)
    for row, vector in enumerate(start_wd.astype(np.float64)):
        entries = slice(indptr[row], indptr[row + 1])
        others = others_wd[indices[entries]].astype(np.float64)
        matrix = (others.T * slopes_p[entries]) @ others + np.tensordot(background_wr[row], grams_rdd, axes=1)
        matrix[np.diag_indices_from(matrix)] += ridge_w[row]
        right = constants_p[entries] @ others + right_wd[row]
        solved[row] = conjugate_gradients(matrix, right, vector, n_steps)
    return solved


def conjugate_gradients(
    matrix: Float64Array,
    right: Float64Array,
    start: Float64Array,
    n_steps: int,
) -> Float64Array:
    """Return the vector after `n_steps` steps toward the solution of ``matrix @ vector = right``."""
    vector = start.copy()
    residual = right - matrix @ vector
    direction, squared = residual.copy(), residual @ residual
    enough = 1e-12 * squared
    for _ in range(n_steps):
        image = matrix @ direction
        if squared <= enough or not direction @ image > 0:
            break
        step = squared / (direction @ image)
        vector += step * direction
        residual -= step * image
        before, squared = squared, residual @ residual
        direction = residual + squared / before * direction
    return vector


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
    """Train the vectors, in place, by one pass of skip-gram with negative sampling over the documents.

    Every kept token predicts itself from the words of its window, against `negative` noise words. They share the noise,
    and up to four of them take one step together; or each has noise of its own and takes a step alone.

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
        At the first and after the last token of this pass; in between it is linear in the position.
    stream : uint64
        Key of the pass' random numbers, see `randomness.epoch_stream`.
    loss : {"logistic", "quartic"}
        ``log(1 + e^-x)`` for pairs and ``log(1 + e^x)`` for noise, or their second order at 0.
    share_noise : bool
        Whether all pairs of a window meet the same noise words.
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
    """Train each copy of the vectors, in place, on a run of tokens of its own.

    Parameters
    ----------
    words_rwd, contexts_rwd : float32 arrays of shape (n_replicas, n_words, width)
        Copies of input and output vectors; the same array if they are tied.
    cuts_r : int64 array of shape (n_replicas + 1,)
        The tokens that copy `r` predicts begin at ``cuts_r[r]`` and end before ``cuts_r[r + 1]``; their windows may
        reach beyond.

    All else is as in `train_tokens`.
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
    """Train the vectors on the tokens from the first of two positions to the second."""
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


@single_threaded_blas()
def merge_replicas(
    vectors_wd: Float32Array,
    replicas_rwd: Float32Array,
    steps_w: Float32Array,
    axes_kd: Float32Array,
    curvatures_k: Float32Array,
    *,
    n_jobs: int = 1,
) -> None:
    """Move the vectors by a share of their replicas' moves, and give all replicas the result; in place.

    The share of a row along an axis is the mean of ``q^0, ..., q^(n_replicas - 1)`` with ``q = exp(-x)`` and
    ``x = step * curvature + move^2 / step``, where `move` is the mean of the replicas' moves along the axis; see
    `solvers._replicas`.

    Parameters
    ----------
    vectors_wd : float32 array of shape (n_words, width)
        The vectors that all replicas started from.
    replicas_rwd : float32 array of shape (n_replicas, n_words, width)
    steps_w : float32 array of shape (n_words,)
        The sum of the learning rates of the products that each row took part in, in one replica.
    axes_kd : float32 array of shape (n_axes, width)
        An orthonormal basis of the rows' moves.
    curvatures_k : float32 array of shape (n_axes,)
        The curvature along each axis.
    """
    moved = (replicas_rwd - vectors_wd).sum(axis=0) @ axes_kd.T  # (n_words, n_axes)
    means, steps = moved.astype(np.float64) / len(replicas_rwd), steps_w.astype(np.float64)[:, np.newaxis]
    own = np.divide(means**2, steps, out=np.where(means == 0, 0, np.inf), where=steps > 0)
    left = np.exp(-(steps * curvatures_k + own))
    shares = np.mean([left**replica for replica in range(len(replicas_rwd))], axis=0)
    vectors_wd += ((shares * moved) @ axes_kd).astype(np.float32)
    replicas_rwd[:] = vectors_wd


def group_ends(n_neighbors: int) -> list[int]:
    """Return how many words of a window take a step together: four, then two, then one.

    >>> group_ends(7)
    [4, 2, 1]
    """
    return [4] * (n_neighbors // 4) + [2] * (n_neighbors // 2 % 2) + [1] * (n_neighbors % 2)


LINKS: dict[str, Callable[[AnyFloatArray], AnyFloatArray]] = {
    "logistic": expit,
    "quartic": lambda x: x / 4 + np.float32(1 / 2),  # to first order
}


def gradient_step(
    words_wd: Float32Array,
    contexts_wd: Float32Array,
    group: AnyIntArray,
    outputs: list[int],
    rate: np.float32,
    link: Callable[[AnyFloatArray], AnyFloatArray],
) -> None:
    """Move some words' vectors toward the context vector of ``outputs[0]`` and away from the others'."""
    labels = np.zeros(len(outputs), dtype=np.float32)
    labels[0] = 1
    olds = words_wd[group]  # (n_group, width)
    gradient = rate * (labels - link(olds @ contexts_wd[outputs].T))  # (n_group, n_outputs)
    moves = np.zeros_like(olds)
    for output, steps in zip(outputs, gradient.T, strict=True):  # in turn: noise may repeat a word
        moves += np.outer(steps, contexts_wd[output])
        contexts_wd[output] += steps @ olds
    for word, move in zip(group, moves, strict=True):  # in turn: a window may, too
        words_wd[word] += move
