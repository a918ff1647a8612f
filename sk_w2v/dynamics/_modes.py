"""Modes that start along the eigenvectors: each grows by itself, as a sigmoid."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from .._array_api import asarray_like, in_float64, namespace_of
from .._typing import Float64Array


def squared_singular_values(
    eigenvalues: npt.ArrayLike, *, time: npt.ArrayLike | None = None, init_scale: npt.ArrayLike = 0.03
) -> Float64Array:
    """Return ``s_k(t)^2 = lambda_k / (1 + (lambda_k / s_k(0)^2 - 1) exp(-2 lambda_k t))``.

    Parameters
    ----------
    eigenvalues : array-like of shape (n_components,)
        Positive eigenvalues of the target.
    time : float, array-like of shape (n_times,) or None
        Time in the flow's own unit (one over an eigenvalue); None for the end, where ``s_k^2 = lambda_k``.
    init_scale : float or array-like of shape (n_components,)
        The singular value ``s_k(0)`` that every mode, or each one, starts from.

    Returns
    -------
    array of shape (n_components,), or (n_times, n_components) for several times

    Examples
    --------
    >>> squared_singular_values([4.0, 1.0], time=2.0, init_scale=0.1).round(2)
    array([4.  , 0.36])
    """
    values = in_float64(eigenvalues)
    if time is None:
        return values * 1.0  # a copy
    decay = namespace_of(values).exp(-2 * every_time(time, values))  # (..., n_components)
    squared: Float64Array = values / (1 + (values / asarray_like(init_scale, values, "float64") ** 2 - 1) * decay)
    return squared


def every_time(times: npt.ArrayLike, rates: Any) -> Any:
    """Return each time by each rate, of shape (n_components,), or (n_times, n_components) for several times."""
    column = asarray_like(times, rates, "float64")
    return namespace_of(column).reshape(column, (*column.shape, *(1 for _ in rates.shape))) * rates


def learning_times(eigenvalues: npt.ArrayLike, *, init_scale: npt.ArrayLike = 0.03) -> Float64Array:
    """Return when each mode is half learnt: ``tau_k = log(lambda_k / s_k(0)^2 - 1) / (2 lambda_k)``.

    At that time the squared singular value is half of the eigenvalue. It is the sigmoid's exact middle; for a small
    start the -1 does not matter. A mode that starts beyond its middle has the time 0.

    Parameters and shapes are those of `squared_singular_values`.

    Examples
    --------
    >>> learning_times([4.0, 1.0], init_scale=0.1).round(2)
    array([0.75, 2.3 ])
    """
    values = in_float64(eigenvalues)
    xp = namespace_of(values)
    growth = xp.maximum(values / asarray_like(init_scale, values, "float64") ** 2 - 1, xp.ones_like(values))
    times: Float64Array = xp.log(growth) / (2 * values)
    return times


def time_constants(eigenvalues: npt.ArrayLike) -> Float64Array:
    """Return ``1 / (2 lambda_k)``: the time in which a mode grows e-fold at first, and its remainder shrinks at last.

    What grows is ``s_k^2``, as long as it is small, and what shrinks is ``lambda_k - s_k^2``. From a tenth of the
    eigenvalue to nine tenths a mode takes ``log(81)``, 4.4, of its time constants, from any smaller start.

    Parameters
    ----------
    eigenvalues : array-like of shape (n_components,)
        Positive eigenvalues of the target.

    Returns
    -------
    array of shape (n_components,), in the flow's unit

    Examples
    --------
    >>> time_constants([4.0, 1.0])
    array([0.125, 0.5  ])
    """
    constants: Float64Array = 0.5 / in_float64(eigenvalues)
    return constants


def gradient_flow(
    eigenvalues: npt.ArrayLike,
    eigenvectors: npt.ArrayLike,
    *,
    time: float | None = None,
    init_scale: float = 0.03,
    eigenvalue_exponent: float = 0.5,
) -> Float64Array:
    """Return the word vectors at a time of the flow, ``W(t) = V diag(s(t))``, of shape (n_words, n_components).

    `eigenvectors` has shape (n_words, n_components); `time` and `init_scale` are as in `squared_singular_values`.
    Another `eigenvalue_exponent` than the flow's own, 0.5, gives ``V diag(s(t)^2) ** eigenvalue_exponent``.
    """
    squared = squared_singular_values(eigenvalues, time=time, init_scale=init_scale)
    vectors: Float64Array = asarray_like(eigenvectors, eigenvectors) * asarray_like(
        squared**eigenvalue_exponent, eigenvectors
    )
    return vectors
