"""Modes that start along the eigenvectors: each grows independently, as a sigmoid."""

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
        Time in the flow's unit (one over an eigenvalue); None for the limit, ``s_k^2 = lambda_k``.
    init_scale : float or array-like of shape (n_components,)
        Initial singular values ``s_k(0)``, one for all modes or one for each.

    Returns
    -------
    array of shape (n_components,), or (n_times, n_components) for several times

    See Also
    --------
    gradient_flow : The word vectors at a time.
    learning_times : When each mode reaches half of its eigenvalue.
    riccati_flow : The flow from a start that is not aligned.

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
    """Return the products of times and rates, of shape (n_components,) or (n_times, n_components)."""
    column = asarray_like(times, rates, "float64")
    return namespace_of(column).reshape(column, (*column.shape, *(1 for _ in rates.shape))) * rates


def learning_times(eigenvalues: npt.ArrayLike, *, init_scale: npt.ArrayLike = 0.03) -> Float64Array:
    """Return when each mode is half learned: ``tau_k = log(lambda_k / s_k(0)^2 - 1) / (2 lambda_k)``.

    At that time, the inflection point of the sigmoid, the squared singular value is half of the eigenvalue. The -1 is
    negligible for a small start. The time is 0 for a mode that starts beyond its inflection point.

    Parameters
    ----------
    eigenvalues : array-like of shape (n_components,)
        Positive eigenvalues of the target.
    init_scale : float or array-like of shape (n_components,)
        Initial singular values ``s_k(0)``.

    Returns
    -------
    array of shape (n_components,), in the flow's unit

    See Also
    --------
    time_constants : How fast each mode grows.
    untied_learning_times : The same for untied vectors.

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
    """Return the time constant of each mode, ``1 / (2 lambda_k)``.

    In this time ``s_k^2`` grows by a factor of e while it is small, and ``lambda_k - s_k^2`` shrinks by a factor of e
    near the limit. A mode grows from a tenth to nine tenths of its eigenvalue in ``log(81)``, about 4.4, time
    constants.

    Parameters
    ----------
    eigenvalues : array-like of shape (n_components,)
        Positive eigenvalues of the target.

    Returns
    -------
    array of shape (n_components,), in the flow's unit

    See Also
    --------
    learning_times : When each mode is half learned.

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
    """Return the word vectors at a time of the flow, ``W(t) = V diag(s(t))``.

    Parameters
    ----------
    eigenvalues : array-like of shape (n_components,)
        Positive eigenvalues of the target.
    eigenvectors : array-like of shape (n_words, n_components)
    time : float or None
        As in `squared_singular_values`.
    init_scale : float
        As in `squared_singular_values`.
    eigenvalue_exponent : float
        The vectors are ``V diag(s(t)^2) ** eigenvalue_exponent``; the flow itself has 0.5.

    Returns
    -------
    array of shape (n_words, n_components)

    See Also
    --------
    squared_singular_values : The strengths of the modes.
    riccati_vectors : The vectors from a start that is not aligned.

    Examples
    --------
    >>> import numpy as np
    >>> gradient_flow([4.0, 1.0], np.eye(3)[:, :2], time=2.0, init_scale=0.1).round(2)
    array([[2. , 0. ],
           [0. , 0.6],
           [0. , 0. ]])
    """
    squared = squared_singular_values(eigenvalues, time=time, init_scale=init_scale)
    vectors: Float64Array = asarray_like(eigenvectors, eigenvectors) * asarray_like(
        squared**eigenvalue_exponent, eigenvectors
    )
    return vectors
