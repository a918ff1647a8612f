"""How many components: read off one factorisation, since components are nested.

Three ways, all of which compare two random halves of the documents. What the halves share is signal, what they do not
share is noise.

============== ====================================================================================================
``held_out``   The quartic loss, under uniform weights, of one half's counts for the components of the other half.
``pip``        What is expected of the distance between the products of the vectors and those without noise (the
               pairwise inner product loss), if noise is alike and independent for all pairs of words.
``noise_edge`` Components whose eigenvalue is above the largest one that noise alone has.
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


@dataclass(frozen=True, eq=False)
class DimensionSelection:
    """A number of components, and what it was chosen by.

    Attributes
    ----------
    method : str
    n_components : int
        Between 1 and the number of components there were to choose from.
    curve : float64 array of shape (n_components_to_choose_from,)
        For 1, 2, ... components: the share of the other half's target that they leave unexplained (``held_out``), the
        expected loss as a share of the signal (``pip``), of both of which the least is chosen; or the last component's
        eigenvalue over the edge of noise (``noise_edge``), which is to be above 1.
    """

    method: str
    n_components: int
    curve: Float64Array


def select_dimension(
    embedder: SpectralEmbedder, X: Any, *, method: str = "held_out", random_state: Any = None
) -> DimensionSelection:
    """Choose how many of a fitted embedder's components to keep; ``embedder.truncate`` then keeps them.

    Parameters
    ----------
    embedder : fitted SpectralEmbedder
        Its components are those to choose from, its window, target and noise those of the halves.
    X : iterable of str or of sequences of str
        The documents that it was fitted to; at least two.
    method : {"held_out", "pip", "noise_edge"}, default="held_out"
        See `sk_w2v.selection`. ``held_out`` factorises the target of one half, the others nothing but the difference of
        the halves, for one eigenvalue or none. It judges what half of the text can tell.
    random_state : int, RandomState instance or None, default=None
        Which documents are in which half.

    Returns
    -------
    DimensionSelection

    Raises
    ------
    TypeError
        If the embedder is no SpectralEmbedder.
    ValueError
        If the method is unknown, or there are too few documents.

    Warns
    -----
    UserWarning
        If all components are chosen, so that more might be, or none is above noise, so that one is kept.

    References
    ----------
    Yin, Shen (2018), "On the dimensionality of word embedding": the pairwise inner product loss, and noise from halves.
    Benaych-Georges, Nadakuditi (2011), "The eigenvalues and eigenvectors of finite, low rank perturbations of large
    random matrices": what noise does to eigenpairs, used here in place of a simulation.

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
            f"method={method!r} chose {'all' if chosen else 'none'} of {len(curve)} components; "
            + ("fit more to choose from." if chosen else "one is kept. Give more text, or take another method."),
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
    seen = np.einsum("wk,wk->k", vectors, products, dtype=np.float64)  # v' M v, what the eigenvalues are worth there
    explained: Float64Array = np.cumsum(2 * values * seen - values**2)
    return 1 - explained / second.squared_norm()


def _pip_curve(embedder: SpectralEmbedder, first: Target, second: Target) -> Float64Array:
    """Return the loss that noise of the halves' size makes of the eigenvalues, over the signal's norm."""
    noise = np.sqrt(_difference(first, second).squared_norm() / first.n_words)  # sigma sqrt(n), the edge's half
    return expected_pip_loss(embedder.eigenvalues_, noise=noise, eigenvalue_exponent=embedder.eigenvalue_exponent)


def expected_pip_loss(eigenvalues: Float64Array, *, noise: float, eigenvalue_exponent: float = 0.5) -> Float64Array:
    """Return the expected ``|E E' - W W'|`` over ``|E E'|``, ``E`` being the vectors without noise, for each rank.

    Noise of standard deviation ``sigma`` in each of n x n entries, ``noise = sigma sqrt(n)``, moves an eigenvalue
    ``s > noise`` of the signal to ``s + noise^2 / s``, its eigenvector to one with a squared cosine of
    ``1 - (noise / s)^2``, and hides smaller ones below the edge, ``2 noise``.

    Parameters
    ----------
    eigenvalues : array of shape (n_components,)
        Falling, as they are found: with noise.
    noise : float
    eigenvalue_exponent : float
        The vectors are ``V Lambda ** eigenvalue_exponent``.

    Returns
    -------
    float64 array of shape (n_components,)
        Infinite if no eigenvalue is above the edge.
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
    """Return the eigenvalues over the largest one of the noise, half the difference of the halves."""
    backend, n_jobs = get_backend(embedder.backend), effective_n_jobs(embedder.n_jobs)
    edge = top_eigenpairs(_difference(first, second), 1, tol=embedder.tol, backend=backend, n_jobs=n_jobs)
    return np.divide(embedder.eigenvalues_, edge.eigenvalues[0])


def _difference(first: Target, second: Target) -> Target:
    """Return half the difference of two halves: as much noise as there is in their mean, and no signal."""
    return Target(((first.deviations - second.deviations) / np.float32(2)).tocsr())


def _least(curve: Float64Array) -> int:
    """Return the number of components of the least value, 0 if there is none."""
    return int(np.argmin(curve)) + 1 if np.isfinite(curve).all() else 0


def _above_one(curve: Float64Array) -> int:
    """Return how many of the falling values are above 1."""
    return int(np.sum(curve > 1))


_Judge = Callable[[SpectralEmbedder, Target, Target], Float64Array]
METHODS: dict[str, tuple[Callable[[Float64Array], int], _Judge]] = {
    "held_out": (_least, _unexplained_share),
    "pip": (_least, _pip_curve),
    "noise_edge": (_above_one, _eigenvalues_over_edge),
}
