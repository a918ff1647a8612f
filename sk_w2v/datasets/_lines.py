"""The lines of evaluation files and their fields."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path

SEPARATORS = ("\t", ";", ",", None)  # None: any run of spaces

# First bytes of files that are not text.
_ARCHIVES = {b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "compressed by gzip", b"BZh": "compressed by bzip2"}
_ARCHIVES |= {b"\xfd7zXZ": "compressed by xz", b"\x28\xb5\x2f\xfd": "compressed by zstd"}


def numbered_lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """Yield the number, from 1, and the stripped text of each line that is not blank."""
    content = Path(path).read_bytes()
    kind = next((kind for begin, kind in _ARCHIVES.items() if content.startswith(begin)), None)
    if kind is not None:
        raise ValueError(f"{os.fspath(path)} is {kind}; unpack it and give the text file.")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"{os.fspath(path)} is not in UTF-8 (see byte {error.start}); save it in UTF-8.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.strip()


def split_fields(line: str) -> list[str]:
    """Split a line at the first kind of separator that it contains, and remove the quotes around fields."""
    unquoted = re.sub(r'"[^"]*"', "", line)
    separator = next(each for each in SEPARATORS if each is None or each in unquoted)
    if separator is None:
        separator, line = " ", " ".join(line.split())
    if '"' not in line:
        return [field.strip() for field in line.split(separator)]
    try:
        (fields,) = csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):  # the quotes are characters of a word
        fields = line.split(separator)
    return [field.strip() for field in fields]


def malformed(path: str | os.PathLike[str], number: int, line: str, form: str) -> str:
    """Return the message about a line that does not have the format of its file."""
    return f"{os.fspath(path)}, line {number}: cannot read {line!r}; {form}."
