"""Merging replicas of the vectors."""

from __future__ import annotations

import numpy as np

from ..._typing import Float32Array
from ..blas import single_threaded_blas


@single_threaded_blas()
def merge_replicas(
    vectors_wd: Float32Array,
    replicas_rwd: Float32Array,
    steps_w: Float32Array,
    axes_kd: Float32Array,
    curvatures_k: Float32Array,
    *,
    n_jobs: int = 1,
) -> None:
    """Add a share of the replicas' moves to the vectors, and copy the result to all replicas; in place.

    The share of a row along an axis is the mean of ``q^0, ..., q^(n_replicas - 1)`` with ``q = exp(-x)`` and
    ``x = step * curvature + move^2 / step``, where `move` is the mean of the replicas' moves along the axis. See
    `solvers._replicas`.

    Parameters
    ----------
    vectors_wd : float32 array of shape (n_words, width)
        The vectors that all replicas started from.
    replicas_rwd : float32 array of shape (n_replicas, n_words, width)
    steps_w : float32 array of shape (n_words,)
        The sum of the learning rates of the products of each row, in one replica.
    axes_kd : float32 array of shape (n_axes, width)
        An orthonormal basis of the rows' moves.
    curvatures_k : float32 array of shape (n_axes,)
        The curvature along each axis.
    """
    moved = (replicas_rwd - vectors_wd).sum(axis=0) @ axes_kd.T  # (n_words, n_axes)
    means, steps = moved.astype(np.float64) / len(replicas_rwd), steps_w.astype(np.float64)[:, np.newaxis]
    own = np.divide(means**2, steps, out=np.where(means == 0, 0, np.inf), where=steps > 0)
    left = np.exp(-(steps * curvatures_k + own))
    shares = np.mean([left**replica for replica in range(len(replicas_rwd))], axis=0)
    vectors_wd += ((shares * moved) @ axes_kd).astype(np.float32)
    replicas_rwd[:] = vectors_wd
