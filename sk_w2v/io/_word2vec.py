"""word2vec's two formats: the first line is the numbers of words and components, then comes each word's vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._typing import Float32Array
from ._text import is_line_of_text, read_text, write_text
from ._vectors import (
    LONGEST_WORD,
    Rows,
    Source,
    WordVectors,
    check_duplicates,
    check_max_words,
    check_vectors,
    finish,
    opened,
)
from ._writing import Path, replaced_when_complete

_LONGEST_BEGIN = LONGEST_WORD + 2  # of a vector: the word between a line break and a space
_BLOCK_ROWS = 1 << 12  # written at once


def read_word2vec(
    path: Path,
    *,
    binary: bool = False,
    max_words: int | None = None,
    decode_error: str = "strict",
    duplicates: str = "error",
) -> WordVectors:
    r"""Read vectors in word2vec's text or binary format; fastText's ``.vec`` is the former.

    A file compressed by gzip, bzip2 or xz is read as it is, and so is a pipe. The header is believed only as far as the
    file bears it out, so that memory stays within a few times the file's size (once decompressed). A byte order mark is
    left out. If there is no line break at the end of a text file that is complete otherwise, a warning says so.

    Parameters
    ----------
    path : str or os.PathLike
    binary : bool, default=False
        Whether the numbers are 4 bytes each, little-endian, and not text.
    max_words : int or None, default=None
        How many words to read, the first ones, repeated ones included; None reads all, and makes sure that nothing
        comes after them.
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with words that are not in UTF-8: raise an error, leave the bytes out, or put U+FFFD.
    duplicates : {"error", "first"}, default="error"
        What to do with words that are there again, as in some published files: raise an error, or keep the first vector
        of each and warn of how many are left out.

    Returns
    -------
    WordVectors

    Raises
    ------
    ValueError
        If the file does not hold exactly what its first line says: words that differ, each with as many finite
        numbers; or if it is in another format.
    OSError
        If it cannot be read, or is compressed and damaged.

    See Also
    --------
    write_word2vec : Writes the format.
    read_glove, read_safetensors : Read other formats.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.io import read_word2vec
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "tea.vec")
    ...     _ = path.write_text("2 3\ntea 0.5 1 0\ncup 0 1 -2e-1\n", encoding="utf-8")
    ...     read_word2vec(path).vectors
    array([[ 0.5,  1. ,  0. ],
           [ 0. ,  1. , -0.2]], dtype=float32)
    """
    check_max_words(max_words)
    check_duplicates(duplicates)
    with opened(path) as source:
        n_words, n_components = source.read_header()
        if not binary:
            return read_text(source, n_components, n_words, max_words, decode_error=decode_error, duplicates=duplicates)
        n_asked = min(n_words, max_words or n_words)
        rows = Rows(n_components, n_rows=n_asked if source.holds(n_asked * (2 + 4 * n_components)) else 0)
        words, rest = _read_binary(source, rows, n_asked)
        if max_words is None and (rest + source.read(64)).strip(b"\r\n"):
            raise source.ends_late(n_words)
        return finish(source, words, rows, decode_error, duplicates)


def _read_binary(source: Source, rows: Rows, n_asked: int) -> tuple[list[bytes], bytes]:
    """Read so many words and vectors; return the words, and what is left of the bytes read."""
    n_bytes = 4 * rows.numbers.shape[1]
    words: list[bytes] = []
    rest = b""
    while len(words) < n_asked:
        content = source.read()
        if not content:
            raise source.ends_early(len(words), n_asked)
        block, starts, end = rest + content, list[int](), 0
        if not words:
            _require_binary(source, block, rows.numbers.shape[1])
        while len(words) < n_asked:
            space = block.find(b" ", end, end + _LONGEST_BEGIN)
            if space < 0 and len(block) - end >= _LONGEST_BEGIN:
                raise source.error(f"word {len(words) + 1} has no end within {LONGEST_WORD} bytes; is it binary?")
            if space < 0 or space + 1 + n_bytes > len(block):
                break
            words.append(block[end:space].lstrip(b"\n"))  # some writers end a vector so, others do not
            starts.append(space + 1)
            end = space + 1 + n_bytes
        _copy(block, starts, rows.next(len(starts)))
        rest = block[end:]
    return words, rest


def _require_binary(source: Source, block: bytes, n_components: int) -> None:
    """Raise an error if the first word and its numbers are a line of text."""
    line, end, _ = block.partition(b"\n")
    if end and is_line_of_text(line, n_components):
        raise source.error(f"the first word {line[:40]!r} has its numbers as text; read it with binary=False")


def _copy(block: bytes, starts: list[int], rows: Float32Array) -> None:
    """Copy the bytes of each row, which begin at the given places."""
    source, target, n_bytes = memoryview(block), rows.reshape(-1).view(np.uint8).data, 4 * rows.shape[1]
    for row, start in enumerate(starts):
        target[row * n_bytes : (row + 1) * n_bytes] = source[start : start + n_bytes]


def write_word2vec(path: Path, words: Any, vectors: Any, *, binary: bool = False) -> None:
    r"""Write vectors in word2vec's text or binary format, which `read_word2vec` gives back to the bit.

    A file of that name is replaced once the new one is complete on the disk, and its mode is kept. A pipe or device is
    written straight into.

    Parameters
    ----------
    path : str or os.PathLike
        The file is compressed if the name ends in ``.gz``, ``.bz2`` or ``.xz``.
    words : iterable of str, of length n_words
        Different words without spaces and line breaks, such as an embedder's `words_`.
    vectors : array of shape (n_words, n_components)
        Such as an embedder's `embedding_`; stored as float32.
    binary : bool, default=False
        Whether to write 4 bytes a number, and not text of about 12.

    Raises
    ------
    ValueError
        If the format cannot hold the words, there are not as many as vectors, the numbers are not finite, or the name
        ends as that of a file compressed in another way.

    See Also
    --------
    read_word2vec : Reads the format.
    write_glove, write_safetensors : Write other formats.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.io import write_word2vec
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "tea.vec")
    ...     write_word2vec(path, ["tea", "cup"], [[0.5, 1], [0, -0.1]])
    ...     path.read_text(encoding="utf-8")
    '2 2\ntea 0.5 1.0\ncup 0.0 -0.1\n'
    """
    encoded, array = check_vectors(words, vectors, forbidden=" \t\r\n\v\f", longest_word=LONGEST_WORD)
    with replaced_when_complete(path, compressible=True) as file:
        file.write(b"%d %d\n" % array.shape)
        if not binary:
            write_text(file, encoded, array)
            return
        for start in range(0, len(array), _BLOCK_ROWS):
            rows = array[start : start + _BLOCK_ROWS].astype("<f4")
            pairs = zip(encoded[start : start + _BLOCK_ROWS], rows, strict=True)
            file.write(b"".join(b"%b %b\n" % (word, row.tobytes()) for word, row in pairs))
