r"""Losses of a pair of words, as functions of the product ``x`` of their two vectors.

A positive pair comes from the text and has the loss ``l(x)``; a negative pair is drawn from noise and has the loss
``l(-x)``. Every loss here is half a linear function and an even, convex function ``h``:

    ``l(x) = h(x) - x / 2``    and    ``l(-x) = h(x) + x / 2``,    so that    ``l(-x) - l(x) = x``.

A pair of positive weight ``A`` and total weight ``G`` then has the loss ``G l(-x) - A x``, and its derivative is
``G l'(-x) - A``: solvers need one function of the product, whatever the sign of the pair.

============ ========================== =================== =================================
name         ``l(-x)``, the value       its derivative      ``(derivative - 1/2) / x``
============ ========================== =================== =================================
``logistic`` ``log(1 + e^x)``           ``1 / (1 + e^-x)``  ``tanh(x / 2) / (2 x)``
``quartic``  ``log 2 + x / 2 + x^2/8``  ``1/2 + x / 4``     ``1/4``
============ ========================== =================== =================================

"logistic" is word2vec's own loss; "quartic" is its second-order expansion at 0, named after its degree in the vectors.
To add a loss, see `docs/how_to/add_a_loss.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np

from ._array_api import namespace_of

__all__ = [
    "LOSSES",
    "Loss",
]

Function = Callable[[Any], Any]

SMALLEST_PRODUCT = 1e-3  # below it the curvature equals that at 0 in float32


@dataclass(frozen=True)
class Loss:
    """A loss of the form ``l(x) = h(x) - x / 2`` with an even, convex `h`.

    Its functions take arrays of any shape and of any library, and return arrays of the same.

    Attributes
    ----------
    value : callable
        The loss of a negative pair, ``l(-x) = h(x) + x / 2``, in nats.
    derivative : callable
        The derivative of `value`, from 0 for very negative to 1 for very positive products if the loss is a
        classifier's: the probability that the pair is positive.
    curvature : callable
        ``(derivative(x) - 1/2) / x``: the curvature of the parabola that touches `h` at ``x`` and ``-x``. It must not
        increase with ``|x|``, so that the parabola is nowhere below `h`.

    See Also
    --------
    sk_w2v.solvers.expected_loss : The loss of a model, from co-occurrence counts.
    sk_w2v.metrics : Losses as metrics of fitted models.

    Examples
    --------
    >>> quartic = LOSSES["quartic"]
    >>> x = np.array([0.0, 2.0])
    >>> quartic.derivative(x), quartic.curvature(x)
    (array([0.5, 1. ]), array([0.25, 0.25]))
    """

    value: Function
    derivative: Function
    curvature: Function

    def beyond_second_order(self, x: Any) -> Any:
        """Return ``h(x) - log 2 - x^2 / 8``, the difference from the quartic loss, for either sign of the pair."""
        return self.value(x) - QUARTIC.value(x)


def _logistic_value(x: Any) -> Any:
    xp = namespace_of(x)
    return xp.logaddexp(xp.zeros_like(x), x)


def _logistic_derivative(x: Any) -> Any:
    with np.errstate(over="ignore"):  # 1 / (1 + inf) is the right 0
        return 1 / (1 + namespace_of(x).exp(-x))


def _logistic_curvature(x: Any) -> Any:
    size = np.maximum(np.abs(x), SMALLEST_PRODUCT)
    return np.tanh(size / 2) / (2 * size)


def _quartic_curvature(x: Any) -> Any:
    return namespace_of(x).full_like(x, 1 / 4)


LOGISTIC = Loss(_logistic_value, _logistic_derivative, _logistic_curvature)
QUARTIC = Loss(
    value=lambda x: x * (x / 8 + 1 / 2) + log(2),
    derivative=lambda x: x / 4 + 1 / 2,
    curvature=_quartic_curvature,
)

LOSSES = {"logistic": LOGISTIC, "quartic": QUARTIC}
