"""Square sparse arrays of counts: construction, selection and exact sums, with few copies."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from .._numbers import LARGEST_INTEGER, greatest, in_64_bits
from .._typing import AnyArray, AnyIntArray


def square_csr(indptr: AnyIntArray, indices: AnyIntArray, counts: AnyArray) -> sparse.csr_array:
    """Return a CSR array of sorted rows, with 32-bit indices if they suffice: half the bytes to read."""
    row_ends = indptr.astype(np.int32) if len(indices) < 2**31 else indptr
    matrix = sparse.csr_array((counts, indices, row_ends), shape=(len(indptr) - 1, len(indptr) - 1))
    matrix.has_sorted_indices = matrix.has_canonical_format = True
    return matrix


def submatrix(counts: sparse.csr_array, rows: AnyIntArray) -> sparse.csr_array:
    """Return the entries between the given rows and the columns of the same numbers, in this order."""
    selected = sparse.csr_array(counts)[rows][:, rows]
    selected.sort_indices()
    return selected


def add_exactly(left: sparse.csr_array, right: sparse.csr_array) -> sparse.csr_array:
    """Return the sum; integers are added in 64 bits.

    Raises
    ------
    OverflowError
        If a sum of integers does not fit.
    """
    left, right = summed(left), summed(right)
    if left.dtype == right.dtype == np.int64 and greatest(left.data) + greatest(right.data) > LARGEST_INTEGER:
        raise OverflowError("A sum of counts might not fit into 64 bits; add them as floats: counts.astype(float).")
    return left + right


def summed(counts: sparse.csr_array) -> sparse.csr_array:
    """Return the counts in 64 bits and sorted rows, with duplicate entries of a pair summed.

    Raises
    ------
    OverflowError
        If a sum of integers does not fit.
    """
    stored = sparse.csr_array(counts)
    arrays = in_64_bits(stored.data), stored.indices, stored.indptr
    matrix = sparse.csr_array(arrays, shape=stored.shape, copy=not stored.has_canonical_format)
    if not stored.has_canonical_format:
        _require_sums_that_fit(matrix)
    matrix.sum_duplicates()
    return matrix


def _require_sums_that_fit(counts: sparse.csr_array) -> None:
    """Raise an error if the sum of duplicate integer entries does not fit into 64 bits."""
    sums = counts.astype(np.float64)
    sums.sum_duplicates()
    if counts.dtype == np.int64 and np.abs(sums.data).max(initial=0) >= 2.0**63:  # LARGEST_INTEGER, rounded to float64
        raise OverflowError("The sum of duplicate entries of a pair does not fit into 64 bits; give floats.")
