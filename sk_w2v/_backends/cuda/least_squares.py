"""Least squares on the device, for all rows at once.

A step of conjugate gradients multiplies the matrix of each row by the row's direction. The background has one matrix
for all rows, so its part is a dense product. A kernel sums the part of the observed pairs, with one block per row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..._typing import AnyIntArray, Float32Array, Float64Array
from .device import Kernels, load_cupy, says_what_to_do

KERNELS = Kernels("least_squares")
LANES, WARPS_PER_ROW = 32, 4
PAIRS_AT_ONCE = 1 << 24  # pairs whose loss is summed at once, in float64


@says_what_to_do
def pair_products(
    indptr: AnyIntArray, indices: AnyIntArray, left_wd: Float32Array, right_wd: Float32Array, *, n_jobs: int = 1
) -> Float32Array:
    """Return ``left_wd[i] . right_wd[j]`` for each stored pair; see ``reference.pair_products``."""
    products: Float32Array = _products(indptr, indices, left_wd, right_wd).get()
    return products


@says_what_to_do
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
    """Return the sparse part of the quartic loss without its constant; see ``reference.quartic_sum``."""
    xp, value = load_cupy(), 0.0
    products = _products(indptr, indices, left_wd, right_wd)
    for start in range(0, len(indices), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        x, total, positive = products[part].astype(xp.float64), xp.asarray(total_p[part]), xp.asarray(positive_p[part])
        value += float((total * (x * x / 8 + x / 2) - positive * x).sum())
    return value


def _products(indptr: AnyIntArray, indices: AnyIntArray, left_wd: Float32Array, right_wd: Float32Array) -> Any:
    """Return the products at the stored pairs on the device."""
    xp = load_cupy()
    left, right = _padded(left_wd), _padded(right_wd)
    products, width = xp.empty(len(indices), dtype=xp.float32), left.shape[1]
    pattern = xp.asarray(indptr, dtype=xp.int64), xp.asarray(indices, dtype=xp.int32)
    KERNELS.launch(
        "multiply_pairs",
        (len(left_wd),),
        (LANES, WARPS_PER_ROW),
        *pattern,
        left,
        right,
        np.int32(width),
        products,
        shared_bytes=4 * width,
    )
    return products


@says_what_to_do
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
    """Solve one least-squares problem per row; see ``reference.solve_rows``."""
    xp, n_components = load_cupy(), start_wd.shape[1]
    vectors, others, right = map(_padded, (start_wd, others_wd, right_wd))
    width = vectors.shape[1]
    grams = np.zeros((len(grams_rdd), width, width), np.float32)
    grams[:, :n_components, :n_components] = grams_rdd
    grams = xp.asarray(grams)
    background = xp.asarray(background_wr, dtype=xp.float32)
    ridge = xp.asarray(ridge_w[:, np.newaxis], dtype=xp.float32)
    pattern = xp.asarray(indptr, dtype=xp.int64), xp.asarray(indices, dtype=xp.int32)
    slopes, constants = xp.asarray(slopes_p), xp.asarray(constants_p)

    def image(directions: Any, slopes: Any = slopes, share: float = 0.0) -> Any:
        """Return each row's matrix times its direction, plus `share` times its constants."""
        sums = xp.empty(directions.shape, dtype=xp.float32)
        KERNELS.launch(
            "add_entries",
            (len(directions),),
            (LANES, WARPS_PER_ROW),
            *pattern,
            slopes,
            constants,
            np.float32(share),
            directions,
            others,
            np.int32(width),
            sums,
            shared_bytes=4 * width * (1 + WARPS_PER_ROW),
        )
        for rank in range(len(grams_rdd)):
            sums += background[:, rank : rank + 1] * (directions @ grams[rank])
        sums += ridge * directions
        return sums

    residuals = right - image(vectors, share=-1.0)
    solved: Float32Array = _conjugate_gradients(image, vectors, residuals, n_steps, xp).get()
    return np.ascontiguousarray(solved[:, :n_components])


def _conjugate_gradients(image: Callable[[Any], Any], vectors: Any, residuals: Any, n_steps: int, xp: Any) -> Any:
    """Take `n_steps` steps in each row; a row that has converged stays."""
    directions, squared = residuals.copy(), _squared(residuals)
    enough = 1e-12 * squared
    moving = squared > 0
    for _ in range(n_steps):
        images = image(directions)
        curvature = (directions * images).sum(axis=1)
        moving = moving & (squared > enough) & (curvature > 0)
        steps = xp.where(moving, squared / xp.where(moving, curvature, 1), 0).astype(xp.float32)
        vectors = vectors + steps.reshape(-1, 1) * directions
        residuals = residuals - steps.reshape(-1, 1) * images
        before, squared = squared, _squared(residuals)
        ratios = xp.where(moving, squared / xp.where(moving, before, 1), 0).astype(xp.float32)
        directions = residuals + ratios.reshape(-1, 1) * directions
    return vectors


def _squared(vectors_wd: Any) -> Any:
    """Return each row's squared length, of shape (n_words,)."""
    return (vectors_wd * vectors_wd).sum(axis=1)


def _padded(vectors_wd: Float32Array) -> Any:
    """Return the rows on the device, padded with zeros to a multiple of 16 bytes."""
    n_rows, n_components = vectors_wd.shape
    padded = np.zeros((n_rows, -(-n_components // 4) * 4), np.float32)
    padded[:, :n_components] = vectors_wd
    return load_cupy().asarray(padded)
