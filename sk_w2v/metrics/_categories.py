"""Categorization: whether clusters of word vectors match human categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import normalized_mutual_info_score
from sklearn.metrics.cluster import contingency_matrix
from sklearn.preprocessing import normalize

from .._typing import AnyArray, AnyFloatArray, Int32Array
from ..datasets import WordCategories
from ._score import Score, is_known, require_finite, require_known, rows_of


def categorization_purity(
    embedding: AnyFloatArray, vocabulary: Mapping[str, int], categories: WordCategories, *, random_state: Any = 0
) -> Score:
    """Return the share of words that belong to the most frequent category of their cluster.

    k-means clusters the vectors, normalized to length one, into one cluster for each category with known words.

    Parameters
    ----------
    embedding : array of shape (n_words, n_components)
    vocabulary : mapping of str to int
        The row of each word.
    categories : WordCategories
    random_state : int, RandomState instance or None, default=0
        Initialization of k-means; the best of ten is used.

    Returns
    -------
    Score
        Between the share of the largest category and 1. It increases with the number of clusters, so compare scores of
        the same words only.

    Raises
    ------
    ValueError
        If no word is in the vocabulary, or a vector of a known word is not finite.

    See Also
    --------
    categorization_nmi : The same clusters, scored by mutual information.
    sk_w2v.scorers.CategorizationScorer : The same as a scorer, for a search.

    References
    ----------
    Baroni, Dinu, Kruszewski (2014), "Don't count, predict!"

    Examples
    --------
    >>> from sk_w2v.datasets import WordCategories
    >>> categories = WordCategories(np.array(["tea", "milk", "pen"]), np.array(["drink", "drink", "tool"]))
    >>> vectors = np.array([[1.0, 0], [1, 0.1], [0, 1]])
    >>> categorization_purity(vectors, {"tea": 0, "milk": 1, "pen": 2}, categories)
    Score(value=1.0, coverage=1.0, n_used=3)
    """
    labels, clusters, coverage = _cluster(embedding, vocabulary, categories, random_state)
    largest = contingency_matrix(labels, clusters).max(axis=0)  # (n_clusters,)
    return Score(float(largest.sum() / len(labels)), coverage, len(labels))


def categorization_nmi(
    embedding: AnyFloatArray, vocabulary: Mapping[str, int], categories: WordCategories, *, random_state: Any = 0
) -> Score:
    """Return the normalized mutual information of categories and clusters.

    Parameters and errors are as in `categorization_purity`.

    Returns
    -------
    Score
        Between 0 and 1; near 0 for many words with unrelated categories and clusters.

    See Also
    --------
    categorization_purity : The same clusters, scored by purity.
    sk_w2v.scorers.CategorizationScorer : The same as a scorer, for a search.

    Examples
    --------
    >>> from sk_w2v.datasets import WordCategories
    >>> categories = WordCategories(np.array(["tea", "milk", "pen"]), np.array(["drink", "drink", "tool"]))
    >>> vectors = np.array([[1.0, 0], [1, 0.1], [0, 1]])
    >>> round(categorization_nmi(vectors, {"tea": 0, "milk": 1, "pen": 2}, categories).value, 6)
    1.0
    """
    labels, clusters, coverage = _cluster(embedding, vocabulary, categories, random_state)
    return Score(float(normalized_mutual_info_score(labels, clusters)), coverage, len(labels))


def _cluster(
    embedding: AnyFloatArray, vocabulary: Mapping[str, int], categories: WordCategories, random_state: Any
) -> tuple[AnyArray, Int32Array, float]:
    """Return category and cluster of each known word, and the share of words that are known."""
    known = is_known(vocabulary, categories.words[:, np.newaxis])
    require_known(known, vocabulary)
    labels = categories.categories[known].astype(str)
    rows = rows_of(vocabulary, categories.words[known])
    vectors = np.asarray(embedding, dtype=np.float64)[rows]
    require_finite(vectors, vocabulary, rows)
    units = normalize(vectors)
    n_clusters = min(len(np.unique(labels)), len(np.unique(units, axis=0)))  # k-means warns of empty clusters
    clusters = KMeans(n_clusters, n_init=10, random_state=random_state).fit_predict(units)
    return labels, clusters, float(np.mean(known))
