"""GloVe's text format: each line is a word and its vector, and nothing says how many there are."""

from __future__ import annotations

import codecs
import re
from typing import Any

from ._shared_documentation import with_shared_documentation
from ._source import BLOCK_BYTES, HEADER, LONGEST_WORD, check_duplicates, check_max_words, opened
from ._text import LONGEST_NUMBER, SEPARATORS, read_text, write_text
from ._word_vectors import WordVectors
from ._writable import check_vectors, words_and_vectors
from ._writing import Path, replaced_when_complete


@with_shared_documentation
def read_glove(
    path: Path, *, max_words: int | None = None, decode_error: str = "strict", duplicates: str = "error"
) -> WordVectors:
    r"""Read vectors in GloVe's text format.

    The first line determines the number of components. A word may contain spaces, as a few published ones do, if none
    of its parts after the first is a number. A file compressed by gzip, bzip2 or xz is decompressed, and a pipe is read
    once. A byte order mark is skipped. If the file has a header like word2vec's, as some tools write it, the header
    must be correct.

    Parameters
    ----------
    path : str or os.PathLike
    {words_to_read}

    Returns
    -------
    WordVectors

    Raises
    ------
    ValueError
        If a line is not a word and the number of components of the first line, all finite; if words repeat; if the last
        line does not end with a line break, so that it may be truncated; or if the file is in another format. Whole
        lines that are missing at the end cannot be detected without a header.
    OSError
        If the file cannot be read, or is compressed and damaged.

    See Also
    --------
    write_glove : Write this format.
    read_word2vec, read_safetensors : Read other formats.
    sk_w2v.PretrainedEmbedder : Embed documents by the vectors of a file.

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
        return read_text(source, n_components, n_words, max_words, first=first, may_contain_spaces=True, **how)


def _header(line: bytes, rest: bytes) -> tuple[int, int] | None:
    """Return the numbers of words and components if the first line is a header, and not a word and its only number."""
    match = re.fullmatch(HEADER, line + b"\n")
    n_words, n_components = map(int, match.groups()) if match else (0, 0)
    second = rest.partition(b"\n")[0].split()
    return (n_words, n_components) if n_words and 1 < n_components < len(second) else None


@with_shared_documentation
def write_glove(path: Path, words: Any, vectors: Any = None) -> None:
    r"""Write vectors in GloVe's text format; `read_glove` reads exactly the same float32 numbers.

    {replacement}

    Parameters
    ----------
    {to_text_file}

    Raises
    ------
    {write_errors}

    See Also
    --------
    read_glove : Read this format.
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
    listed, array = words_and_vectors(words, vectors)
    encoded, array = check_vectors(listed, array, forbidden=SEPARATORS, longest_word=LONGEST_WORD)
    if encoded[0].startswith(codecs.BOM_UTF8):
        raise ValueError(f"The first word, {listed[0]!r}, begins with a byte order mark, which readers skip.")
    with replaced_when_complete(path, compressible=True) as file:
        write_text(file, encoded, array)
