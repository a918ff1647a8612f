"""word2vec's expected loss, computed from co-occurrence counts alone.

With the weights ``A`` and ``B`` of `_pair_weights` and the products ``x_ij = w_i . c_j`` the loss is

    ``L = sum_ij  A_ij l(x_ij) + B_ij l(-x_ij)``,    ``l(x) = log(1 + e^-x)``    or its second order at 0,
                                                     ``l(x) = log 2 - x / 2 + x^2 / 8``    (the quartic loss).
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from .._backends import get_backend
from .._backends.blas import single_threaded_blas
from .._backends.dense import gram, product, row_products
from .._numbers import draw_by_weight
from .._typing import Float32Array, Float64Array
from ..losses import LOSSES, QUARTIC, Loss
from ._pair_weights import PairWeights

EXACT_UP_TO = 2000  # words: the full matrix of products then takes a tenth of a second
SAMPLED_PAIRS = 500_000  # for a standard error of about one in 1000


@single_threaded_blas()
def expected_loss(
    weights: PairWeights,
    words: Float32Array,
    contexts: Float32Array,
    *,
    loss: str = "quartic",
    observed_alone: bool = False,
    alpha: float = 0.0,
    backend: ModuleType | None = None,
    n_jobs: int = 1,
) -> float:
    """Return the expected loss of a pair and its noise words (nats), plus the ridge ``alpha / 8 sum_i g_i |v_i|^2``.

    The quartic loss is exact and takes time proportional to ``n_pairs d + n_words d^2``: the background needs only
    ``W' diag(rows) W`` and ``C' diag(columns) C``. Another loss adds its difference from the quartic one. The
    difference is exact at the observed pairs. At the other pairs it is exact up to `EXACT_UP_TO` words, and for more
    words it is estimated from a fixed sample of `SAMPLED_PAIRS` pairs. With `observed_alone` the difference is added
    only at the observed pairs, as in alternating least squares.

    See Also
    --------
    word2vec_weights, uniform_weights : The weights of the pairs.
    sk_w2v.losses.Loss : The losses of a pair.
    """
    backend = backend or get_backend()
    weights.check_vectors(words, contexts)
    pairs = weights.indptr, weights.indices, words, contexts
    value = backend.quartic_sum(*pairs, total_p=weights.total, positive_p=weights.positive, n_jobs=n_jobs)
    value += np.log(2) * float(weights.total.sum(dtype=np.float64))
    value += _background_loss(weights, words, contexts, n_jobs)
    function = LOSSES[loss]
    if function is not QUARTIC:
        beyond = function.beyond_second_order(backend.pair_products(*pairs, n_jobs=n_jobs).astype(np.float64))
        if observed_alone:
            value += float((weights.total + weights.background_at_pairs()) @ beyond)
        else:
            value += float(weights.total @ beyond) + _background_beyond(weights, words, contexts, function, n_jobs)
    ridge = weights.background_sums @ _squared_lengths(words)
    ridge += (weights.columns @ weights.rows.sum(axis=0)) @ _squared_lengths(contexts)
    return value + alpha / 8 * float(ridge)


def _background_loss(weights: PairWeights, words: Float32Array, contexts: Float32Array, n_jobs: int) -> float:
    """Return ``sum_ij (rows @ columns')_ij (log 2 + x_ij^2 / 8 + x_ij / 2)``."""
    value = 0.0
    for row, column in zip(weights.rows.T, weights.columns.T, strict=True):
        squares = np.sum(gram(words, row, n_jobs=n_jobs) * gram(contexts, column, n_jobs=n_jobs))  # sum r_i c_j x_ij^2
        sums = (row @ words) @ (column @ contexts)  # sum r_i c_j x_ij
        value += float(row.sum() * column.sum() * np.log(2) + squares / 8 + sums / 2)
    return value


def _background_beyond(
    weights: PairWeights, words: Float32Array, contexts: Float32Array, loss: Loss, n_jobs: int
) -> float:
    """Return the background's part of the loss beyond second order, exact or estimated from a sample of pairs."""
    if weights.n_words <= EXACT_UP_TO:
        products = product(words, contexts.T, n_jobs=n_jobs).astype(np.float64)
        return float(np.sum(weights.rows @ weights.columns.T * loss.beyond_second_order(products)))
    value = 0.0
    for row, column in zip(weights.rows.T, weights.columns.T, strict=True):
        left, right = (draw_by_weight(side, SAMPLED_PAIRS, seed=seed) for seed, side in enumerate((row, column)))
        products = row_products(words, contexts, left, right)
        value += row.sum() * column.sum() * float(loss.beyond_second_order(products).mean())
    return value


def _squared_lengths(vectors: Float32Array) -> Float64Array:
    """Return each row's squared length, of shape (n_words,)."""
    lengths: Float64Array = np.einsum("wd,wd->w", vectors, vectors, dtype=np.float64)
    return lengths
