"""Lines of a word and its numbers, as word2vec's text format and GloVe's have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from .._typing import Float32Array
from ._vectors import LONGEST_WORD, Rows, Source, WordVectors, finish

LONGEST_NUMBER = 64  # characters, with what stands between two numbers

BINARY_HINT = "; is it word2vec's binary format? read_word2vec(path, binary=True) reads that"

_BLOCK_ROWS = 1 << 10  # written at once


def read_text(
    source: Source,
    n_components: int,
    n_words: int | None,
    max_words: int | None,
    *,
    decode_error: str,
    duplicates: str,
    first: bytes = b"",
    may_hold_spaces: bool = False,
) -> WordVectors:
    """Read lines of a word and `n_components` numbers.

    `n_words` is how many there must be, None if that is not known; `max_words` of them are read, None for all. `first`
    is what has been read already. Words may hold spaces if what comes after the first is no number.
    """
    n_asked = max_words if n_words is None else min(n_words, max_words or n_words)
    rows = Rows(n_components, n_rows=n_asked if n_asked and source.holds(n_asked * 2 * (1 + n_components)) else 0)
    words: list[bytes] = []
    lines = _Lines(source, first, longest=LONGEST_WORD + n_components * LONGEST_NUMBER)
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinity, and is refused
        for line in lines.read(may_lack_end=n_words is not None):
            if len(words) == n_asked:
                if max_words is None and line.strip():
                    raise source.ends_late(n_asked)
                break
            word, rows.next(1)[0] = _parse(source, line, len(words) + 1, n_components, may_hold_spaces)
            words.append(word)
    if n_words is not None and len(words) < (n_asked or 0):
        raise source.ends_early(len(words), n_asked or 0)
    if lines.last is not None and len(words) == n_words:
        source.notes.append(
            f"no line break comes after the last of its {n_words} words, {lines.last[:40]!r}; if the file was cut off "
            "there, the last number is too short"
        )
    return finish(source, words, rows, decode_error, duplicates)


def _parse(
    source: Source, line: bytes, number: int, n_components: int, may_hold_spaces: bool
) -> tuple[bytes, list[float]]:
    """Return the word and the numbers of a line, which is that of the word of this number."""
    word, numbers = _split(line, n_components, may_hold_spaces=may_hold_spaces)
    if len(numbers) != n_components:
        raise source.error(f"word {number} has {len(numbers)} numbers for {n_components} components{_hint(line)}")
    try:
        values = list(map(float, numbers))
    except ValueError as error:
        raise source.error(f"word {number}, {word[:40]!r}: {error}{_hint(line)}") from error
    if b"_" in line and any(b"_" in each for each in numbers):  # which Python takes for a digit
        raise source.error(f"word {number}, {word[:40]!r}, has '_' among its numbers")
    return word, values


def _hint(line: bytes) -> str:
    """Return what to try if a line does not look like text."""
    return "" if line.partition(b" ")[2].isascii() and b"\0" not in line else BINARY_HINT


def _split(line: bytes, n_components: int, *, may_hold_spaces: bool) -> tuple[bytes, list[bytes]]:
    """Return a line's word and its numbers; of words with spaces, those whose later parts are no numbers."""
    word, _, rest = line.partition(b" ")
    numbers = rest.split()
    n_extra = len(numbers) - n_components
    if may_hold_spaces and n_extra > 0 and not any(map(_is_number, numbers[:n_extra])):
        return b" ".join([word, *numbers[:n_extra]]), numbers[n_extra:]
    return word, numbers


def is_line_of_text(line: bytes, n_components: int) -> bool:
    """Tell whether a line is a word and its numbers."""
    numbers = line.split()[1:]
    return len(numbers) == n_components and all(map(_is_number, numbers))


def _is_number(text: bytes) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


class _Lines:
    """The lines of a file, without their ends.

    Attributes
    ----------
    last : bytes or None
        The last line, once it has been read, if it has no end: it may have been cut off.
    """

    def __init__(self, source: Source, first: bytes, *, longest: int) -> None:
        self.source = source
        self.first = first
        self.longest = longest
        self.last: bytes | None = None

    def read(self, *, may_lack_end: bool) -> Iterator[bytes]:
        """Yield the lines; the last one must have an end, if it may not lack it."""
        unfinished, n_lines = self.first, 0
        while content := self.source.read():
            *lines, unfinished = (unfinished + content).split(b"\n")
            yield from lines
            n_lines += len(lines)
            if len(unfinished) > self.longest:
                raise self.source.error(
                    f"line {n_lines + 1} of its words has no end within {self.longest} bytes{BINARY_HINT}"
                )
        *lines, unfinished = unfinished.split(b"\n")
        yield from lines
        if not unfinished.strip():
            return
        if not may_lack_end:
            raise self.source.error(
                f"it ends within a line, {unfinished[:40]!r}; it may be truncated (if it is complete, end it with a "
                "line break)"
            )
        self.last = unfinished
        yield unfinished


def write_text(file: BinaryIO, words: list[bytes], vectors: Float32Array) -> None:
    """Write lines of a word and its numbers, each with as many digits as tell it from all others."""
    for start in range(0, len(vectors), _BLOCK_ROWS):
        rows = vectors[start : start + _BLOCK_ROWS]
        lines = [
            b"%b %b\n" % (word, " ".join(map(str, row)).encode())
            for word, row in zip(words[start : start + _BLOCK_ROWS], rows, strict=True)
        ]
        file.write(b"".join(lines))
