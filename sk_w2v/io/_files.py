"""Documents that are files, and the base class of the document readers."""

from __future__ import annotations

import codecs
import io
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from errno import EISDIR
from typing import Any, BinaryIO

from ._compression import Path, open_content

DECODE_ERRORS = ("strict", "ignore", "replace")
BYTE_ORDER_MARK = "\ufeff"  # some editors write it at the beginning of a text


class ReadDocuments:
    """Base class of the document readers: file versions, encoding, and pipes that can be read only once.

    Attributes
    ----------
    versions : list of tuple of int
        Version of each file. A cache keyed by this object rereads a changed file.
    """

    def __init__(self, paths: list[Path], encoding: str, decode_error: str) -> None:
        check_decoding(encoding, decode_error)
        self.encoding = encoding
        self.decode_error = decode_error
        self.versions = [file_version(path) for path in paths]
        self._pipes = frozenset(path for path, version in zip(paths, self.versions, strict=True) if is_pipe(version))
        self._read: frozenset[Path] = frozenset()  # pipes that were read

    def _open(self, path: Path) -> BinaryIO:
        """Open a file to read its bytes, or raise an error for a pipe that was already read."""
        if path in self._read:
            raise io.UnsupportedOperation(
                f"{os.fspath(path)} is a pipe, which can be read once, by one process. To read it more often, as "
                "`fit_transform` does, write its content to a file first."
            )
        if path in self._pipes:
            self._read |= {path}
        return open_content(path)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state of a copy, for which pipes are already read: it would get part of their content."""
        return {**self.__dict__, "_read": self._pipes}


class FileDocuments(ReadDocuments):
    """Documents that are files, one document per file, reread in every iteration.

    Parameters
    ----------
    paths : iterable of str or os.PathLike
        Files, plain or compressed by gzip, bzip2 or xz. A pipe can be read once.
    encoding : str, default="utf-8"
        Encoding of the text.
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes that the encoding does not allow: raise an error, drop them, or replace them by U+FFFD.

    Raises
    ------
    TypeError
        If a path is neither a str nor an os.PathLike.
    OSError
        If a file cannot be read. Iteration raises it, too, if a compressed file is damaged or truncated, or if a pipe
        is read again.
    LookupError
        If Python does not know the encoding.
    ValueError
        If the encoding is not one of text. Iteration raises it if a file is not text or not in the encoding.

    See Also
    --------
    LineDocuments : One document per line of a file.
    sk_w2v.corpus.number_tokens : Read documents into a corpus.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.io import FileDocuments
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "tea.txt")
    ...     _ = path.write_text("a cup of tea", encoding="utf-8")
    ...     list(FileDocuments([path]))
    ['a cup of tea']
    """

    def __init__(self, paths: Iterable[Path], *, encoding: str = "utf-8", decode_error: str = "strict") -> None:
        self.paths = list(paths)
        for index, path in enumerate(self.paths):
            if not isinstance(path, str | os.PathLike):
                raise TypeError(
                    f"Document {index} is {path!r:.60} of type {type(path).__name__}; give the path of its file, "
                    "a str or an os.PathLike."
                )
        super().__init__(self.paths, encoding, decode_error)

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[str]:
        for path in self.paths:
            with self._open(path) as file:
                content = file.read()
            try:
                yield content.decode(self.encoding, self.decode_error).removeprefix(BYTE_ORDER_MARK)
            except UnicodeDecodeError as error:
                raise not_in_encoding(path, error.object.count(b"\n", 0, error.start) + 1, error) from error
            except UnicodeError as error:
                raise not_decoded(path, self.encoding, error) from error


def check_decoding(encoding: str, decode_error: str) -> None:
    """Raise an error unless Python knows the encoding and `decode_error` is one of the choices."""
    codecs.lookup(encoding)
    try:
        io.TextIOWrapper(io.BytesIO(), encoding)
    except LookupError as error:  # a codec from bytes to bytes
        raise ValueError(f"encoding={encoding!r} is not an encoding of text; give one such as 'utf-8'.") from error
    if decode_error not in DECODE_ERRORS:
        raise ValueError(f"decode_error={decode_error!r} is unknown; use one of {DECODE_ERRORS}.")


def file_version(path: Path) -> tuple[int, int]:
    """Return the size (bytes) and modification time (ns) of a file, by which a cache tells its versions apart.

    A pipe is not opened, since that would consume its content; it gets the size -1 and a new version at each call.
    """
    status = os.stat(path)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), os.fspath(path))
    if not stat.S_ISREG(status.st_mode):
        return -1, secrets.randbits(63)
    with open(path, "rb") as file:  # opened, so that an unreadable file is an error before the fit
        status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def require_seekable(path: Path) -> None:
    """Raise an error if a path is a folder, or a pipe or device, which can only be read sequentially."""
    status = os.stat(path)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), os.fspath(path))
    if not stat.S_ISREG(status.st_mode):
        raise io.UnsupportedOperation(
            f"{os.fspath(path)} is a pipe or a device, but files of this format are not read sequentially; write the "
            "content to a file first."
        )


def is_pipe(version: tuple[int, int]) -> bool:
    """Tell whether a version is that of a pipe or of anything else that is not a regular file."""
    return version[0] < 0


def not_in_encoding(path: Path, line: int, error: UnicodeDecodeError) -> ValueError:
    """Return the error about a file that is not in its encoding, with the number of the line, from 1."""
    wrong = error.object[error.start : error.end]
    is_utf_16 = line == 1 and error.start == 0 and error.object.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    advice = "it begins as UTF-16: encoding='utf-16'" if is_utf_16 else "give the encoding of the text"
    return ValueError(
        f"{os.fspath(path)}, line {line}: {wrong!r} is not {error.encoding} ({error.reason}); {advice}, or "
        "decode_error='replace' or 'ignore'."
    )


def not_decoded(path: Path, encoding: str, error: UnicodeError) -> ValueError:
    """Return the error about a file that is not in its encoding, without a line number."""
    return ValueError(f"{os.fspath(path)} is not in {encoding}: {error}; give the encoding of the text.")
