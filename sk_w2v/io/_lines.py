"""Documents that are lines of a file, which may be compressed."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

from ._compression import Path, describe_file
from ._files import BYTE_ORDER_MARK, ReadDocuments, is_pipe, not_decoded, not_in_encoding

BLOCK_BYTES = 1 << 22  # read at once


class LineDocuments(ReadDocuments):
    r"""Documents that are lines of a text file, plain or compressed by gzip, bzip2 or xz.

    The file is read block by block in every iteration and is never in memory as a whole. Lines end as in Python's text
    mode, with ``\n``, ``\r\n`` or ``\r``, and an empty line is an empty document. A byte order mark is skipped.
    The compression is detected from the first bytes. The embedders encode whole blocks without creating a str for each
    document.

    A pipe, such as ``/dev/stdin``, can be read once: `fit` reads the documents once, `fit_transform` twice.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    encoding : str, default="utf-8"
        Encoding of the text.
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes that the encoding does not allow: raise an error, drop them, or replace them by U+FFFD.

    Raises
    ------
    OSError
        If the file cannot be read. Iteration raises it, too, if a compressed file is damaged or truncated, or if a pipe
        is read again.
    LookupError
        If Python does not know the encoding.
    ValueError
        If the encoding is not one of text. Iteration raises it if the file is not text, such as a zip archive, or not
        in the encoding.

    See Also
    --------
    FileDocuments : One document per file.
    sk_w2v.corpus.number_tokens : Read documents into a corpus.

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
        self.path = path
        super().__init__([path], encoding, decode_error)

    @property
    def n_bytes(self) -> int | None:
        """Size of the file (bytes); None if how much text it holds shows only as it is read."""
        is_plain = not is_pipe(self.versions[0]) and describe_file(self.path) is None
        return self.versions[0][0] if is_plain else None

    def __iter__(self) -> Iterator[str]:
        for block in self.blocks():
            yield from block.split("\n")[:-1]

    def blocks(self) -> Iterator[str]:
        r"""Yield the text in blocks of complete lines, each line followed by ``\n``."""
        unfinished: list[str] = []
        for text in self._texts():
            end = text.rfind("\n") + 1
            if end:
                yield "".join([*unfinished, text[:end]])
                unfinished = []
            unfinished.append(text[end:])
        if any(unfinished):
            yield "".join([*unfinished, "\n"])

    def _texts(self) -> Iterator[str]:
        """Yield the text in pieces, without a byte order mark."""
        decoder, begins, n_lines = self._decoder(), True, 0
        for content in self._contents():
            text = self._decode(decoder, content, n_lines)
            n_lines += text.count("\n")
            yield text.removeprefix(BYTE_ORDER_MARK) if begins else text
            begins = begins and not text

    def _contents(self) -> Iterator[bytes]:
        """Yield the decompressed content in blocks of bytes, the last of which is empty."""
        with self._open(self.path) as stream:
            content = b" "
            while content:
                content = stream.read(BLOCK_BYTES)
                yield content

    def _decode(self, decoder: io.IncrementalNewlineDecoder, content: bytes, n_lines: int) -> str:
        """Return the text of the next bytes, which follow `n_lines` lines; empty bytes end the text."""
        state = decoder.getstate()
        try:
            return decoder.decode(content, final=not content)
        except UnicodeDecodeError as error:
            valid = content[: max(0, len(content) - len(error.object) + error.start)]
            line = 1 + n_lines + self._count_lines(state, valid)
            raise not_in_encoding(self.path, line, error) from error
        except UnicodeError as error:
            raise not_decoded(self.path, self.encoding, error) from error

    def _decoder(self, decode_error: str | None = None) -> io.IncrementalNewlineDecoder:
        r"""Return a decoder from bytes to text with ``\n`` as line breaks."""
        decoder = codecs.getincrementaldecoder(self.encoding)(decode_error or self.decode_error)
        return io.IncrementalNewlineDecoder(decoder, translate=True)

    def _count_lines(self, state: tuple[bytes, int], content: bytes) -> int:
        """Return the number of lines that end in these bytes, for a decoder in this state."""
        decoder = self._decoder("ignore")
        decoder.setstate(state)
        return decoder.decode(content, final=True).count("\n")
