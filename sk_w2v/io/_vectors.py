"""Words with their vectors, and the room they are read into."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ._compression import open_content, size_of
from ._writing import Path

BLOCK_BYTES = 1 << 22  # read at once
LONGEST_WORD = 1 << 12  # bytes; a longer one is a sign of damage
MOST_COMPONENTS = 1 << 20

_LEAST_ROOM = 1 << 20  # numbers


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

    words: npt.NDArray[np.object_]
    vectors: npt.NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.words)


class Rows:
    """Room for rows of numbers that are on their way; it grows as they come, since a header may lie."""

    def __init__(self, n_columns: int, *, n_rows: int = 0) -> None:
        self.numbers = np.empty((n_rows, n_columns), dtype="<f4")
        self.n_filled = 0

    def next(self, n_rows: int) -> npt.NDArray[np.float32]:
        """Return the next rows, to be filled."""
        start, end = self.n_filled, self.n_filled + n_rows
        if end > len(self.numbers):
            room = max(end, 2 * len(self.numbers), _LEAST_ROOM // self.numbers.shape[1])
            self.numbers.resize((room, self.numbers.shape[1]), refcheck=False)
        self.n_filled = end
        return self.numbers[start:end]

    def filled(self) -> npt.NDArray[np.float32]:
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

    def read(self, n_bytes: int = BLOCK_BYTES) -> bytes:
        """Return the next bytes; fewer, or none, at the end."""
        return self.stream.read(n_bytes)

    def read_header(self) -> tuple[int, int]:
        """Return the numbers of words and components from the first line."""
        line = self.stream.readline(64)  # as long as a header can be
        match = re.fullmatch(rb"([0-9]{1,18})[ \t]+([0-9]{1,18})[ \t]*\r?\n", line)
        n_words, n_components = map(int, match.groups()) if match else (0, 0)
        if n_words < 1 or n_components < 1:
            raise self.error(
                f"the first line {line[:40]!r} is not the numbers of words and components, both above 0; a file "
                "without it may be in GloVe's format: read_glove"
            )
        if n_components > MOST_COMPONENTS:
            raise self.error(f"its header tells of {n_components} components; {MOST_COMPONENTS} are the most")
        return n_words, n_components

    def require_bytes(self, n_bytes: int) -> bool:
        """Raise an error if the file is smaller than that; return whether its size is known."""
        if self.size is not None and self.size < n_bytes:
            raise self.error(
                f"its header asks for at least {n_bytes} bytes, and it has {self.size}; it may be truncated"
            )
        return self.size is not None

    def error(self, what: str) -> ValueError:
        """Return an error that names the file."""
        return ValueError(f"{self.name} cannot be read: {what}.")


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a file of word vectors, and close it in the end."""
    source = Source(path)
    with source.stream:
        yield source


def finish(source: Source, words: list[bytes], rows: Rows, decode_error: str) -> WordVectors:
    """Return what has been read, once every word is a str, none is there twice and every number is finite."""
    vectors = rows.filled()
    for start in range(0, len(vectors), 1 << 14):
        if not np.isfinite(vectors[start : start + (1 << 14)]).all():
            wrong = start + int(np.argmin(np.isfinite(vectors[start : start + (1 << 14)]).all(axis=1)))
            raise source.error(f"the vector of word {wrong + 1}, {words[wrong][:40]!r}, holds infinity or NaN")
    texts = np.empty(len(words), dtype=object)
    for row, word in enumerate(words):
        try:
            texts[row] = word.decode("utf-8", decode_error)
        except UnicodeDecodeError as error:
            raise source.error(
                f"word {row + 1}, {word[:40]!r}, is not in UTF-8; try decode_error='replace' or 'ignore'"
            ) from error
    _require_different(source, texts)
    return WordVectors(texts, vectors)


def _require_different(source: Source, words: npt.NDArray[np.object_]) -> None:
    """Raise an error if a word is empty or there twice."""
    rows: dict[str, int] = {}
    for row, word in enumerate(words):
        if not word:
            raise source.error(f"word {row + 1} is empty")
        first = rows.setdefault(word, row)
        if first != row:
            raise source.error(f"word {row + 1}, {word[:40]!r}, is word {first + 1} again")


def check_max_words(max_words: int | None) -> None:
    """Raise an error if no word is asked for."""
    if max_words is not None and max_words < 1:
        raise ValueError(f"max_words={max_words} reads no word; use max_words >= 1, or None for all.")


def check_vectors(words: Any, vectors: Any, *, forbidden: str) -> tuple[list[bytes], npt.NDArray[np.float32]]:
    """Return the words in UTF-8 and their vectors, if a file can hold them; `forbidden` are characters it cannot.

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
    if not np.isfinite(array).all():
        raise ValueError("The vectors hold infinity or NaN; give finite numbers.")
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
        return [word.encode("utf-8") for word in words], array
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{error.object[:40]!r} cannot be written in UTF-8; replace half of a surrogate pair."
        ) from error
