"""Files that are complete or not there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR
from typing import BinaryIO

Path = str | os.PathLike[str]


@contextmanager
def replaced_when_complete(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside `path` for writing, which takes its place once it is safely on the disk."""
    target = os.path.realpath(path)  # a link goes on pointing to where it does
    if os.path.isdir(target):
        raise IsADirectoryError(EISDIR, "Is a directory; give the name of a file", os.fspath(path))
    folder = os.path.dirname(target)
    unfinished = os.path.join(folder, f".{secrets.token_hex(8)}.part")
    file = open(unfinished, "xb")  # noqa: SIM115 - closed below, whatever happens
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
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
