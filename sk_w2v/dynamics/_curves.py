"""Measures of a run: the squared error and the effective rank."""

from __future__ import annotations

import numpy.typing as npt

from .._array_api import asarray_like, in_float64, namespace_of
from .._typing import Float64Array


def squared_error(
    eigenvalues: npt.ArrayLike, squared: npt.ArrayLike, *, squared_norm: float | None = None
) -> Float64Array:
    """Return ``|M - W W'|^2 = |M|^2 - sum_k lambda_k^2 + sum_k (lambda_k - s_k^2)^2`` of an aligned ``W``.

    Parameters
    ----------
    eigenvalues : array-like of shape (n_components,)
        Eigenvalues of the target, one for each mode.
    squared : array-like of shape (..., n_components)
        ``s_k^2``, as returned by `squared_singular_values`.
    squared_norm : float or None
        ``|M|^2``, the sum of the target's squared entries: `Target.squared_norm`. None uses the sum of the squared
        eigenvalues given, for a target without others.

    Returns
    -------
    array of shape (...)

    See Also
    --------
    flow_error : The error of vectors that are not aligned.
    effective_rank : The number of modes.

    Examples
    --------
    >>> from sk_w2v.dynamics import squared_singular_values
    >>> times = [0.0, 1.0, 4.0]
    >>> squared_error([4.0, 1.0], squared_singular_values([4.0, 1.0], time=times, init_scale=0.1)).round(2)
    array([16.9 ,  1.09,  0.  ])
    """
    values = in_float64(eigenvalues)
    xp = namespace_of(values)
    left = 0.0 if squared_norm is None else squared_norm - xp.sum(values**2)
    errors: Float64Array = left + xp.sum((values - asarray_like(squared, values, "float64")) ** 2, axis=-1)
    return errors


def flow_error(eigenvalues: npt.ArrayLike, coordinates: npt.ArrayLike, *, squared_norm: float | None = None) -> float:
    """Return ``|M - W W'|^2`` of any ``W`` in the eigenvectors' span: ``|M|^2 - 2 tr(Y' Lambda Y) + |Y'Y|^2``.

    Parameters
    ----------
    eigenvalues : array-like of shape (n_modes,)
    coordinates : array-like of shape (n_modes, n_components)
        ``Y = V' W``, as returned by `riccati_flow`.
    squared_norm : float or None
        As in `squared_error`.

    Returns
    -------
    float

    See Also
    --------
    squared_error : The error of aligned vectors.
    riccati_flow : The flow from any start.

    Examples
    --------
    >>> flow_error([4.0, 1.0], [[2.0], [0.0]])
    1.0
    """
    values, Y = in_float64(eigenvalues), in_float64(coordinates)
    xp = namespace_of(values)
    total = xp.sum(values**2) if squared_norm is None else squared_norm
    explained = 2 * values @ xp.sum(Y**2, axis=1) - xp.sum((Y.T @ Y) ** 2)
    return float(total - explained)


def effective_rank(squared: npt.ArrayLike) -> Float64Array:
    """Return the effective number of modes, the exponential of the entropy of their shares: ``exp(-sum p log p)``.

    The shares are ``p_k = s_k^2 / sum_j s_j^2``. It is Roy and Vetterli's effective rank of the fitted matrix ``W W'``,
    lies between 1 and the number of modes, and does not depend on scale. A start with equal modes therefore has full
    rank. During learning the effective rank first falls, then rises by about one with each learned mode.

    Parameters
    ----------
    squared : array-like of shape (..., n_components)
        Squared singular values, not all zero.

    Returns
    -------
    array of shape (...)

    See Also
    --------
    squared_singular_values : The modes over time.
    RunRecorder : Records the effective rank of a training run.

    References
    ----------
    Roy, Vetterli (2007), "The effective rank: a measure of effective dimensionality".

    Examples
    --------
    >>> effective_rank([[4.0, 4.0, 0.0], [4.0, 1.0, 1.0]]).round(2)
    array([2.  , 2.38])
    """
    squared = in_float64(squared)
    xp = namespace_of(squared)
    shares = squared / xp.sum(squared, axis=-1, keepdims=True)
    entropy = -xp.sum(shares * xp.log(xp.where(shares > 0, shares, xp.ones_like(shares))), axis=-1)
    ranks: Float64Array = xp.exp(entropy)
    return ranks
