"""Opening files that may be compressed or pipes; the first bytes identify the compression."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Callable
from typing import Any, BinaryIO

from ._kinds import LONGEST_BEGIN, describe_binary

Path = str | os.PathLike[str]
Decompressed = io.BufferedIOBase | io.RawIOBase

_READ_BYTES = 1 << 16  # compressed, at once


def open_content(path: Path) -> io.BufferedReader:
    """Open a file for reading bytes, decompressed if it is compressed.

    The file is opened once, and the bytes that identify its format are not consumed, since a pipe cannot be read twice.

    Raises
    ------
    ValueError
        If the file has a known format that is neither text nor vectors, such as a zip archive.
    OSError
        If the file cannot be opened. Reading raises it, too, if a compressed file is damaged or truncated.
    """
    file = open(path, "rb")  # noqa: SIM115 - the caller closes it
    try:
        begin, file = _peeked(file)
        if decompress := decompressor_of(begin):
            file = io.BufferedReader(_Decompressed(decompress(file), file, os.fspath(path)))
            begin, file = _peeked(file)
        if what := describe_binary(begin):
            raise ValueError(f"{os.fspath(path)} cannot be read: {what}.")
    except BaseException:
        file.close()
        raise
    return file


def size_of(file: BinaryIO) -> int | None:
    """Return the number of bytes of a file, or None if only reading it shows that."""
    try:
        status = os.fstat(file.fileno())
    except io.UnsupportedOperation:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def describe_file(path: Path) -> str | None:
    """Return what a compressed or binary file is and what to do with it; None for text and unknown formats."""
    with open(path, "rb") as file:
        begin = file.read(LONGEST_BEGIN)
    return "it is compressed; decompress it" if decompressor_of(begin) else describe_binary(begin)


def decompressor_of(begin: bytes) -> Callable[[BinaryIO], Decompressed] | None:
    """Return the decompressor for a file with these first bytes, or None if it is not compressed."""
    return next((opener for pattern, opener in _DECOMPRESSORS.items() if re.match(pattern, begin)), None)


def _peeked(file: io.BufferedReader) -> tuple[bytes, io.BufferedReader]:
    """Return the first bytes of a file, and a file that still yields them."""
    begin = file.read(LONGEST_BEGIN)
    if file.seekable():
        file.seek(0)
        return begin, file
    return begin, io.BufferedReader(_Replayed(begin, file))


class _Replayed(io.RawIOBase):
    """A file that cannot seek, with the bytes that were already read put back in front."""

    def __init__(self, begin: bytes, file: BinaryIO) -> None:
        self._begin = begin
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._begin[: len(buffer)] or self._file.read(len(buffer))
        self._begin = self._begin[len(buffer) :]
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Decompressed(io.RawIOBase):
    """The output of a decompressor; the errors of all formats become OSError."""

    def __init__(self, content: Decompressed, file: BinaryIO, name: str) -> None:
        self._content = content
        self._file = file
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._content.readinto(buffer) or 0)
        except Exception as error:  # the formats raise different errors
            if isinstance(error, MemoryError) or getattr(error, "errno", None) is not None:  # not about the content
                raise
            raise OSError(f"{self._name} is damaged or not complete: {error}") from error

    def close(self) -> None:
        self._content.close()
        self._file.close()
        super().close()


class _Streams(io.RawIOBase):
    """The content of consecutive compressed streams, up to the end of the file.

    The standard library's readers of bzip2 and xz treat a damaged stream after a valid one as the end of the file.

    Parameters
    ----------
    new_decompressor : callable
        Returns a decompressor for one stream.
    padding : int
        Zeros may follow a stream in multiples of this many bytes; 0 allows none.
    """

    def __init__(self, file: BinaryIO, new_decompressor: Callable[[], Any], *, padding: int) -> None:
        self._file = file
        self._new_decompressor = new_decompressor
        self._decompressor = new_decompressor()
        self._padding = padding
        self._waiting = b""  # compressed bytes of the next stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = b""
        while not content and (not self._decompressor.eof or self._begins_another()):
            content = self._decompress(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def _decompress(self, n_bytes: int) -> bytes:
        """Return at most `n_bytes` bytes of the current stream; none if more input is needed first."""
        compressed = b""
        if self._decompressor.needs_input:
            compressed, self._waiting = self._waiting or self._file.read(_READ_BYTES), b""
            if not compressed:
                raise EOFError("it ends within a compressed stream")
        content: bytes = self._decompressor.decompress(compressed, n_bytes)
        return content

    def _begins_another(self) -> bool:
        """Start the next stream after the current one has ended; return whether there is one."""
        rest = self._decompressor.unused_data or self._file.read(_READ_BYTES)
        n_zeros = 0
        while self._padding and rest and not rest.strip(b"\0"):
            n_zeros += len(rest)
            rest = self._file.read(_READ_BYTES)
        if self._padding:
            n_zeros += len(rest) - len(rest.lstrip(b"\0"))
            rest = rest.lstrip(b"\0")
            if n_zeros % self._padding:
                raise EOFError(f"{n_zeros} zeros follow a stream; padding must be a multiple of {self._padding} bytes")
        if rest:
            self._decompressor, self._waiting = self._new_decompressor(), rest
        return bool(rest)


def _gzip(file: BinaryIO) -> Decompressed:
    import gzip

    return gzip.GzipFile(fileobj=file, mode="rb")


def _bz2(file: BinaryIO) -> Decompressed:
    import bz2

    return _Streams(file, bz2.BZ2Decompressor, padding=0)


def _xz(file: BinaryIO) -> Decompressed:
    import lzma

    return _Streams(file, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ), padding=4)


# First bytes of a compressed file, and its decompressor. Modules are imported on demand: a Python may lack them.
_DECOMPRESSORS = {rb"\x1f\x8b": _gzip, rb"BZh[1-9](1AY&SY|\x17rE8P\x90)": _bz2, rb"\xfd7zXZ\x00": _xz}
