"""Warn of words that the default token pattern skips, found in a sample from the beginning of the text."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from .._backends.characters import RUNS
from ..io import LineDocuments

SAMPLE_CHARACTERS = 1 << 16
MIN_LOST_SHARE = 0.3  # of words; prose in languages with many words of one letter has about half of that
MIN_LOST = 5  # words

_WORD = re.compile(r"\w+")
_ALONE = re.compile(r"(?<![\w'’])\w(?![\w'’])")  # noqa: RUF001 - not the "t" of "don't", with either apostrophe
_SYMBOLS = re.compile(r"(?<!\S)[^\w\s]+(?!\S)")  # between spaces, without letters or digits


def sample_beginning(documents: Iterable[Any]) -> tuple[Iterable[Any], list[str]]:
    """Return the documents, and a list that collects the beginning of their text as they are read."""
    if isinstance(documents, LineDocuments):
        is_file = os.path.isfile(documents.path)  # a pipe can be read only once
        return documents, list(_beginning(documents.blocks())) if is_file else []
    sample = list[str]()
    return _collecting(documents, sample), sample


def _beginning(texts: Iterable[str]) -> Iterator[str]:
    """Yield the first texts, up to `SAMPLE_CHARACTERS`."""
    room = SAMPLE_CHARACTERS
    for text in texts:
        yield text[:room]
        room -= len(text)
        if room <= 0:
            return


def _collecting(documents: Iterable[Any], sample: list[str]) -> Iterator[Any]:
    """Yield the documents, and append the beginning of their text to the sample."""
    room = SAMPLE_CHARACTERS
    for document in documents:
        if room > 0 and isinstance(document, str):
            sample.append(document[:room])
            room -= len(document)
        yield document


def warn_of_lost_tokens(sample: list[str], token_pattern: str | None) -> None:
    """Warn if the default pattern skips many words of one character, or one-digit ids among numbers."""
    if RUNS.get(str(token_pattern)) != RUNS[r"\b\w\w+\b"]:
        return  # the user chose it
    text = "\n".join(sample)
    words, alone, symbols = _WORD.findall(text), _ALONE.findall(text), _SYMBOLS.findall(text)
    n_words, lost = len(words) + len(symbols), [*alone, *symbols]
    are_numbers = 2 * sum(map(str.isdigit, words)) > n_words and any(map(str.isdigit, alone))
    if len(lost) < MIN_LOST or (len(lost) < MIN_LOST_SHARE * n_words and not are_numbers):
        return
    better = r"(?u)\b\w+\b" if len(alone) >= len(symbols) else r"\S+"
    warnings.warn(
        f"The token pattern skips {len(lost)} of the first {n_words} words of the text "
        f"({len(lost) / n_words:.1%}), such as {list(dict.fromkeys(lost))[:5]}: it matches words of two "
        f'or more letters or digits. Use vectorizer=CountVectorizer(token_pattern=r"{better}"), a tokenizer for the '
        "language, or give lists of tokens.",
        UserWarning,
        stacklevel=2,
    )
