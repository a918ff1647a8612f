"""Words and vectors as the writers take them, checked before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._typing import Float32Array
from ._word_vectors import require_finite


def words_and_vectors(words: Any, vectors: Any) -> tuple[list[str], Any]:
    """Return the words and vectors of a fitted embedder or of `WordVectors`, or both as they are given.

    Raises
    ------
    TypeError
        If there are no vectors, or two sources of vectors.
    NotFittedError
        If an embedder is not fitted.
    """
    own = _own_words_and_vectors(words)
    kind = type(words).__name__
    if own is None and vectors is None:
        raise TypeError(
            f"No vectors are given with {words!r:.60} of type {kind}; give words and vectors, a fitted embedder or "
            "WordVectors."
        )
    if own is not None and vectors is not None:
        raise TypeError(f"The {kind} has vectors already; give it alone, or words and vectors.")
    listed, array = own or (words, vectors)
    return list(listed), array


def _own_words_and_vectors(source: Any) -> tuple[Any, Any] | None:
    """Return the words and vectors of an embedder or of `WordVectors`, None for anything else."""
    if hasattr(source, "words_") and hasattr(source, "embedding_"):
        return source.words_, source.embedding_
    if hasattr(source, "words") and hasattr(source, "vectors"):
        return source.words, source.vectors
    if hasattr(source, "fit"):
        from sklearn.exceptions import NotFittedError

        raise NotFittedError(f"This {type(source).__name__} has no word vectors; give an embedder, and fit it first.")
    return None


def check_vectors(
    words: Sequence[str], vectors: Any, *, forbidden: str, longest_word: int | None = None
) -> tuple[list[bytes], Float32Array]:
    """Return the words in UTF-8 and the vectors as float32, if a file can store them.

    Parameters
    ----------
    words : sequence of str, of length n_words
    vectors : array of shape (n_words, n_components)
    forbidden : str
        Characters that a word must not contain.
    longest_word : int or None
        Maximum length of a word (bytes).

    Raises
    ------
    ValueError
        If there are no words, or not one vector for each; if a word is empty, repeated, too long or contains a
        forbidden character; if a number is not finite.
    """
    array = np.asarray(vectors, dtype=np.float32)
    if array.ndim != 2 or array.size == 0 or len(words) != len(array):
        raise ValueError(f"{len(words)} words have vectors of shape {array.shape}; give (n_words, n_components).")
    require_finite(words, array)
    _check_words(words, forbidden)
    return _encoded(words, longest_word), array


def _check_words(words: Sequence[str], forbidden: str) -> None:
    """Raise an error if a word is repeated, empty or contains a forbidden character."""
    if len(set(words)) < len(words):
        raise ValueError(f"{len(words) - len(set(words))} words are given twice; give each word once.")
    impossible = re.compile(f"[{re.escape(forbidden)}]|^$")
    wrong = [word for word in words if impossible.search(word)]
    if wrong:
        raise ValueError(
            f"{len(wrong)} words are empty or contain spaces or line breaks, which separate words and numbers in the "
            f"file: {wrong[:5]!r}; replace them, for example by '_'."
        )


def _encoded(words: Sequence[str], longest_word: int | None) -> list[bytes]:
    """Return the words in UTF-8, or raise an error if one cannot be encoded or is too long."""
    try:
        encoded = [word.encode("utf-8") for word in words]
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{error.object[:40]!r} cannot be encoded in UTF-8; replace the unpaired surrogates in it."
        ) from error
    n_long = sum(len(word) > longest_word for word in encoded) if longest_word else 0
    if n_long:
        raise ValueError(f"{n_long} words are longer than {longest_word} bytes, the most that readers accept.")
    return encoded
