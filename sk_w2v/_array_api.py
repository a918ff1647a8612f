"""Helpers for arrays of any library that follows the array API standard."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np

from ._typing import AnyArray, AnyIntArray


def namespace_of(array: Any) -> ModuleType:
    """Return the array's namespace, or NumPy if `array` is no array."""
    if hasattr(array, "__array_namespace__"):
        namespace: ModuleType = array.__array_namespace__()
        return namespace
    return sys.modules["cupy"] if is_on_gpu(array) else np


def is_on_gpu(array: Any) -> bool:
    """Tell whether it is a CuPy array; these do not report their namespace."""
    return type(array).__module__.partition(".")[0] == "cupy"


def asarray_like(values: Any, array: Any, dtype: str | None = None) -> Any:
    """Return values as an array of the same library and device as `array`; both may be the same object."""
    xp = namespace_of(array)
    place = {"device": array.device} if hasattr(array, "__array_namespace__") and hasattr(array, "device") else {}
    return xp.asarray(values, dtype=None if dtype is None else getattr(xp, dtype), **place)


def in_float64(values: Any) -> Any:
    """Return an array, or anything that NumPy converts to one, in float64."""
    return asarray_like(values, values, "float64")


def take_rows(matrix: Any, rows: AnyIntArray) -> Any:
    """Return rows of a matrix, of shape (n_rows, n_columns)."""
    return namespace_of(matrix).take(matrix, asarray_like(rows, matrix), axis=0)


def unit_rows(matrix: Any) -> Any:
    """Return the rows divided by their lengths; rows of zeros are unchanged."""
    xp = namespace_of(matrix)
    lengths = xp.sqrt(xp.sum(matrix * matrix, axis=1, keepdims=True))
    return matrix / xp.where(lengths > 0, lengths, xp.ones_like(lengths))


def to_numpy(array: Any) -> AnyArray:
    """Return an array of any namespace as a NumPy array on the host."""
    if isinstance(array, np.ndarray):
        return array
    found: AnyArray = array.get() if is_on_gpu(array) else np.from_dlpack(array, device="cpu")
    return found
