"""Checks of arrays whose numbers kernels use as addresses. Kernels do not check them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from .._typing import AnyArray, AnyFloatArray


def are_rows(ids: AnyArray, n_rows: int) -> bool:
    """Tell whether all numbers are integers from 0 to `n_rows` - 1."""
    if ids.dtype.kind not in "iu":
        return False
    return ids.size == 0 or (int(ids.min()) >= 0 and int(ids.max()) < n_rows)


def are_ends(offsets: AnyArray, n_items: int) -> bool:
    """Tell whether offsets cut `n_items` items into consecutive runs: from 0 to `n_items`, never decreasing."""
    if offsets.ndim != 1 or offsets.dtype.kind not in "iu" or len(offsets) == 0:
        return False
    return bool(offsets[0] == 0 and offsets[-1] == n_items and np.all(offsets[1:] >= offsets[:-1]))


def check_vectors_of_words(sides: Sequence[AnyFloatArray], n_words: int) -> None:
    """Raise ValueError unless all arrays have one row for each word and the same number of columns."""
    shapes = [np.shape(vectors) for vectors in sides]
    if any(len(shape) != 2 or shape != shapes[0] or shape[0] != n_words for shape in shapes):
        raise ValueError(
            f"Vectors of shapes {' and '.join(map(str, shapes))} do not fit {n_words} words; give arrays of shape "
            f"({n_words}, n_components)."
        )


def checked_csr(matrix: Any, shape: tuple[int, int], name: str) -> sparse.csr_array:
    """Return a sparse array in CSR form after checking its shape and its indices.

    Raises
    ------
    ValueError
        If the shape is not the given one, or indices are out of bounds.
    """
    if not sparse.issparse(matrix):
        matrix = sparse.csr_array(matrix)
    if matrix.shape != shape:
        raise ValueError(f"The {name} have shape {matrix.shape} for {shape[0]} words; give {shape}.")
    if matrix.format == "coo":
        fits = all(are_rows(ids, size) for ids, size in zip((matrix.row, matrix.col), shape, strict=True))
        fits &= len(matrix.row) == len(matrix.col) == len(matrix.data)
    elif matrix.format in ("csr", "csc"):
        fits = _is_compressed(matrix, *(shape if matrix.format == "csr" else shape[::-1]))
    else:
        matrix = sparse.csr_array(matrix)
        fits = _is_compressed(matrix, *shape)
    if not fits:
        raise ValueError(
            f"The {name} are damaged: their indices are not rows and columns of a matrix of shape {shape}, or their "
            "arrays are not of one length; make them anew."
        )
    checked = matrix if isinstance(matrix, sparse.csr_array) else sparse.csr_array(matrix)
    if checked.nnz < len(checked.data):  # SciPy may leave unused memory behind the entries
        checked = checked.copy()
        checked.prune()
    return checked


def _is_compressed(matrix: Any, n_major: int, n_minor: int) -> bool:
    """Tell whether the arrays of a CSR or CSC form are consistent with each other and with the shape."""
    indptr, indices, values = matrix.indptr, matrix.indices, matrix.data
    if not indices.ndim == values.ndim == 1 or len(indices) != len(values) or np.shape(indptr) != (n_major + 1,):
        return False
    n_stored = int(indptr[-1])
    return n_stored <= len(indices) and are_ends(indptr, n_stored) and are_rows(indices[:n_stored], n_minor)
