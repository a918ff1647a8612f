"""Writing files completely or not at all."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from errno import EISDIR
from functools import partial
from typing import Any, BinaryIO

Path = str | os.PathLike[str]

# Endings of compressed files that cannot be written.
OTHER_ENDINGS = {".7z", ".br", ".lz", ".lz4", ".lzma", ".rar", ".tar", ".tbz2", ".tgz", ".txz", ".z", ".zip", ".zst"}


@contextmanager
def replaced_when_complete(path: Path, *, compressible: bool = False) -> Iterator[BinaryIO]:
    """Open a temporary file in the folder of `path` for writing; it replaces `path` when it is complete on the disk.

    It gets the mode of the file that it replaces and, if the system allows it, the owner. Pipes and devices, such as
    ``/dev/stdout``, are written to directly. The ending of the name determines the compression of a compressible file.

    Raises
    ------
    ValueError
        If the name has the ending of a compressed file that cannot be written.
    """
    pack = _packer(path, compressible)
    if (special := _open_special(path)) is not None:
        with special, pack(special) as stream:
            yield stream
        return
    target = os.path.realpath(path)  # the target of a link is replaced, not the link
    if os.path.isdir(target):
        raise IsADirectoryError(EISDIR, "Is a directory; give the name of a file", os.fspath(path))
    earlier = os.stat(target) if os.path.exists(target) else None
    folder = os.path.dirname(target)
    unfinished = os.path.join(folder, f".{secrets.token_hex(8)}.part")
    file = open(unfinished, "xb", opener=partial(os.open, mode=0o600 if earlier else 0o666))  # noqa: SIM115 - closed below
    try:
        with file:
            with pack(file) as stream:
                yield stream
            file.flush()
            os.fsync(file.fileno())
        if earlier is not None:
            _keep_owner_and_mode(unfinished, earlier)
        os.replace(unfinished, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
        raise
    with suppress(OSError):  # not every system can open a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _open_special(path: Path) -> BinaryIO | None:
    """Open a pipe, a device or the name of an open file, such as /dev/stdout, for writing; return None for others."""
    number = re.fullmatch(r"/(?:dev|proc/self)/fd/([0-9]+)", os.fspath(path))
    descriptor = {"/dev/stdout": 1, "/dev/stderr": 2}.get(os.fspath(path), int(number[1]) if number else None)
    if descriptor is not None and os.path.exists(path):
        return open(os.dup(descriptor), "wb")  # continues at the current position
    is_special = os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path))
    return open(path, "wb") if is_special else None


def _keep_owner_and_mode(path: str, earlier: os.stat_result) -> None:
    """Give a file the mode and, if the system allows it, the owner of the file that it will replace."""
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(path, earlier.st_uid, earlier.st_gid)
    os.chmod(path, stat.S_IMODE(earlier.st_mode))


Packer = Callable[[BinaryIO], AbstractContextManager[Any]]


def _packer(path: Path, compressible: bool) -> Packer:
    """Return the compressor for the ending of a file's name."""
    ending = os.path.splitext(path)[1].lower()
    packers: dict[str, Packer] = {".gz": _gzip, ".bz2": _bz2, ".xz": _xz}
    if ending in packers and compressible:
        return packers[ending]
    if ending in packers or ending in OTHER_ENDINGS:
        endings = ", ".join(packers)
        advice = (
            f"use {endings} or another ending" if compressible else "this format is not compressed: remove the ending"
        )
        raise ValueError(f"{os.fspath(path)} cannot be written with the ending {ending!r}; {advice}.")
    return nullcontext


def _gzip(file: BinaryIO) -> AbstractContextManager[Any]:
    import gzip

    return gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0)  # the same bytes every time


def _bz2(file: BinaryIO) -> AbstractContextManager[Any]:
    import bz2

    return bz2.BZ2File(file, "wb")


def _xz(file: BinaryIO) -> AbstractContextManager[Any]:
    import lzma

    return lzma.LZMAFile(file, "wb")
