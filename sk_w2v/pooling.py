"""Pooling: from the vectors of a document's words to one vector for the document."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .corpus import Corpus

FloatArray = npt.NDArray[np.float32]


def bag_of_words(corpus: Corpus, n_words: int) -> sparse.csr_array:
    """Count each document's words: float32, of shape (n_documents, n_words)."""
    ones = np.ones(len(corpus.ids), dtype=np.float32)
    bags = sparse.csr_array((ones, corpus.ids, corpus.offsets), shape=(corpus.n_documents, n_words))
    bags.sum_duplicates()
    return bags


def sum_pooling(bags: sparse.csr_array, embedding: FloatArray) -> FloatArray:
    """Add the word vectors up, of shape (n_documents, n_components); no words give zeros."""
    sums: FloatArray = bags @ embedding
    return sums


def mean_pooling(bags: sparse.csr_array, embedding: FloatArray) -> FloatArray:
    """Average the word vectors, of shape (n_documents, n_components); no words give zeros."""
    n_tokens = np.asarray(bags.sum(axis=1)).reshape(-1, 1)
    means: FloatArray = sum_pooling(bags, embedding) / np.maximum(n_tokens, 1)
    return means


POOLINGS: dict[str, Callable[[sparse.csr_array, FloatArray], FloatArray]] = {
    "mean": mean_pooling,
    "sum": sum_pooling,
}
