"""Ridge regression on sparse features, for all targets at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._typing import AnyFloatArray, Float32Array

TINY = np.finfo(np.float32).tiny


def ridge(
    features: Any, targets: AnyFloatArray, weights: AnyFloatArray, *, alpha: float, tol: float, max_iter: int
) -> tuple[Float32Array, int, float]:
    r"""Solve ``(G' D G + alpha I) B = G' D Y`` by conjugate gradients, with the diagonal as preconditioner.

    Each iteration multiplies the sparse `G` by one block of all targets; each target has its own step.

    Parameters
    ----------
    features : sparse float32 array of shape (n_samples, n_features)
        ``G``.
    targets : array of shape (n_samples, n_targets)
        ``Y``.
    weights : array of shape (n_samples,)
        The diagonal of ``D``.
    alpha : float
        The weight of ``|B|**2``.
    tol : float
        Stop when the norm of each target's residual is at most this share of its norm at the start.
    max_iter : int
        Stop after so many iterations.

    Returns
    -------
    coefficients : float32 array of shape (n_features, n_targets)
    n_iter : int
    residual : float
        The largest share of a norm that is left.
    """
    scale = np.sqrt(weights).astype(np.float32)[:, np.newaxis]
    scaled = features.multiply(scale).tocsr()  # sqrt(D) G
    transposed = scaled.T.tocsr()
    residual = transposed @ (scale * targets.astype(np.float32))
    diagonal = (scaled.multiply(scaled).sum(axis=0) + alpha).astype(np.float32)[:, np.newaxis]
    solution, direction = np.zeros_like(residual), residual / diagonal
    energy = start = _columns(residual, direction)
    n_iter = 0
    while n_iter < max_iter and _left(energy, start) > tol:
        image = transposed @ (scaled @ direction) + np.float32(alpha) * direction
        step = energy / np.maximum(_columns(direction, image), TINY)
        solution += step * direction
        residual -= step * image
        previous, energy = energy, _columns(residual, residual / diagonal)
        direction *= energy / np.maximum(previous, TINY)
        direction += residual / diagonal
        n_iter += 1
    return solution, n_iter, _left(energy, start)


def _columns(left: Float32Array, right: Float32Array) -> Float32Array:
    """Return the inner product of each pair of columns, of shape (n_targets,)."""
    products: Float32Array = np.einsum("ij,ij->j", left, right)
    return products


def _left(energy: Float32Array, start: Float32Array) -> float:
    """Return the largest share of a norm that is left; 0 for targets of zeros."""
    return float(np.sqrt(np.max(energy / np.maximum(start, TINY), initial=0)))
