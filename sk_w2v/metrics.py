"""Judging word vectors: arrays in, a number and its coverage out.

A question or pair is left out when one of its words is not in the vocabulary. What share could be asked is said beside
every score, since a model that knows fewer words is asked easier questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr
from sklearn.preprocessing import normalize

from .datasets import AnalogyQuestions, SimilarityPairs

FloatArray = npt.NDArray[np.floating[Any]]

_BATCH = 1 << 10  # questions at once: their products with all words fit into memory


class Score(NamedTuple):
    """A score and how much it rests on.

    Attributes
    ----------
    value : float
    coverage : float
        Share of the questions or pairs that could be asked.
    n_used : int
        Their number.
    """

    value: float
    coverage: float
    n_used: int


def analogy_accuracy(embedding: FloatArray, vocabulary: Mapping[str, int], questions: AnalogyQuestions) -> Score:
    """Return the share of the questions *a is to b as c is to d* that 3CosAdd answers with ``d``.

    The answer is the word of the whole vocabulary, but for a, b and c, whose vector has the largest product with
    ``b - a + c``; all vectors are of length one.

    Parameters
    ----------
    embedding : array of shape (n_words, n_components)
    vocabulary : mapping of str to int
        The row of each word.
    questions : AnalogyQuestions
        As `sk_w2v.datasets.read_analogies` gives them.

    Returns
    -------
    Score

    Raises
    ------
    ValueError
        If no question has all of its words in the vocabulary.

    References
    ----------
    Mikolov, Yih, Zweig (2013), "Linguistic regularities in continuous space word representations".

    Examples
    --------
    >>> questions = AnalogyQuestions(np.array([["man", "king", "woman", "queen"]]), np.array(["royal"]))
    >>> vectors = np.array([[1.0, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1]])
    >>> analogy_accuracy(vectors, {"man": 0, "king": 1, "woman": 2, "queen": 3}, questions)
    Score(value=1.0, coverage=1.0, n_used=1)
    """
    rows = _known_rows(vocabulary, questions.words)
    units = normalize(np.asarray(embedding, dtype=np.float32))
    n_right = 0
    for start in range(0, len(rows), _BATCH):
        a, b, c, d = rows[start : start + _BATCH].T
        similarities = (units[b] - units[a] + units[c]) @ units.T  # (n_questions, n_words)
        for asked in (a, b, c):
            similarities[np.arange(len(asked)), asked] = -np.inf
        n_right += int(np.sum(similarities.argmax(axis=1) == d))
    return Score(n_right / len(rows), len(rows) / len(questions.words), len(rows))


def similarity_correlation(embedding: FloatArray, vocabulary: Mapping[str, int], pairs: SimilarityPairs) -> Score:
    """Return Spearman's rank correlation of the cosines of pairs of words with people's ratings.

    Parameters
    ----------
    embedding : array of shape (n_words, n_components)
    vocabulary : mapping of str to int
        The row of each word.
    pairs : SimilarityPairs
        As `sk_w2v.datasets.read_similarity` gives them.

    Returns
    -------
    Score
        `value` is NaN if fewer than two pairs are known, or all cosines or all ratings are alike.

    Raises
    ------
    ValueError
        If no pair has both of its words in the vocabulary.

    Examples
    --------
    >>> pairs = SimilarityPairs(np.array([["tea", "cup"], ["tea", "pen"]]), np.array([9.0, 1.0]))
    >>> vectors = np.array([[1.0, 0], [1, 1], [0, 1]])
    >>> round(similarity_correlation(vectors, {"tea": 0, "cup": 1, "pen": 2}, pairs).value, 6)
    1.0
    """
    known = _is_known(vocabulary, pairs.words)
    left, right = _known_rows(vocabulary, pairs.words).T
    units = normalize(np.asarray(embedding, dtype=np.float64))
    cosines = np.sum(units[left] * units[right], axis=1)
    ratings = pairs.ratings[known]
    is_defined = np.ptp(cosines) > 0 and np.ptp(ratings) > 0
    correlation = float(spearmanr(cosines, ratings).statistic) if is_defined else float("nan")
    return Score(correlation, len(left) / len(known), len(left))


def subspace_agreement(left: FloatArray, right: FloatArray) -> float:
    """Return the mean squared cosine of the principal angles between two models' column spaces.

    It is 1 if one model's column space holds the other's, about ``d / n_words`` for unrelated ones, and does not
    depend on rotations or on the lengths of the components.

    Parameters
    ----------
    left, right : arrays of shape (n_words, n_components) and (n_words, n_other_components)
        The vectors of the same words, in the same order.

    Returns
    -------
    float between 0 and 1

    Raises
    ------
    ValueError
        If the numbers of words differ.

    References
    ----------
    Björck, Golub (1973), "Numerical methods for computing angles between linear subspaces".

    Examples
    --------
    >>> subspace_agreement(np.eye(4)[:, :2], np.eye(4)[:, 1:3])
    0.5
    """
    if len(left) != len(right):
        raise ValueError(
            f"The models have {len(left)} and {len(right)} words; give the rows of the words they share, in one order."
        )
    left_basis, right_basis = _column_space(left), _column_space(right)
    smaller = min(left_basis.shape[1], right_basis.shape[1])
    return float(np.sum((left_basis.T @ right_basis) ** 2) / max(smaller, 1))


def _column_space(vectors: FloatArray) -> FloatArray:
    """Return an orthonormal basis of the columns, of shape (n_words, rank)."""
    basis, lengths, _ = np.linalg.svd(np.asarray(vectors, dtype=np.float64), full_matrices=False)
    return basis[:, lengths > 1e-6 * lengths.max(initial=0)]  # float32 vectors: less is noise


def _is_known(vocabulary: Mapping[str, int], words: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return which rows of words are in the vocabulary as a whole, of shape (n_rows,)."""
    return np.array([all(word in vocabulary for word in row) for row in words], dtype=bool)


def _known_rows(vocabulary: Mapping[str, int], words: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the vocabulary rows of those rows of words that are known as a whole."""
    known = words[_is_known(vocabulary, words)]
    if len(known) == 0:
        raise ValueError(
            f"None of the {len(words)} questions has all of its words in the vocabulary of {len(vocabulary)} words; "
            "lower min_count, or check the case of the words (lowercase=True when reading)."
        )
    return np.array([[vocabulary[word] for word in row] for row in known], dtype=np.int64)
