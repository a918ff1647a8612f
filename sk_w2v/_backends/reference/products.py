"""Sparse times dense."""

from __future__ import annotations

from scipy import sparse

from ..._typing import AnyFloatArray


def place_matrix(matrix: sparse.csr_array) -> sparse.csr_array:
    """Return the matrix in the form that `matmat` reads fastest; it may move to a device."""
    return matrix


def matmat(matrix: sparse.csr_array, dense_nb: AnyFloatArray, *, n_jobs: int = 1) -> AnyFloatArray:
    """Return ``matrix @ dense_nb`` of shape (n_words, n_columns)."""
    product: AnyFloatArray = matrix @ dense_nb
    return product
