"""Analogies of the page: when each is answered, from which rank on, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..._estimators.base import BaseEmbedder
from ..._typing import BoolArray, Float32Array, Float64Array, ObjectArray
from ...datasets import AnalogyQuestions
from ...inspection import Emergence, diagnose_analogy, emergence
from ...inspection._analogy_paths import answered_along, vectors_path
from ._arrays import number
from ._words import rows_of


def flow_lanes(
    embedder: BaseEmbedder, words: list[str], questions: AnalogyQuestions | None, times: Float64Array
) -> dict[str, Any]:
    """Return the questions of a closed form, answered or not at each time of the flow."""
    known = _known(embedder, questions)
    if questions is None or not known.any():
        answered = np.zeros((0, len(times)), dtype=bool)
        return _lanes(embedder, words, questions, times, known, answered, np.zeros(0), np.zeros(0))
    found = emergence(embedder, _only(questions, known), times=times)
    return _lanes(embedder, words, questions, times, known, found.by_time, found.lasting_times, found.lasting_ranks)


def recorded_lanes(
    embedder: BaseEmbedder,
    words: list[str],
    questions: AnalogyQuestions | None,
    passes: list[float],
    vectors: Sequence[Float32Array],
) -> dict[str, Any]:
    """Return the questions of a trained model, answered or not after each recorded pass."""
    times, known = np.array(passes), _known(embedder, questions)
    if questions is None or not known.any():
        answered = np.zeros((0, len(times)), dtype=bool)
        return _lanes(embedder, words, questions, times, known, answered, np.zeros(0), np.zeros(0))
    asked = _only(questions, known)
    rows = np.stack([rows_of(embedder, question) for question in asked.words])
    answered = answered_along(vectors_path(vectors), rows, len(times), n_words=len(embedder.words_))
    by_rank = emergence(embedder, asked, times=None)
    lasting = Emergence(asked.words, asked.categories, 1.0, by_rank.ranks, times, by_rank.by_rank, answered)
    return _lanes(embedder, words, questions, times, known, answered, lasting.lasting_times, lasting.lasting_ranks)


def _lanes(
    embedder: BaseEmbedder,
    words: list[str],
    questions: AnalogyQuestions | None,
    times: Float64Array,
    known: BoolArray,
    answered: BoolArray,
    lasting_times: Float64Array,
    lasting_ranks: Float64Array,
) -> dict[str, Any]:
    """Return the questions' lanes, the first that stay answered first; those with unknown words last."""
    rows = {word: row for row, word in enumerate(words)}
    listed: list[dict[str, Any]] = []
    places = np.cumsum(known) - 1  # of each question among the known ones
    for question, place, is_known in zip(_words(questions), places, known, strict=True):
        flags = answered[place] if is_known else np.zeros(len(times), dtype=bool)
        listed.append(
            {
                "words": [str(word) for word in question],
                "rows": [rows.get(word) for word in question],
                "answered": "".join("01"[int(flag)] for flag in flags),
                "time": number(lasting_times[place]) if is_known else None,
                "rank": _whole(lasting_ranks[place]) if is_known else None,
                "reason": _reason(embedder, question),
            }
        )
    listed.sort(key=lambda each: np.inf if each["time"] is None else each["time"])
    return {"questionTimes": [float(time) for time in times], "questions": listed}


def _known(embedder: BaseEmbedder, questions: AnalogyQuestions | None) -> BoolArray:
    """Return which questions have known words alone."""
    return np.array([all(word in embedder.vocabulary_ for word in each) for each in _words(questions)], dtype=bool)


def _words(questions: AnalogyQuestions | None) -> ObjectArray:
    """Return the words of the questions, of shape (n_questions, 4)."""
    return np.empty((0, 4), dtype=object) if questions is None else questions.words


def _only(questions: AnalogyQuestions, members: BoolArray) -> AnalogyQuestions:
    """Return some of the questions."""
    return AnalogyQuestions(questions.words[members], questions.categories[members])


def _whole(value: float) -> int | None:
    """Return a rank, or None for NaN."""
    return None if np.isnan(value) else int(value)


def _reason(embedder: BaseEmbedder, question: Any) -> str:
    """Return why a question is answered or not."""
    if len(set(question)) < 4:
        return "Two of the four words are equal, so that this is no analogy."
    return str(diagnose_analogy(embedder, *question))
