"""Modes: orthonormal directions of an embedder's word vectors, and their strengths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._typing import AnyFloatArray, Float32Array, Float64Array

_NOISE = 1e-6  # smaller singular values, relative to the largest, are rounding errors of float32 vectors


@dataclass(frozen=True, eq=False)
class Modes:
    """Singular value decomposition of word vectors, up to a rotation that does not change their products.

    Attributes
    ----------
    directions : float32 array of shape (n_words, n_modes)
        Orthonormal columns, unless words were added to the model. The largest entry by magnitude of each column is
        positive.
    strengths : float64 array of shape (n_modes,)
        Eigenvalues of the target for a closed form, otherwise squared singular values, in descending order.
    learning_times : float64 array of shape (n_modes,)
        NaN for a trained model.
    vectors : float32 array of shape (n_words, n_modes)
        Word vectors whose first r columns are the model's best r components: those of a closed form are unchanged,
        those of other models are rotated so that the strongest modes come first.
    """

    directions: Float32Array
    strengths: Float64Array
    learning_times: Float64Array
    vectors: Float32Array


def singular_modes(vectors: AnyFloatArray) -> Modes:
    """Return the modes of vectors of shape (n_words, n_components), without a target."""
    directions, values = singular_directions(vectors)
    return Modes(directions, values**2, np.full(len(values), np.nan), directions * values.astype(np.float32))


def singular_directions(vectors: AnyFloatArray) -> tuple[Float32Array, Float64Array]:
    """Return left singular vectors (n_words, rank) with fixed signs, and singular values in descending order."""
    left, singular_values, _ = np.linalg.svd(np.asarray(vectors, dtype=np.float64), full_matrices=False)
    kept = singular_values > _NOISE * singular_values.max(initial=0)
    left = left[:, kept]
    signs = np.sign(left[np.abs(left).argmax(axis=0), np.arange(left.shape[1])])
    return np.ascontiguousarray(left * signs, dtype=np.float32), singular_values[kept]
