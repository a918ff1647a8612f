"""Square sparse arrays of counts: built, cut and added without a copy or a rounding too many."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse


def square_csr(
    indptr: npt.NDArray[np.integer[Any]], indices: npt.NDArray[np.integer[Any]], counts: npt.NDArray[Any]
) -> sparse.csr_array:
    """Build a CSR array of sorted rows, with 32-bit indices where they suffice: half the bytes to read."""
    row_ends = indptr.astype(np.int32) if len(indices) < 2**31 else indptr
    matrix = sparse.csr_array((counts, indices, row_ends), shape=(len(indptr) - 1, len(indptr) - 1))
    matrix.has_sorted_indices = matrix.has_canonical_format = True
    return matrix


def submatrix(counts: sparse.csr_array, rows: npt.NDArray[np.integer[Any]]) -> sparse.csr_array:
    """Return the entries between the given rows and columns, in their order."""
    selected = sparse.csr_array(counts)[rows][:, rows]
    selected.sort_indices()
    return selected


def add_exactly(left: sparse.csr_array, right: sparse.csr_array) -> sparse.csr_array:
    """Return the sum, of integers in 64 bits.

    Raises
    ------
    OverflowError
        If a sum of integers does not fit.
    """
    left, right = _widest(left), _widest(right)
    if left.dtype == right.dtype == np.int64 and _greatest(left) + _greatest(right) > np.iinfo(np.int64).max:
        raise OverflowError("A sum of counts might not fit into 64 bits; add them as floats: counts.astype(float).")
    return left + right


def _widest(counts: sparse.csr_array) -> sparse.csr_array:
    """Return the counts as 64-bit integers if they are integers, and as 64-bit floats if not."""
    return sparse.csr_array(counts, dtype=np.float64 if counts.dtype.kind == "f" else np.int64)


def _greatest(counts: sparse.csr_array) -> int:
    return int(counts.data.max(initial=0))
