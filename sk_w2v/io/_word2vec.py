"""word2vec's text and binary formats: a header with the numbers of words and components, then words and vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._typing import Float32Array
from ._shared_documentation import with_shared_documentation
from ._source import LONGEST_WORD, Rows, Source, check_duplicates, check_max_words, finish, opened
from ._text import SEPARATORS, is_line_of_text, read_text, write_text
from ._word_vectors import WordVectors
from ._writable import check_vectors, words_and_vectors
from ._writing import Path, replaced_when_complete

_LONGEST_BEGIN = LONGEST_WORD + 2  # of a vector: a line break, the word and a space
_BLOCK_ROWS = 1 << 12  # written at once


@with_shared_documentation
def read_word2vec(
    path: Path,
    *,
    binary: bool = False,
    max_words: int | None = None,
    decode_error: str = "strict",
    duplicates: str = "error",
) -> WordVectors:
    r"""Read vectors in word2vec's text or binary format; fastText's ``.vec`` is the text format.

    A file compressed by gzip, bzip2 or xz is decompressed, and a pipe is read once. Memory stays within a few times the
    size of the decompressed file, whatever the header announces. A byte order mark is skipped. If a text file is
    complete but does not end with a line break, a warning says so. Without `max_words`, content after the announced
    words is an error.

    Parameters
    ----------
    path : str or os.PathLike
    binary : bool, default=False
        Whether each number is stored in 4 bytes, little-endian, instead of as text.
    {words_to_read}

    Returns
    -------
    WordVectors

    Raises
    ------
    ValueError
        If the file does not contain exactly what its header announces: distinct words, each with the announced number
        of finite components; or if it is in another format.
    OSError
        If the file cannot be read, or is compressed and damaged.

    Warns
    -----
    UserWarning
        If a text file does not end with a line break, or repeated words are dropped.

    See Also
    --------
    write_word2vec : Write this format.
    read_glove, read_safetensors : Read other formats.
    sk_w2v.PretrainedEmbedder : Embed documents by the vectors of a file.

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
        rows = Rows(n_components, n_rows=n_asked if source.has_bytes(n_asked * (2 + 4 * n_components)) else 0)
        words, rest = _read_binary(source, rows, n_asked)
        if max_words is None and (rest + source.read(64)).strip(b"\r\n"):
            raise source.ends_late(n_words)
        return finish(source, words, rows, decode_error, duplicates)


def _read_binary(source: Source, rows: Rows, n_asked: int) -> tuple[list[bytes], bytes]:
    """Read `n_asked` words and vectors; return the words, and the bytes that were read beyond them."""
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
                raise source.error(f"word {len(words) + 1} has no end within {LONGEST_WORD} bytes; is the file binary?")
            if space < 0 or space + 1 + n_bytes > len(block):
                break
            words.append(block[end:space].lstrip(b"\n"))  # some writers end a vector with a line break
            starts.append(space + 1)
            end = space + 1 + n_bytes
        _copy(block, starts, rows.next(len(starts)))
        rest = block[end:]
    return words, rest


def _require_binary(source: Source, block: bytes, n_components: int) -> None:
    """Raise an error if the first word and its numbers are text."""
    line, end, _ = block.partition(b"\n")
    if end and is_line_of_text(line, n_components):
        raise source.error(f"the first word {line[:40]!r} has its numbers as text; use binary=False")


def _copy(block: bytes, starts: list[int], rows: Float32Array) -> None:
    """Copy the bytes of each row from its start in the block."""
    source, target, n_bytes = memoryview(block), rows.reshape(-1).view(np.uint8).data, 4 * rows.shape[1]
    for row, start in enumerate(starts):
        target[row * n_bytes : (row + 1) * n_bytes] = source[start : start + n_bytes]


@with_shared_documentation
def write_word2vec(path: Path, words: Any, vectors: Any = None, *, binary: bool = False) -> None:
    r"""Write vectors in word2vec's text or binary format; `read_word2vec` reads exactly the same float32 numbers.

    {replacement}

    Parameters
    ----------
    {to_text_file}
    binary : bool, default=False
        Whether to store each number in 4 bytes instead of as text of about 12.

    Raises
    ------
    {write_errors}

    See Also
    --------
    read_word2vec : Read this format.
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

    A fitted embedder is written with its own words and vectors:

    >>> from sk_w2v import SpectralEmbedder
    >>> embedder = SpectralEmbedder(1, min_count=1).fit(["a cup of tea", "pen and ink"])
    >>> with TemporaryDirectory() as folder:
    ...     write_word2vec(Path(folder, "tea.vec"), embedder)
    """
    listed, array = words_and_vectors(words, vectors)
    encoded, array = check_vectors(listed, array, forbidden=SEPARATORS, longest_word=LONGEST_WORD)
    with replaced_when_complete(path, compressible=True) as file:
        file.write(b"%d %d\n" % array.shape)
        if not binary:
            write_text(file, encoded, array)
            return
        for start in range(0, len(array), _BLOCK_ROWS):
            rows = array[start : start + _BLOCK_ROWS].astype("<f4")
            pairs = zip(encoded[start : start + _BLOCK_ROWS], rows, strict=True)
            file.write(b"".join(b"%b %b\n" % (word, row.tobytes()) for word, row in pairs))
