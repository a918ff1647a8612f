"""Selection of the number of components from one factorization, since components are nested.

All three methods compare two random halves of the documents. What the halves share is signal, the rest is noise.

============== ====================================================================================================
``held_out``   Minimizes the quartic loss, under uniform weights, of one half's counts for the other half's components.
``pip``        Minimizes the expected pairwise inner product (PIP) loss: the distance between the products of the
               vectors and those without noise. Noise is assumed independent and identical for all pairs of words.
``noise_edge`` Keeps the components whose eigenvalue exceeds the largest eigenvalue of noise alone.
============== ====================================================================================================
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import effective_n_jobs
from sklearn.utils import check_random_state

from ._backends import get_backend
from ._choices import check_choice
from ._estimators.spectral import SpectralEmbedder
from ._estimators.state import check_state
from ._typing import Float64Array
from .corpus import split_corpus
from .factorization import multiply, top_eigenpairs
from .targets import Target, make_target

__all__ = [
    "METHODS",
    "DimensionSelection",
    "expected_pip_loss",
    "select_dimension",
]


@dataclass(frozen=True, eq=False, repr=False)
class DimensionSelection:
    """A selected number of components, and the curve it was selected by.

    Attributes
    ----------
    method : str
    n_components : int
        Between 1 and the number of fitted components.
    curve : float64 array of shape (n_fitted_components,)
        For 1, 2, ... components: the unexplained share of the other half's target (``held_out``), or the expected loss
        as a share of the signal (``pip``); the minimum is selected. For ``noise_edge``, each component's eigenvalue
        over the edge of the noise; components above 1 are selected.

    See Also
    --------
    select_dimension : Computes it.

    Examples
    --------
    >>> DimensionSelection("held_out", n_components=2, curve=np.array([0.9, 0.5, 0.6])).n_components
    2
    """

    method: str
    n_components: int
    curve: Float64Array

    def __repr__(self) -> str:
        """Return the selected number and the method."""
        return f"DimensionSelection({self.n_components} of {len(self.curve)} components by {self.method!r})"


def select_dimension(
    embedder: SpectralEmbedder, X: Any, *, method: str = "held_out", random_state: Any = None
) -> DimensionSelection:
    """Select how many components of a fitted embedder to keep; ``embedder.truncate`` then keeps them.

    Parameters
    ----------
    embedder : fitted SpectralEmbedder
        Fitted with the largest number of components to consider. The halves are counted with its window, target and
        noise.
    X : iterable of str or of sequences of str
        The documents it was fitted to; at least two.
    method : {"held_out", "pip", "noise_edge"}, default="held_out"
        See `sk_w2v.selection`. ``held_out`` factorizes the target of one half, and so evaluates models of half of the
        text. ``noise_edge`` computes one eigenvalue of the difference of the halves, ``pip`` none.
    random_state : int, RandomState instance or None, default=None
        Controls which documents are in which half.

    Returns
    -------
    DimensionSelection

    Raises
    ------
    TypeError
        If the embedder is not a SpectralEmbedder.
    ValueError
        If the method is unknown, or there are too few documents.

    Warns
    -----
    UserWarning
        If all components are selected, so that more may be needed, or none is above the noise and one is kept.

    See Also
    --------
    sk_w2v.SpectralEmbedder.truncate : Keeps the first components without refitting.
    expected_pip_loss : The curve of ``method="pip"``.
    sk_w2v.inspection.relation_spectrum : A noise edge for relations of words.

    References
    ----------
    Yin, Shen (2018), "On the dimensionality of word embedding": the pairwise inner product loss, and noise from halves.
    Benaych-Georges, Nadakuditi (2011), "The eigenvalues and eigenvectors of finite, low rank perturbations of large
    random matrices": the effect of noise on eigenpairs, used here instead of a simulation.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=400, n_concepts=3, random_state=0).data
    >>> embedder = SpectralEmbedder(8).fit(documents)
    >>> select_dimension(embedder, documents, random_state=0).n_components
    2
    """
    if not embedder.has_flow:
        raise TypeError(f"{type(embedder).__name__} has no nested components; give a fitted SpectralEmbedder.")
    check_choice("method", method, sorted(METHODS))
    check_state(embedder)
    choose, judge = METHODS[method]
    curve = judge(embedder, *_halves(embedder, X, check_random_state(random_state)))
    chosen = choose(curve)
    if chosen == len(curve) or chosen == 0:
        warnings.warn(
            f"method={method!r} selected {'all' if chosen else 'none'} of {len(curve)} components; "
            + ("fit more components." if chosen else "one is kept. Give more text, or use another method."),
            UserWarning,
            stacklevel=2,
        )
    return DimensionSelection(method, max(chosen, 1), curve)


def _halves(embedder: SpectralEmbedder, X: Any, rng: np.random.RandomState) -> tuple[Target, Target]:
    """Return the targets of two random halves of the documents."""
    halves = split_corpus(embedder.encode(X), 0.5, random_state=rng)
    first, second = (
        make_target(
            embedder.target,
            embedder.count_corpus(half),
            negative=embedder.negative,
            noise_exponent=embedder.noise_exponent,
        )
        for half in halves
    )
    return first, second


def _unexplained_share(embedder: SpectralEmbedder, first: Target, second: Target) -> Float64Array:
    """Return ``|M - X_k|^2 / |M|^2``: M of one half, ``X_k`` the first k components of the other."""
    backend, n_jobs = get_backend(embedder.backend), effective_n_jobs(embedder.n_jobs)
    n_components, tol, max_iter = embedder.n_components_, embedder.tol, embedder.max_iter
    pairs = top_eigenpairs(first, n_components, tol=tol, max_iter=max_iter, backend=backend, n_jobs=n_jobs)
    is_positive = pairs.eigenvalues > 0
    values, vectors = pairs.eigenvalues[is_positive], np.ascontiguousarray(pairs.eigenvectors[:, is_positive])
    products = multiply(second, backend.xp.asarray(vectors), backend=backend, n_jobs=n_jobs)
    seen = np.einsum("wk,wk->k", vectors, products, dtype=np.float64)  # v' M v: the eigenvalues on the second half
    explained: Float64Array = np.cumsum(2 * values * seen - values**2)
    return 1 - explained / second.squared_norm()


def _pip_curve(embedder: SpectralEmbedder, first: Target, second: Target) -> Float64Array:
    """Return the expected PIP loss over the signal's norm, with the noise estimated from the halves."""
    noise = np.sqrt(_difference(first, second).squared_norm() / first.n_words)  # sigma sqrt(n), half of the edge
    return expected_pip_loss(embedder.eigenvalues_, noise=noise, eigenvalue_exponent=embedder.eigenvalue_exponent)


def expected_pip_loss(eigenvalues: Float64Array, *, noise: float, eigenvalue_exponent: float = 0.5) -> Float64Array:
    """Return the expected PIP loss ``|E E' - W W'| / |E E'|`` for each rank; ``E`` are the vectors without noise.

    Each of the n x n entries has noise of standard deviation ``sigma``, and ``noise = sigma sqrt(n)``. It moves an
    eigenvalue ``s > noise`` of the signal to ``s + noise^2 / s``. The squared cosine of the noisy eigenvector with the
    true one is ``1 - (noise / s)^2``. Smaller eigenvalues are hidden below the edge, ``2 noise``.

    Parameters
    ----------
    eigenvalues : array of shape (n_components,)
        Noisy eigenvalues, in descending order.
    noise : float
        ``sigma sqrt(n)``.
    eigenvalue_exponent : float
        The vectors are ``V Lambda ** eigenvalue_exponent``.

    Returns
    -------
    float64 array of shape (n_components,)
        Infinite if no eigenvalue is above the edge.

    See Also
    --------
    select_dimension : Selects the number of components by this loss.
    sk_w2v.inspection.pip_distance : The loss of two models' vectors.

    Examples
    --------
    >>> expected_pip_loss(np.array([5.0, 3.0, 0.1]), noise=0.01).round(2).tolist()
    [0.51, 0.02, 0.0]
    """
    found = eigenvalues ** (2 * eigenvalue_exponent)
    above = np.maximum(eigenvalues**2 - 4 * noise**2, 0)
    signal = np.where(above > 0, (eigenvalues + np.sqrt(above)) / 2, 0)
    cosines = np.divide(noise, signal, out=np.ones_like(signal), where=signal > 0)
    without_noise = signal ** (2 * eigenvalue_exponent) * (signal > 0)
    left = np.cumsum(found**2 - 2 * found * without_noise * (1 - cosines**2)) + np.sum(without_noise**2)
    whole = np.sum(without_noise**2)
    return np.sqrt(np.maximum(left, 0) / whole) if whole > 0 else np.full(len(eigenvalues), np.inf)


def _eigenvalues_over_edge(embedder: SpectralEmbedder, first: Target, second: Target) -> Float64Array:
    """Return the eigenvalues over the largest eigenvalue of the noise, half the difference of the halves."""
    backend, n_jobs = get_backend(embedder.backend), effective_n_jobs(embedder.n_jobs)
    edge = top_eigenpairs(_difference(first, second), 1, tol=embedder.tol, backend=backend, n_jobs=n_jobs)
    return np.divide(embedder.eigenvalues_, edge.eigenvalues[0])


def _difference(first: Target, second: Target) -> Target:
    """Return half the difference of two halves: it has the noise of their mean, and no signal."""
    return Target(((first.deviations - second.deviations) / np.float32(2)).tocsr())


def _least(curve: Float64Array) -> int:
    """Return the number of components that minimizes the curve, 0 if it is not finite."""
    return int(np.argmin(curve)) + 1 if np.isfinite(curve).all() else 0


def _above_one(curve: Float64Array) -> int:
    """Return how many values are above 1."""
    return int(np.sum(curve > 1))


_Judge = Callable[[SpectralEmbedder, Target, Target], Float64Array]
METHODS: dict[str, tuple[Callable[[Float64Array], int], _Judge]] = {
    "held_out": (_least, _unexplained_share),
    "pip": (_least, _pip_curve),
    "noise_edge": (_above_one, _eigenvalues_over_edge),
}
