"""Bringing copies of a matrix together, row by row."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .compiling import kernel
from .simd import LANES, add_weighted_rows
from .threads import run_in_threads

FloatArray = npt.NDArray[np.float32]

N_AXES = 8
ROWS_PER_PIECE = 2048


def merge_copies(
    vectors_wd: FloatArray,
    copies_rwd: FloatArray,
    steps_w: FloatArray,
    axes_kd: FloatArray,
    curvatures_k: FloatArray,
    *,
    n_jobs: int = 1,
) -> None:
    """Give the vectors and all copies what the copies have learnt; see ``reference.merge_copies``."""
    n_pieces = -(-len(vectors_wd) // ROWS_PER_PIECE)
    cuts = np.linspace(0, len(vectors_wd), n_pieces + 1).astype(np.int64)
    pieces = [(*rows, vectors_wd, copies_rwd, steps_w, axes_kd, curvatures_k) for rows in pairwise(cuts)]
    run_in_threads(_merge_rows, pieces, n_jobs=n_jobs)


@kernel
def _merge_rows(first, end, vectors_wd, copies_rwd, steps_w, axes_kd, curvatures_k):
    n_copies, _, width = copies_rwd.shape
    sums, shares = np.empty(width, np.float32), np.empty(N_AXES + 1, np.float32)
    none = np.zeros(N_AXES, np.float32)
    axes = np.empty(N_AXES, np.int64)
    for axis in range(N_AXES):
        axes[axis] = axes_kd.ctypes.data + 4 * width * axis
    for row in range(first, end):
        vector = vectors_wd[row]
        sums[:] = 0
        for copy in range(n_copies):
            for column in range(width):
                sums[column] += copies_rwd[copy, row, column] - vector[column]
        for axis in range(N_AXES + 1):
            left = np.float32(math.exp(-steps_w[row] * curvatures_k[axis]))
            power, total = np.float32(1), np.float32(0)
            for _ in range(n_copies):
                total += power
                power *= left
            shares[axis] = total / np.float32(n_copies)
        shares[:N_AXES] -= shares[N_AXES]
        for column in range(width):
            vector[column] += shares[N_AXES] * sums[column]
        add_weighted_rows(
            vectors_wd.ctypes.data + 4 * width * row, sums.ctypes.data, axes.ctypes.data, none.ctypes.data,
            shares.ctypes.data, N_AXES, width // LANES,
        )  # fmt: skip
        for copy in range(n_copies):
            for column in range(width):
                copies_rwd[copy, row, column] = vector[column]
