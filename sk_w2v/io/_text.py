"""Lines of a word and its numbers, as in word2vec's text format and GloVe's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from .._typing import Float32Array
from ._source import LONGEST_WORD, Rows, Source, finish
from ._word_vectors import WordVectors

SEPARATORS = " \t\r\n\v\f"  # characters that words must not contain
LONGEST_NUMBER = 64  # characters, with the space before it

BINARY_ADVICE = (
    "if they are in word2vec's binary format, use read_word2vec(path, binary=True) or, in PretrainedEmbedder, "
    "format='word2vec-binary'"
)

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
    may_contain_spaces: bool = False,
) -> WordVectors:
    """Read lines of a word and `n_components` numbers.

    `n_words` is the number of words that the header announces, None without a header. `max_words` of them are read,
    None for all. `first` is content that was already read. If words may contain spaces, the parts of a word after the
    first one must not be numbers.
    """
    n_asked = max_words if n_words is None else min(n_words, max_words or n_words)
    rows = Rows(n_components, n_rows=n_asked if n_asked and source.has_bytes(n_asked * 2 * (1 + n_components)) else 0)
    words: list[bytes] = []
    lines = _Lines(source, first, longest=LONGEST_WORD + n_components * LONGEST_NUMBER)
    with np.errstate(over="ignore"):  # too large numbers become infinity, which is refused later
        for line in lines.read(may_lack_end=n_words is not None):
            if len(words) == n_asked:
                if max_words is None and line.strip():
                    raise source.ends_late(n_asked)
                break
            word, rows.next(1)[0] = _parse(source, line, len(words) + 1, n_components, may_contain_spaces)
            words.append(word)
    if n_words is not None and len(words) < (n_asked or 0):
        raise source.ends_early(len(words), n_asked or 0)
    if lines.last is not None and len(words) == n_words:
        source.notes.append(
            f"no line break follows the last of its {n_words} words, {lines.last[:40]!r}; if the file is truncated "
            "there, the last number lacks digits"
        )
    return finish(source, words, rows, decode_error, duplicates)


def _parse(
    source: Source, line: bytes, number: int, n_components: int, may_contain_spaces: bool
) -> tuple[bytes, list[float]]:
    """Return the word and the numbers of a line; `number` counts the words from 1."""
    word, numbers = _split(line, n_components, may_contain_spaces=may_contain_spaces)
    if len(numbers) != n_components:
        found = f"word {number} has {len(numbers)} numbers for {n_components} components"
        raise _line_error(source, line, number, found)
    try:
        values = list(map(float, numbers))
    except ValueError as error:
        raise _line_error(source, line, number, f"word {number}, {word[:40]!r}: {error!s:.80}") from error
    if b"_" in line and any(b"_" in each for each in numbers):  # Python ignores it in numbers
        raise source.error(f"word {number}, {word[:40]!r}, has '_' among its numbers")
    return word, values


def _line_error(source: Source, line: bytes, number: int, what: str) -> ValueError:
    """Return the error about a line, which names the binary format if the line looks like it."""
    word, _, rest = line.partition(b" ")
    if _is_binary(rest):
        return source.error(f"the numbers of word {number}, {word[:40]!r}, are not text; {BINARY_ADVICE}")
    return source.error(what)


def _is_binary(numbers: bytes) -> bool:
    """Tell whether the part of a line after the word is bytes of numbers, and not text that ends with a number."""
    is_text = not re.search(rb"[\x00-\x08\x0e-\x1f]", numbers) and "\ufffd" not in numbers.decode("utf-8", "replace")
    return not is_text and not any(map(_is_number, numbers.split()[-1:]))


def _split(line: bytes, n_components: int, *, may_contain_spaces: bool) -> tuple[bytes, list[bytes]]:
    """Return the word and the numbers of a line; a word may contain spaces if its later parts are not numbers."""
    word, _, rest = line.partition(b" ")
    numbers = rest.split()
    n_extra = len(numbers) - n_components
    if may_contain_spaces and n_extra > 0 and not any(map(_is_number, numbers[:n_extra])):
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
    """The lines of a file, without line breaks.

    Attributes
    ----------
    last : bytes or None
        The last line, after it was read, if no line break follows it: it may be truncated.
    """

    def __init__(self, source: Source, first: bytes, *, longest: int) -> None:
        self.source = source
        self.first = first
        self.longest = longest
        self.last: bytes | None = None

    def read(self, *, may_lack_end: bool) -> Iterator[bytes]:
        """Yield the lines; raise an error if the last line must end with a line break and does not."""
        unfinished, n_lines = self.first, 0
        while content := self.source.read():
            *lines, unfinished = (unfinished + content).split(b"\n")
            yield from lines
            n_lines += len(lines)
            if len(unfinished) > self.longest:
                raise self.source.error(
                    f"line {n_lines + 1} of its words has no line break within {self.longest} bytes; {BINARY_ADVICE}"
                )
        *lines, unfinished = unfinished.split(b"\n")
        yield from lines
        if not unfinished.strip():
            return
        if not may_lack_end:
            found = f"it ends within a line, {unfinished[:40]!r}; it may be truncated (else append a line break)"
            raise _line_error(self.source, unfinished, n_lines + len(lines) + 1, found)
        self.last = unfinished
        yield unfinished


def write_text(file: BinaryIO, words: list[bytes], vectors: Float32Array) -> None:
    """Write lines of a word and its numbers, each with the fewest digits that identify it in float32."""
    for start in range(0, len(vectors), _BLOCK_ROWS):
        rows = vectors[start : start + _BLOCK_ROWS]
        lines = [
            b"%b %b\n" % (word, " ".join(map(str, row)).encode())
            for word, row in zip(words[start : start + _BLOCK_ROWS], rows, strict=True)
        ]
        file.write(b"".join(lines))
