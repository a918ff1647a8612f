"""Least squares row by row: the kernel of alternating least squares, and the products at observed pairs."""

from __future__ import annotations

import numpy as np

from ..._typing import AnyIntArray, Float32Array, Float64Array
from ..aligned import aligned_rows, aligned_zeros, padded_width
from .compiling import kernel
from .llvm import LANES
from .prefetching import prefetch_row
from .simd import add_weighted_rows, row_dot_products
from .threads import even_pieces, run_in_threads

PIECES_PER_JOB = 32
NUMBERS_PER_PIECE = 1 << 27  # read per call: a small part of a second, which an interrupt waits for
ROWS_AT_ONCE = 8  # rows whose sums stay in registers
AHEAD = 16  # entries between the current one and the prefetched one
NEVER = 1 << 40
CACHE_BYTES = 1 << 19  # of vectors that fit into the second-level cache, which is at least twice as large
LONG_ROWS_AT_ONCE = 512  # per thread, which stores three vectors for each


def pair_products(
    indptr: AnyIntArray, indices: AnyIntArray, left_wd: Float32Array, right_wd: Float32Array, *, n_jobs: int = 1
) -> Float32Array:
    """Return ``left_wd[i] . right_wd[j]`` for each stored pair; see ``reference.pair_products``."""
    products = np.empty(len(indices), np.float32)
    arrays = (indptr, indices.astype(np.int32, copy=False), aligned_rows(left_wd), aligned_rows(right_wd), products)
    row_ranges = _pieces(indptr, left_wd.shape[1], n_jobs)
    run_in_threads(_multiply_pairs, [(*rows, *arrays) for rows in row_ranges], n_jobs=n_jobs)
    return products


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
    arrays = (
        indptr, indices.astype(np.int32, copy=False), aligned_rows(left_wd), aligned_rows(right_wd),
        total_p, positive_p,
    )  # fmt: skip
    # The pieces do not depend on the number of threads, so neither does the sum.
    row_ranges = _pieces(indptr, left_wd.shape[1], 2)
    return float(sum(run_in_threads(_sum_quartic, [(*rows, *arrays) for rows in row_ranges], n_jobs=n_jobs)))


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
    n_components = start_wd.shape[1]
    width = padded_width(n_components)
    solved = aligned_rows(start_wd)
    grams = aligned_zeros((len(grams_rdd), width, width))
    grams[:, :n_components, :n_components] = grams_rdd
    arrays = (
        solved, aligned_rows(others_wd), indptr, indices.astype(np.int32, copy=False), slopes_p, constants_p,
        aligned_rows(right_wd), background_wr.astype(np.float32), grams, ridge_w.astype(np.float32), n_steps,
    )  # fmt: skip
    row_ranges = _pieces(indptr, width, n_jobs)
    sizes = [indptr[end] - indptr[first] for first, end in row_ranges]  # (pairs)
    run_in_threads(_solve_rows, [(*rows, *arrays) for rows in row_ranges], n_jobs=n_jobs, sizes=sizes)
    return np.ascontiguousarray(solved[:, :n_components])


def _pieces(indptr: AnyIntArray, width: int, n_jobs: int) -> list[tuple[int, int]]:
    """Cut the rows into runs of about equal work: their entries plus a constant for each row."""
    work = indptr + 50 * np.arange(len(indptr))
    return even_pieces(work, max(PIECES_PER_JOB * n_jobs, int(work[-1]) * width // NUMBERS_PER_PIECE))


@kernel
def _multiply_pairs(first, end, indptr, indices, left_wd, right_wd, products):
    """Write the products at the stored pairs of some rows."""
    width = left_wd.shape[1]
    n_chunks = width // LANES
    addresses = np.empty(ROWS_AT_ONCE, np.int64)
    out = np.empty(ROWS_AT_ONCE, np.float32)
    for row in range(first, end):
        vector = left_wd.ctypes.data + 4 * width * row
        for start in range(indptr[row], indptr[row + 1], ROWS_AT_ONCE):
            n_taken = min(ROWS_AT_ONCE, indptr[row + 1] - start)
            _find_rows(addresses, right_wd, indices, start, n_taken, indptr[row + 1], AHEAD)
            row_dot_products(out.ctypes.data, vector, addresses.ctypes.data, ROWS_AT_ONCE, n_chunks)
            for entry in range(n_taken):
                products[start + entry] = out[entry]


@kernel
def _sum_quartic(first, end, indptr, indices, left_wd, right_wd, total_p, positive_p):
    """Return the sparse part of the quartic loss of some rows, without its constant."""
    width = left_wd.shape[1]
    n_chunks = width // LANES
    addresses = np.empty(ROWS_AT_ONCE, np.int64)
    out = np.empty(ROWS_AT_ONCE, np.float32)
    value = 0.0
    for row in range(first, end):
        vector = left_wd.ctypes.data + 4 * width * row
        for start in range(indptr[row], indptr[row + 1], ROWS_AT_ONCE):
            n_taken = min(ROWS_AT_ONCE, indptr[row + 1] - start)
            _find_rows(addresses, right_wd, indices, start, n_taken, indptr[row + 1], AHEAD)
            row_dot_products(out.ctypes.data, vector, addresses.ctypes.data, ROWS_AT_ONCE, n_chunks)
            for entry in range(n_taken):
                x = np.float64(out[entry])
                value += total_p[start + entry] * (x * x / 8 + x / 2) - positive_p[start + entry] * x
    return value


@kernel
def _solve_rows(
    first, end, solved_wd, others_wd, indptr, indices, slopes_p, constants_p,
    right_wd, background_wr, grams_rdd, ridge_w, n_steps,
):  # fmt: skip
    """Take `n_steps` steps of conjugate gradients from each row's vector.

    The vectors that a long row reads do not fit into the second-level cache. So long rows take their steps together.
    All of them read one block of columns, which fits, before they go on to the next block.
    """
    width = solved_wd.shape[1]
    columns_at_once = CACHE_BYTES // (4 * width)
    most = LONG_ROWS_AT_ONCE
    residuals, directions, images = (
        np.empty((most, width), np.float32), np.empty((most, width), np.float32), np.empty((most, width), np.float32),
    )  # fmt: skip
    squares, enough = np.empty(most, np.float32), np.empty(most, np.float32)
    nothing = np.zeros(0, np.float32)
    row = first
    while row < end:
        is_long = indptr[row + 1] - indptr[row] > columns_at_once
        n_rows = 1
        while is_long and n_rows < most and row + n_rows < end:
            if indptr[row + n_rows + 1] - indptr[row + n_rows] <= columns_at_once:
                break
            n_rows += 1
        n_columns = columns_at_once if is_long else len(others_wd)
        residuals[:n_rows] = right_wd[row : row + n_rows]
        _subtract_products(
            residuals[:n_rows], solved_wd[row : row + n_rows], row, n_columns, others_wd, indptr, indices,
            constants_p, slopes_p, background_wr, grams_rdd, ridge_w,
        )  # fmt: skip
        directions[:n_rows] = residuals[:n_rows]
        for r in range(n_rows):
            squares[r] = _squared(residuals[r])
            enough[r] = np.float32(1e-12) * squares[r]
        for _ in range(n_steps):
            images[:n_rows] = 0
            _subtract_products(
                images[:n_rows], directions[:n_rows], row, n_columns, others_wd, indptr, indices,
                nothing, slopes_p, background_wr, grams_rdd, ridge_w,
            )  # fmt: skip
            for r in range(n_rows):
                _step(solved_wd[row + r], residuals[r], directions[r], images[r], squares, enough, r)
        row += n_rows


@kernel
def _step(vector, residual, direction, image, squares, enough, r):
    """Take one step of conjugate gradients; `image` is the negative product of the row's matrix and the direction."""
    curvature = np.float32(0)  # of the row's loss along the direction
    for component in range(len(vector)):
        curvature -= direction[component] * image[component]
    if squares[r] <= enough[r] or not curvature > 0:
        direction[:] = 0  # the row has converged and stays
        return
    step = squares[r] / curvature
    for component in range(len(vector)):
        vector[component] += step * direction[component]
        residual[component] += step * image[component]
    before, squares[r] = squares[r], _squared(residual)
    for component in range(len(vector)):
        direction[component] = residual[component] + squares[r] / before * direction[component]


@kernel
def _subtract_products(
    out_gd, vectors_gd, first_row, n_columns, others_wd, indptr, indices,
    constants_p, slopes_p, background_wr, grams_rdd, ridge_w,
):  # fmt: skip
    """Subtract each row's matrix times its vector and add its constants, in blocks of `n_columns` columns."""
    n_rows = len(out_gd)
    begins = indptr[first_row : first_row + n_rows].copy()
    ahead = AHEAD if n_columns >= len(others_wd) else NEVER
    for r in range(n_rows):
        row = first_row + r
        _subtract_background(out_gd[r], background_wr[row], grams_rdd, ridge_w[row], vectors_gd[r])
    for column in range(n_columns, len(others_wd) + n_columns, n_columns):
        for r in range(n_rows):
            stop = last = indptr[first_row + r + 1]
            if column < len(others_wd):
                stop = begins[r]
                while stop < last and indices[stop] < column:
                    stop += 1
            _add_entries(out_gd[r], vectors_gd[r], others_wd, indices, begins[r], stop, constants_p, slopes_p, ahead)
            begins[r] = stop


@kernel
def _add_entries(out, vector, others_wd, indices, start, stop, constants_p, slopes_p, ahead):
    """Add ``(constants - slopes * x) @ others`` over a row's entries, ``x`` their products with the vector."""
    width = others_wd.shape[1]
    addresses = np.empty(ROWS_AT_ONCE, np.int64)
    constants, slopes = np.zeros(LANES, np.float32), np.zeros(LANES, np.float32)
    for first in range(start, stop, ROWS_AT_ONCE):
        n_taken = min(ROWS_AT_ONCE, stop - first)
        _find_rows(addresses, others_wd, indices, first, n_taken, stop, ahead)
        for entry in range(ROWS_AT_ONCE):
            slopes[entry] = -slopes_p[first + entry] if entry < n_taken else np.float32(0)
            if len(constants_p):
                constants[entry] = constants_p[first + entry] if entry < n_taken else np.float32(0)
        add_weighted_rows(
            out.ctypes.data, vector.ctypes.data, addresses.ctypes.data, constants.ctypes.data, slopes.ctypes.data,
            ROWS_AT_ONCE, width // LANES,
        )  # fmt: skip


@kernel
def _find_rows(addresses, rows_wd, indices, first, n_taken, stop, ahead):
    """Write the addresses of the rows of some entries, padded with the first one; prefetch later ones."""
    bytes_a_row = 4 * rows_wd.shape[1]
    for entry in range(ROWS_AT_ONCE):
        taken = first + entry if entry < n_taken else first
        addresses[entry] = rows_wd.ctypes.data + bytes_a_row * indices[taken]
        if first + entry + ahead < stop:
            prefetch_row(rows_wd.ctypes.data + bytes_a_row * indices[first + entry + ahead], rows_wd.shape[1] // LANES)


@kernel
def _subtract_background(out, background_r, grams_rdd, ridge, vector):
    """Subtract ``(sum_r background[r] grams[r] + ridge I) @ vector``; grams are symmetric, widths multiples of 4."""
    for rank in range(len(grams_rdd)):
        gram, scale = grams_rdd[rank], background_r[rank]
        for row in range(0, len(vector), 4):
            a, b, c, d = vector[row], vector[row + 1], vector[row + 2], vector[row + 3]
            for column in range(len(out)):
                product = a * gram[row, column] + b * gram[row + 1, column]
                product += c * gram[row + 2, column] + d * gram[row + 3, column]
                out[column] -= scale * product
    for component in range(len(vector)):
        out[component] -= ridge * vector[component]


@kernel(fastmath={"reassoc"})
def _squared(vector):
    """Return the squared length of a vector."""
    total = np.float32(0)
    for component in range(len(vector)):
        total += vector[component] * vector[component]
    return total
