"""Full-batch gradient descent on the expected loss, which follows the gradient flow of the theory in small steps.

With ``x = W C'`` the gradient at the products is ``R = (A + B) l'(-x) - A``, see `sk_w2v.losses`, and the vectors move
along ``-R C`` and ``-R' W``. All matrices are dense, so it is exact and suits small vocabularies.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from types import ModuleType
from typing import Any

import numpy as np

from .._array_api import namespace_of, to_numpy
from .._backends import get_backend
from .._backends.dense import product
from .._progress import expect
from .._typing import AnyFloatArray
from ..losses import LOSSES, Loss
from ._pair_weights import PairWeights
from ._passes import Pass

MAX_WORDS = 20_000  # three matrices of float32 then take 4.8 GB


def gradient_descent(
    weights: PairWeights,
    words: AnyFloatArray,
    contexts: AnyFloatArray,
    *,
    loss: str = "quartic",
    tied: bool = False,
    learning_rate: float = 0.01,
    backend: ModuleType | None = None,
    n_jobs: int = 1,
) -> Iterator[Pass]:
    """Yield the vectors after each step of full-batch gradient descent on the expected loss.

    The gradient is that of the loss divided by the mean weight of a pair. With uniform weights, the quartic loss and
    tied vectors, a step then takes ``learning_rate / 2`` in the time of ``dW/dt = (M - W W') W``. It is stable for
    learning rates below about ``4 / (lambda_1 + |lambda_n|)``, with the largest and the most negative eigenvalue of the
    target. The background of M* makes ``lambda_n`` the largest eigenvalue by magnitude.

    Parameters
    ----------
    weights : PairWeights of n_words words
    words, contexts : float32 arrays of shape (n_words, n_components)
        Initial vectors; `contexts` is ignored if `tied`.
    loss : str
        A key of `sk_w2v.losses.LOSSES`.
    tied : bool
        Whether words and contexts share their vectors.
    learning_rate : float
        Step size.
    backend : module or None
        See `sk_w2v._backends`; the arrays are on its device.
    n_jobs : int
        Number of threads of the products; the result does not depend on it.

    Yields
    ------
    Pass

    Raises
    ------
    ValueError
        If there are more than `MAX_WORDS` words.
    FloatingPointError
        If the vectors have become infinite or NaN.

    See Also
    --------
    alternating_least_squares : Minimize the same loss with fewer passes.
    sk_w2v.dynamics : The gradient flow in closed form.
    """
    if weights.n_words > MAX_WORDS:
        raise ValueError(
            f'solver="gd" works on whole matrices, of {weights.n_words} words here; lower max_features to at most '
            f"{MAX_WORDS}, or use ALSEmbedder, which needs no whole matrix."
        )
    weights.check_vectors(words, words if tied else contexts)
    xp, function = (backend or get_backend()).xp, LOSSES[loss]
    whole_positive, negative = weights.toarrays()
    rate = float(learning_rate / np.mean(whole_positive + negative))
    total, positive = (xp.asarray(array, dtype=xp.float32) for array in (whole_positive + negative, whole_positive))
    words = xp.asarray(words.copy())
    contexts = words if tied else xp.asarray(contexts.copy())
    products = product(words, contexts.T, n_jobs=n_jobs)
    start_loss = _loss(total, positive, products, function)
    for step in count(1):
        expect(1, "step")
        with np.errstate(over="ignore", invalid="ignore"):  # checked below
            gradient = total * function.derivative(products) - positive  # R   (n_words, n_words)
            words, contexts = _moved(words, contexts, gradient, rate, tied=tied, n_jobs=n_jobs)
            products = product(words, contexts.T, n_jobs=n_jobs)
            value = _loss(total, positive, products, function)
        if not np.isfinite(value):
            raise FloatingPointError(
                f"The loss is no longer finite after step {step} with learning_rate={learning_rate}; "
                "lower learning_rate."
            )
        on_host = to_numpy(words)
        yield Pass(on_host, on_host if tied else to_numpy(contexts), value, start_loss=start_loss)


def _loss(total: Any, positive: Any, products: Any, loss: Loss) -> float:
    """Return ``sum (A + B) l(-x) - A x`` over all pairs, in float64."""
    xp = namespace_of(products)
    return float(xp.sum(total * loss.value(products) - positive * products, dtype=xp.float64))


def _moved(words: Any, contexts: Any, gradient: Any, rate: float, *, tied: bool, n_jobs: int) -> tuple[Any, Any]:
    """Return words and contexts after one step along the gradient at their products."""
    if tied:
        moves = product(gradient, words, n_jobs=n_jobs) + product(gradient.T, words, n_jobs=n_jobs)
        words = words - rate * moves
        return words, words
    of_words, of_contexts = product(gradient, contexts, n_jobs=n_jobs), product(gradient.T, words, n_jobs=n_jobs)
    return words - rate * of_words, contexts - rate * of_contexts
