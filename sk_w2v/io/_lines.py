"""Documents of one line each, of a file that may be compressed."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterator

from ._compression import open_decompressed
from ._files import Path, check_decoding, file_version, not_in_encoding

BLOCK_BYTES = 1 << 22  # read at once


class LineDocuments:
    r"""Documents, one a line, of a text file: plain or compressed by gzip, bzip2 or xz.

    The file is read in blocks, anew each time, and never held as a whole. Lines end as in Python's text mode, with
    ``\n``, ``\r\n`` or ``\r``, and an empty line is an empty document. How the file is compressed is told by its first
    bytes. The embedders turn the blocks into numbers without making a str of each document.

    Parameters
    ----------
    path : str or os.PathLike
    encoding : str, default="utf-8"
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes that the encoding does not allow: raise an error, leave them out, or put U+FFFD.

    Raises
    ------
    OSError
        If there is no file that can be read; when reading, if a compressed file is damaged or not complete.
    LookupError
        If Python does not know the encoding.
    ValueError
        When reading, if the text is not in the encoding.

    Examples
    --------
    >>> import gzip
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.io import LineDocuments
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "cups.txt.gz")
    ...     _ = path.write_bytes(gzip.compress(b"a cup of tea\n\na cup\n"))
    ...     list(LineDocuments(path))
    ['a cup of tea', '', 'a cup']
    """

    def __init__(self, path: Path, *, encoding: str = "utf-8", decode_error: str = "strict") -> None:
        check_decoding(encoding, decode_error)
        self.path = path
        self.encoding = encoding
        self.decode_error = decode_error
        self.version = file_version(path)

    def __iter__(self) -> Iterator[str]:
        for block in self.blocks():
            yield from block.split("\n")[:-1]

    def blocks(self) -> Iterator[str]:
        r"""Yield the text in blocks of whole lines, each line followed by ``\n``."""
        n_read, unfinished = 0, ""
        decoder = self._decoder()
        for content in self._contents():
            n_read += len(content)
            try:
                text = unfinished + decoder.decode(content, final=not content)
            except UnicodeDecodeError as error:
                n_valid = n_read - len(error.object) + error.start
                raise not_in_encoding(self.path, self._line_at(n_valid), error) from error
            end = text.rfind("\n") + 1
            if end:
                yield text[:end]
            unfinished = text[end:]
        if unfinished:
            yield unfinished + "\n"

    def _contents(self) -> Iterator[bytes]:
        """Yield the content, decompressed, in blocks of bytes, of which the last one is empty."""
        with open_decompressed(self.path) as stream:
            content = b" "
            while content:
                try:
                    content = stream.read(BLOCK_BYTES)
                except Exception as error:  # each format has errors of its own
                    raise OSError(f"{os.fspath(self.path)} is damaged or not complete: {error}") from error
                yield content

    def _decoder(self, decode_error: str | None = None) -> io.IncrementalNewlineDecoder:
        r"""Return what turns bytes into text with ``\n`` at the ends of lines."""
        decoder = codecs.getincrementaldecoder(self.encoding)(decode_error or self.decode_error)
        return io.IncrementalNewlineDecoder(decoder, translate=True)

    def _line_at(self, n_bytes: int) -> int:
        """Return the number of the line, from 1, where the given number of bytes ends."""
        decoder, line = self._decoder("ignore"), 1
        for content in self._contents():
            line += decoder.decode(content[:n_bytes], final=n_bytes <= len(content)).count("\n")
            n_bytes -= len(content)
            if n_bytes <= 0:
                break
        return line
