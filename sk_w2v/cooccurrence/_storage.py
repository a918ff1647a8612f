"""Named arrays in one file: with checksums, written completely or not at all, mapped into memory on demand.

`docs/format.md` describes the file byte by byte.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from math import prod
from mmap import ACCESS_READ, mmap
from typing import Any, BinaryIO
from zlib import crc32

import numpy as np

from .._typing import AnyArray, Int64Array, ObjectArray, UInt8Array
from ..io._compression import describe_file
from ..io._files import require_seekable
from ..io._writing import replaced_when_complete

Path = str | os.PathLike[str]

MAGIC = b"\x89SKW2V\r\n"  # not text, and damaged by programs that convert line breaks
VERSION = 1
ALIGNMENT = 64
DTYPES = ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f4", "<f8")

_START = struct.Struct("<8sII")  # magic, version, length of the header
_CHECKSUM = struct.Struct("<I")


def write_arrays(path: Path, kind: str, arrays: Mapping[str, AnyArray]) -> None:
    """Write named arrays of numbers; an existing file is replaced when the new one is complete.

    Raises
    ------
    TypeError
        If an array has another type than numbers of at most 64 bits.
    OSError
        If writing fails, for example because the disk is full; the existing file stays.
    """
    stored = {name: _stored(name, array) for name, array in arrays.items()}
    with replaced_when_complete(path) as file:
        file.write(_header(kind, stored))
        for array in stored.values():
            file.write(_bytes(array))
            file.write(_padding(array.nbytes))


def read_arrays(path: Path, kind: str, *, memory_map: bool = False) -> dict[str, AnyArray]:
    """Return the arrays of a file, after checking every byte.

    Parameters
    ----------
    kind : str
        The kind of file, as given to `write_arrays`.
    memory_map : bool
        Whether to map the arrays from the file instead of reading them into memory; they are read-only then.

    Raises
    ------
    ValueError
        If the file was not written by `write_arrays`, has another kind or a later version, or is damaged.
    OSError
        If the file cannot be read or is a pipe.
    """
    require_seekable(path)
    with open(path, "rb") as file:
        entries = _read_header(file, path, kind)
        mapping = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ)) if memory_map else None
        return {entry["name"]: _read_array(file, mapping, entry, path) for entry in entries}


def pack_words(words: ObjectArray) -> tuple[UInt8Array, Int64Array]:
    """Return the words in UTF-8, concatenated, and the end of each word (bytes)."""
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    ends = np.cumsum([len(word) for word in encoded], dtype=np.int64)
    return np.frombuffer(b"".join(encoded), np.uint8), ends


def unpack_words(packed: UInt8Array, ends: Int64Array) -> ObjectArray:
    """Return the words that `pack_words` packed.

    Raises
    ------
    ValueError
        If the arrays are not packed words.
    """
    if packed.ndim != 1 or ends.ndim != 1 or np.any(np.diff(ends, prepend=0) < 0) or (ends[-1:] != len(packed)).any():
        raise ValueError("the ends of words are not ascending positions in the text")
    together, words = packed.tobytes(), np.empty(len(ends), dtype=object)
    for row, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=False)):
        words[row] = together[start:end].decode("utf-8", "surrogatepass")
    return words


def _stored(name: str, array: AnyArray) -> AnyArray:
    """Return the array as it is stored, in C order and little-endian."""
    array = np.asarray(array, order="C")
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.str not in DTYPES:
        raise TypeError(f"The array {name!r} has the type {array.dtype}; give integers or floats of up to 64 bits.")
    return array


def _bytes(array: AnyArray) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def _padding(n_bytes: int) -> bytes:
    """Return the zeros that pad to a multiple of `ALIGNMENT`."""
    return bytes(-n_bytes % ALIGNMENT)


def _header(kind: str, arrays: Mapping[str, AnyArray]) -> bytes:
    """Return the content before the arrays, padded to a multiple of `ALIGNMENT`."""
    entries = [
        {
            "name": name,
            "dtype": array.dtype.str,
            "shape": array.shape,
            "crc32": crc32(_padding(array.nbytes), crc32(_bytes(array))),
        }
        for name, array in arrays.items()
    ]
    text = json.dumps({"kind": kind, "arrays": entries}).encode()
    text += b" " * (-(_START.size + len(text) + _CHECKSUM.size) % ALIGNMENT)
    start = _START.pack(MAGIC, VERSION, len(text)) + text
    return start + _CHECKSUM.pack(crc32(start))


def _read_header(file: BinaryIO, path: Path, kind: str) -> list[dict[str, Any]]:
    """Return name, dtype, shape, checksum and offset of each array, after checking that they fill the file."""
    size = os.fstat(file.fileno()).st_size
    start = file.read(_START.size)
    if start[: len(MAGIC)] != MAGIC[: len(start)] or not start:
        what = None if start[:6] == MAGIC[:6] else describe_file(path)
        other = f": {what}, or" if what else ";"
        raise ValueError(
            f"{path} is {'not a file of sk-w2v' if start else 'empty'}{other} give a file that `save` wrote."
        )
    if len(start) < _START.size:
        raise _truncated(path, size, _START.size)
    _, version, length = _START.unpack(start)
    if version > VERSION:
        raise ValueError(f"{path} has format {version}, but this sk-w2v reads formats up to {VERSION}; update sk-w2v.")
    end = _START.size + length + _CHECKSUM.size
    if size < end:
        raise _truncated(path, size, end)
    text, checksum = file.read(length), file.read(_CHECKSUM.size)
    if _CHECKSUM.unpack(checksum)[0] != crc32(start + text):
        raise _damaged(path, "header")
    header = _parsed(text, path)
    if header["kind"] != kind:
        raise ValueError(f"{path} contains a {header['kind']} instead of a {kind}; load it with that class.")
    for entry in header["arrays"]:
        entry["offset"], entry["n_bytes"] = end, prod(entry["shape"]) * np.dtype(entry["dtype"]).itemsize
        end += entry["n_bytes"] + len(_padding(entry["n_bytes"]))
    if size < end:
        raise _truncated(path, size, end)
    if size > end:
        raise ValueError(f"{path} is {size - end} bytes too long; something was appended; save or copy it again.")
    entries: list[dict[str, Any]] = header["arrays"]
    return entries


def _parsed(text: bytes, path: Path) -> dict[str, Any]:
    """Return the header, after checking that it describes arrays: the checksum does not ensure that."""
    try:
        header = json.loads(text)
        is_header = isinstance(header["kind"], str) and all(_describes_array(entry) for entry in header["arrays"])
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"{path} has a malformed header, {error!r:.80}; save it again.") from error
    if not is_header:
        raise ValueError(f"{path} has a malformed header, {text[:80]!r}; save it again.")
    described: dict[str, Any] = header
    return described


def _describes_array(entry: dict[str, Any]) -> bool:
    """Tell whether an entry of the header describes an array that NumPy supports."""
    shape = entry["shape"]
    is_shape = isinstance(shape, list) and len(shape) <= 32 and all(type(each) is int and each >= 0 for each in shape)
    n_bytes = prod(max(each, 1) for each in shape) * 8 if is_shape else 0
    is_empty = is_shape and 0 in shape
    return bool(
        is_shape and isinstance(entry["name"], str) and entry["dtype"] in DTYPES and (n_bytes < 1 << 63 or not is_empty)
    )


def _read_array(file: BinaryIO, mapping: memoryview | None, entry: dict[str, Any], path: Path) -> AnyArray:
    """Return one array, read or mapped, after checking its checksum."""
    dtype, shape = np.dtype(entry["dtype"]), entry["shape"]
    file.seek(entry["offset"])
    if mapping is None:
        array = np.empty(shape, dtype)
        file.readinto(_bytes(array))  # type: ignore[attr-defined]  # files opened with "rb" have it
    else:
        array = np.frombuffer(mapping, dtype, prod(shape), entry["offset"]).reshape(shape)
    file.seek(entry["offset"] + entry["n_bytes"])
    padding = file.read(len(_padding(entry["n_bytes"])))
    if crc32(padding, crc32(_bytes(array))) != entry.get("crc32"):
        raise _damaged(path, f"array {entry['name']!r}")
    return array.astype(dtype.newbyteorder("="), copy=False)


def _truncated(path: Path, size: int, expected: int) -> ValueError:
    return ValueError(f"{path} is truncated: it has {size} of at least {expected} bytes; save or copy it again.")


def _damaged(path: Path, part: str) -> ValueError:
    return ValueError(f"{path} is damaged: the checksum of its {part} is wrong; save or copy it again.")
