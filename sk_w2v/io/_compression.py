"""Files that may be compressed, told by how they begin."""

from __future__ import annotations

import os
import re
from importlib import import_module
from typing import BinaryIO, cast

Path = str | os.PathLike[str]

# How a compressed file begins, and the module of the standard library that opens it.
COMPRESSIONS = {
    rb"\x1f\x8b": "gzip",
    rb"BZh[1-9](1AY&SY|\x17rE8P\x90)": "bz2",
    rb"\xfd7zXZ\x00": "lzma",
}
LONGEST_BEGIN = 10


def compression_of(path: Path) -> str | None:
    """Return the module that a file is compressed with, or None."""
    with open(path, "rb") as file:
        begin = file.read(LONGEST_BEGIN)
    return next((name for pattern, name in COMPRESSIONS.items() if re.match(pattern, begin)), None)


def open_decompressed(path: Path) -> BinaryIO:
    """Open a file for reading its bytes, decompressed if need be."""
    compression = compression_of(path)
    stream = import_module(compression).open(path, "rb") if compression else open(path, "rb")  # noqa: SIM115 - the caller closes it
    return cast(BinaryIO, stream)
