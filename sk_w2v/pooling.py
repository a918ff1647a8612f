"""Pooling: from the vectors of a document's words to one vector for the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.preprocessing import normalize

from .corpus import Corpus

FloatArray = npt.NDArray[np.float32]

SIF_SCALE = 1e-3  # a word with this share of all tokens has half of a rare word's weight


def bag_of_words(corpus: Corpus, n_words: int) -> sparse.csr_array:
    """Count each document's words: float32, of shape (n_documents, n_words)."""
    ones = np.ones(len(corpus.ids), dtype=np.float32)
    shape = (corpus.n_documents, n_words)
    bags = sparse.csr_array((ones, corpus.ids, corpus.offsets), shape=shape, copy=True)
    bags.sum_duplicates()  # in place
    return bags


def sum_pooling(bags: sparse.csr_array, embedding: FloatArray, word_counts: npt.NDArray[Any]) -> FloatArray:
    """Add the word vectors up.

    Parameters
    ----------
    bags : sparse array of shape (n_documents, n_words)
        How often each word occurs in each document.
    embedding : float32 array of shape (n_words, n_components)
    word_counts : array of shape (n_words,)
        How often each word occurs in the corpus; not used here.

    Returns
    -------
    float32 array of shape (n_documents, n_components)
        A document without words gets zeros, here and below.
    """
    sums: FloatArray = bags @ embedding
    return sums


def mean_pooling(bags: sparse.csr_array, embedding: FloatArray, word_counts: npt.NDArray[Any]) -> FloatArray:
    """Average the word vectors; parameters and shapes are those of `sum_pooling`."""
    n_tokens = np.asarray(bags.sum(axis=1), dtype=np.float32).reshape(-1, 1)
    means = sum_pooling(bags, embedding, word_counts) / np.maximum(n_tokens, 1)
    return means.astype(np.float32)


def sif_pooling(bags: sparse.csr_array, embedding: FloatArray, word_counts: npt.NDArray[Any]) -> FloatArray:
    """Average the words' directions by smooth inverse frequency: ``sum_w a / (a + p(w)) u_w / n_tokens``.

    ``u_w`` is the word vector divided by its length, ``p(w)`` the word's share of the corpus. Parameters and shapes are
    those of `sum_pooling`.

    References
    ----------
    Arora, Liang, Ma (2017), "A simple but tough-to-beat baseline for sentence embeddings". Their second step, taking
    out a component common to all documents, is left to the estimator that comes next: a linear one does not need it.
    """
    share = word_counts / word_counts.sum()  # p   (n_words,)
    weights = SIF_SCALE / (SIF_SCALE + share)
    directions = (normalize(embedding) * weights[:, np.newaxis]).astype(np.float32)
    return mean_pooling(bags, directions, word_counts)


POOLINGS: dict[str, Callable[[sparse.csr_array, FloatArray, npt.NDArray[Any]], FloatArray]] = {
    "mean": mean_pooling,
    "sum": sum_pooling,
    "sif": sif_pooling,
}
