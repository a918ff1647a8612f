"""Gradient descent on the expected loss, all pairs at once: the flow of the theory in small steps.

With ``x = W C'`` the gradient at the products is ``R = (A + B) l'(x) - A``, with ``l'(x) = 1 / (1 + e^-x)`` or for the
quartic loss ``1 / 2 + x / 4``, and the vectors move along ``-R C`` and ``-R' W``. Everything is dense: exact, and for
small vocabularies.
"""

from __future__ import annotations

from math import log
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from ._backends import get_backend
from ._backends.arrays import to_numpy
from .objective import OnPass, PairWeights, TrainedVectors

FloatArray = npt.NDArray[np.floating]

MAX_WORDS = 20_000  # three matrices of float32 then take 4.8 GB


def descend(
    weights: PairWeights,
    words: FloatArray,
    contexts: FloatArray,
    *,
    loss: str = "quartic",
    tied: bool = False,
    learning_rate: float = 0.01,
    max_iter: int = 100,
    tol: float | None = None,
    n_iter_no_change: int = 1,
    backend: ModuleType | None = None,
    on_pass: OnPass | None = None,
) -> TrainedVectors:
    """Take `max_iter` steps along the gradient, or until `n_iter_no_change` lower the loss by less than a share `tol`.

    The gradient is of the loss divided by the mean weight of a pair. With uniform weights, the quartic loss and tied
    vectors a step is then one of ``learning_rate / 2`` in the time of ``dW/dt = (M - W W') W``, which is stable below
    about ``4 / (lambda_1 + |lambda_n|)`` of the target's largest and most negative eigenvalues: the background of M*
    makes one that is larger by size than all others.

    Parameters
    ----------
    weights : PairWeights of n_words words
    words, contexts : float32 arrays of shape (n_words, n_components)
        Where to begin; `contexts` is not looked at if `tied`.
    loss : {"quartic", "logistic"}
    tied : bool
        Whether words and contexts share their vectors.
    backend : module or None
        On whose device, see `sk_w2v._backends`.
    on_pass : callable or None
        Called with the `TrainedVectors` after each step; returns whether to stop.

    Raises
    ------
    ValueError
        If there are more than `MAX_WORDS` words.
    FloatingPointError
        If the vectors have become infinite or NaN.
    """
    if weights.n_words > MAX_WORDS:
        raise ValueError(
            f'solver="gd" works on whole matrices, of {weights.n_words} words here; lower max_features to at most '
            f'{MAX_WORDS}, or use solver="als", which needs no whole matrix.'
        )
    xp = (backend or get_backend()).xp
    whole_pull, push = weights.toarrays()
    rate = float(learning_rate / np.mean(whole_pull + push))
    total, pull = (xp.asarray(array, dtype=xp.float32) for array in (whole_pull + push, whole_pull))
    words = xp.asarray(words.copy())
    contexts = words if tied else xp.asarray(contexts.copy())
    products = words @ contexts.T
    losses: list[float] = []
    for step in range(max_iter):
        with np.errstate(over="ignore", invalid="ignore"):  # looked at below
            gradient = total * _slope(loss, products, xp) - pull  # R   (n_words, n_words)
            if tied:
                words -= rate * (gradient @ words + gradient.T @ words)
            else:
                along_words = gradient @ contexts
                contexts -= rate * (gradient.T @ words)
                words -= rate * along_words
            products = words @ contexts.T
            whole = total * _pushing_loss(loss, products, xp) - pull * products  # since l(x) = l(-x) - x
            losses.append(float(xp.sum(whole, dtype=xp.float64)))
        if not np.isfinite(losses[-1]):
            raise FloatingPointError(
                f"The loss is no longer finite after step {step + 1} of {max_iter} with learning_rate={learning_rate}; "
                "lower learning_rate."
            )
        found = to_numpy(words)
        trained = TrainedVectors(found, found if tied else to_numpy(contexts), losses)
        if (on_pass is not None and on_pass(trained)) or trained.has_converged(tol, n_iter_no_change):
            break
    return trained


def _slope(loss: str, x: Any, xp: ModuleType) -> Any:
    """Return the derivative of `_pushing_loss`."""
    return x / 4 + 1 / 2 if loss == "quartic" else 1 / (1 + xp.exp(-x))


def _pushing_loss(loss: str, x: Any, xp: ModuleType) -> Any:
    """Return ``l(-x)``, as `objective.PUSHING_LOSSES` does, in any array namespace."""
    return x * (x / 8 + 1 / 2) + log(2) if loss == "quartic" else xp.logaddexp(xp.zeros_like(x), x)
