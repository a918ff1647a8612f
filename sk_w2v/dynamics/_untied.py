"""Untied word and context vectors: ``dW/dt = (M - W C') C`` and ``dC/dt = (M - W C')' W``.

This is the negative gradient of ``|W C' - M|^2 / 2``. The start is assumed aligned: ``W(0) = U diag(a)`` and
``C(0) = V diag(b)`` (up to a common rotation from the right), with the singular vectors ``M = U diag(m) V'``. The
vectors then stay aligned and each mode evolves independently: ``da/dt = (m - ab) b``, ``db/dt = (m - ab) a``. The
difference ``a^2 - b^2`` is conserved.

A balanced start (a = b) follows the sigmoid of tied vectors: `squared_singular_values` with singular values in place of
eigenvalues and ``ab`` in place of ``s^2``. There are two differences. First, the singular values of a symmetric target
are the absolute eigenvalues, so modes with negative eigenvalues are learned as well; their words and contexts point in
opposite directions. Second, under the same loss ``c |M - x|^2`` the flow of tied vectors is twice as fast, because each
vector gets both gradients; see `descent_time`. word2vec initializes contexts at zero, which is not balanced.
(Saxe, McClelland, Ganguli 2014, arXiv 1312.6120; the unbalanced case is in its supplement as a hyperbola.)
"""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from .._array_api import asarray_like, in_float64, namespace_of
from .._typing import Float64Array
from ._modes import every_time


def untied_singular_values(
    singular_values: npt.ArrayLike,
    *,
    time: npt.ArrayLike,
    word_scale: float = 0.03,
    context_scale: float = 0.0,
) -> tuple[Float64Array, Float64Array]:
    """Return the singular values ``a_k(t)`` of words and ``b_k(t)`` of contexts; their product approaches ``m_k``.

    Let ``w = a^2 - b^2``, which is conserved. Then ``z = (a + b)^2`` follows ``dz/dt = 2 m z - z^2 / 2 + w^2 / 2``, a
    logistic equation between the roots ``2 m +- r`` with ``r = sqrt(4 m^2 + w^2)`` and convergence as ``exp(-r t)``.

    Parameters
    ----------
    singular_values : array-like of shape (n_components,)
        Positive singular values of the target.
    time : float or array-like of shape (n_times,)
        In the flow's unit, at least 0.
    word_scale, context_scale : float
        ``a_k(0)`` and ``b_k(0)``, nonnegative and not both 0. word2vec initializes contexts at 0.

    Returns
    -------
    words, contexts : arrays of shape (n_components,), or (n_times, n_components) for several times

    Raises
    ------
    ValueError
        If a scale is negative or both are 0.

    See Also
    --------
    untied_learning_times : When each mode is half learned.
    squared_singular_values : The same for tied vectors.

    Examples
    --------
    >>> words, contexts = untied_singular_values([4.0, 1.0], time=2.0, word_scale=0.1)
    >>> (words * contexts).round(2)
    array([4.  , 0.12])
    """
    largest, rate, difference, sum_0 = _logistic(singular_values, word_scale, context_scale)
    xp = namespace_of(rate)
    decay = xp.exp(-every_time(time, rate))  # (..., n_components)
    smallest = difference**2 / largest  # minus the smaller root, without cancellation
    above = sum_0 * (largest + smallest * decay) + difference**2 * (1 - decay)
    below = smallest + largest * decay + sum_0 * (1 - decay)
    root = xp.sqrt(above / below)  # a + b
    words, contexts = (root + difference / root) / 2, (root - difference / root) / 2
    return words, contexts


def untied_learning_times(
    singular_values: npt.ArrayLike, *, word_scale: float = 0.03, context_scale: float = 0.0
) -> Float64Array:
    """Return when ``a_k b_k`` is half of ``m_k``, of shape (n_components,); 0 for modes that start beyond.

    Parameters are as in `untied_singular_values`.

    See Also
    --------
    untied_singular_values : The singular values over time.
    learning_times : The same for tied vectors.

    Examples
    --------
    >>> untied_learning_times([4.0, 1.0], word_scale=0.1).round(2)
    array([0.92, 2.99])
    """
    values = in_float64(singular_values)
    xp = namespace_of(values)
    largest, rate, difference, sum_0 = _logistic(values, word_scale, context_scale)
    half = values + xp.hypot(values, asarray_like(difference, values))  # z where a b = m / 2
    smallest = difference**2 / largest
    growth = (largest - sum_0) * (half + smallest) / ((sum_0 + smallest) * (largest - half))
    times: Float64Array = xp.log(xp.maximum(growth, xp.ones_like(growth))) / rate
    return times


def _logistic(singular_values: npt.ArrayLike, word_scale: float, context_scale: float) -> tuple[Any, Any, float, float]:
    """Return the larger root, the rate, ``a^2 - b^2`` and ``(a + b)^2`` at the start."""
    if word_scale < 0 or context_scale < 0 or word_scale + context_scale == 0:
        raise ValueError(
            f"word_scale={word_scale} and context_scale={context_scale} do not grow toward the target; "
            "give nonnegative numbers that are not both 0."
        )
    values = in_float64(singular_values)
    difference = (word_scale - context_scale) * (word_scale + context_scale)
    rate = namespace_of(values).hypot(2 * values, asarray_like(difference, values))
    return 2 * values + rate, rate, difference, (word_scale + context_scale) ** 2
