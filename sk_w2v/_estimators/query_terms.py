"""The words and vectors that a query is made of, and the words that an unknown one may stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from numbers import Number
from typing import Any

import numpy as np

from .._typing import AnyFloatArray

Term = str | AnyFloatArray

WORDS_SEARCHED = 200_000  # the most frequent ones, so that an error does not take long
CANDIDATES_COMPARED = 1000
LARGEST_DIFFERENCE = 2  # in length (characters)
MOST_EXPLAINED = 3  # unknown words


def terms_of(given: Any, n_components: int) -> list[Term]:
    """Return the words and vectors of an argument: one of either, a collection of them, or None.

    Raises
    ------
    TypeError
        If it is or holds something else.
    ValueError
        If a vector has another shape, infinity or NaN.
    """
    if given is None:
        return []
    if isinstance(given, str) or _is_vector(given):
        return [_term(given, n_components)]
    if isinstance(given, bytes | Mapping) or not isinstance(given, Iterable):
        raise TypeError(
            f"{given!r:.60} of type {type(given).__name__} is no word; give a word, a vector or a list of them."
        )
    return [_term(each, n_components) for each in given]


def _is_vector(given: Any) -> bool:
    """Tell whether an object is a number or an array or sequence of numbers."""
    if isinstance(given, np.ndarray):
        return given.dtype.kind not in "OUS"
    if isinstance(given, Sequence) and not isinstance(given, bytes):
        return len(given) > 0 and all(isinstance(each, Number) for each in given)
    return isinstance(given, Number) or hasattr(given, "__array__")


def _term(given: Any, n_components: int) -> Term:
    """Return a word or a vector of shape (n_components,)."""
    if isinstance(given, str):
        return given
    if not _is_vector(given):
        raise TypeError(
            f"{given!r:.60} of type {type(given).__name__} is neither a word nor a vector; give words as str (to weigh "
            "a word, give its vector, longer or shorter)."
        )
    vector = np.asarray(given)
    if vector.shape != (n_components,) or not np.all(np.isfinite(vector)):
        raise ValueError(
            f"The vector has shape {vector.shape} or numbers that are not finite; give a word, or {n_components} "
            "finite numbers."
        )
    return vector


def unknown_words_message(unknown: Sequence[str], words: Sequence[str], rows: Mapping[str, int]) -> str:
    """Return an error message that names unknown words, and close words of the vocabulary."""
    close = {word: matches for word in unknown[:MOST_EXPLAINED] if (matches := close_words(word, words, rows))}
    guesses = "; ".join(f"{word!r} may be {' or '.join(map(repr, matches))}" for word, matches in close.items())
    return (
        f"Not in the vocabulary of {len(words)} words: {list(unknown)!r}; use words of `vocabulary_`, or fit with a "
        f"lower min_count or more text.{f' {guesses}.' if guesses else ''}"
    )


def close_words(word: str, words: Sequence[str], rows: Mapping[str, int]) -> list[str]:
    """Return up to three words of a vocabulary that a word may be a misspelling of, the likeliest first.

    Only frequent words of about the same length that begin alike are compared.
    """
    if not isinstance(word, str) or not word:
        return []
    alike = dict.fromkeys(form for form in (word.lower(), word.capitalize(), word.upper()) if form in rows)
    candidates = [
        each
        for each in words[:WORDS_SEARCHED]
        if each[:1] == word[:1] and abs(len(each) - len(word)) <= LARGEST_DIFFERENCE
    ]
    return [*alike, *get_close_matches(word, candidates[:CANDIDATES_COMPARED], n=3)][:3]
