"""Word vectors as a safetensors file, with the words as JSON in its metadata."""

from __future__ import annotations

import json
import os
import re
import warnings
from types import ModuleType
from typing import Any

import numpy as np

from .._typing import Float32Array
from ._compression import describe_file
from ._files import require_seekable
from ._shared_documentation import with_shared_documentation
from ._source import HEADER, check_duplicates, check_max_words
from ._text import is_line_of_text
from ._word_vectors import WordVectors, distinct
from ._writable import check_vectors, words_and_vectors
from ._writing import Path, replaced_when_complete

# Number types that can be read, as NumPy types.
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_DTYPES |= {f"{kind}{8 * n_bytes}": f"<{kind.lower()}{n_bytes}" for kind in "IU" for n_bytes in (1, 2, 4, 8)}
_WORDS = "vocabulary"  # key of the words in the file's metadata


@with_shared_documentation
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
        A regular file; a pipe is refused, because the file is not read sequentially.
    vocabulary : str, os.PathLike or None, default=None
        A JSON file of the words: a list, an object that maps each word to its row, or a ``tokenizer.json``, whose
        ``model.vocab`` and added tokens are used. None uses the list in the metadata, where `write_safetensors` stores
        it.
    tensor : str, default="embedding"
        Name of the array of shape (n_words, n_components): floats of 16 (F16 and BF16), 32 or 64 bits, or integers.
    {max_words}
    {duplicates}

    Returns
    -------
    WordVectors

    Raises
    ------
    ImportError
        If the package safetensors is not installed.
    ValueError
        If the file is malformed or in another format; if the array is missing, has another type, or has not one row for
        each word; if words repeat; or if a number is not finite.
    OSError
        If the file cannot be read or is a pipe.

    See Also
    --------
    write_safetensors : Write this format.
    read_word2vec, read_glove : Read other formats.
    sk_w2v.PretrainedEmbedder : Embed documents by the vectors of a file.

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
            raise ValueError(f"it has the arrays {names}, but no {tensor!r}")
        listed = _read_json(vocabulary) if vocabulary is not None else _parsed(metadata.get(_WORDS))
        words = np.array(_words(listed)[:max_words], dtype=object)
        vectors = _read_rows(path, tensor, max_words)
        if len(words) != len(vectors):
            raise ValueError(f"{len(words)} words have vectors of shape {vectors.shape}")
        words, vectors, note = distinct(words, vectors, duplicates)
        check_vectors(words.tolist(), vectors, forbidden="\0")
    except library.SafetensorError as error:
        raise _unreadable(path, _other_format(path) or str(error)) from error
    except (RecursionError, TypeError, ValueError) as error:
        raise _unreadable(path, str(error)) from error
    if note:
        warnings.warn(f"{os.fspath(path)}: {note}.", UserWarning, stacklevel=2)
    return WordVectors(words, vectors)


def _unreadable(path: Path, what: str) -> ValueError:
    """Return an error that names the file."""
    return ValueError(f"{os.fspath(path)} cannot be read: {what.rstrip('.')}.")


def _other_format(path: Path) -> str | None:
    """Return what a file in another format is and how to read it; None if the format is unknown."""
    with open(path, "rb") as file:
        line, following = file.readline(1 << 16), file.readline(1 << 16)
    if re.fullmatch(HEADER, line):
        is_text = is_line_of_text(following, int(line.split()[1]))
        return f"it is in word2vec's format; read it with read_word2vec(path, binary={not is_text})"
    if len(line.split()) > 1 and is_line_of_text(line, len(line.split()) - 1):
        return "it is in GloVe's format; read it with read_glove"
    described = describe_file(path)
    return None if described and "read_safetensors" in described else described  # a damaged one of our own format


def _read_rows(path: Path, tensor: str, max_words: int | None) -> Float32Array:
    """Return the rows of an array as float32, of shape (n_words, n_components)."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(length))[tensor]
        if entry["dtype"] not in _DTYPES:
            raise ValueError(
                f"its array {tensor!r} has the type {entry['dtype']}; use one of {', '.join(_DTYPES)}, such as F32"
            )
        if len(entry["shape"]) != 2 or 0 in entry["shape"]:
            raise ValueError(f"its array {tensor!r} has the shape {entry['shape']} instead of (n_words, n_components)")
        n_words, n_components = entry["shape"]
        n_rows = min(n_words, max_words or n_words)
        file.seek(8 + length + entry["data_offsets"][0])
        stored = np.fromfile(file, _DTYPES[entry["dtype"]], n_rows * n_components).reshape(n_rows, n_components)
    if entry["dtype"] == "BF16":  # the upper 16 bits of float32
        stored = (stored.astype(np.uint32) << 16).view(np.float32)
    with np.errstate(over="ignore"):  # too large numbers become infinity, which is refused later
        return stored.astype(np.float32, copy=False)


@with_shared_documentation
def write_safetensors(path: Path, words: Any, vectors: Any = None) -> None:
    """Write vectors as the array ``embedding`` of a safetensors file, and the words as JSON in its metadata.

    An existing file is replaced when the new one is complete on the disk, and its mode is kept. The file is not
    compressed, so that it can be mapped into memory.

    Parameters
    ----------
    path : str or os.PathLike
    words : iterable of str of length n_words, fitted embedder or WordVectors
        Distinct words, which may contain spaces. For a fitted embedder or `WordVectors`, leave out `vectors`.
    {vectors}

    Raises
    ------
    ImportError
        If the package safetensors is not installed.
    {write_errors}

    See Also
    --------
    read_safetensors : Read this format.
    write_word2vec, write_glove : Write other formats.

    Examples
    --------
    >>> import pytest
    >>> _ = pytest.importorskip("safetensors")
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.io import read_safetensors, write_safetensors
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "tea.safetensors")
    ...     write_safetensors(path, ["tea", "ice tea"], [[0.5, 1], [0, -0.1]])
    ...     read_safetensors(path).words.tolist()
    ['tea', 'ice tea']
    """
    library = _library()
    listed, array = words_and_vectors(words, vectors)
    listed = [str(word) for word in listed]
    _, array = check_vectors(listed, array, forbidden="\0")
    metadata = {_WORDS: json.dumps(listed, ensure_ascii=False)}
    with replaced_when_complete(path) as file:
        file.write(library.numpy.save({"embedding": np.ascontiguousarray(array)}, metadata=metadata))


def _library() -> ModuleType:
    """Return the package safetensors, or raise an error that says how to install it."""
    try:
        import safetensors
        import safetensors.numpy
    except ImportError as error:
        raise ImportError("Safetensors files need the package safetensors: pip install safetensors.") from error
    return safetensors


def _parsed(listed: str | None) -> Any:
    """Return the words in the metadata, as parsed JSON."""
    if listed is None:
        raise ValueError("it contains no words; give a JSON file of the words as `vocabulary`")
    return json.loads(listed)


def _read_json(path: Path) -> Any:
    """Return the content of a JSON file."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            return json.load(file)
    except (RecursionError, ValueError) as error:
        raise ValueError(f"its vocabulary {os.fspath(path)} is not valid JSON: {error}") from error


def _words(listed: Any) -> list[str]:
    """Return the words in the order of their rows."""
    if isinstance(listed, dict) and isinstance(listed.get("model"), dict):
        listed = _rows_of_tokenizer(listed)
    if isinstance(listed, dict) and all(type(row) is int for row in listed.values()):
        words = sorted(listed, key=listed.__getitem__)
        if [listed[word] for word in words] != list(range(len(words))):
            raise ValueError(f"its vocabulary does not map {len(words)} words to the rows 0 to {len(words) - 1}")
        return words
    if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
        raise ValueError(
            "its vocabulary is not a JSON list of words, an object that maps words to rows, or a tokenizer.json"
        )
    return listed


def _rows_of_tokenizer(tokenizer: dict[str, Any]) -> dict[str, Any]:
    """Return the row of each word of a tokenizer, whose vocabulary is an object or a list of (word, score)."""
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
