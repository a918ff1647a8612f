"""The vocabulary: the known words and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .._typing import AnyIntArray, Int64Array, ObjectArray


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words in descending order of count, ties in alphabetical order.

    Attributes
    ----------
    words : object array of shape (n_words,)
        The word of each row.
    counts : int64 array of shape (n_words,)
        How often each word occurs in the corpus (tokens).
    document_counts : int64 array of shape (n_words,) or None
        In how many documents each word occurs; None if unknown, as for counts without text.
    n_documents : int or None
        Number of documents, empty ones included.

    Raises
    ------
    ValueError
        If there is not one count for each word. If a word occurs twice, when `rows` is first used.

    See Also
    --------
    build_vocabulary : Make a vocabulary from counts of words.
    Corpus : Documents as rows of a vocabulary.

    Examples
    --------
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), counts=np.array([3, 2]))
    >>> words.lookup(["cup", "pen"]).tolist()
    [1, -1]
    """

    words: ObjectArray
    counts: Int64Array
    document_counts: Int64Array | None = None
    n_documents: int | None = None

    def __post_init__(self) -> None:
        n_words = len(self.words)
        for name in ("words", "counts", "document_counts"):
            array = getattr(self, name)
            if (array is not None or name != "document_counts") and not _is_column(array, n_words):
                raise ValueError(
                    f"The {name} of the vocabulary are {_described(array)} for {n_words} words; give an array of shape "
                    f"({n_words},), with one entry for each word."
                )

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each word."""
        self._check_words()
        return {word: row for row, word in enumerate(self.words)}

    def take(self, rows: AnyIntArray) -> Vocabulary:
        """Return the words of the given rows, in this order, with their counts."""
        self._check_words()
        documents = None if self.document_counts is None else self.document_counts[rows]
        return Vocabulary(self.words[rows], self.counts[rows], documents, self.n_documents)

    def lookup(self, words: Iterable[str]) -> Int64Array:
        """Return the row of each word, of shape (n_words_given,), -1 for unknown words."""
        return np.fromiter((self.rows.get(word, -1) for word in words), dtype=np.int64)

    def _check_words(self) -> None:
        """Raise an error if a word occurs twice."""
        n_different = len(set(self.words))
        if n_different < len(self):
            raise ValueError(f"Only {n_different} of {len(self)} words differ; give each word one row.")


def build_vocabulary(
    word_counts: Mapping[str, int], *, min_count: int = 5, max_features: int | None = None
) -> Vocabulary:
    """Keep the `max_features` most frequent of the words that occur at least `min_count` times.

    Parameters
    ----------
    word_counts : mapping of str to int
        Occurrences of each word in the corpus (tokens).
    min_count : int
        Minimum number of occurrences for a word to be kept.
    max_features : int or None
        Maximum number of words; None keeps all.

    Raises
    ------
    ValueError
        If no word is left.

    See Also
    --------
    count_words : Count the words of a corpus.
    select_words : Keep the words of a vocabulary in a corpus.

    Examples
    --------
    >>> build_vocabulary({"rare": 1, "tea": 7, "cup": 7}, min_count=5).words.tolist()
    ['cup', 'tea']
    """
    if not word_counts:
        raise ValueError("The documents hold no words; give at least one document with words.")
    kept = [(-count, word) for word, count in word_counts.items() if count >= min_count]
    if not kept:
        raise ValueError(
            f"min_count={min_count} leaves no word: the most frequent of {len(word_counts)} words "
            f"occurs {max(word_counts.values())} times; lower min_count or give more text."
        )
    kept = sorted(kept)[:max_features]
    words = np.array([word for _, word in kept], dtype=object)
    return Vocabulary(words, np.array([-count for count, _ in kept], dtype=np.int64))


def _is_column(array: Any, n_words: int) -> bool:
    """Tell whether something is an array of one entry a word."""
    return isinstance(array, np.ndarray) and array.shape == (n_words,)


def _described(array: Any) -> str:
    """Return an array's shape, or what else it is."""
    return f"of shape {array.shape}" if isinstance(array, np.ndarray) else f"a {type(array).__name__}"
