"""Word vectors as a safetensors file, with the words as JSON."""

from __future__ import annotations

import json
import os
import warnings
from types import ModuleType
from typing import Any

import numpy as np

from .._typing import Float32Array
from ._compression import kind_of
from ._files import require_seekable
from ._vectors import WordVectors, check_duplicates, check_max_words, check_vectors, distinct
from ._writing import Path, replaced_when_complete

# Types of numbers that can be read, and what they are read as.
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_DTYPES |= {f"{kind}{8 * n_bytes}": f"<{kind.lower()}{n_bytes}" for kind in "IU" for n_bytes in (1, 2, 4, 8)}
_WORDS = "vocabulary"  # the words' name among the file's metadata


def read_safetensors(
    path: Path,
    *,
    vocabulary: Path | None = None,
    tensor: str = "embedding",
    max_words: int | None = None,
    duplicates: str = "error",
) -> WordVectors:
    """Read vectors from a safetensors file.

    Parameters
    ----------
    path : str or os.PathLike
        No pipe: the file is not read from its beginning to its end.
    vocabulary : str, os.PathLike or None, default=None
        A JSON file of the words: a list, an object of each word's row, or a ``tokenizer.json``, of which
        ``model.vocab`` and the added tokens are taken. None takes the list that `write_safetensors` puts among the
        metadata.
    tensor : str, default="embedding"
        The name of the array of shape (n_words, n_components): floats of 16 (F16 and BF16), 32 or 64 bits, or integers.
    max_words : int or None, default=None
        How many words to read, the first ones, repeated ones included; None reads all.
    duplicates : {"error", "first"}, default="error"
        What to do with words that are there again: raise an error, or keep the first vector of each and warn of how
        many are left out.

    Returns
    -------
    WordVectors

    Raises
    ------
    ImportError
        If the package safetensors is not installed.
    ValueError
        If the file is malformed or has no such array, the array has another type, the words do not fit it, or the
        numbers are not finite.
    OSError
        If the file cannot be read or is a pipe.

    See Also
    --------
    write_safetensors : Writes the format.
    read_word2vec, read_glove : Read other formats.

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
    check_duplicates(duplicates)
    require_seekable(path)
    try:
        with library.safe_open(path, framework="numpy") as file:  # checks the file's layout
            names, metadata = sorted(file.keys()), file.metadata() or {}
        if tensor not in names:
            raise ValueError(f"it has the arrays {names}, and no {tensor!r}")
        listed = _read_json(vocabulary) if vocabulary is not None else _parsed(metadata.get(_WORDS))
        words = np.array(_words(listed)[:max_words], dtype=object)
        vectors = _read_rows(path, tensor, max_words)
        if len(words) != len(vectors):
            raise ValueError(f"{len(words)} words have vectors of shape {vectors.shape}")
        words, vectors, note = distinct(words, vectors, duplicates)
        check_vectors(words, vectors, forbidden="\0")
    except library.SafetensorError as error:
        raise _unreadable(path, kind_of(path) or str(error)) from error
    except (RecursionError, TypeError, ValueError) as error:
        raise _unreadable(path, str(error)) from error
    if note:
        warnings.warn(f"{os.fspath(path)}: {note}.", UserWarning, stacklevel=2)
    return WordVectors(words, vectors)


def _unreadable(path: Path, what: str) -> ValueError:
    """Return an error that names the file."""
    return ValueError(f"{os.fspath(path)} cannot be read: {what.rstrip('.')}.")


def _read_rows(path: Path, tensor: str, max_words: int | None) -> Float32Array:
    """Return the rows of an array as float32, of shape (n_words, n_components)."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(length))[tensor]
        if entry["dtype"] not in _DTYPES:
            raise ValueError(
                f"its array {tensor!r} holds {entry['dtype']}, and {', '.join(_DTYPES)} can be read; convert it to F32"
            )
        if len(entry["shape"]) != 2 or 0 in entry["shape"]:
            raise ValueError(f"its array {tensor!r} has the shape {entry['shape']}, and not (n_words, n_components)")
        n_words, n_components = entry["shape"]
        n_rows = min(n_words, max_words or n_words)
        file.seek(8 + length + entry["data_offsets"][0])
        stored = np.fromfile(file, _DTYPES[entry["dtype"]], n_rows * n_components).reshape(n_rows, n_components)
    if entry["dtype"] == "BF16":  # float32 without its last 16 bits
        stored = (stored.astype(np.uint32) << 16).view(np.float32)
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinity, and is refused
        return stored.astype(np.float32, copy=False)


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
    try:
        with open(path, encoding="utf-8-sig") as file:
            return json.load(file)
    except (RecursionError, ValueError) as error:
        raise ValueError(f"its vocabulary {os.fspath(path)} is no JSON: {error}") from error


def _words(listed: Any) -> list[str]:
    """Return the words in the order of their rows."""
    if isinstance(listed, dict) and isinstance(listed.get("model"), dict):
        listed = _rows_of_tokenizer(listed)
    if isinstance(listed, dict) and all(type(row) is int for row in listed.values()):
        words = sorted(listed, key=listed.__getitem__)
        if [listed[word] for word in words] != list(range(len(words))):
            raise ValueError(f"its vocabulary does not give {len(words)} words the rows 0 to {len(words) - 1}")
        return words
    if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
        raise ValueError(
            "its vocabulary is neither a JSON list of words, nor an object of their rows, nor a tokenizer.json"
        )
    return listed


def _rows_of_tokenizer(tokenizer: dict[str, Any]) -> dict[str, Any]:
    """Return the rows of a tokenizer's words: an object, or the order of pairs of a word and its score."""
    vocabulary = tokenizer["model"].get("vocab")
    try:
        rows = (
            dict(vocabulary)
            if isinstance(vocabulary, dict)
            else {word: row for row, (word, _) in enumerate(vocabulary)}
        )
        added = {token["content"]: token["id"] for token in tokenizer.get("added_tokens") or []}
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            "its vocabulary is a tokenizer.json whose model.vocab or added_tokens are malformed"
        ) from error
    return {**added, **rows}
