"""Sparse times dense: the product that takes most of the eigensolver's time."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from scipy import sparse

from ..._typing import Float32Array
from ..aligned import aligned_rows, aligned_zeros
from .compiling import kernel
from .llvm import LANES
from .simd import weighted_row_sum
from .threads import even_pieces, run_in_threads

PIECES_PER_JOB = 8
ENTRIES_PER_PIECE = 1 << 23  # a small part of a second, which an interrupt waits for
MAX_VECTORS = 4  # of 16 columns at once: these 64 sums stay in registers on every processor


def place_matrix(matrix: sparse.csr_array) -> sparse.csr_array:
    """Return the matrix in the types that `matmat` reads; see ``reference.place_matrix``."""
    # The kernel reads 32-bit numbers; SciPy's indices have 64 bits from 2**31 pairs on.
    indices, values = matrix.indices.astype(np.int32, copy=False), matrix.data.astype(np.float32, copy=False)
    placed = sparse.csr_array(matrix.shape, dtype=np.float32)
    placed.indptr, placed.indices, placed.data = matrix.indptr, indices, values
    return placed


def matmat(matrix: sparse.csr_array, dense_nb: Float32Array, *, n_jobs: int = 1) -> Float32Array:
    """Return ``matrix @ dense_nb`` in float32, of shape (n_words, n_columns); see ``reference.matmat``."""
    n_columns = dense_nb.shape[1]
    product_nb = np.empty((matrix.shape[0], n_columns), np.float32)
    row_ranges = even_pieces(matrix.indptr, max(PIECES_PER_JOB * n_jobs, matrix.nnz // ENTRIES_PER_PIECE))
    matrix = place_matrix(matrix)
    for start in range(0, n_columns, MAX_VECTORS * LANES):
        block = aligned_rows(dense_nb[:, start : start + MAX_VECTORS * LANES])
        out = aligned_zeros((matrix.shape[0], block.shape[1]))
        multiply = _row_kernel(block.shape[1] // LANES)
        arrays = (matrix.indptr, matrix.indices, matrix.data, block, out)
        run_in_threads(multiply, [(*rows, *arrays) for rows in row_ranges], n_jobs=n_jobs)
        stop = min(start + MAX_VECTORS * LANES, n_columns)
        product_nb[:, start:stop] = out[:, : stop - start]
    return product_nb


@cache
def _row_kernel(n_vectors: int) -> Any:
    """Compile the product for dense rows of `n_vectors` vectors of 16 floats."""
    width = n_vectors * LANES

    @kernel
    def multiply_rows(first, end, indptr, indices, values, dense_nb, product_nb):
        for row in range(first, end):
            start = indptr[row]
            weighted_row_sum(
                values.ctypes.data + 4 * start,
                indices.ctypes.data + 4 * start,
                indptr[row + 1] - start,
                dense_nb.ctypes.data,
                product_nb.ctypes.data + 4 * row * width,
                n_vectors,
            )

    return multiply_rows
