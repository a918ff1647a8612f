"""Pooling: from the vectors of a document's words to one vector for the document.

The vectors may be arrays of any library, on any device; the result has the same library and device.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import matmul

import numpy as np
from scipy import sparse

from ._array_api import asarray_like, namespace_of, take_rows, unit_rows
from ._typing import AnyArray, Float32Array, Int64Array
from .corpus import Corpus, Vocabulary

__all__ = [
    "POOLINGS",
    "bag_of_words",
    "max_pooling",
    "mean_pooling",
    "sif_pooling",
    "sum_pooling",
    "tfidf_pooling",
    "usif_pooling",
]

Product = Callable[[sparse.csr_array, Float32Array], Float32Array]

_MAX_BATCH = 1 << 14  # words whose vectors are in memory at once, unless one document has more

SIF_SCALE = 1e-3  # a word with this share of all tokens has half of a rare word's weight


def bag_of_words(corpus: Corpus, n_words: int) -> sparse.csr_array:
    """Count the words of each document, as float32 CSR array of shape (n_documents, n_words).

    Raises
    ------
    ValueError
        If the corpus does not fit the number of words.

    See Also
    --------
    sum_pooling, mean_pooling, sif_pooling : Combine the vectors of the words of a document.

    Examples
    --------
    >>> corpus = Corpus(np.array([0, 1, 0], dtype=np.int32), np.array([0, 3, 3]))
    >>> bag_of_words(corpus, 2).toarray()
    array([[2., 1.],
           [0., 0.]], dtype=float32)
    """
    corpus = corpus.checked(n_words)
    ones = np.ones(len(corpus.ids), dtype=np.float32)
    shape = (corpus.n_documents, n_words)
    bags = sparse.csr_array((ones, corpus.ids, corpus.offsets), shape=shape, copy=True)
    bags.sum_duplicates()  # in place
    return bags


def sum_pooling(
    bags: sparse.csr_array, embedding: Float32Array, vocabulary: Vocabulary, *, product: Product = matmul
) -> Float32Array:
    """Sum the word vectors.

    Parameters
    ----------
    bags : sparse array of shape (n_documents, n_words)
        How often each word occurs in each document.
    embedding : float32 array of shape (n_words, n_components)
    vocabulary : Vocabulary of n_words words
        How often each word occurs in the corpus; not used here.
    product : callable
        Multiplies the bags with vectors, on the device of the vectors: NumPy's operator or a backend's `matmat`.

    Returns
    -------
    float32 array of shape (n_documents, n_components)
        A document without words gets zeros, here and below.

    See Also
    --------
    mean_pooling : The same, divided by the number of tokens.
    sif_pooling : Weights frequent words less.

    Examples
    --------
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([2, 1]))
    >>> bags = sparse.csr_array(np.array([[3, 1]], dtype=np.float32))
    >>> sum_pooling(bags, np.eye(2, dtype=np.float32), words)
    array([[3., 1.]], dtype=float32)
    """
    return product(bags, embedding)


def mean_pooling(
    bags: sparse.csr_array, embedding: Float32Array, vocabulary: Vocabulary, *, product: Product = matmul
) -> Float32Array:
    """Average the word vectors; parameters and shapes are those of `sum_pooling`.

    See Also
    --------
    sum_pooling : The same without the division by the number of tokens.
    sif_pooling : Weights frequent words less.

    Examples
    --------
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([2, 1]))
    >>> bags = sparse.csr_array(np.array([[3, 1]], dtype=np.float32))
    >>> mean_pooling(bags, np.eye(2, dtype=np.float32), words)
    array([[0.75, 0.25]], dtype=float32)
    """
    n_tokens = np.asarray(bags.sum(axis=1), dtype=np.float32).reshape(-1, 1)
    return product(bags, embedding) / asarray_like(np.maximum(n_tokens, 1), embedding)


def sif_pooling(
    bags: sparse.csr_array, embedding: Float32Array, vocabulary: Vocabulary, *, product: Product = matmul
) -> Float32Array:
    """Average the words' directions by smooth inverse frequency: ``sum_w a / (a + p(w)) u_w / n_tokens``.

    ``u_w`` is the word vector divided by its length, ``p(w)`` the word's share of the corpus. Parameters and shapes are
    those of `sum_pooling`.

    Raises
    ------
    ValueError
        If the frequencies of the words are unknown or negative, here and in `usif_pooling`.

    See Also
    --------
    usif_pooling : The same with a scale that depends on the text.
    tfidf_pooling : Weights by document frequency instead.

    Examples
    --------
    >>> words = Vocabulary(np.array(["the", "tea"], dtype=object), np.array([999, 1]))
    >>> bags = sparse.csr_array(np.array([[1, 1]], dtype=np.float32))
    >>> sif_pooling(bags, np.eye(2, dtype=np.float32), words).round(4)
    array([[0.0005, 0.25  ]], dtype=float32)

    References
    ----------
    Arora, Liang, Ma (2017), "A simple but tough-to-beat baseline for sentence embeddings". Their second step, removing
    a component common to all documents, is `sk_w2v.CommonComponentRemover`; a linear estimator does not need it.
    """
    share = vocabulary.counts / _n_tokens(vocabulary)  # p   (n_words,)
    return _weighted_directions(bags, embedding, SIF_SCALE / (SIF_SCALE + share), product)


def usif_pooling(
    bags: sparse.csr_array, embedding: Float32Array, vocabulary: Vocabulary, *, product: Product = matmul
) -> Float32Array:
    """Average the words' directions as `sif_pooling` does, with a scale that the text gives: ``a / (a / 2 + p(w))``.

    ``a = 2 (1 - alpha) / (alpha n_words)``, where ``alpha`` is the share of words that a document of mean length would
    contain with a higher probability than one of `n_words` equally frequent words: ``p(w) > 1 - (1 - 1 / n_words)^n``.

    Raises
    ------
    ValueError
        If the number of documents is not known, here and in `tfidf_pooling`.

    See Also
    --------
    sif_pooling : The same with a fixed scale.

    Examples
    --------
    >>> words = Vocabulary(np.array(["the", "tea"], dtype=object), np.array([9, 1]), np.array([5, 1]), n_documents=5)
    >>> bags = sparse.csr_array(np.array([[1, 1]], dtype=np.float32))
    >>> rare_over_frequent = usif_pooling(bags, np.eye(2, dtype=np.float32), words)[0]
    >>> bool(rare_over_frequent[1] > rare_over_frequent[0])
    True

    References
    ----------
    Ethayarajh (2018), "Unsupervised random walk sentence embeddings: a strong but simple baseline". The second step of
    it is `sk_w2v.CommonComponentRemover`.
    """
    n_documents, _ = _document_counts(vocabulary, "usif")
    n_words, n_tokens = len(vocabulary), _n_tokens(vocabulary)
    share = vocabulary.counts / n_tokens  # p   (n_words,)
    threshold = 1 - (1 - 1 / n_words) ** float(n_tokens / n_documents)
    alpha = max(np.mean(share > threshold), 1 / n_words)  # at least one word is a frequent one
    scale = max(2 * (1 - alpha) / (alpha * n_words), 1e-9)  # a; with 0 all weights would be 0
    return _weighted_directions(bags, embedding, scale / (scale / 2 + share), product)


def tfidf_pooling(
    bags: sparse.csr_array, embedding: Float32Array, vocabulary: Vocabulary, *, product: Product = matmul
) -> Float32Array:
    """Average the words' directions by inverse document frequency, ``ln((1 + n_documents) / (1 + df(w))) + 1``.

    The weight is `sklearn.feature_extraction.text.TfidfTransformer`'s; a word that occurs twice counts twice.

    See Also
    --------
    sif_pooling : Weights by the share of tokens instead.

    Examples
    --------
    >>> words = Vocabulary(np.array(["the", "tea"], dtype=object), np.array([9, 1]), np.array([5, 1]), n_documents=5)
    >>> bags = sparse.csr_array(np.array([[1, 1]], dtype=np.float32))
    >>> tfidf_pooling(bags, np.eye(2, dtype=np.float32), words).round(2)
    array([[0.5 , 1.05]], dtype=float32)
    """
    n_documents, document_counts = _document_counts(vocabulary, "tfidf")
    weights = np.log((1 + n_documents) / (1 + document_counts)) + 1
    return _weighted_directions(bags, embedding, weights, product)


def max_pooling(
    bags: sparse.csr_array, embedding: Float32Array, vocabulary: Vocabulary, *, product: Product = matmul
) -> Float32Array:
    """Take the maximum of each component over the words of a document; `product` is not used.

    See Also
    --------
    mean_pooling : The mean instead of the maximum.

    Examples
    --------
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([2, 1]))
    >>> bags = sparse.csr_array(np.array([[3, 1]], dtype=np.float32))
    >>> max_pooling(bags, np.array([[1, 0], [2, -1]], dtype=np.float32), words)
    array([[2., 0.]], dtype=float32)
    """
    xp, lengths = namespace_of(embedding), np.diff(bags.indptr)
    order = np.argsort(-lengths, kind="stable")  # so that documents of similar length form a batch
    n_full, start = int(np.count_nonzero(lengths)), 0
    greatest = asarray_like(np.zeros((len(order), embedding.shape[1]), dtype=np.float32), embedding)
    while start < n_full:
        longest = lengths[order[start]]
        documents = order[start : min(n_full, start + max(1, _MAX_BATCH // longest))]
        greatest[start : start + len(documents), :] = xp.max(_words_of(documents, bags, embedding), axis=1)
        start += len(documents)
    return take_rows(greatest, np.argsort(order))


def _words_of(documents: Int64Array, bags: sparse.csr_array, embedding: Float32Array) -> Float32Array:
    """Return the vectors of each document's words, of shape (n_documents, length of the longest, n_components).

    Shorter documents have their last word several times.
    """
    lengths = np.diff(bags.indptr)[documents, np.newaxis]
    places = bags.indptr[documents, np.newaxis] + np.minimum(np.arange(lengths.max()), lengths - 1)
    rows = take_rows(embedding, bags.indices[places].ravel())
    vectors: Float32Array = namespace_of(embedding).reshape(rows, (*places.shape, embedding.shape[1]))
    return vectors


def _weighted_directions(
    bags: sparse.csr_array, embedding: Float32Array, weights: AnyArray, product: Product
) -> Float32Array:
    """Return the mean of each document's word vectors, of length one, times the words' weights."""
    directions = unit_rows(embedding) * asarray_like(weights[:, np.newaxis], embedding, "float32")
    n_tokens = np.asarray(bags.sum(axis=1), dtype=np.float32).reshape(-1, 1)
    return product(bags, directions) / asarray_like(np.maximum(n_tokens, 1), embedding)


def _n_tokens(vocabulary: Vocabulary) -> int:
    """Return the number of all words' tokens, or raise an error if it is unknown or impossible."""
    if not np.all(vocabulary.counts >= 0):
        raise ValueError("The vocabulary has negative counts of words; give one count >= 0 for each word.")
    n_tokens = int(vocabulary.counts.sum(dtype=np.float64))
    if n_tokens == 0:
        raise ValueError(
            "This pooling weighs words by their frequency, which is not known; fit on documents, or use pooling='mean'."
        )
    return n_tokens


def _document_counts(vocabulary: Vocabulary, pooling: str) -> tuple[int, Int64Array]:
    """Return the number of documents, and in how many each word occurs, or raise an error if unknown."""
    if vocabulary.n_documents is None or vocabulary.document_counts is None:
        raise ValueError(
            f"pooling={pooling!r} needs to know in how many documents each word occurs, which counts and added words "
            "do not tell; fit on documents, or use pooling='sif'."
        )
    if not np.all((vocabulary.document_counts >= 0) & (vocabulary.document_counts <= vocabulary.n_documents)):
        raise ValueError(
            f"The vocabulary has words in {vocabulary.document_counts.min()} to {vocabulary.document_counts.max()} of "
            f"{vocabulary.n_documents} documents; count documents and words in one text."
        )
    return vocabulary.n_documents, vocabulary.document_counts


Pooling = Callable[..., Float32Array]  # of bags, vectors and vocabulary, and the keyword `product`

POOLINGS: dict[str, Pooling] = {
    "mean": mean_pooling,
    "sum": sum_pooling,
    "max": max_pooling,
    "sif": sif_pooling,
    "usif": usif_pooling,
    "tfidf": tfidf_pooling,
}
