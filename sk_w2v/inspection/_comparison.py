"""Comparison of models on the same words, invariant to rotation and scale."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.preprocessing import normalize

from .._estimators.base import BaseEmbedder
from .._estimators.modes import singular_directions
from .._typing import Float64Array, IntpArray
from ._shared_words import shared_rows


def compare_embedders(
    embedders: Mapping[str, BaseEmbedder], *, n_neighbors: int = 10, n_queries: int = 1000
) -> list[dict[str, Any]]:
    """Return a table of the agreement of each pair of models on the words that all of them know.

    ====================== ===========================================================================================
    ``left``, ``right``    the models' names
    ``n_shared``           number of words that all models know; all measures use these words
    ``coverage``           ``n_shared`` over the size of the larger vocabulary
    ``subspace_agreement`` mean squared cosine of the principal angles between their column spaces, 0 to 1 [1]_
    ``largest_angle``      the largest of these angles, in degrees
    ``mode_overlap``       mean over the smaller model's modes of the largest absolute cosine with a mode of the other
    ``cka``                linear centered kernel alignment, 0 to 1 [2]_
    ``procrustes``         share of squared length left after the best rotation and scaling, 0 to 1
    ``pip_distance``       ``|X X' - Y Y'| / (|X X'| + |Y Y'|)`` at equal mean squared length, 0 to 1 [3]_
    ``neighbors``          share of a word's nearest neighbors by cosine found in both, mean over the queries
    ====================== ===========================================================================================

    Parameters
    ----------
    embedders : mapping of str to fitted embedder
        At least two, of any class and number of components.
    n_neighbors : int, default=10
        Number of nearest neighbors to compare.
    n_queries : int, default=1000
        Number of shared words whose neighbors are compared: the most frequent ones of the first model.

    Returns
    -------
    list of dict
        One row for each pair of models, ready for `pandas.DataFrame`.

    Raises
    ------
    ValueError
        If there are fewer than two models, or they share no words or at most `n_neighbors`.

    See Also
    --------
    mode_overlaps : Agreement of two models mode by mode.
    sk_w2v.metrics.subspace_agreement : The agreement of two arrays of vectors.
    sk_w2v.scorers.AgreementScorer : The same as a scorer, for a search.

    References
    ----------
    .. [1] Björck, Golub (1973), "Numerical methods for computing angles between linear subspaces".
    .. [2] Kornblith, Norouzi, Lee, Hinton (2019), "Similarity of neural network representations revisited".
    .. [3] Yin, Shen (2018), "On the dimensionality of word embedding".

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(5).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> (row,) = compare_embedders({"five": embedder, "three": embedder.truncate(3)})
    >>> round(row["subspace_agreement"], 3), row["n_shared"]
    (1.0, 170)
    """
    if len(embedders) < 2:
        raise ValueError(f"{len(embedders)} model given; give at least two to compare.")
    rows = shared_rows(list(embedders.values()))
    n_shared = len(rows[0])
    if n_shared <= n_neighbors:
        raise ValueError(f"The models share {n_shared} words, too few for n_neighbors={n_neighbors}; lower it.")
    vectors = {
        name: embedder.embedding_[shared].astype(np.float64)
        for (name, embedder), shared in zip(embedders.items(), rows, strict=True)
    }
    queries = np.sort(np.argsort(-next(iter(embedders.values())).word_counts_[rows[0]], kind="stable")[:n_queries])
    bases = {name: singular_directions(matrix)[0].astype(np.float64) for name, matrix in vectors.items()}
    nearest = {name: _neighbors(matrix, queries, n_neighbors) for name, matrix in vectors.items()}
    return [
        {
            "left": left,
            "right": right,
            "n_shared": n_shared,
            "coverage": n_shared / max(len(embedders[left].words_), len(embedders[right].words_)),
            **_subspace_numbers(bases[left], bases[right]),
            "cka": linear_cka(vectors[left], vectors[right]),
            "procrustes": procrustes_residual(vectors[left], vectors[right]),
            "pip_distance": pip_distance(vectors[left], vectors[right]),
            "neighbors": _shared_share(nearest[left], nearest[right]),
        }
        for left, right in combinations(embedders, 2)
    ]


def mode_overlaps(left: BaseEmbedder, right: BaseEmbedder) -> Float64Array:
    """Return the absolute cosines between all modes of two models, on the words that both know.

    Parameters
    ----------
    left, right : fitted embedders

    Returns
    -------
    array of shape (n_left_modes, n_right_modes)
        The identity if both models learned the same modes in the same order.

    See Also
    --------
    compare_embedders : A table of several measures of agreement.
    sk_w2v.plotting.OverlapDisplay : A heat map of the overlaps.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(3).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> bool(np.allclose(mode_overlaps(embedder, embedder.truncate(2)), np.eye(3, 2), atol=1e-5))
    True
    """
    rows = shared_rows([left, right])
    bases = [
        singular_directions(each.embedding_[shared])[0].astype(np.float64)
        for each, shared in zip((left, right), rows, strict=True)
    ]
    overlaps: Float64Array = np.abs(bases[0].T @ bases[1])
    return overlaps


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


def _subspace_numbers(left: Float64Array, right: Float64Array) -> dict[str, float]:
    """Return the agreement of two orthonormal bases."""
    overlaps = left.T @ right
    cosines = np.minimum(np.linalg.svd(overlaps, compute_uv=False), 1)
    smaller = 1 if len(overlaps) <= overlaps.shape[1] else 0
    return {
        "subspace_agreement": float(np.mean(cosines**2)),
        "largest_angle": float(np.degrees(np.arccos(cosines[-1]))),
        "mode_overlap": float(np.abs(overlaps).max(axis=smaller).mean()),
    }


def _neighbors(vectors: Float64Array, queries: IntpArray, n_neighbors: int) -> IntpArray:
    """Return the rows of each query's nearest words, of shape (n_queries, n_neighbors)."""
    units = normalize(vectors).astype(np.float32)
    cosines = units[queries] @ units.T
    cosines[np.arange(len(queries)), queries] = -np.inf
    return np.argpartition(-cosines, n_neighbors - 1, axis=1)[:, :n_neighbors]


def _shared_share(left: IntpArray, right: IntpArray) -> float:
    """Return the mean share of entries that corresponding rows have in common."""
    return float(np.mean([len(np.intersect1d(*each)) for each in zip(left, right, strict=True)]) / left.shape[1])
