"""Analogies: a is to b as c is to which word.

A set of 12,000 questions uses about 900 different words. Their cosines with all words are one matrix product; each
question then combines three rows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np
from sklearn.utils import gen_batches

from .._array_api import asarray_like, namespace_of, take_rows, to_numpy, unit_rows
from .._choices import check_choice
from .._typing import AnyArray, AnyFloatArray, BoolArray, Int64Array
from ..datasets import AnalogyQuestions
from ._analogy_pairs import PAIR_METHODS, answer_pairs, distinct_pairs
from ._score import Score, is_known, require_finite, require_known, rows_of

TABLE_SIZE = 1 << 25  # cosines held at once: 128 MB
BATCH_SIZE = 1 << 19  # cosines of a batch of questions, small enough for the cache

_EPSILON = 1e-3  # Levy and Goldberg's, prevents division by zero


def analogy_accuracy(
    embedding: AnyFloatArray,
    vocabulary: Mapping[str, int],
    questions: AnalogyQuestions,
    *,
    method: str = "3cosadd",
    exclude_inputs: bool = True,
) -> Score:
    """Return the share of the questions *a is to b as c is to d* that are answered with ``d``.

    The answer is the best word of the whole vocabulary by one of these methods. Vectors are normalized to length one
    first. In 3CosMul, ``cos`` of x and y is shifted to ``(1 + x.y) / 2``.

    ================= ================================================================================
    ``3cosadd``       maximizes ``cos(d, b - a + c)`` [1]_
    ``3cosmul``       maximizes ``cos(d, b) cos(d, c) / (cos(d, a) + 0.001)`` [2]_
    ``pairdirection`` maximizes ``cos(d - c, b - a)`` [1]_
    ``3cosavg``       maximizes ``cos(d, c + mean(b) - mean(a))``, with means over the category's other pairs [3]_
    ``lrcos``         maximizes ``P(d in class) cos(d, c)``: a logistic regression separates the category's other
                      answers from their questions and an equal number of random words [3]_
    ================= ================================================================================

    The last two methods depend on the category and on ``c``, but not on ``a`` and ``b``. They evaluate each distinct
    pair (c, d) of a category once, and need at least one other pair to learn from.

    Parameters
    ----------
    embedding : array of shape (n_words, n_components)
        A NumPy or CuPy array; products are computed on its device.
    vocabulary : mapping of str to int
        The row of each word.
    questions : AnalogyQuestions
        As returned by `sk_w2v.datasets.read_analogies`.
    method : {"3cosadd", "3cosmul", "pairdirection", "3cosavg", "lrcos"}, default="3cosadd"
    exclude_inputs : bool, default=True
        Whether a, b and c are excluded from the answers, as is usual. Otherwise most methods mostly answer with ``b``
        or ``c``.

    Returns
    -------
    Score
        `n_used` counts questions; for the last two methods it counts pairs.

    Raises
    ------
    ValueError
        If no question has all of its words in the vocabulary, a vector is not finite, or the method is
        unknown.

    See Also
    --------
    analogy_accuracy_by_category : The score of each category.
    sk_w2v.scorers.AnalogyScorer : The same as a scorer, for a search.
    sk_w2v.inspection.diagnose_analogy : Why an analogy is not answered.

    References
    ----------
    .. [1] Mikolov, Yih, Zweig (2013), "Linguistic regularities in continuous space word representations"; the names are
       those of Levy and Goldberg.
    .. [2] Levy, Goldberg (2014), "Linguistic regularities in sparse and explicit word representations".
    .. [3] Drozd, Gladkova, Matsuoka (2016), "Word embeddings, analogies, and machine learning: beyond king - man +
       woman = queen".

    Examples
    --------
    >>> questions = AnalogyQuestions(np.array([["man", "king", "woman", "queen"]]), np.array(["royal"]))
    >>> vectors = np.array([[1.0, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1]])
    >>> analogy_accuracy(vectors, {"man": 0, "king": 1, "woman": 2, "queen": 3}, questions)
    Score(value=1.0, coverage=1.0, n_used=1)
    """
    known, right, _ = _answer(embedding, vocabulary, questions, method, exclude_inputs)
    return Score(float(np.mean(right[known])), float(np.mean(known)), int(np.sum(known)))


def analogy_accuracy_by_category(
    embedding: AnyFloatArray,
    vocabulary: Mapping[str, int],
    questions: AnalogyQuestions,
    *,
    method: str = "3cosadd",
    exclude_inputs: bool = True,
) -> dict[str, Score]:
    """Return the score of each category, in the order of the questions; see `analogy_accuracy`.

    A category without known questions has the value NaN and the coverage 0.

    See Also
    --------
    analogy_accuracy : The score of all questions, which explains the parameters.
    sk_w2v.inspection.emergence : When the questions of each category are answered.

    Examples
    --------
    >>> questions = AnalogyQuestions(
    ...     np.array([["man", "king", "woman", "queen"], ["Oslo", "Norway", "Rome", "Italy"]]),
    ...     np.array(["royal", "capital"]),
    ... )
    >>> vectors = np.array([[1.0, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1]])
    >>> analogy_accuracy_by_category(vectors, {"man": 0, "king": 1, "woman": 2, "queen": 3}, questions)
    {'royal': Score(value=1.0, coverage=1.0, n_used=1), 'capital': Score(value=nan, coverage=0.0, n_used=0)}
    """
    known, right, categories = _answer(embedding, vocabulary, questions, method, exclude_inputs)
    return {str(each): _category_score(known, right, categories == each) for each in dict.fromkeys(categories)}


def _category_score(known: BoolArray, right: BoolArray, members: BoolArray) -> Score:
    """Return the score of some of the questions."""
    n_used = int(np.sum(known & members))
    value = np.sum(right & members) / n_used if n_used else np.nan
    return Score(float(value), n_used / int(np.sum(members)), n_used)


def _answer(
    embedding: AnyFloatArray,
    vocabulary: Mapping[str, int],
    questions: AnalogyQuestions,
    method: str,
    exclude_inputs: bool,
) -> tuple[BoolArray, BoolArray, AnyArray]:
    """Return which questions are known, which are answered correctly, and the category of each."""
    check_choice("method", method, ANALOGY_METHODS)
    with np.errstate(over="ignore"):  # overflow in float32 becomes infinity, which is refused below
        embedding = asarray_like(embedding, embedding, "float32")
    require_finite(embedding, vocabulary)
    units = unit_rows(embedding)
    if method in PAIR_METHODS:
        pairs = distinct_pairs(vocabulary, questions)
        require_known(pairs.known, vocabulary)
        right = answer_pairs(units, pairs, method, exclude_inputs=exclude_inputs)
        return pairs.known, right, pairs.categories
    known = is_known(vocabulary, questions.words)
    require_known(known, vocabulary)
    rows = rows_of(vocabulary, questions.words[known])  # (n_questions, 4)
    right = np.zeros(len(known), dtype=bool)
    right[known] = _best_words(units, rows[:, :3], _FORMULAS[method], exclude_inputs) == rows[:, 3]
    return known, right, questions.categories


Formula = Callable[[Any, Any, Any, Any, ModuleType], Any]


def _best_words(units: Any, inputs: Int64Array, formula: Formula, exclude_inputs: bool) -> Int64Array:
    """Return the row of the best word for each question's a, b, c; ties go to the most frequent word."""
    asked, places = np.unique(inputs, return_inverse=True)
    places = places.reshape(inputs.shape)
    xp = namespace_of(units)
    of_a, of_b, of_c = (take_rows(units, inputs[:, role]) for role in range(3))
    constants = xp.sum((of_b - of_a) * of_c, axis=1, keepdims=True)  # (b - a).c   (n_questions, 1)
    best, answers = np.full(len(inputs), -np.inf, dtype=np.float32), np.zeros(len(inputs), dtype=np.int64)
    rows_asked = take_rows(units, asked)
    for words in gen_batches(units.shape[0], max(1, TABLE_SIZE // len(asked))):
        table = rows_asked @ units[words, :].T  # cosines (n_asked, n_columns)
        n_batch = max(1, BATCH_SIZE // table.shape[1])
        for batch in gen_batches(len(inputs), n_batch):
            to_a, to_b, to_c = (take_rows(table, of_role) for of_role in places[batch].T)
            scores = formula(to_a, to_b, to_c, constants[batch, :], xp)
            if exclude_inputs:
                _exclude(scores, inputs[batch] - words.start)
            columns = xp.argmax(scores, axis=1, keepdims=True)
            values = to_numpy(xp.take_along_axis(scores, columns, axis=1)[:, 0])
            better = values > best[batch]
            best[batch][better], answers[batch][better] = values[better], to_numpy(columns)[better, 0] + words.start
    return answers


def _exclude(scores: Any, columns: Int64Array) -> None:
    """Set the given columns of each row to minus infinity, where they exist."""
    rows, which = np.nonzero((columns >= 0) & (columns < scores.shape[1]))
    scores[asarray_like(rows, scores), asarray_like(columns[rows, which], scores)] = -np.inf


# Each formula takes the cosines of all words with a, b and c, of shape (n_questions, n_words), the product (b - a).c,
# of shape (n_questions, 1), and the arrays' namespace. It may overwrite the cosines.


def _3cosadd(to_a: Any, to_b: Any, to_c: Any, constant: Any, xp: ModuleType) -> Any:
    to_b -= to_a
    to_b += to_c
    return to_b


def _3cosmul(to_a: Any, to_b: Any, to_c: Any, constant: Any, xp: ModuleType) -> Any:
    to_b += 1.0
    to_c += 1.0
    to_a += 1 + 2 * _EPSILON  # twice the shifted cosine and epsilon
    to_b *= xp.clip(to_c, 0.0, None)
    to_b /= xp.clip(to_a, _EPSILON, None)
    return to_b


def _pairdirection(to_a: Any, to_b: Any, to_c: Any, constant: Any, xp: ModuleType) -> Any:
    squared = xp.clip(2 - 2 * to_c, 1e-6, None)  # |d - c|^2, clipped against rounding
    to_b -= to_a
    to_b -= constant  # (b - a).(d - c)
    to_b /= xp.sqrt(squared)
    return to_b


_FORMULAS: dict[str, Formula] = {"3cosadd": _3cosadd, "3cosmul": _3cosmul, "pairdirection": _pairdirection}
ANALOGY_METHODS = (*_FORMULAS, *PAIR_METHODS)
