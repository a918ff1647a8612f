"""The score that every metric returns, and the selection of known questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .._array_api import namespace_of, to_numpy
from .._tables import html_table
from .._typing import AnyArray, AnyIntArray, BoolArray, Int64Array


class Score(NamedTuple):
    """A score and its coverage.

    Attributes
    ----------
    value : float
        The score.
    coverage : float
        Share of the questions, pairs or words that were evaluated.
    n_used : int
        Number of questions, pairs or words that were evaluated.

    See Also
    --------
    analogy_accuracy, similarity_correlation, categorization_purity : Metrics that return a score.
    """

    value: float
    coverage: float
    n_used: int

    def __repr__(self) -> str:
        """Return the numbers, rounded to four digits."""
        return f"Score(value={_rounded(self.value)}, coverage={_rounded(self.coverage)}, n_used={self.n_used})"

    def _repr_html_(self) -> str:
        """Return the numbers as a table of one row."""
        return html_table([self._asdict()])


def _rounded(value: float) -> float:
    """Return a number of four digits."""
    return float(f"{value:.4g}")


def is_known(vocabulary: Mapping[str, int], words: AnyArray) -> BoolArray:
    """Return which rows have all of their words in the vocabulary, of shape (n_rows,)."""
    return np.array([all(word in vocabulary for word in row) for row in words], dtype=bool)


def rows_of(vocabulary: Mapping[str, int], words: AnyArray) -> Int64Array:
    """Return the vocabulary rows of known words, in the shape of `words`."""
    rows = np.array([vocabulary[word] for word in words.ravel()], dtype=np.int64).reshape(words.shape)
    if rows.size and rows.min() < 0:
        raise ValueError(f"The vocabulary gives {rows.min()} as the row of a word; rows start at 0.")
    return rows


def require_finite(vectors: Any, vocabulary: Mapping[str, int], rows: AnyIntArray | None = None) -> None:
    """Raise an error that names the words whose vectors do not have a finite length.

    `vectors` of shape (n_rows, n_components) are the given rows of the embedding, all of them if `rows` is None. A
    vector of infinite length would be the best answer to every question.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        wrong = np.flatnonzero(~np.isfinite(to_numpy(namespace_of(vectors).sum(vectors * vectors, axis=1))))
    if len(wrong):
        wrong = np.unique(wrong if rows is None else rows[wrong])
        words = [word for word, row in vocabulary.items() if row in set(wrong[:5].tolist())]
        raise ValueError(
            f"{len(wrong)} of {len(vocabulary)} vectors hold infinity, NaN or numbers too large to be squared, such as "
            f"those of {words}; give finite vectors, or leave these words out."
        )


def require_known(known: BoolArray, vocabulary: Mapping[str, int]) -> None:
    """Raise an error if no question is known."""
    if not known.any():
        raise ValueError(
            f"None of the {len(known)} questions has all of its words in the vocabulary of {len(vocabulary)} words; "
            "lower min_count, or check the case of the words (reading with lowercase=True lowercases them, "
            "lowercase=False keeps them)."
        )
