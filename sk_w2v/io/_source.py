"""Files of word vectors that are read block by block, and their errors."""

from __future__ import annotations

import codecs
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from .._typing import Float32Array, ObjectArray
from ._compression import open_content, size_of
from ._word_vectors import DUPLICATES, WordVectors, distinct, require_finite
from ._writing import Path

BLOCK_BYTES = 1 << 22  # read at once
LONGEST_WORD = 1 << 16  # bytes; a longer word is a sign of damage
MOST_COMPONENTS = 1 << 20

HEADER = rb"([0-9]{1,18})[ \t]+([0-9]{1,18})[ \t]*\r?\n"  # numbers of words and components

_LEAST_CAPACITY = 1 << 20  # numbers
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Rows:
    """A buffer of rows that grows as rows arrive, because a header may announce too many."""

    def __init__(self, n_columns: int, *, n_rows: int = 0) -> None:
        self.numbers = np.empty((n_rows, n_columns), dtype="<f4")
        self.n_filled = 0

    def next(self, n_rows: int) -> Float32Array:
        """Return the next rows, to be filled."""
        start, end = self.n_filled, self.n_filled + n_rows
        if end > len(self.numbers):
            capacity = max(end, 2 * len(self.numbers), _LEAST_CAPACITY // self.numbers.shape[1])
            self.numbers.resize((capacity, self.numbers.shape[1]), refcheck=False)
        self.n_filled = end
        return self.numbers[start:end]

    def filled(self) -> Float32Array:
        """Return all filled rows, in the byte order of the machine."""
        self.numbers.resize((self.n_filled, self.numbers.shape[1]), refcheck=False)
        return self.numbers.astype(np.float32, copy=False)


class Source:
    """A file of word vectors, read block by block."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = os.fspath(path)
        self.stream = open_content(path)
        self.size = size_of(self.stream)  # bytes, None if unknown
        self.notes: list[str] = []  # warnings to issue when all is read
        begin = self.stream.peek(3)
        if begin.startswith(codecs.BOM_UTF8):  # some editors write it
            self.stream.read(len(codecs.BOM_UTF8))
        if begin.startswith(_UTF_16):
            self.stream.close()
            raise self.error("it is in UTF-16; save it in UTF-8")

    def read(self, n_bytes: int = BLOCK_BYTES) -> bytes:
        """Return the next bytes; fewer, or none, at the end."""
        return self.stream.read(n_bytes)

    def read_header(self) -> tuple[int, int]:
        """Return the numbers of words and components from the first line."""
        line = self.stream.readline(64)  # the maximum length of a header
        match = re.fullmatch(HEADER, line)
        n_words, n_components = map(int, match.groups()) if match else (0, 0)
        if n_words < 1 or n_components < 1:
            advice = "; a file without it may be in GloVe's format: read_glove" if line.isascii() and line else ""
            raise self.error(
                f"the first line {line[:40]!r} is not the numbers of words and components, both above 0{advice}"
            )
        if n_components > MOST_COMPONENTS:
            raise self.error(f"its header announces {n_components} components; at most {MOST_COMPONENTS} can be read")
        return n_words, n_components

    def has_bytes(self, n_bytes: int) -> bool:
        """Tell whether the file is known to have at least `n_bytes` bytes."""
        return self.size is not None and self.size >= n_bytes

    def ends_early(self, n_words: int, n_asked: int) -> ValueError:
        """Return the error about a file with fewer words than requested."""
        advice = f"; max_words={n_words} reads these" if n_words else ""
        return self.error(f"it ends after {n_words} of {n_asked} words; it may be truncated{advice}")

    def ends_late(self, n_words: int) -> ValueError:
        """Return the error about a file with more content than its header announces."""
        return self.error(
            f"more content follows the {n_words} words that its header announces; max_words={n_words} ignores it"
        )

    def error(self, what: str) -> ValueError:
        """Return an error that names the file."""
        return ValueError(f"{self.name} cannot be read: {what}.")


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a file of word vectors, close it in the end, and issue its warnings."""
    source = Source(path)
    with source.stream:
        yield source
    for note in source.notes:
        warnings.warn(f"{source.name}: {note}.", UserWarning, stacklevel=4)  # at the call of the reader


def finish(source: Source, words: list[bytes], rows: Rows, decode_error: str, duplicates: str) -> WordVectors:
    """Return the words and vectors that were read, after checking that words differ and numbers are finite."""
    try:
        texts, vectors, note = distinct(_decoded(words, decode_error), rows.filled(), duplicates)
        require_finite(texts, vectors)
    except ValueError as error:
        raise source.error(str(error)) from error
    source.notes += [note] if note else []
    return WordVectors(texts, vectors)


def _decoded(words: list[bytes], decode_error: str) -> ObjectArray:
    """Return the words as str, or raise an error that names a word that is empty or not in UTF-8."""
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
            reason = f": no byte of {word[:40]!r} is in UTF-8; use decode_error='replace'" if word else ""
            raise ValueError(f"word {row + 1} is empty{reason}")
    return texts


def check_duplicates(duplicates: str) -> None:
    """Raise an error unless `duplicates` is one of the choices."""
    if duplicates not in DUPLICATES:
        raise ValueError(f"duplicates={duplicates!r} is unknown; use one of {DUPLICATES}.")


def check_max_words(max_words: int | None) -> None:
    """Raise an error unless `max_words` is None or positive."""
    if max_words is not None and max_words < 1:
        raise ValueError(f"max_words={max_words} reads no word; use max_words >= 1, or None for all.")
