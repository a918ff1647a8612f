"""Text that the default token pattern passes over: seen in the beginning of what is read, and warned of."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from .._backends.characters import RUNS
from ..io import LineDocuments

SAMPLE_CHARACTERS = 1 << 16  # of the beginning of the text
LARGE_SHARE = 0.3  # of words; in prose of languages with many words of one letter it is about half of that
FEWEST = 5

_WORD = re.compile(r"\w+")
_ALONE = re.compile(r"(?<![\w'’])\w(?![\w'’])")  # noqa: RUF001 - not the letter of "don't", in either writing
_SYMBOLS = re.compile(r"(?<!\S)[^\w\s]+(?!\S)")  # between spaces, without a letter or digit


def sampled(documents: Iterable[Any]) -> tuple[Iterable[Any], list[str]]:
    """Return the documents, and a list that the beginning of their text goes to as they are read."""
    if isinstance(documents, LineDocuments):
        is_file = os.path.isfile(documents.path)  # a pipe is read once
        return documents, list(_beginning(documents.blocks())) if is_file else []
    sample = list[str]()
    return _passing_by(documents, sample), sample


def _beginning(texts: Iterable[str]) -> Iterator[str]:
    """Yield the first texts, until there are enough characters."""
    room = SAMPLE_CHARACTERS
    for text in texts:
        yield text[:room]
        room -= len(text)
        if room <= 0:
            return


def _passing_by(documents: Iterable[Any], sample: list[str]) -> Iterator[Any]:
    """Yield the documents, and keep the beginning of their text."""
    room = SAMPLE_CHARACTERS
    for document in documents:
        if room > 0 and isinstance(document, str):
            sample.append(document[:room])
            room -= len(document)
        yield document


def warn_of_lost_tokens(sample: list[str], token_pattern: str | None) -> None:
    """Warn if the pattern leaves out words of one character, and these are many, or ids among numbers."""
    if RUNS.get(str(token_pattern)) != RUNS[r"\b\w\w+\b"]:
        return  # one that was chosen for its text
    text = "\n".join(sample)
    words, alone, symbols = _WORD.findall(text), _ALONE.findall(text), _SYMBOLS.findall(text)
    n_words, lost = len(words) + len(symbols), [*alone, *symbols]
    are_numbers = 2 * sum(map(str.isdigit, words)) > n_words and any(map(str.isdigit, alone))
    if len(lost) < FEWEST or (len(lost) < LARGE_SHARE * n_words and not are_numbers):
        return
    better = r"(?u)\b\w+\b" if len(alone) >= len(symbols) else r"\S+"
    warnings.warn(
        f"The token pattern passes over {len(lost)} of the first {n_words} words of the text "
        f"({len(lost) / n_words:.1%}), such as {list(dict.fromkeys(lost))[:5]}: it takes words of two "
        f'letters or digits and more. Use vectorizer=CountVectorizer(token_pattern=r"{better}"), a tokenizer for the '
        "language, or give lists of tokens.",
        UserWarning,
        stacklevel=2,
    )
