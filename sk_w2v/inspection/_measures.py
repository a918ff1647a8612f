"""Measures of how far two arrays of vectors agree, invariant to rotation and scale."""

from __future__ import annotations

import numpy as np

from .._typing import Float64Array


def linear_cka(left: Float64Array, right: Float64Array) -> float:
    """Return ``|X'Y|^2 / (|X'X| |Y'Y|)`` of centered vectors.

    Both arrays hold the vectors of the same words, in the same order.

    See Also
    --------
    procrustes_residual : What the best rotation and scaling leave over.
    pip_distance : Distance of the products of all pairs of words.

    Examples
    --------
    >>> round(linear_cka(np.eye(3), 5 * np.eye(3)[:, ::-1]), 6)
    1.0
    """
    left, right = left - left.mean(axis=0), right - right.mean(axis=0)
    scale = np.linalg.norm(left.T @ left) * np.linalg.norm(right.T @ right)
    return float(np.sum((left.T @ right) ** 2) / scale) if scale > 0 else float("nan")


def procrustes_residual(left: Float64Array, right: Float64Array) -> float:
    """Return ``min |X - s Y R|^2 / |X|^2`` over scales s and orthogonal R: ``1 - |X'Y|_*^2 / (|X|^2 |Y|^2)``.

    It is symmetric. If one model has fewer components, the missing ones count as zeros.

    See Also
    --------
    linear_cka : Centered kernel alignment, also invariant to rotation and scale.
    pip_distance : Distance of the products of all pairs of words.

    Examples
    --------
    >>> round(procrustes_residual(np.eye(3), 5 * np.eye(3)[:, ::-1]), 6)
    0.0
    """
    nuclear = np.linalg.svd(left.T @ right, compute_uv=False).sum()
    scale = np.linalg.norm(left) * np.linalg.norm(right)
    return float(max(0.0, 1 - (nuclear / scale) ** 2)) if scale > 0 else float("nan")


def pip_distance(left: Float64Array, right: Float64Array) -> float:
    """Return ``|X X' - Y Y'| / (|X X'| + |Y Y'|)`` of vectors at equal mean squared length.

    It is the pairwise inner product (PIP) loss, normalized to lie between 0 and 1. It is computed without the matrix of
    all pairs:
    ``|X X' - Y Y'|^2 = |X'X|^2 + |Y'Y|^2 - 2 |X'Y|^2``.

    See Also
    --------
    sk_w2v.selection.expected_pip_loss : The loss expected from noise, by the number of components.
    linear_cka : Centered kernel alignment.

    Examples
    --------
    >>> round(pip_distance(np.eye(3), 5 * np.eye(3)[:, ::-1]), 6)
    0.0
    """
    left, right = (vectors / max(float(np.linalg.norm(vectors)), 1e-300) for vectors in (left, right))
    own = [float(np.linalg.norm(vectors.T @ vectors)) for vectors in (left, right)]
    squared = own[0] ** 2 + own[1] ** 2 - 2 * float(np.sum((left.T @ right) ** 2))
    return float(np.sqrt(max(squared, 0)) / sum(own))
