"""Documents of one file each, and what both readers of files share."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Iterator

Path = str | os.PathLike[str]

DECODE_ERRORS = ("strict", "ignore", "replace")


class FileDocuments:
    """Documents, one a file, read one by one and anew each time.

    Parameters
    ----------
    paths : iterable of str or os.PathLike
    encoding : str, default="utf-8"
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes that the encoding does not allow: raise an error, leave them out, or put U+FFFD.

    Raises
    ------
    TypeError
        If a path is neither a str nor an os.PathLike.
    OSError
        If a file is not there or cannot be read.
    LookupError
        If Python does not know the encoding.
    ValueError
        When reading, if a text is not in the encoding.

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
        check_decoding(encoding, decode_error)
        self.paths = list(paths)
        self.encoding = encoding
        self.decode_error = decode_error
        for index, path in enumerate(self.paths):
            if not isinstance(path, str | os.PathLike):
                raise TypeError(
                    f"Document {index} is {path!r:.60} of type {type(path).__name__}; give the path of its file, "
                    "a str or an os.PathLike."
                )
        self.versions = [file_version(path) for path in self.paths]

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[str]:
        for path in self.paths:
            with open(path, "rb") as file:
                content = file.read()
            try:
                yield content.decode(self.encoding, self.decode_error)
            except UnicodeDecodeError as error:
                raise not_in_encoding(path, content.count(b"\n", 0, error.start) + 1, error) from error


def check_decoding(encoding: str, decode_error: str) -> None:
    """Raise an error unless Python knows the encoding, and we the way to deal with errors."""
    codecs.lookup(encoding)
    if decode_error not in DECODE_ERRORS:
        raise ValueError(f"decode_error={decode_error!r} is unknown; use one of {DECODE_ERRORS}.")


def file_version(path: Path) -> tuple[int, int]:
    """Return a file's size (bytes) and time of change (ns), so that a cache can tell its versions apart."""
    with open(path, "rb") as file:  # not only looked up: a wrong path is an error here, not in the middle of a fit
        status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def not_in_encoding(path: Path, line: int, error: UnicodeDecodeError) -> ValueError:
    """Return the error of a file that is not in its encoding, with the line, from 1, where that shows."""
    wrong = error.object[error.start : error.end]
    return ValueError(
        f"{os.fspath(path)}, line {line}: {wrong!r} is not {error.encoding} ({error.reason}); give the encoding of "
        "the text, or decode_error='replace' or 'ignore'."
    )
