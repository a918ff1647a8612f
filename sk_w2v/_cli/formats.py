"""Formats of word vectors: chosen by a file's ending or by name; ``-`` is standard input or output."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..io import (
    WordVectors,
    read_glove,
    read_safetensors,
    read_word2vec,
    write_glove,
    write_projector,
    write_safetensors,
    write_word2vec,
)
from ..io._writing import OTHER_ENDINGS
from .parsing import CommandError

STANDARD = "-"  # standard input or output
COMPRESSED = {".gz", ".bz2", ".xz"}


@dataclass(frozen=True)
class Format:
    """A format of word vectors: endings of its files, whether they may be compressed, how to read and write them."""

    endings: tuple[str, ...]
    compressible: bool
    write: Callable[[Any, Any, Any], None]
    read: Callable[..., WordVectors] | None = None


def _write_binary(path: Any, words: Any, vectors: Any) -> None:
    write_word2vec(path, words, vectors, binary=True)


def _read_binary(path: Any, **how: Any) -> WordVectors:
    return read_word2vec(path, binary=True, **how)


def _read_safetensors(path: Any, *, max_words: int | None, duplicates: str, decode_error: str) -> WordVectors:
    return read_safetensors(path, max_words=max_words, duplicates=duplicates)


FORMATS = {
    "word2vec": Format((".vec", ".w2v"), True, write_word2vec, read_word2vec),
    "word2vec-binary": Format((".bin",), True, _write_binary, _read_binary),
    "glove": Format((".txt", ".glove"), True, write_glove, read_glove),
    "safetensors": Format((".safetensors",), False, write_safetensors, _read_safetensors),
    "projector": Format((), False, write_projector),
}
READABLE = [name for name, each in FORMATS.items() if each.read is not None]


def format_of(path: str, name: str | None, *, option: str) -> str:
    """Return the name of a file's format: the given one, or that of its ending; word2vec's text where ``-`` is it."""
    if name is not None:
        return name
    if path == STANDARD:
        return "word2vec"
    plain, ending = os.path.splitext(path.lower())
    ending = os.path.splitext(plain)[1] if ending in COMPRESSED else ending
    found = next((name for name, each in FORMATS.items() if ending in each.endings), None)
    if found is None:
        known = ", ".join(f"{each.endings[0]} ({name})" for name, each in FORMATS.items() if each.endings)
        raise CommandError(f"{path} does not end as a file of word vectors does: {known}; or give {option}")
    return found


def read_vectors(path: str, name: str, **how: Any) -> WordVectors:
    """Return the words and vectors of a file in a format."""
    read = FORMATS[name].read
    if read is None:
        raise CommandError(f"{name} can be written, but not read; give one of {', '.join(READABLE)}")
    return read("/dev/stdin" if path == STANDARD else path, **how)


def check_output(path: str, name: str, *, inputs: list[str]) -> None:
    """Raise an error if vectors cannot be written there, before any work is done for them."""
    if name == "safetensors" and find_spec("safetensors") is None:
        raise CommandError("safetensors files need the package safetensors: pip install 'sk-w2v[safetensors]'")
    if path == STANDARD:
        if name == "projector":
            raise CommandError("projector writes a folder; give its name instead of -")
        return
    _check_ending(path, FORMATS[name])
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.isdir(folder):
        raise CommandError(f"{path} cannot be written: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise CommandError(f"{path} cannot be written: no permission to write to {folder}")
    if os.path.isdir(path) != (name == "projector") and os.path.exists(path):
        raise CommandError(
            f"{path} is {'a folder' if os.path.isdir(path) else 'a file, and projector writes a folder'}"
        )
    if any(os.path.exists(each) and os.path.exists(path) and os.path.samefile(each, path) for each in inputs):
        raise CommandError(f"{path} is also the input; give another name for the output")


def _check_ending(path: str, chosen: Format) -> None:
    """Raise an error if a name ends as that of a file which is compressed in a way that is not written."""
    ending = os.path.splitext(path)[1].lower()
    if ending in OTHER_ENDINGS or (ending in COMPRESSED and not chosen.compressible):
        raise CommandError(f"{path} cannot be written with the ending {ending}; leave it out")


def write_vectors(path: str, name: str, words: Any, vectors: Any) -> None:
    """Write words and vectors in a format, as a whole or not at all."""
    if path != STANDARD:
        FORMATS[name].write(path, words, vectors)
        return
    with TemporaryDirectory() as folder:  # standard output gets nothing before all is known to be right
        complete = Path(folder, "vectors")
        FORMATS[name].write(complete, words, vectors)
        with open(complete, "rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()
