"""GloVe's text format: each line is a word and its vector, and nothing says how many there are."""

from __future__ import annotations

import codecs
import re
from typing import Any

from ._text import LONGEST_NUMBER, read_text, write_text
from ._vectors import (
    BLOCK_BYTES,
    HEADER,
    LONGEST_WORD,
    WordVectors,
    check_duplicates,
    check_max_words,
    check_vectors,
    opened,
)
from ._writing import Path, replaced_when_complete


def read_glove(
    path: Path, *, max_words: int | None = None, decode_error: str = "strict", duplicates: str = "error"
) -> WordVectors:
    r"""Read vectors in GloVe's text format.

    The first line says how many numbers each word has. A word may hold spaces, as a few of the published ones do, if
    what comes after the first is no number. A file compressed by gzip, bzip2 or xz is read as it is, and so is a pipe.
    A byte order mark is left out. A header as word2vec's, which some tools put before the words, must be right.

    Parameters
    ----------
    path : str or os.PathLike
    max_words : int or None, default=None
        How many words to read, the first ones, repeated ones included; None reads all.
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
        If a line is not a word and as many finite numbers as in the first line, or words repeat, or the last line
        does not end: it may be cut off then. That whole lines are missing at the end cannot be told without a header.
    OSError
        If the file cannot be read, or is compressed and damaged.

    See Also
    --------
    write_glove : Writes the format.
    read_word2vec, read_safetensors : Read other formats.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.io import read_glove
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "tea.txt")
    ...     _ = path.write_text("tea 0.5 1\nice tea 0 1\n", encoding="utf-8")
    ...     read_glove(path).words.tolist()
    ['tea', 'ice tea']
    """
    check_max_words(max_words)
    check_duplicates(duplicates)
    with opened(path) as source:
        first, n_words = source.read(BLOCK_BYTES), None
        line, end, rest = first.partition(b"\n")
        n_components = len(line.split()) - 1
        if header := _header(line, rest):
            (n_words, n_components), first = header, rest
        elif n_components < 1 or not end or len(line) > LONGEST_WORD + n_components * LONGEST_NUMBER:
            raise source.error(f"the first line {line[:40]!r} is not a word and its numbers")
        how = {"decode_error": decode_error, "duplicates": duplicates}
        return read_text(source, n_components, n_words, max_words, first=first, may_hold_spaces=True, **how)


def _header(line: bytes, rest: bytes) -> tuple[int, int] | None:
    """Return the numbers of words and components if the first line is those, and not a word and its only number."""
    match = re.fullmatch(HEADER, line + b"\n")
    n_words, n_components = map(int, match.groups()) if match else (0, 0)
    second = rest.partition(b"\n")[0].split()
    return (n_words, n_components) if n_words and 1 < n_components < len(second) else None


def write_glove(path: Path, words: Any, vectors: Any) -> None:
    r"""Write vectors in GloVe's text format, which `read_glove` gives back to the bit.

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

    Raises
    ------
    ValueError
        If the format cannot hold the words, there are not as many as vectors, the numbers are not finite, or the name
        ends as that of a file compressed in another way.

    See Also
    --------
    read_glove : Reads the format.
    write_word2vec, write_safetensors : Write other formats.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.io import write_glove
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "tea.txt")
    ...     write_glove(path, ["tea", "cup"], [[0.5, 1], [0, -0.1]])
    ...     path.read_text(encoding="utf-8")
    'tea 0.5 1.0\ncup 0.0 -0.1\n'
    """
    encoded, array = check_vectors(words, vectors, forbidden=" \t\r\n\v\f", longest_word=LONGEST_WORD)
    if encoded[0].startswith(codecs.BOM_UTF8):
        raise ValueError(
            f"The first word, {words[0]!r}, begins with a byte order mark, which readers leave out; cut it."
        )
    with replaced_when_complete(path, compressible=True) as file:
        write_text(file, encoded, array)
