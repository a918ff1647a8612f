"""The words and the questions of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..._estimators.base import BaseEmbedder
from ..._typing import Int64Array
from ...datasets import AnalogyQuestions

MIN_WORDS = 3
MAX_WORDS = 65_536


def chosen_words(embedders: Sequence[BaseEmbedder], words: int | Iterable[str]) -> list[str]:
    """Return the given words, or the most frequent ones that all embedders know."""
    if isinstance(words, str):
        raise TypeError(f"words={words!r} is one text; give a list of words, or their number.")
    chosen = _most_frequent(embedders, words) if isinstance(words, int) else _known(embedders, words)
    if not MIN_WORDS <= len(chosen) <= MAX_WORDS:
        raise ValueError(
            f"{len(chosen)} words make no map; give {MIN_WORDS} to {MAX_WORDS:,} words that all models know."
        )
    return chosen


def _most_frequent(embedders: Sequence[BaseEmbedder], n_words: int) -> list[str]:
    """Return the first words of the first embedder that the others know, too."""
    first, *others = embedders
    shared = (str(word) for word in first.words_ if all(word in other.vocabulary_ for other in others))
    return [word for word, _ in zip(shared, range(n_words), strict=False)]


def _known(embedders: Sequence[BaseEmbedder], words: Iterable[str]) -> list[str]:
    """Return the words, each once, or raise an error if an embedder does not know one."""
    chosen = list(dict.fromkeys(words))
    for embedder in embedders:
        unknown = [word for word in chosen if word not in embedder.vocabulary_]
        if unknown:
            raise KeyError(
                f"{len(unknown)} of {len(chosen)} words are not in the vocabulary of a {type(embedder).__name__}, such "
                f"as {unknown[0]!r}; leave them out."
            )
    return chosen


def rows_of(embedder: BaseEmbedder, words: Iterable[str]) -> Int64Array:
    """Return an embedder's rows of known words."""
    return np.array([embedder.vocabulary_[word] for word in words], dtype=np.int64)


def as_questions(questions: AnalogyQuestions | Iterable[Sequence[str]] | None) -> AnalogyQuestions | None:
    """Return questions as `AnalogyQuestions`, or None if there are none."""
    if questions is None or isinstance(questions, AnalogyQuestions):
        return questions if questions is not None and len(questions) else None
    rows = [list(question) for question in questions]
    wrong = next((row for row in rows if len(row) != 4), None)
    if wrong is not None:
        raise ValueError(f"The question {wrong!r} has {len(wrong)} words; a question is four words: a, b, c and d.")
    words = np.array(rows, dtype=object).reshape(-1, 4)
    return AnalogyQuestions(words, np.array([""] * len(rows), dtype=object)) if rows else None
