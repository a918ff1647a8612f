"""Types of arrays: one name for one meaning, throughout the package."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

AnyArray: TypeAlias = npt.NDArray[Any]
ObjectArray: TypeAlias = npt.NDArray[np.object_]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

# Integers, by size; `AnyIntArray` where a function takes or returns several.
UInt8Array: TypeAlias = npt.NDArray[np.uint8]
UInt32Array: TypeAlias = npt.NDArray[np.uint32]
UInt64Array: TypeAlias = npt.NDArray[np.uint64]
Int32Array: TypeAlias = npt.NDArray[np.int32]
Int64Array: TypeAlias = npt.NDArray[np.int64]
IntpArray: TypeAlias = npt.NDArray[np.intp]
AnyIntArray: TypeAlias = npt.NDArray[np.integer[Any]]

# Floats, by size; `AnyFloatArray` where a function takes or returns several.
Float32Array: TypeAlias = npt.NDArray[np.float32]
Float64Array: TypeAlias = npt.NDArray[np.float64]
AnyFloatArray: TypeAlias = npt.NDArray[np.floating[Any]]

AnyNumberArray: TypeAlias = npt.NDArray[np.number[Any]]
