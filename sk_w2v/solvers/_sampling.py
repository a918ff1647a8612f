"""Sampling from a corpus: the tokens to keep, the widths of windows and the noise words.

word2vec drops tokens of frequent words at random, draws the width of each window, and draws noise words in proportion
to a power of their frequencies (Mikolov, Sutskever, Chen, Corrado, Dean 2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import betainc

from .._backends.addresses import are_rows, check_vectors_of_words
from .._backends.noise import AliasTable, alias_table
from .._typing import AnyFloatArray, Float64Array, Int64Array, UInt32Array, UInt64Array
from ..corpus import Corpus

MOST_NOISE = 2**16 - 2  # random numbers for noise at each position
WIDEST_TABLE = 1 << 24  # of reaches: 134 MB
TOKENS_AT_ONCE = 1 << 22


@dataclass(frozen=True, eq=False)
class Sampling:
    """How pairs and noise words are drawn from a corpus.

    Attributes
    ----------
    keep : uint32 array of shape (n_words,)
        Probability of keeping a token of each word, in units of 2**-32.
    noise : AliasTable over the n_words words
    reach : uint64 array of shape (window,)
        Probability that a window reaches at least 1, 2, ... tokens to each side, in units of 2**-32.
    negative : int
        Number of noise words for each window, or for each pair.
    share_noise : bool
        Whether the pairs of a window share their noise words.
    """

    keep: UInt32Array
    noise: AliasTable
    reach: UInt64Array
    negative: int
    share_noise: bool = True

    def check_vectors(self, *sides: AnyFloatArray) -> None:
        """Raise ValueError if the distributions do not fit each other, or the vectors do not fit them."""
        n_words = len(self.keep)
        of_noise = self.noise.thresholds, self.noise.alternatives
        if any(array.shape != (n_words,) for array in of_noise) or not are_rows(self.noise.alternatives, n_words):
            raise ValueError(f"The noise is not drawn from {n_words} words, of which tokens are kept; make both anew.")
        check_vectors_of_words(sides, n_words)


def keep_probabilities(frequencies: AnyFloatArray, *, subsample: float) -> Float64Array:
    """Return word2vec's probability of keeping a token: ``min(1, sqrt(t / f) + t / f)``, of shape (n_words,).

    `frequencies` is the share ``f`` of all tokens that each word has; `subsample` is the threshold ``t``, 0 for none.
    """
    if subsample == 0:
        return np.ones(len(frequencies))
    with np.errstate(over="ignore"):  # infinity keeps every token, as it should
        ratio = subsample / frequencies
        return np.minimum(1.0, np.sqrt(ratio) + ratio)


def make_sampling(
    word_counts: Int64Array,
    noise: Float64Array,
    *,
    window: int | AnyFloatArray,
    negative: int,
    subsample: float,
    share_noise: bool = True,
    longest_document: int | None = None,
) -> Sampling:
    """Return the distributions in the form that the kernels draw from; the first two arrays have shape (n_words,).

    `window` is the share of windows that reach at least 1, 2, ... tokens to each side, in descending order from 1, or
    the largest reach of word2vec's windows, in which all reaches are equally frequent. No document is longer than
    `longest_document` (tokens), so longer reaches are dropped.

    Raises
    ------
    ValueError
        If the window is too wide for a table of reaches, or needs more noise words than a position has numbers for.
    """
    shares = _shares_of_reaches(window, longest_document)
    widest = len(shares)
    if not share_noise and 2 * widest * negative > MOST_NOISE:
        raise ValueError(
            f"negative={negative} with share_noise=False: a window may need more than {MOST_NOISE} noise words; lower "
            "negative or window, or let pairs share their noise."
        )
    keep = keep_probabilities(word_counts / word_counts.sum(dtype=np.float64), subsample=subsample)
    thresholds = np.minimum(np.rint(keep * 2**32), 2**32 - 1).astype(np.uint32)
    return Sampling(thresholds, alias_table(noise), np.rint(shares * 2.0**32).astype(np.uint64), negative, share_noise)


def _shares_of_reaches(window: int | AnyFloatArray, longest_document: int | None) -> AnyFloatArray:
    """Return the share of windows that reach at least 1, 2, ... tokens, as far as documents go."""
    widest = window if isinstance(window, int) else len(window)
    reach = widest if longest_document is None else min(widest, max(1, longest_document - 1))
    if reach > WIDEST_TABLE:
        raise ValueError(
            f"A window of {reach} tokens needs a table of {reach} reaches, and {WIDEST_TABLE} are the most; lower "
            "window, or give longest_document."
        )
    return 1 - np.arange(reach) / min(window, 1 << 62) if isinstance(window, int) else window[:reach]


def expected_products(corpus: Corpus, sampling: Sampling) -> tuple[Float64Array, Float64Array]:
    """Return the number of products of each word and context vector per token of text, each of shape (n_words,).

    Subsampling is taken to leave the documents' tokens independently of each other.
    """
    keep = (sampling.keep + 1.0) / 2.0**32  # a token is kept if its number is at most that of `sampling.keep`
    n_tokens = _sum_by_word(corpus, np.ones(corpus.n_documents), len(keep))
    if not n_tokens.sum():
        return np.zeros(len(keep)), np.zeros(len(keep))
    partners = _expected_partners(np.diff(corpus.offsets), float(n_tokens @ keep / n_tokens.sum()), sampling.reach)
    pairs = _sum_by_word(corpus, partners, len(keep)) * keep / n_tokens.sum()
    noise = sampling.noise.probabilities()
    return (1 + sampling.negative) * pairs, pairs + sampling.negative * pairs.sum() * noise


def _expected_partners(lengths: Int64Array, keep: float, reach_o: UInt64Array) -> Float64Array:
    """Return the mean number of words in a kept token's window for documents of some lengths, (n_documents,).

    Each of ``n`` tokens is kept with probability `keep`, so the number ``M`` of kept tokens is binomial. They make
    ``2 sum_o reach[o] max(0, M - o)`` pairs.
    """
    distinct, document_of = np.unique(lengths, return_inverse=True)
    partners = np.zeros(len(distinct))
    for index, length in enumerate(distinct):
        distances = np.arange(1, min(length - 1, len(reach_o)) + 1)
        # E[max(0, M - o)] = keep n P(M' >= o) - o P(M > o), where M' is of n - 1 tokens, by the tails of the binomial
        more = betainc(distances, length - distances, keep) * length * keep
        more -= betainc(distances + 1, length - distances, keep) * distances
        partners[index] = 2 * (reach_o[: len(distances)] / 2.0**32) @ np.maximum(more, 0) / (length * keep or 1)
    return partners[document_of]


def _sum_by_word(corpus: Corpus, values_d: Float64Array, n_words: int) -> Float64Array:
    """Return the sum over each word's tokens of the values of their documents, of shape (n_words,)."""
    total, offsets = np.zeros(n_words), corpus.offsets
    starts = np.searchsorted(offsets, np.arange(0, len(corpus.ids), TOKENS_AT_ONCE))
    for first, end in pairwise(np.unique([*starts, corpus.n_documents])):
        values_t = np.repeat(values_d[first:end], np.diff(offsets[first : end + 1]))
        total += np.bincount(corpus.ids[offsets[first] : offsets[end]], values_t, minlength=n_words)
    return total
