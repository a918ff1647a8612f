"""Sparse times dense on the device, one block of threads per row."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from .device import Kernels, load_cupy, says_what_to_do

KERNELS = Kernels("products")
WARPS_PER_ROW = 8
LANES = 32


class DeviceMatrix(NamedTuple):
    """A CSR matrix on the device: int64, int32 and float32 arrays, and the shape."""

    indptr: Any
    indices: Any
    values: Any
    shape: tuple[int, int]


@says_what_to_do
def place_matrix(matrix: sparse.csr_array) -> DeviceMatrix:
    """Copy a matrix to the device; see ``reference.place_matrix``."""
    xp = load_cupy()
    return DeviceMatrix(
        xp.asarray(matrix.indptr, dtype=xp.int64),
        xp.asarray(matrix.indices, dtype=xp.int32),
        xp.asarray(matrix.data, dtype=xp.float32),
        matrix.shape,
    )


@says_what_to_do
def matmat(matrix: DeviceMatrix | sparse.csr_array, dense_nb: Any, *, n_jobs: int = 1) -> Any:
    """Return ``matrix @ dense_nb`` in float32, of shape (n_words, n_columns); see ``reference.matmat``."""
    xp = load_cupy()
    placed = matrix if isinstance(matrix, DeviceMatrix) else place_matrix(matrix)
    n_columns = dense_nb.shape[1]
    product_nb = xp.empty((placed.shape[0], n_columns), dtype=xp.float32)
    KERNELS.launch(
        "csr_times_dense",
        (placed.shape[0], -(-n_columns // LANES)),
        (LANES, WARPS_PER_ROW),
        placed.indptr,
        placed.indices,
        placed.values,
        xp.ascontiguousarray(dense_nb, dtype=xp.float32),
        np.int32(n_columns),
        product_nb,
        shared_bytes=4 * LANES * WARPS_PER_ROW,
    )
    return product_nb
