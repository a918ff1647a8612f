"""Collocations: words that are adjacent more often than their counts explain, and joining them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import AnyIntArray, BoolArray, Float64Array, Int64Array
from ._corpus import Corpus


@dataclass(frozen=True, eq=False)
class Bigrams:
    """Counts of adjacent pairs of words.

    Attributes
    ----------
    left, right : int64 arrays of shape (n_bigrams,)
        The rows of the two words, in ascending order of both.
    counts : int64 array of shape (n_bigrams,)

    See Also
    --------
    count_bigrams : Count the bigrams of a corpus.
    sk_w2v.PhraseJoiner : Joins frequent bigrams in documents.

    Examples
    --------
    >>> bigrams = Bigrams(left=np.array([0]), right=np.array([1]), counts=np.array([2]))
    >>> int(bigrams.counts.sum())
    2
    """

    left: Int64Array
    right: Int64Array
    counts: Int64Array


def count_bigrams(corpus: Corpus, n_words: int, *, left_out: BoolArray | None = None) -> Bigrams:
    """Count adjacent pairs of tokens within documents.

    Parameters
    ----------
    corpus : Corpus
    n_words : int
    left_out : bool array of shape (n_tokens,) or None
        Tokens whose pairs are not counted.

    See Also
    --------
    score_bigrams : Compare the counts with those expected by chance.

    Examples
    --------
    >>> bigrams = count_bigrams(Corpus(np.array([0, 1, 0, 1]), np.array([0, 4])), 2)
    >>> bigrams.left.tolist(), bigrams.right.tolist(), bigrams.counts.tolist()
    ([0, 1], [1, 0], [2, 1])
    """
    corpus = corpus.checked(n_words)
    if len(corpus.ids) < 2:
        return Bigrams(*(np.empty(0, dtype=np.int64) for _ in range(3)))
    keys = corpus.ids[:-1].astype(np.int64) * n_words + corpus.ids[1:]
    keys, counts = np.unique(keys[are_adjacent(corpus, left_out)], return_counts=True)
    return Bigrams(*np.divmod(keys, n_words), counts)


def score_bigrams(bigrams: Bigrams, word_counts: AnyIntArray, *, scoring: str, min_count: int) -> Float64Array:
    """Return how much more often words are adjacent than by chance, as float64 array of shape (n_bigrams,).

    ``default`` is ``(n_ab - min_count) n_types / (n_a n_b)``, where ``n_types`` is the number of different words and
    bigrams; ``npmi`` is ``ln(p_ab / (p_a p_b)) / -ln(p_ab)``, from -1 to 1, with -inf for bigrams of fewer than
    `min_count`.

    See Also
    --------
    sk_w2v.PhraseJoiner : Joins bigrams with a high score.

    References
    ----------
    Mikolov, Sutskever, Chen, Corrado, Dean (2013), "Distributed representations of words and phrases and their
    compositionality", as implemented in gensim; Bouma (2009), "Normalized (pointwise) mutual information in collocation
    extraction".

    Examples
    --------
    >>> bigrams = Bigrams(np.array([0]), np.array([1]), np.array([5]))
    >>> score_bigrams(bigrams, np.array([5, 5]), scoring="npmi", min_count=1).tolist()
    [1.0]
    """
    left, right = (word_counts[rows].astype(np.float64) for rows in (bigrams.left, bigrams.right))
    if scoring == "default":
        n_types = np.count_nonzero(word_counts) + len(bigrams.counts)
        scores: Float64Array = (bigrams.counts - min_count) / left / right * n_types
        return scores
    n_tokens = float(word_counts.sum())
    joint = bigrams.counts / n_tokens  # p_ab
    scores = np.log(joint / (left / n_tokens) / (right / n_tokens)) / -np.log(joint)
    return np.where(bigrams.counts >= min_count, scores, -np.inf)


def are_adjacent(corpus: Corpus, left_out: BoolArray | None = None) -> BoolArray:
    """Tell for each token but the last whether the next one is in the same document and neither is in `left_out`.

    See Also
    --------
    count_bigrams : Count these pairs.

    Examples
    --------
    >>> are_adjacent(Corpus(np.array([0, 1, 0]), np.array([0, 2, 3]))).tolist()
    [True, False]
    """
    together = np.ones(max(len(corpus.ids) - 1, 0), dtype=bool)
    ends = corpus.offsets[1:-1] - 1
    together[ends[(ends >= 0) & (ends < len(together))]] = False
    return together if left_out is None else together & ~(left_out[:-1] | left_out[1:])


def first_of_pairs(is_bigram: BoolArray) -> BoolArray:
    """Tell which adjacent pairs to join, from left to right, if each token can be joined only once.

    See Also
    --------
    sk_w2v.PhraseJoiner : Joins them.

    Examples
    --------
    >>> first_of_pairs(np.array([True, True, True, False, True])).tolist()
    [True, False, True, False, True]
    """
    places = np.arange(len(is_bigram))
    last_gap = np.maximum.accumulate(np.where(is_bigram, -1, places)) if len(places) else places
    return is_bigram & ((places - last_gap) % 2 == 1)
