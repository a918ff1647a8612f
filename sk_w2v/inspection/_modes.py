"""Modes of either embedder: orthonormal directions of its words, and how much of each it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .._estimators.base import BaseEmbedder
from .._estimators.spectral import SpectralEmbedder
from .._estimators.state import check_state

FloatArray = npt.NDArray[np.floating[Any]]

_NOISE = 1e-6  # singular values below this share of the largest are the rounding of float32 vectors


@dataclass(frozen=True, eq=False)
class Modes:
    """The singular value decomposition of word vectors, but for the rotation that no product depends on.

    Attributes
    ----------
    directions : float32 array of shape (n_words, n_modes)
        Orthonormal columns (unless words were added to the model); each one's largest entry by magnitude is positive.
    strengths : float64 array of shape (n_modes,)
        Eigenvalues of the target for the closed form; squared singular values for a trained model. Falling.
    learning_times : float64 array of shape (n_modes,)
        NaN for a trained model.
    """

    directions: npt.NDArray[np.float32]
    strengths: npt.NDArray[np.float64]
    learning_times: npt.NDArray[np.float64]


def find_modes(embedder: BaseEmbedder) -> Modes:
    """Return the modes of a fitted embedder: the closed form's eigenpairs, or the SVD of trained vectors."""
    check_state(embedder)
    if isinstance(embedder, SpectralEmbedder):
        directions = embedder.at_time(None).embedding_ * embedder.eigenvalues_**-embedder.eigenvalue_power
        return Modes(directions.astype(np.float32), embedder.eigenvalues_, embedder.learning_times_)
    left, singular_values = singular_directions(embedder.embedding_)
    return Modes(left, singular_values**2, np.full(len(singular_values), np.nan))


def mode_strengths(embedder: BaseEmbedder) -> npt.NDArray[np.float64]:
    """Return eigenvalues of the closed form's target, or squared singular values of trained vectors, falling.

    Examples
    --------
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(3).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> bool(np.array_equal(mode_strengths(embedder), embedder.eigenvalues_))
    True
    """
    return find_modes(embedder).strengths


def singular_directions(vectors: FloatArray) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
    """Return left singular vectors of shape (n_words, rank), signs fixed, and singular values, falling."""
    left, singular_values, _ = np.linalg.svd(np.asarray(vectors, dtype=np.float64), full_matrices=False)
    kept = singular_values > _NOISE * singular_values.max(initial=0)
    left = left[:, kept]
    signs = np.sign(left[np.abs(left).argmax(axis=0), np.arange(left.shape[1])])
    return np.ascontiguousarray(left * signs, dtype=np.float32), singular_values[kept]


def nested_vectors(embedder: BaseEmbedder) -> npt.NDArray[np.float32]:
    """Return word vectors whose first r columns are the model's best r components, of shape (n_words, n_modes).

    They are the closed form's own; of a trained model they are rotated so that its strongest modes come first, which
    changes no product of the whole vectors.
    """
    check_state(embedder)
    if isinstance(embedder, SpectralEmbedder):
        return embedder.embedding_
    directions, singular_values = singular_directions(embedder.embedding_)
    return directions * singular_values.astype(np.float32)
