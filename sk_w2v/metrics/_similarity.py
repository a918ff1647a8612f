"""Word similarity: cosines against human ratings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import spearmanr

from .._array_api import asarray_like, namespace_of, take_rows, to_numpy, unit_rows
from .._typing import AnyFloatArray
from ..datasets import SimilarityPairs
from ._score import Score, is_known, require_finite, require_known, rows_of


def similarity_correlation(embedding: AnyFloatArray, vocabulary: Mapping[str, int], pairs: SimilarityPairs) -> Score:
    """Return Spearman's rank correlation of the cosines of word pairs with human ratings.

    Parameters
    ----------
    embedding : array of shape (n_words, n_components)
        An array of any array API library.
    vocabulary : mapping of str to int
        The row of each word.
    pairs : SimilarityPairs
        As returned by `sk_w2v.datasets.read_similarity`.

    Returns
    -------
    Score
        `value` is NaN if fewer than two pairs are known, or all cosines or all ratings are equal.

    Raises
    ------
    ValueError
        If no pair has both of its words in the vocabulary, or a vector of a known word is not finite.

    See Also
    --------
    analogy_accuracy : Evaluation by analogies.
    sk_w2v.scorers.SimilarityScorer : The same as a scorer, for a search.

    Examples
    --------
    >>> pairs = SimilarityPairs(np.array([["tea", "cup"], ["tea", "pen"]]), np.array([9.0, 1.0]))
    >>> vectors = np.array([[1.0, 0], [1, 1], [0, 1]])
    >>> round(similarity_correlation(vectors, {"tea": 0, "cup": 1, "pen": 2}, pairs).value, 6)
    1.0
    """
    known = is_known(vocabulary, pairs.words)
    require_known(known, vocabulary)
    left, right = rows_of(vocabulary, pairs.words[known]).T
    embedding = asarray_like(embedding, embedding)
    vectors = [asarray_like(take_rows(embedding, rows), embedding, "float64") for rows in (left, right)]
    for rows, of_rows in zip((left, right), vectors, strict=True):
        require_finite(of_rows, vocabulary, rows)
    units = [unit_rows(of_rows) for of_rows in vectors]
    cosines = to_numpy(namespace_of(embedding).sum(units[0] * units[1], axis=1))
    ratings = pairs.ratings[known]
    is_defined = np.ptp(cosines) > 0 and np.ptp(ratings) > 0
    correlation = float(spearmanr(cosines, ratings).statistic) if is_defined else float("nan")
    return Score(correlation, len(left) / len(known), len(left))
