"""Lines of a word and its numbers, as word2vec's text format and GloVe's have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from ._vectors import LONGEST_WORD, Rows, Source, WordVectors, finish

LONGEST_NUMBER = 64  # characters, with what stands between two numbers

_BLOCK_ROWS = 1 << 10  # written at once


def read_text(
    source: Source,
    n_components: int,
    n_words: int | None,
    n_asked: int | None,
    decode_error: str,
    *,
    first: bytes = b"",
) -> WordVectors:
    """Read lines of a word and `n_components` numbers.

    `n_words` is how many there must be, None if that is not known; `n_asked` of them are read. `first` is what has been
    read already.
    """
    knows_size = source.require_bytes((n_words or 0) * 2 * (1 + n_components))
    rows = Rows(n_components, n_rows=n_asked or 0 if knows_size else 0)
    words: list[bytes] = []
    for line in _lines(source, first, LONGEST_WORD + n_components * LONGEST_NUMBER):
        if len(words) == n_asked:
            if n_asked == n_words and line.strip():
                raise source.error(f"something comes after the {n_words} words that its header tells of")
            break
        word, numbers = _split(line, n_components, may_hold_spaces=n_words is None)
        if len(numbers) != n_components:
            raise source.error(f"word {len(words) + 1} has {len(numbers)} numbers for {n_components} components")
        try:
            with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinity, and is refused
                rows.next(1)[0] = list(map(float, numbers))
        except ValueError as error:
            raise source.error(f"word {len(words) + 1}, {word[:40]!r}: {error}") from error
        if b"_" in line and any(b"_" in number for number in numbers):  # which Python takes for a digit
            raise source.error(f"word {len(words) + 1}, {word[:40]!r}, has '_' among its numbers")
        words.append(word)
    if len(words) < (n_asked or 0) and n_words is not None:
        raise source.error(f"it ends after {len(words)} of {n_asked} words; it may be truncated")
    return finish(source, words, rows, decode_error)


def _split(line: bytes, n_components: int, *, may_hold_spaces: bool) -> tuple[bytes, list[bytes]]:
    """Return a line's word and its numbers; of words with spaces, those whose later parts are no numbers."""
    word, _, rest = line.partition(b" ")
    numbers = rest.split()
    n_extra = len(numbers) - n_components
    if may_hold_spaces and n_extra > 0 and not any(map(_is_number, numbers[:n_extra])):
        return b" ".join([word, *numbers[:n_extra]]), numbers[n_extra:]
    return word, numbers


def _is_number(text: bytes) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _lines(source: Source, first: bytes, longest: int) -> Iterator[bytes]:
    """Yield the lines that end, without their ends; the last one must, or it may have been cut off."""
    unfinished, n_lines = first, 0
    while content := source.read():
        *lines, unfinished = (unfinished + content).split(b"\n")
        yield from lines
        n_lines += len(lines)
        if len(unfinished) > longest:
            raise source.error(f"line {n_lines + 1} of its words has no end within {longest} bytes; is it binary?")
    *lines, unfinished = unfinished.split(b"\n")
    yield from lines
    if unfinished.strip():
        raise source.error(
            f"it ends within a line, {unfinished[:40]!r}; it may be truncated (if it is complete, end it with a line "
            "break)"
        )


def write_text(file: BinaryIO, words: list[bytes], vectors: npt.NDArray[np.float32]) -> None:
    """Write lines of a word and its numbers, each with as many digits as tell it from all others."""
    for start in range(0, len(vectors), _BLOCK_ROWS):
        rows = vectors[start : start + _BLOCK_ROWS]
        lines = [
            b"%b %b\n" % (word, " ".join(map(str, row)).encode())
            for word, row in zip(words[start : start + _BLOCK_ROWS], rows, strict=True)
        ]
        file.write(b"".join(lines))
