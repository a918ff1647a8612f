"""Dense algebra whose results do not depend on the number of threads.

BLAS splits a product by its number of threads, and different splits give different last bits. Here products are split
into pieces that depend on shapes alone. Threads of this package run the pieces over single-threaded BLAS, and partial
sums are added in order. This is also faster on a busy machine, where BLAS's threads busy-wait for each other.

Arrays of other libraries than NumPy are multiplied by their own library.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

import numpy as np

from .._array_api import namespace_of
from .._typing import AnyFloatArray, AnyIntArray, Float32Array, Float64Array
from .blas import single_threaded_blas

Piece = TypeVar("Piece")

PIECE_WORK = 1 << 24  # multiplications per piece: some tenths of a millisecond, so that handing it over is cheap
FEWEST_ROWS = 1024  # per piece of a sum over rows, since each piece adds one partial sum
PAIRS_AT_ONCE = 1 << 14  # pairs of rows per block: their vectors stay in the cache


def product(left: Any, right: Any, *, n_jobs: int = 1) -> Any:
    """Return ``left @ right``, of shape (n_rows, n_columns) or (n_rows,), computed in pieces of the rows of `left`."""
    if namespace_of(left) is not np:
        return left @ right
    pieces = _cuts(len(left), left.shape[1] * _n_columns(right), fewest=64)
    with single_threaded_blas():
        if len(pieces) == 1:
            return left @ right
        out = np.empty((len(left), *right.shape[1:]), np.result_type(left, right))
        _each(partial(_multiply, left, right, out), pieces, n_jobs=n_jobs)
    return out


def inner_product(left: Any, right: Any, *, n_jobs: int = 1) -> Any:
    """Return ``left.T @ right``, of shape (n_left, n_right) or (n_left,), the sum over pieces of the rows of both."""
    if namespace_of(left) is not np:
        return left.T @ right
    work = left.shape[1] * _n_columns(right)
    return sum_over_rows(lambda rows: left[rows].T @ right[rows], len(left), work, n_jobs=n_jobs)


def sum_over_rows(term: Callable[[slice], Any], n_rows: int, work_per_row: int, *, n_jobs: int = 1) -> Any:
    """Return the sum of ``term(rows)`` over pieces of the rows, added in order.

    `work_per_row` is the approximate number of multiplications per row.
    """
    from .cpu.threads import stream_through_threads  # imports Numba, which is slow

    pieces = _cuts(n_rows, work_per_row, fewest=FEWEST_ROWS)
    with single_threaded_blas():
        terms = stream_through_threads(_on_one_thread(term), pieces, n_jobs=min(n_jobs, len(pieces)))
        total = next(terms)
        for each in terms:
            total += each
    return total


def gram(vectors: AnyFloatArray, weights: Float64Array | None = None, *, n_jobs: int = 1) -> Float64Array:
    """Return ``V' V``, or ``V' diag(weights) V``, in float64, of shape (n_components, n_components)."""

    def of_rows(rows: slice) -> Float64Array:
        part = vectors[rows].astype(np.float64)
        if weights is not None:
            part *= np.sqrt(weights[rows])[:, np.newaxis]
        product: Float64Array = part.T @ part
        return product

    total: Float64Array = sum_over_rows(of_rows, len(vectors), vectors.shape[1] ** 2, n_jobs=n_jobs)
    return total


def row_products(left: Float32Array, right: Float32Array, rows: AnyIntArray, columns: AnyIntArray) -> Float64Array:
    """Return ``left[rows] . right[columns]`` for each pair, of shape (n_pairs,)."""
    products = np.empty(len(rows))
    for start in range(0, len(rows), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        products[part] = np.einsum("pd,pd->p", left[rows[part]], right[columns[part]])
    return products


def orthonormalize(matrix: Any, *, n_jobs: int = 1) -> tuple[Any, Any]:
    """Return the QR factors of a tall matrix: first of pieces of its rows, then of the stacked triangles."""
    xp = namespace_of(matrix)
    if xp is not np:
        factors: tuple[Any, Any] = xp.linalg.qr(matrix)
        return factors
    n_columns = matrix.shape[1]
    pieces = _cuts(len(matrix), n_columns * n_columns, fewest=max(FEWEST_ROWS, 4 * n_columns))
    with single_threaded_blas():
        if len(pieces) == 1:
            return tuple(np.linalg.qr(matrix))  # type: ignore[return-value]
        parts = _each(lambda rows: np.linalg.qr(matrix[rows]), pieces, n_jobs=n_jobs)
        mixing, triangle = np.linalg.qr(np.concatenate([part[1] for part in parts]))
        out = np.empty_like(matrix, order="C")

        def turn(index: int) -> None:
            block = mixing[index * n_columns : (index + 1) * n_columns]
            np.matmul(parts[index][0], block, out=out[pieces[index]])

        _each(turn, list(range(len(pieces))), n_jobs=n_jobs)
    return out, triangle


def eigh(matrix: Any) -> tuple[Any, Any]:
    """Return eigenvalues in ascending order and eigenvectors of a symmetric matrix of any library, on one thread."""
    xp: ModuleType = namespace_of(matrix)
    with single_threaded_blas():
        values, vectors = xp.linalg.eigh(matrix)
    return values, vectors


def _multiply(left: AnyFloatArray, right: AnyFloatArray, out: AnyFloatArray, rows: slice) -> None:
    """Write some rows of a product."""
    np.matmul(left[rows], right, out=out[rows])


def _n_columns(matrix: AnyFloatArray) -> int:
    """Return the number of columns of a matrix, 1 for a vector."""
    return matrix.shape[1] if matrix.ndim > 1 else 1


def _cuts(n_rows: int, work_per_row: int, *, fewest: int) -> list[slice]:
    """Cut rows into pieces of about `PIECE_WORK`, which depend on shapes alone; the last one is the longest."""
    n_pieces = max(1, n_rows // max(fewest, PIECE_WORK // max(work_per_row, 1)))
    length = n_rows // n_pieces
    starts = [length * index for index in range(n_pieces)]
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], n_rows], strict=True)]


def _on_one_thread(function: Callable[[Piece], Any]) -> Callable[[Piece], Any]:
    """Return the function with single-threaded BLAS, which a thread may have to set for itself."""
    return single_threaded_blas()(function)


def _each(function: Callable[[Piece], Any], pieces: list[Piece], *, n_jobs: int) -> list[Any]:
    """Return the function's results for all pieces."""
    from .cpu.threads import run_in_threads  # as above

    calls = [(piece,) for piece in pieces]
    return run_in_threads(_on_one_thread(function), calls, n_jobs=min(n_jobs, len(pieces)))
