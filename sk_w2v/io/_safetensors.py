"""Word vectors as a safetensors file, with the words as JSON."""

from __future__ import annotations

import json
import os
from types import ModuleType
from typing import Any

import numpy as np

from ._vectors import WordVectors, check_max_words, check_vectors
from ._writing import Path, replaced_when_complete

_WORDS = "vocabulary"  # the words' name among the file's metadata


def read_safetensors(
    path: Path, *, vocabulary: Path | None = None, tensor: str = "embedding", max_words: int | None = None
) -> WordVectors:
    """Read vectors from a safetensors file.

    Parameters
    ----------
    path : str or os.PathLike
    vocabulary : str, os.PathLike or None, default=None
        A JSON file of the words: a list, or an object of each word's row. None takes the list that `write_safetensors`
        puts among the metadata.
    tensor : str, default="embedding"
        The name of the array of shape (n_words, n_components).
    max_words : int or None, default=None
        How many words to read, the first ones; None reads all.

    Returns
    -------
    WordVectors

    Raises
    ------
    ImportError
        If the package safetensors is not installed.
    ValueError
        If the file is malformed or has no such array, or the words do not fit it.

    Examples
    --------
    >>> import pytest
    >>> _ = pytest.importorskip("safetensors")
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.io import read_safetensors, write_safetensors
    >>> with TemporaryDirectory() as folder:
    ...     write_safetensors(Path(folder, "tea.safetensors"), ["tea", "cup"], [[0.5, 1], [0, -0.1]])
    ...     read_safetensors(Path(folder, "tea.safetensors"), max_words=1).vectors
    array([[0.5, 1. ]], dtype=float32)
    """
    library = _library()
    check_max_words(max_words)
    os.stat(path)  # raises an error of its own if there is no such file
    try:
        with library.safe_open(path, framework="numpy") as file:
            if tensor not in file.keys():  # noqa: SIM118 - it is no mapping
                raise ValueError(f"it has the arrays {sorted(file.keys())}, and no {tensor!r}")
            listed = (file.metadata() or {}).get(_WORDS)
            stored = file.get_slice(tensor)
            n_words = min([stored.get_shape()[0], *([max_words] if max_words else [])])
            array = np.asarray(stored[:n_words], dtype=np.float32)
        words = _words(_read_json(vocabulary) if vocabulary is not None else _parsed(listed))
        check_vectors(words[:max_words], array, forbidden="\0")
    except (library.SafetensorError, TypeError, ValueError) as error:
        raise ValueError(f"{os.fspath(path)} cannot be read: {str(error).rstrip('.')}.") from error
    return WordVectors(np.array(words[:max_words], dtype=object), array)


def write_safetensors(path: Path, words: Any, vectors: Any) -> None:
    """Write vectors as the array ``embedding`` of a safetensors file, and the words as JSON among its metadata.

    A file of that name is replaced once the new one is complete on the disk, and its mode is kept. Words may hold
    spaces. The file is not compressed, so that it can be mapped into memory.

    Parameters
    ----------
    path : str or os.PathLike
    words : iterable of str, of length n_words
        Different words, such as an embedder's `words_`.
    vectors : array of shape (n_words, n_components)
        Such as an embedder's `embedding_`; stored as float32.

    Raises
    ------
    ImportError
        If the package safetensors is not installed.
    ValueError
        If there are not as many words as vectors, a word is there twice, the numbers are not finite, or the name ends
        as that of a compressed file.
    """
    library = _library()
    listed = [str(word) for word in words]
    _, array = check_vectors(listed, vectors, forbidden="\0")
    metadata = {_WORDS: json.dumps(listed, ensure_ascii=False)}
    with replaced_when_complete(path) as file:
        file.write(library.numpy.save({"embedding": np.ascontiguousarray(array)}, metadata=metadata))


def _library() -> ModuleType:
    """Return the package safetensors, or say how to get it."""
    try:
        import safetensors
        import safetensors.numpy
    except ImportError as error:
        raise ImportError("Safetensors files need the package safetensors: pip install safetensors.") from error
    return safetensors


def _parsed(listed: str | None) -> Any:
    """Return what the metadata say about the words."""
    if listed is None:
        raise ValueError("it names no words; give a JSON file of them as `vocabulary`")
    return json.loads(listed)


def _read_json(path: Path) -> Any:
    """Return what a JSON file holds."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _words(listed: Any) -> list[str]:
    """Return the words in the order of their rows."""
    if isinstance(listed, dict):
        words = sorted(listed, key=listed.__getitem__)
        if [listed[word] for word in words] != list(range(len(words))):
            raise ValueError(f"its vocabulary does not give {len(words)} words the rows 0 to {len(words) - 1}")
        return words
    if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
        raise ValueError("its vocabulary is neither a JSON list of words nor an object of their rows")
    return listed
