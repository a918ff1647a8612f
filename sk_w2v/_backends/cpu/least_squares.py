"""Least squares row by row: the kernel of alternating least squares, and the products at observed pairs."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from .prefetching import prefetch_row
from .simd import LANES, add_weighted_rows, padded_width, row_dot_products
from .threads import even_pieces, run_in_threads

FloatArray = npt.NDArray[np.float32]
IndexArray = npt.NDArray[np.integer[Any]]

PIECES_PER_JOB = 32
ROWS_AT_ONCE = 8  # whose sums stay in registers
AHEAD = 16  # entries between the one that is used and the one that is fetched


def pair_products(
    indptr: IndexArray, indices: IndexArray, left_wd: FloatArray, right_wd: FloatArray, *, n_jobs: int = 1
) -> FloatArray:
    """Return ``left_wd[i] . right_wd[j]`` for each stored pair; see ``reference.pair_products``."""
    products = np.empty(len(indices), np.float32)
    arrays = (indptr, indices.astype(np.int32, copy=False), _padded(left_wd), _padded(right_wd), products)
    run_in_threads(_multiply_pairs, [(*rows, *arrays) for rows in _pieces(indptr, n_jobs)], n_jobs=n_jobs)
    return products


def quartic_sum(
    indptr: IndexArray,
    indices: IndexArray,
    left_wd: FloatArray,
    right_wd: FloatArray,
    *,
    total_p: FloatArray,
    pull_p: FloatArray,
    n_jobs: int = 1,
) -> float:
    """Return the sparse part of the quartic loss, but for its constant; see ``reference.quartic_sum``."""
    arrays = (
        indptr, indices.astype(np.int32, copy=False), _padded(left_wd), _padded(right_wd), total_p, pull_p,
    )  # fmt: skip
    # The same pieces for any number of threads, so that the sum is the same, too.
    return float(sum(run_in_threads(_sum_quartic, [(*rows, *arrays) for rows in _pieces(indptr, 2)], n_jobs=n_jobs)))


def solve_rows(
    start_wd: FloatArray,
    others_wd: FloatArray,
    indptr: IndexArray,
    indices: IndexArray,
    slopes_p: FloatArray,
    constants_p: FloatArray,
    *,
    right_wd: FloatArray,
    background_wr: npt.NDArray[np.float64],
    grams_rdd: npt.NDArray[np.float64],
    ridge_w: npt.NDArray[np.float64],
    n_steps: int,
    n_jobs: int = 1,
) -> FloatArray:
    """Solve one least-squares problem a row; see ``reference.solve_rows``."""
    n_components = start_wd.shape[1]
    width = padded_width(n_components)
    solved = _padded(start_wd).copy()
    grams = np.zeros((len(grams_rdd), width, width), np.float32)
    grams[:, :n_components, :n_components] = grams_rdd
    arrays = (
        solved, _padded(others_wd), indptr, indices.astype(np.int32, copy=False), slopes_p, constants_p,
        _padded(right_wd), background_wr.astype(np.float32), grams, ridge_w.astype(np.float32), n_steps,
    )  # fmt: skip
    run_in_threads(_solve_rows, [(*rows, *arrays) for rows in _pieces(indptr, n_jobs)], n_jobs=n_jobs)
    return np.ascontiguousarray(solved[:, :n_components])


def _pieces(indptr: IndexArray, n_jobs: int) -> list[tuple[int, int]]:
    """Cut the rows into runs of about equal work: their entries, and something for each row."""
    return even_pieces(indptr + 50 * np.arange(len(indptr)), PIECES_PER_JOB * n_jobs)


def _padded(vectors_wd: FloatArray) -> FloatArray:
    """Return float32 rows of whole vectors, filled up with zeros."""
    n_components = vectors_wd.shape[1]
    if n_components % LANES == 0:
        return np.ascontiguousarray(vectors_wd, np.float32)
    padded = np.zeros((len(vectors_wd), padded_width(n_components)), np.float32)
    padded[:, :n_components] = vectors_wd
    return padded


@numba.njit(nogil=True, cache=True)
def _multiply_pairs(first, end, indptr, indices, left_wd, right_wd, products):
    width = left_wd.shape[1]
    n_chunks = width // LANES
    addresses = np.empty(ROWS_AT_ONCE, np.int64)
    out = np.empty(ROWS_AT_ONCE, np.float32)
    for row in range(first, end):
        vector = left_wd.ctypes.data + 4 * width * row
        for start in range(indptr[row], indptr[row + 1], ROWS_AT_ONCE):
            n_taken = min(ROWS_AT_ONCE, indptr[row + 1] - start)
            _find_rows(addresses, right_wd, indices, start, n_taken, indptr[row + 1])
            row_dot_products(out.ctypes.data, vector, addresses.ctypes.data, ROWS_AT_ONCE, n_chunks)
            for entry in range(n_taken):
                products[start + entry] = out[entry]


@numba.njit(nogil=True, cache=True)
def _sum_quartic(first, end, indptr, indices, left_wd, right_wd, total_p, pull_p):
    width = left_wd.shape[1]
    n_chunks = width // LANES
    addresses = np.empty(ROWS_AT_ONCE, np.int64)
    out = np.empty(ROWS_AT_ONCE, np.float32)
    value = 0.0
    for row in range(first, end):
        vector = left_wd.ctypes.data + 4 * width * row
        for start in range(indptr[row], indptr[row + 1], ROWS_AT_ONCE):
            n_taken = min(ROWS_AT_ONCE, indptr[row + 1] - start)
            _find_rows(addresses, right_wd, indices, start, n_taken, indptr[row + 1])
            row_dot_products(out.ctypes.data, vector, addresses.ctypes.data, ROWS_AT_ONCE, n_chunks)
            for entry in range(n_taken):
                x = np.float64(out[entry])
                value += total_p[start + entry] * (x * x / 8 + x / 2) - pull_p[start + entry] * x
    return value


@numba.njit(nogil=True, cache=True)
def _solve_rows(
    first, end, solved_wd, others_wd, indptr, indices, slopes_p, constants_p,
    right_wd, background_wr, grams_rdd, ridge_w, n_steps,
):  # fmt: skip
    """Take `n_steps` steps of conjugate gradients from each row's vector."""
    width = solved_wd.shape[1]
    nothing = np.zeros(0, np.float32)
    residual, direction, image = np.empty(width, np.float32), np.empty(width, np.float32), np.empty(width, np.float32)
    for row in range(first, end):
        start, stop = indptr[row], indptr[row + 1]
        vector = solved_wd[row]
        residual[:] = right_wd[row]
        _subtract_background(residual, background_wr[row], grams_rdd, ridge_w[row], vector)
        _add_entries(residual, vector, others_wd, indices, start, stop, constants_p, slopes_p, np.float32(-1))
        direction[:] = residual
        squared = _squared(residual)
        enough = np.float32(1e-12) * squared
        for _ in range(n_steps):
            if squared <= enough:
                break
            image[:] = 0
            _subtract_background(image, background_wr[row], grams_rdd, ridge_w[row], direction)
            _add_entries(image, direction, others_wd, indices, start, stop, nothing, slopes_p, np.float32(-1))
            curvature = np.float32(0)  # of the row's loss along the direction
            for component in range(width):
                curvature -= direction[component] * image[component]
            if not curvature > 0:
                break
            step = squared / curvature
            for component in range(width):
                vector[component] += step * direction[component]
                residual[component] += step * image[component]
            before, squared = squared, _squared(residual)
            for component in range(width):
                direction[component] = residual[component] + squared / before * direction[component]


@numba.njit(nogil=True, cache=True)
def _add_entries(out, vector, others_wd, indices, start, stop, constants_p, slopes_p, sign):
    """Add ``(constants + sign * slopes * x) @ others`` over a row's entries, ``x`` their products with the vector."""
    width = others_wd.shape[1]
    addresses = np.empty(ROWS_AT_ONCE, np.int64)
    constants, slopes = np.zeros(ROWS_AT_ONCE, np.float32), np.zeros(ROWS_AT_ONCE, np.float32)
    for first in range(start, stop, ROWS_AT_ONCE):
        n_taken = min(ROWS_AT_ONCE, stop - first)
        _find_rows(addresses, others_wd, indices, first, n_taken, stop)
        for entry in range(ROWS_AT_ONCE):
            slopes[entry] = sign * slopes_p[first + entry] if entry < n_taken else np.float32(0)
            if len(constants_p):
                constants[entry] = constants_p[first + entry] if entry < n_taken else np.float32(0)
        add_weighted_rows(
            out.ctypes.data, vector.ctypes.data, addresses.ctypes.data, constants.ctypes.data, slopes.ctypes.data,
            ROWS_AT_ONCE, width // LANES,
        )  # fmt: skip


@numba.njit(nogil=True, cache=True)
def _find_rows(addresses, rows_wd, indices, first, n_taken, stop):
    """Write the addresses of the rows of some entries, filled up with the first one; fetch later ones."""
    bytes_a_row = 4 * rows_wd.shape[1]
    for entry in range(ROWS_AT_ONCE):
        taken = first + entry if entry < n_taken else first
        addresses[entry] = rows_wd.ctypes.data + bytes_a_row * indices[taken]
        if first + entry + AHEAD < stop:
            prefetch_row(rows_wd.ctypes.data + bytes_a_row * indices[first + entry + AHEAD], rows_wd.shape[1] // LANES)


@numba.njit(nogil=True, cache=True)
def _subtract_background(out, background_r, grams_rdd, ridge, vector):
    """Subtract ``(sum_r background[r] grams[r] + ridge I) @ vector``; grams are symmetric."""
    for rank in range(len(grams_rdd)):
        for row in range(len(vector)):
            factor = background_r[rank] * vector[row]
            for column in range(len(out)):
                out[column] -= factor * grams_rdd[rank, row, column]
    for component in range(len(vector)):
        out[component] -= ridge * vector[component]


@numba.njit(nogil=True, cache=True, fastmath={"reassoc"})
def _squared(vector):
    total = np.float32(0)
    for component in range(len(vector)):
        total += vector[component] * vector[component]
    return total
