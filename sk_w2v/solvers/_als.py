"""Alternating least squares: minimize word2vec's loss, with its own weights, without gradient steps.

With the contexts fixed, the quartic loss is a quadratic function of each word's vector, with its minimum where

    ``(sum_j G_ij c_j c_j') w_i = 2 sum_j (A_ij - B_ij) c_j``,

and with the words fixed the same holds for each context. Since ``G`` is *sparse + low rank*, a row's system costs its
observed pairs and one matrix that all rows share, as in Hu, Koren, Volinsky (2008), who factorize clicks. A few steps
of conjugate gradients from the current vector approximate the solution (Takács, Pilászy, Tikk 2011).

The logistic loss of the observed pairs is bounded from above by parabolas that touch it (Jaakkola and Jordan 2000).
They reweight these pairs before each half of a sweep. All other pairs have the quartic loss, so ``G`` stays sparse +
low rank. See `docs/theory.md`. For tied vectors, a line search on the loss follows each solve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType

import numpy as np

from .._backends import get_backend
from .._backends.blas import single_threaded_blas
from .._backends.dense import gram
from .._progress import expect
from .._typing import Float32Array
from ..losses import LOSSES, QUARTIC
from ._expected_loss import expected_loss
from ._pair_weights import PairWeights
from ._passes import Pass

PAIRS_PER_STEP = 1 << 20  # of progress
CG_STEPS = 3  # per row and half of a sweep; more steps lower the loss of the first sweep, but not of the second


def alternating_least_squares(
    weights: PairWeights,
    words: Float32Array,
    contexts: Float32Array,
    *,
    loss: str = "quartic",
    tied: bool = False,
    alpha: float = 0.0,
    backend: ModuleType | None = None,
    n_jobs: int = 1,
) -> Iterator[Pass]:
    """Yield the vectors after each sweep of alternating least squares over words and contexts.

    Parameters
    ----------
    weights : PairWeights of n_words words
    words, contexts : float32 arrays of shape (n_words, n_components)
        Initial vectors; `contexts` is ignored if `tied`.
    loss : str
        A key of `sk_w2v.losses.LOSSES`, of the observed pairs; all others have the quartic loss.
    tied : bool
        Whether words and contexts share their vectors.
    alpha : float
        Ridge: adds ``alpha / 8 * sum_i g_i |v_i|^2`` to the loss, where ``g_i`` is the background weight of row i.
    backend : module or None
        See `sk_w2v._backends`.
    n_jobs : int
        Number of threads; the result does not depend on it.

    Yields
    ------
    Pass

    Raises
    ------
    ValueError
        If the vectors do not fit the weights.
    FloatingPointError
        If the loss has become infinite or NaN.

    See Also
    --------
    gradient_descent : Full-batch gradient descent on the same loss.
    sk_w2v.ALSEmbedder : The estimator.
    """
    backend = backend or get_backend()
    weights.check_vectors(words, words if tied else contexts)
    weights = weights.symmetrized if tied else weights
    solve = partial(_solve_side, loss=loss, alpha=alpha, backend=backend, n_jobs=n_jobs)
    evaluate = partial(expected_loss, loss=loss, observed_alone=True, alpha=alpha, backend=backend, n_jobs=n_jobs)
    words = np.where(weights.background_sums[:, np.newaxis] > 0, words, np.float32(0))  # 0 for words without a pair
    contexts = words if tied else contexts
    transposed = weights.transposed
    n_sides = 1 if tied else 2
    while True:
        expect(n_sides * len(weights.indices), "pairs", grain=PAIRS_PER_STEP)
        if tied:
            solved = solve(weights, words, words)
            words = contexts = _toward(words, solved, lambda vectors: evaluate(weights, vectors, vectors))
        else:
            words = solve(weights, words, contexts)
            contexts = solve(transposed, contexts, words)
        value = evaluate(weights, words, contexts)
        if not np.isfinite(value):
            raise FloatingPointError(
                "The loss is no longer finite: initial vectors or counts are too large for float32; scale them."
            )
        yield Pass(words, contexts, value)


@single_threaded_blas()
def _solve_side(
    weights: PairWeights,
    vectors: Float32Array,
    others: Float32Array,
    *,
    loss: str,
    alpha: float,
    backend: ModuleType,
    n_jobs: int,
) -> Float32Array:
    """Return the vectors that approximately minimize the loss with the others fixed."""
    grams = np.stack([gram(others, column, n_jobs=n_jobs) for column in weights.columns.T])  # (rank, d, d)
    slopes = weights.total
    if LOSSES[loss] is not QUARTIC:
        products = backend.pair_products(weights.indptr, weights.indices, vectors, others, n_jobs=n_jobs)
        slopes = _majorant(weights, LOSSES[loss].curvature(products))
    return backend.solve_rows(
        vectors,
        others,
        weights.indptr,
        weights.indices,
        slopes,
        4 * weights.positive - 2 * weights.total,  # 2 (A - B) at observed pairs, without the background
        right_wd=(-2 * weights.rows @ (weights.columns.T @ others)).astype(np.float32),
        background_wr=weights.rows,
        grams_rdd=grams,
        ridge_w=alpha * weights.background_sums,
        n_steps=CG_STEPS,
        n_jobs=n_jobs,
    )


def _majorant(weights: PairWeights, curvatures: Float32Array) -> Float32Array:
    """Return the sparse part of ``G`` that replaces the loss of each observed pair by a parabola above it.

    The parabola of an observed pair lies above its loss and touches it at the current product. It has the given
    curvature, which is 1/4 everywhere for the quartic loss.
    """
    background = weights.background_at_pairs()
    slopes = 4 * curvatures * (weights.total + background) - background
    return slopes.astype(np.float32)


def _toward(start: Float32Array, goal: Float32Array, loss_of: Callable[[Float32Array], float]) -> Float32Array:
    """Return the point of least loss on the line from `start` through `goal`, up to twice as far.

    The quartic loss is a polynomial of degree 4 in the step, which five points of the line determine.
    """
    direction = goal - start
    steps = np.array([0.0, 0.5, 1.0, 1.5, 2.0])
    losses = [loss_of(start + np.float32(step) * direction) for step in steps]
    polynomial = np.polynomial.Polynomial.fit(steps, losses, 4)
    roots = np.asarray(polynomial.deriv().roots(), dtype=complex)
    turning = [float(root.real) for root in roots if abs(root.imag) < 1e-9 and 0 < root.real < 2]
    steps = np.append(steps, turning)
    losses += [loss_of(start + np.float32(step) * direction) for step in turning]
    return start + np.float32(steps[np.argmin(losses)]) * direction
