"""Words and their vectors, and what they must satisfy: distinct words, finite numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .._typing import Float32Array, ObjectArray

DUPLICATES = ("error", "first")

_ROWS_PER_BLOCK = 1 << 14  # checked at once


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Words and their vectors, in the order of a file.

    Attributes
    ----------
    words : object array of shape (n_words,)
        Distinct words, as str; in most files the most frequent come first.
    vectors : float32 array of shape (n_words, n_components)

    See Also
    --------
    read_word2vec, read_glove, read_safetensors : Read word vectors from a file.
    sk_w2v.PretrainedEmbedder : Embeds documents by such vectors.

    Examples
    --------
    >>> len(WordVectors(np.array(["tea", "cup"], dtype=object), np.eye(2, dtype=np.float32)))
    2
    """

    words: ObjectArray
    vectors: Float32Array

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.words)


def distinct(
    words: ObjectArray, vectors: Float32Array, duplicates: str
) -> tuple[ObjectArray, Float32Array, str | None]:
    """Return each word once, its first vector, and a warning about the repeated words that were dropped, if any.

    Raises
    ------
    ValueError
        If words repeat and `duplicates` is "error".
    """
    rows: dict[str, int] = {}
    repeated = [row for row, word in enumerate(words) if rows.setdefault(word, row) != row]
    if not repeated:
        return words, vectors, None
    if duplicates == "error":
        word = words[repeated[0]]
        raise ValueError(
            f"word {repeated[0] + 1}, {word[:40]!r}, repeats word {rows[word] + 1}; duplicates='first' keeps the first "
            f"vector of each word and drops the other {len(repeated)}"
        )
    note = (
        f"{len(repeated)} of {len(words)} words repeat earlier ones and are dropped, such as "
        f"{examples(words, repeated)}; the first vector of each word is kept"
    )
    return np.delete(words, repeated), np.delete(vectors, repeated, axis=0), note


def require_finite(words: Sequence[str] | ObjectArray, vectors: Float32Array) -> None:
    """Raise an error that names words whose vectors contain infinity or NaN; rows are checked block by block."""
    starts = range(0, len(vectors), _ROWS_PER_BLOCK)
    finite = [np.isfinite(vectors[start : start + _ROWS_PER_BLOCK]).all(axis=1) for start in starts]
    wrong = np.flatnonzero(~np.concatenate(finite)).tolist() if finite else []
    if wrong:
        raise ValueError(
            f"{len(wrong)} of {len(words)} vectors contain infinity or NaN, such as {examples(words, wrong)}; give "
            "finite numbers, or leave out these words"
        )


def examples(words: Sequence[str] | ObjectArray, rows: list[int]) -> str:
    """Return the words of the first few rows, for a message."""
    return ", ".join(repr(str(words[row])[:40]) for row in rows[:5])
