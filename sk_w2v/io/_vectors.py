"""Words with their vectors, and the room they are read into."""

from __future__ import annotations

import codecs
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._typing import Float32Array, ObjectArray
from ._compression import open_content, size_of
from ._writing import Path

BLOCK_BYTES = 1 << 22  # read at once
LONGEST_WORD = 1 << 16  # bytes; a longer one is a sign of damage
MOST_COMPONENTS = 1 << 20

HEADER = rb"([0-9]{1,18})[ \t]+([0-9]{1,18})[ \t]*\r?\n"  # numbers of words and components
DUPLICATES = ("error", "first")

Words = ObjectArray
Vectors = Float32Array

_LEAST_ROOM = 1 << 20  # numbers
_CHECKED_ROWS = 1 << 14  # at once


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Words and their vectors, as they stand in a file.

    Attributes
    ----------
    words : object array of shape (n_words,)
        Different words, as str, in the order of the file: mostly that of falling frequency.
    vectors : float32 array of shape (n_words, n_components)

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


class Rows:
    """Room for rows of numbers that are on their way; it grows as they come, since a header may lie."""

    def __init__(self, n_columns: int, *, n_rows: int = 0) -> None:
        self.numbers = np.empty((n_rows, n_columns), dtype="<f4")
        self.n_filled = 0

    def next(self, n_rows: int) -> Float32Array:
        """Return the next rows, to be filled."""
        start, end = self.n_filled, self.n_filled + n_rows
        if end > len(self.numbers):
            room = max(end, 2 * len(self.numbers), _LEAST_ROOM // self.numbers.shape[1])
            self.numbers.resize((room, self.numbers.shape[1]), refcheck=False)
        self.n_filled = end
        return self.numbers[start:end]

    def filled(self) -> Float32Array:
        """Return all rows that have come, in the machine's order of bytes."""
        self.numbers.resize((self.n_filled, self.numbers.shape[1]), refcheck=False)
        return self.numbers.astype(np.float32, copy=False)


class Source:
    """A file that is read in blocks, and how its errors are told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = os.fspath(path)
        self.stream = open_content(path)
        self.size = size_of(self.stream)  # bytes to read, where known
        self.notes: list[str] = []  # what is to be warned of once all is read
        if self.stream.peek(3).startswith(codecs.BOM_UTF8):  # which some editors write
            self.stream.read(len(codecs.BOM_UTF8))

    def read(self, n_bytes: int = BLOCK_BYTES) -> bytes:
        """Return the next bytes; fewer, or none, at the end."""
        return self.stream.read(n_bytes)

    def read_header(self) -> tuple[int, int]:
        """Return the numbers of words and components from the first line."""
        line = self.stream.readline(64)  # as long as a header can be
        match = re.fullmatch(HEADER, line)
        n_words, n_components = map(int, match.groups()) if match else (0, 0)
        if n_words < 1 or n_components < 1:
            raise self.error(
                f"the first line {line[:40]!r} is not the numbers of words and components, both above 0; a file "
                "without it may be in GloVe's format: read_glove"
            )
        if n_components > MOST_COMPONENTS:
            raise self.error(f"its header tells of {n_components} components; {MOST_COMPONENTS} are the most")
        return n_words, n_components

    def holds(self, n_bytes: int) -> bool:
        """Return whether the file is known to have so many bytes."""
        return self.size is not None and self.size >= n_bytes

    def ends_early(self, n_words: int, n_asked: int) -> ValueError:
        """Return the error of a file with fewer words than are asked for."""
        advice = f"; max_words={n_words} reads those that are there" if n_words else ""
        return self.error(f"it ends after {n_words} of {n_asked} words; it may be truncated{advice}")

    def ends_late(self, n_words: int) -> ValueError:
        """Return the error of a file with more than its header tells of."""
        return self.error(
            f"something comes after the {n_words} words that its header tells of; max_words={n_words} leaves it out"
        )

    def error(self, what: str) -> ValueError:
        """Return an error that names the file."""
        return ValueError(f"{self.name} cannot be read: {what}.")


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a file of word vectors, close it in the end, and warn of what was found."""
    source = Source(path)
    with source.stream:
        yield source
    for note in source.notes:
        warnings.warn(f"{source.name}: {note}.", UserWarning, stacklevel=4)  # of whoever called the reader


def finish(source: Source, words: list[bytes], rows: Rows, decode_error: str, duplicates: str) -> WordVectors:
    """Return what has been read, once every word is a str, none is there twice and every number is finite."""
    try:
        texts, vectors, note = distinct(_decoded(words, decode_error), rows.filled(), duplicates)
        require_finite(texts, vectors)
    except ValueError as error:
        raise source.error(str(error)) from error
    source.notes += [note] if note else []
    return WordVectors(texts, vectors)


def _decoded(words: list[bytes], decode_error: str) -> ObjectArray:
    """Return the words as str, or say which is not in UTF-8 or empty."""
    texts = np.empty(len(words), dtype=object)
    for row, word in enumerate(words):
        try:
            texts[row] = word.decode("utf-8", decode_error)
        except UnicodeDecodeError as error:
            raise ValueError(
                f"word {row + 1}, {word[:40]!r}, is not in UTF-8; try decode_error='replace', with duplicates='first' "
                "if words become the same"
            ) from error
        if not texts[row]:
            reason = f": nothing of {word[:40]!r} is in UTF-8; use decode_error='replace'" if word else ""
            raise ValueError(f"word {row + 1} is empty{reason}")
    return texts


def distinct(words: Words, vectors: Vectors, duplicates: str) -> tuple[Words, Vectors, str | None]:
    """Return the words, each once, with their vectors, and what is to be said of those that are left out.

    Raises
    ------
    ValueError
        If words are there again, and `duplicates` says that this is an error.
    """
    rows: dict[str, int] = {}
    repeated = [row for row, word in enumerate(words) if rows.setdefault(word, row) != row]
    if not repeated:
        return words, vectors, None
    if duplicates == "error":
        word = words[repeated[0]]
        raise ValueError(
            f"word {repeated[0] + 1}, {word[:40]!r}, is word {rows[word] + 1} again; duplicates='first' keeps the "
            f"first vector of each word and leaves out the other {len(repeated)}"
        )
    note = (
        f"{len(repeated)} of {len(words)} words have been there before and are left out, such as "
        f"{examples(words, repeated)}; the first vector of each is kept"
    )
    return np.delete(words, repeated), np.delete(vectors, repeated, axis=0), note


def require_finite(words: Sequence[str] | Words, vectors: Vectors) -> None:
    """Raise an error that names the words whose vectors hold infinity or NaN, looking at some rows at a time."""
    starts = range(0, len(vectors), _CHECKED_ROWS)
    finite = [np.isfinite(vectors[start : start + _CHECKED_ROWS]).all(axis=1) for start in starts]
    wrong = np.flatnonzero(~np.concatenate(finite)).tolist() if finite else []
    if wrong:
        raise ValueError(
            f"{len(wrong)} of {len(words)} vectors hold infinity or NaN, such as {examples(words, wrong)}; give finite "
            "numbers, or leave these words out"
        )


def examples(words: Sequence[str] | Words, rows: list[int]) -> str:
    """Return the first of some rows' words, to be named in a message."""
    return ", ".join(repr(str(words[row])[:40]) for row in rows[:5])


def check_duplicates(duplicates: str) -> None:
    """Raise an error if it is not known what to do with repeated words."""
    if duplicates not in DUPLICATES:
        raise ValueError(f"duplicates={duplicates!r} is unknown; use one of {DUPLICATES}.")


def check_max_words(max_words: int | None) -> None:
    """Raise an error if no word is asked for."""
    if max_words is not None and max_words < 1:
        raise ValueError(f"max_words={max_words} reads no word; use max_words >= 1, or None for all.")


def check_vectors(
    words: Any, vectors: Any, *, forbidden: str, longest_word: int | None = None
) -> tuple[list[bytes], Float32Array]:
    """Return the words in UTF-8 and their vectors, if a file can hold them.

    `forbidden` are the characters that it cannot hold, and `longest_word` is how long a word may be (bytes).

    Raises
    ------
    ValueError
        If there are no words, not as many as vectors, one is empty, given twice or holds a forbidden character, or a
        number is not finite.
    """
    array = np.asarray(vectors, dtype=np.float32)
    words = list(words)
    if array.ndim != 2 or array.size == 0 or len(words) != len(array):
        raise ValueError(f"{len(words)} words have vectors of shape {array.shape}; give (n_words, n_components).")
    require_finite(words, array)
    if len(set(words)) < len(words):
        raise ValueError(f"{len(words) - len(set(words))} words are given twice; give each word once.")
    impossible = re.compile(f"[{re.escape(forbidden)}]|^$")
    wrong = [word for word in words if impossible.search(word)]
    if wrong:
        raise ValueError(
            f"{len(wrong)} words are empty or hold spaces or line breaks, which the format cannot tell apart from the "
            f"numbers' own: {wrong[:5]!r}; replace them, by '_' say."
        )
    try:
        encoded = [word.encode("utf-8") for word in words]
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{error.object[:40]!r} cannot be written in UTF-8; replace half of a surrogate pair."
        ) from error
    n_long = sum(len(word) > longest_word for word in encoded) if longest_word else 0
    if n_long:
        raise ValueError(
            f"{n_long} words are longer than {longest_word} bytes, and would be taken for damage; cut them."
        )
    return encoded, array
