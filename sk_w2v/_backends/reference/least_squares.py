"""Least squares row by row, and the products at observed pairs."""

from __future__ import annotations

import numpy as np

from ..._typing import AnyIntArray, Float32Array, Float64Array
from ..blas import single_threaded_blas


@single_threaded_blas()
def pair_products(
    indptr: AnyIntArray,
    indices: AnyIntArray,
    left_wd: Float32Array,
    right_wd: Float32Array,
    *,
    n_jobs: int = 1,
) -> Float32Array:
    """Return ``left_wd[i] . right_wd[j]`` for each stored pair (i, j) of a CSR pattern, of shape (n_pairs,)."""
    rows = np.repeat(np.arange(len(left_wd)), np.diff(indptr))
    products: Float32Array = np.einsum("pd,pd->p", left_wd[rows], right_wd[indices], dtype=np.float32)
    return products


@single_threaded_blas()
def quartic_sum(
    indptr: AnyIntArray,
    indices: AnyIntArray,
    left_wd: Float32Array,
    right_wd: Float32Array,
    *,
    total_p: Float32Array,
    positive_p: Float32Array,
    n_jobs: int = 1,
) -> float:
    """Return ``sum_p total[p] (x_p^2 / 8 + x_p / 2) - positive[p] x_p`` of the stored pairs' products, in float64."""
    x = pair_products(indptr, indices, left_wd, right_wd).astype(np.float64)
    return float(total_p @ (x * x / 8 + x / 2) - positive_p @ x)


@single_threaded_blas()
def solve_rows(
    start_wd: Float32Array,
    others_wd: Float32Array,
    indptr: AnyIntArray,
    indices: AnyIntArray,
    slopes_p: Float32Array,
    constants_p: Float32Array,
    *,
    right_wd: Float32Array,
    background_wr: Float64Array,
    grams_rdd: Float64Array,
    ridge_w: Float64Array,
    n_steps: int,
    n_jobs: int = 1,
) -> Float32Array:
    """Improve the vector of each row by `n_steps` steps of conjugate gradients.

    Each row is a separate least-squares problem. The vector ``v`` of row ``i`` solves ``H v = b``. With the entries
    ``e`` of the row and the vectors ``o_e`` of their columns,

        ``H = sum_e slopes[e] o_e o_e' + sum_r background[i, r] grams[r] + ridge[i] I``,
        ``b = sum_e constants[e] o_e + right[i]``.

    Parameters
    ----------
    start_wd : float32 array of shape (n_words, n_components)
        The initial vectors.
    others_wd : float32 array of shape (n_words, n_components)
        The vectors that stay fixed.
    indptr, indices : arrays of a CSR pattern of shape (n_words, n_words)
    slopes_p, constants_p : float32 arrays of shape (n_pairs,)
    right_wd : float32 array of shape (n_words, n_components)
    background_wr : array of shape (n_words, rank)
    grams_rdd : array of shape (rank, n_components, n_components)
    ridge_w : array of shape (n_words,)

    Returns
    -------
    float32 array of shape (n_words, n_components)
    """
    solved = np.empty_like(start_wd)
    for row, vector in enumerate(start_wd.astype(np.float64)):
        entries = slice(indptr[row], indptr[row + 1])
        others = others_wd[indices[entries]].astype(np.float64)
        matrix = (others.T * slopes_p[entries]) @ others + np.tensordot(background_wr[row], grams_rdd, axes=1)
        matrix[np.diag_indices_from(matrix)] += ridge_w[row]
        right = constants_p[entries] @ others + right_wd[row]
        solved[row] = conjugate_gradients(matrix, right, vector, n_steps)
    return solved


def conjugate_gradients(
    matrix: Float64Array,
    right: Float64Array,
    start: Float64Array,
    n_steps: int,
) -> Float64Array:
    """Return the vector after `n_steps` steps toward the solution of ``matrix @ vector = right``."""
    vector = start.copy()
    residual = right - matrix @ vector
    direction, squared = residual.copy(), residual @ residual
    enough = 1e-12 * squared
    for _ in range(n_steps):
        image = matrix @ direction
        if squared <= enough or not direction @ image > 0:
            break
        step = squared / (direction @ image)
        vector += step * direction
        residual -= step * image
        before, squared = squared, residual @ residual
        direction = residual + squared / before * direction
    return vector
