"""Merging replicas of the vectors, some rows at a time."""

from __future__ import annotations

import math
from itertools import pairwise

import numba
import numpy as np

from ..._typing import Float32Array
from ..blas import single_threaded_blas
from .compiling import kernel
from .threads import run_in_threads

ROWS_PER_PIECE = 2048


def merge_replicas(
    vectors_wd: Float32Array,
    replicas_rwd: Float32Array,
    steps_w: Float32Array,
    axes_kd: Float32Array,
    curvatures_k: Float32Array,
    *,
    n_jobs: int = 1,
) -> None:
    """Merge the replicas, in place; see ``reference.merge_replicas``."""
    n_pieces = -(-len(vectors_wd) // ROWS_PER_PIECE)
    cuts = np.linspace(0, len(vectors_wd), n_pieces + 1).astype(np.int64)
    pieces = [(*rows, vectors_wd, replicas_rwd, steps_w, axes_kd, curvatures_k) for rows in pairwise(cuts)]
    with single_threaded_blas():
        run_in_threads(_merge_rows, pieces, n_jobs=n_jobs)


def _merge_rows(
    first: int,
    end: int,
    vectors_wd: Float32Array,
    replicas_rwd: Float32Array,
    steps_w: Float32Array,
    axes_kd: Float32Array,
    curvatures_k: Float32Array,
) -> None:
    """Merge the replicas of some rows."""
    moves = np.empty_like(vectors_wd[first:end])
    _add_moves(first, vectors_wd, replicas_rwd, moves)
    along = moves @ axes_kd.T  # (n_rows, n_axes)
    _take_shares(along, steps_w[first:end], curvatures_k, len(replicas_rwd))
    _move_all(first, vectors_wd, replicas_rwd, along @ axes_kd)


@kernel
def _add_moves(first, vectors_wd, replicas_rwd, moves_wd):
    """Write the sum of the replicas' moves, for ``len(moves_wd)`` rows from the first."""
    moves_wd[:] = 0
    for row in range(len(moves_wd)):
        for replica in range(len(replicas_rwd)):
            for column in range(moves_wd.shape[1]):
                moves_wd[row, column] += replicas_rwd[replica, first + row, column] - vectors_wd[first + row, column]


@kernel(error_model="numpy")
def _take_shares(along_wk, steps_w, curvatures_k, n_replicas):
    """Multiply sums of moves along axes by their shares."""
    n_rows, n_axes = along_wk.shape
    for row in range(n_rows):
        step = np.float64(steps_w[row])
        for axis in range(n_axes):
            mean = np.float64(along_wk[row, axis]) / n_replicas
            x = step * curvatures_k[axis]
            if mean != 0:
                x += mean * mean / step
            along_wk[row, axis] *= np.float32(_share(x, n_replicas))


@numba.njit(inline="always")
def _share(x, n_replicas):
    """Return the mean of ``exp(-x)**0, ..., exp(-x)**(n_replicas - 1)``."""
    if n_replicas * x < 1e-3:
        return 1 - (n_replicas - 1) * x / 2  # the next term is at most 2e-7
    q = math.exp(-x)
    return (1 - q**n_replicas) / ((1 - q) * n_replicas)


@kernel
def _move_all(first, vectors_wd, replicas_rwd, moves_wd):
    """Add moves to the vectors of ``len(moves_wd)`` rows from the first, and copy the result to all replicas."""
    for row in range(len(moves_wd)):
        vector = vectors_wd[first + row]
        for column in range(len(vector)):
            vector[column] += moves_wd[row, column]
        for replica in range(len(replicas_rwd)):
            for column in range(len(vector)):
                replicas_rwd[replica, first + row, column] = vector[column]
