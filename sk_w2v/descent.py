"""Gradient descent on the expected loss, all pairs at once: the flow of the theory in small steps.

With ``x = W C'`` the gradient at the products is ``R = (A + B) l'(x) - A``, with ``l'(x) = 1 / (1 + e^-x)`` or for the
quartic loss ``1 / 2 + x / 4``, and the vectors move along ``-R C`` and ``-R' W``. Everything is dense: exact, and for
small vocabularies.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from .objective import PUSHING_LOSSES, OnPass, PairWeights, TrainedVectors

FloatArray = npt.NDArray[np.floating]

MAX_WORDS = 20_000  # three matrices of float32 then take 4.8 GB

SLOPES: dict[str, Callable[[FloatArray], FloatArray]] = {
    "logistic": expit,
    "quartic": lambda x: x / 4 + np.float32(1 / 2),
}


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
    on_pass: OnPass | None = None,
) -> TrainedVectors:
    """Take `max_iter` steps along the gradient, or until `n_iter_no_change` lower the loss by less than a share `tol`.

    The gradient is of the loss divided by the mean weight of a pair. With uniform weights, the quartic loss and tied
    vectors a step is then one of ``learning_rate / 2`` in the time of ``dW/dt = (M - W W') W``, which is stable below
    about ``2 / lambda_1`` of the target's largest eigenvalue.

    Parameters
    ----------
    weights : PairWeights of n_words words
    words, contexts : float32 arrays of shape (n_words, n_components)
        Where to begin; `contexts` is not looked at if `tied`.
    loss : {"quartic", "logistic"}
    tied : bool
        Whether words and contexts share their vectors.
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
    pull, push = weights.toarrays()
    rate = np.float32(learning_rate / np.mean(pull + push))
    total, pull = (pull + push).astype(np.float32), pull.astype(np.float32)
    words = words.copy()
    contexts = words if tied else contexts.copy()
    products = words @ contexts.T
    losses: list[float] = []
    for step in range(max_iter):
        with np.errstate(over="ignore", invalid="ignore"):  # looked at below
            gradient = total * SLOPES[loss](products) - pull  # R   (n_words, n_words)
            if tied:
                words -= rate * (gradient @ words + gradient.T @ words)
            else:
                along_words = gradient @ contexts
                contexts -= rate * (gradient.T @ words)
                words -= rate * along_words
            products = words @ contexts.T
            whole = total * PUSHING_LOSSES[loss](products) - pull * products  # since l(x) = l(-x) - x
            losses.append(float(whole.sum(dtype=np.float64)))
        if not np.isfinite(losses[-1]):
            raise FloatingPointError(
                f"The loss is no longer finite after step {step + 1} of {max_iter} with learning_rate={learning_rate}; "
                "lower learning_rate."
            )
        trained = TrainedVectors(words, contexts, losses)
        if (on_pass is not None and on_pass(trained)) or trained.has_converged(tol, n_iter_no_change):
            break
    return trained
