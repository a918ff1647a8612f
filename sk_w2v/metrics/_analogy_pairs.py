"""Analogies answered from the other pairs of a category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from .._array_api import asarray_like, namespace_of, take_rows, to_numpy
from .._backends.blas import single_threaded_blas
from .._typing import AnyArray, BoolArray, Float32Array, Int64Array
from ..datasets import AnalogyQuestions
from ._score import is_known, rows_of

PAIR_METHODS = ("3cosavg", "lrcos")


class Pairs(NamedTuple):
    """The distinct pairs (c, d) of a set of analogies.

    Attributes
    ----------
    known : bool array of shape (n_pairs,)
        Whether both words are in the vocabulary, and those of at least one other pair of the category.
    rows : int64 array of shape (n_pairs, 2)
        The words' rows; -1 for unknown pairs.
    categories : object array of shape (n_pairs,)
    """

    known: BoolArray
    rows: Int64Array
    categories: AnyArray


def distinct_pairs(vocabulary: Mapping[str, int], questions: AnalogyQuestions) -> Pairs:
    """Return the distinct pairs of each category."""
    asked = list(dict.fromkeys(zip(questions.categories, *questions.words[:, 2:].T, strict=True)))
    categories = np.array([category for category, *_ in asked], dtype=object)
    words = np.array([pair for _, *pair in asked], dtype=object)
    known = is_known(vocabulary, words)
    rows = np.full(words.shape, -1, dtype=np.int64)
    rows[known] = rows_of(vocabulary, words[known])
    names, n_known = np.unique(categories[known], return_counts=True)
    lonely = set(names[n_known < 2])  # no other pair to learn from
    known &= np.array([category not in lonely for category in categories], dtype=bool)
    return Pairs(known, rows, categories)


def answer_pairs(units: Any, pairs: Pairs, method: str, *, exclude_inputs: bool) -> BoolArray:
    """Return which pairs' second words are found from their first words, of shape (n_pairs,)."""
    right = np.zeros(len(pairs.known), dtype=bool)
    for category in dict.fromkeys(pairs.categories[pairs.known]):
        members = np.flatnonzero(pairs.known & (pairs.categories == category))
        rows = pairs.rows[members]
        scores = _average_offsets(units, rows) if method == "3cosavg" else _class_members(units, rows)
        if exclude_inputs:
            scores[asarray_like(np.arange(len(rows)), scores), asarray_like(rows[:, 0], scores)] = -np.inf
        right[members] = to_numpy(namespace_of(scores).argmax(scores, axis=1)) == rows[:, 1]
    return right


def _average_offsets(units: Any, rows: Int64Array) -> Any:
    """Return each word's product with c plus the mean offset of the other pairs, of shape (n_pairs, n_words)."""
    xp, asked = namespace_of(units), take_rows(units, rows[:, 0])
    offsets = take_rows(units, rows[:, 1]) - asked
    others = (xp.sum(offsets, axis=0) - offsets) / (len(rows) - 1)  # (n_pairs, n_components)
    return (asked + others) @ units.T


def _class_members(units: Any, rows: Int64Array) -> Any:
    """Return each word's cosine with c times its probability of being an answer, of shape (n_pairs, n_words)."""
    random_words = np.random.default_rng(0).integers(units.shape[0], size=len(rows))
    asked, answers, others = (to_numpy(take_rows(units, each)) for each in (*rows.T, random_words))
    with single_threaded_blas():  # threads do not pay off in such small problems
        classifiers = [
            _tell_answers(answers[rows[:, 1] != row], np.vstack([np.delete(asked, index, axis=0), others]))
            for index, row in enumerate(rows[:, 1])
        ]
    weights = np.array([weight for weight, _ in classifiers], dtype=np.float32)  # (n_pairs, n_components)
    intercepts = np.array([[intercept] for _, intercept in classifiers], dtype=np.float32)
    logits = asarray_like(weights, units) @ units.T + asarray_like(intercepts, units)
    return (take_rows(units, rows[:, 0]) @ units.T) / (1 + namespace_of(units).exp(-logits))


def _tell_answers(answers: Float32Array, others: Float32Array) -> tuple[AnyArray, float]:
    """Return weights and intercept of a logistic regression that separates the answers from other words."""
    if len(answers) == 0:
        return np.zeros(others.shape[1]), 0.0  # a single class: all words are equally probable, the cosine decides
    examples = np.vstack([answers, others])
    classifier = LogisticRegression().fit(examples, np.arange(len(examples)) < len(answers))
    return classifier.coef_[0], float(classifier.intercept_[0])
