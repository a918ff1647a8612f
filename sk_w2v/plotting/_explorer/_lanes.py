"""Analogies of the page: when each is answered, from which rank on, and why."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..._estimators.base import BaseEmbedder
from ..._typing import BoolArray, Float64Array, ObjectArray
from ...datasets import AnalogyQuestions
from ...inspection import diagnose_analogy, emergence
from ._arrays import number


def flow_lanes(
    embedder: BaseEmbedder, words: list[str], questions: AnalogyQuestions | None, times: Float64Array
) -> dict[str, Any]:
    """Return the questions of a closed form, answered or not at each time of the flow."""
    known = _known(embedder, questions)
    if questions is None or not known.any():
        answered = np.zeros((0, len(times)), dtype=bool)
        return lanes(embedder, words, questions, times, known, answered, np.zeros(0), np.zeros(0))
    found = emergence(embedder, _only(questions, known), times=times)
    return lanes(embedder, words, questions, times, known, found.by_time, found.lasting_times, found.lasting_ranks)


def lanes(
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
