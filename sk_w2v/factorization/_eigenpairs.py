"""Factorization: the largest eigenpairs of a target that is *sparse + background*.

The background causes one very negative eigenvalue, so the solver needs the algebraically largest pairs, not the largest
in magnitude. Small targets use a dense solver. Others use a block Krylov space that grows, with full
re-orthogonalization, until the residuals of the wanted pairs are small. A full space is restarted from its best part
(thick restart).

References: Musco and Musco (2015) for the block Krylov space; Wu and Simon (2000) for the thick restart.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
from scipy import linalg
from sklearn.exceptions import ConvergenceWarning

from .._array_api import to_numpy
from .._backends import get_backend
from .._backends.addresses import checked_csr
from .._backends.blas import single_threaded_blas
from .._backends.dense import product
from .._compat import FIT_WRAPPERS
from .._progress import Stage, advance, expect, note
from .._typing import Float32Array, Float64Array
from ..targets import Target
from ._krylov import BLOCK_SIZE, KrylovSpace

DENSE_UP_TO = 1500  # words: a dense solution then takes a second
SPACE_PER_COMPONENT = 4  # size of the Krylov space before a restart
BLOCKS_PER_TEST = 4
BLOCKS_PER_E = 5  # in which residuals fall by a factor of e on Wikipedia: for estimates of progress
EARLY_RESIDUAL = 0.5  # once the space has twice as many columns as pairs are wanted


@dataclass(frozen=True, eq=False)
class Eigenpairs:
    """Eigenvalues in descending order, their eigenvectors and residuals.

    Attributes
    ----------
    eigenvalues : float64 array of shape (n_components,)
    eigenvectors : float32 array of shape (n_words, n_components)
        Orthonormal; the largest entry by magnitude of each is positive.
    residuals : float64 array of shape (n_components,)
        ``|M v - lambda v| / lambda``.
    n_iter : int
        Number of block iterations; 1 for the dense solver.

    See Also
    --------
    top_eigenpairs : Compute them.
    """

    eigenvalues: Float64Array
    eigenvectors: Float32Array
    residuals: Float64Array
    n_iter: int


def top_eigenpairs(
    target: Target,
    n_components: int,
    *,
    tol: float = 0.02,
    max_iter: int = 200,
    random_state: np.random.RandomState | None = None,
    backend: ModuleType | None = None,
    n_jobs: int = 1,
) -> Eigenpairs:
    """Return the algebraically largest `n_components` eigenpairs of the target, or all if it has fewer.

    Parameters
    ----------
    target : Target of shape (n_words, n_words)
    n_components : int
    tol : float
        Largest relative residual of a pair with a positive eigenvalue.
    max_iter : int
        Maximum number of block iterations, each of `BLOCK_SIZE` columns. It is raised if it gives fewer than
        `n_components` columns.
    random_state : RandomState or None
        Draws the start of the Krylov space; None uses a fixed seed.
    backend : module or None
        See `sk_w2v._backends`; None is the CPU backend.
    n_jobs : int
        Number of threads for sparse products and dense algebra. The result does not depend on it.

    Returns
    -------
    Eigenpairs

    Raises
    ------
    ValueError
        If the target's arrays are damaged.

    See Also
    --------
    positive_eigenpairs : Keep the pairs that the factorization uses.
    sk_w2v.SpectralEmbedder : The estimator.

    References
    ----------
    Musco, Musco (2015), "Randomized block Krylov methods for stronger and faster approximate singular value
    decomposition"; Wu, Simon (2000), "Thick-restart Lanczos method for large symmetric eigenvalue problems".

    Examples
    --------
    >>> from scipy import sparse
    >>> top_eigenpairs(Target(sparse.csr_array(np.diag([3.0, -4, 1]))), 2).eigenvalues
    array([3., 1.])
    """
    backend = backend or get_backend()
    deviations = checked_csr(target.deviations, (target.n_words, target.n_words), "target's deviations")
    target = replace(target, deviations=deviations)
    n_components = min(n_components, target.n_words)
    with Stage("find eigenpairs", expects=True) as stage:
        if target.n_words <= max(DENSE_UP_TO, 2 * _space_size(n_components)):
            pairs = _dense_eigenpairs(target, n_components, backend.xp, n_jobs)
        else:
            rng = random_state or np.random.RandomState(0)
            pairs = _krylov_eigenpairs(target, n_components, tol, max_iter, rng, backend, n_jobs)
        stage.note = f"{n_components} eigenpairs to a residual of {pairs.residuals.max():.2g}"
    return pairs


def positive_eigenpairs(pairs: Eigenpairs, n_components: int, *, tol: float = np.inf) -> Eigenpairs:
    """Return those of the first `n_components` eigenpairs whose eigenvalue is positive.

    The least-squares factorization ``W W'`` does not use the others.

    Raises
    ------
    ValueError
        If no eigenvalue is positive.

    Warns
    -----
    ConvergenceWarning
        If a relative residual is above `tol`, with both numbers.
    UserWarning
        If there are fewer than `n_components`, with both numbers.

    See Also
    --------
    top_eigenpairs : Compute eigenpairs of a target.

    Examples
    --------
    >>> from scipy import sparse
    >>> pairs = top_eigenpairs(Target(sparse.csr_array(np.diag([3.0, -4, 1]))), 3)
    >>> positive_eigenpairs(pairs, 2).eigenvalues
    array([3., 1.])
    """
    smallest = np.finfo(np.float32).eps * np.abs(pairs.eigenvalues).max(initial=0)
    n_positive = int(np.sum(pairs.eigenvalues[:n_components] > smallest))
    if n_positive == 0:
        raise ValueError(
            f"The target has no positive eigenvalue (the largest is {pairs.eigenvalues[0]:.3g}), so "
            "that no vectors fit it; give more text, a wider window or another target."
        )
    worst = pairs.residuals[:n_positive].max()
    if worst > tol:
        _warn(
            f"The eigenpairs reached a relative residual of {worst:.2g}, not tol={tol:.2g}, in {pairs.n_iter} block "
            "iterations; raise max_iter or tol.",
            ConvergenceWarning,
        )
    if n_positive < n_components:
        _warn(
            f"n_components={n_components}, but the target has only {n_positive} positive "
            f"eigenvalues; the embedding has n_components_={n_positive}.",
            UserWarning,
        )
    return Eigenpairs(
        pairs.eigenvalues[:n_positive],
        np.ascontiguousarray(pairs.eigenvectors[:, :n_positive]),
        pairs.residuals[:n_positive],
        pairs.n_iter,
    )


def _warn(message: str, category: type[Warning]) -> None:
    """Warn the caller of an estimator's `fit`."""
    warnings.warn(message, category, stacklevel=4 + FIT_WRAPPERS)


def _dense_eigenpairs(target: Target, n_components: int, xp: ModuleType, n_jobs: int) -> Eigenpairs:
    """Solve the whole problem in float64."""
    matrix = xp.asarray(target.toarray())
    first = target.n_words - n_components
    if xp is np:  # only SciPy can compute a subset of the pairs
        with single_threaded_blas():
            values, vectors = linalg.eigh(matrix, subset_by_index=[first, target.n_words - 1])
    else:
        values, vectors = (found[..., first:] for found in xp.linalg.eigh(matrix))
    values, vectors = values[::-1], vectors[:, ::-1]
    errors = to_numpy(xp.sqrt(xp.sum((product(matrix, vectors, n_jobs=n_jobs) - vectors * values) ** 2, axis=0)))
    return Eigenpairs(to_numpy(values), _fix_signs(vectors), _relative(errors, to_numpy(values)), n_iter=1)


def _krylov_eigenpairs(
    target: Target,
    n_components: int,
    tol: float,
    max_iter: int,
    rng: np.random.RandomState,
    backend: ModuleType,
    n_jobs: int,
) -> Eigenpairs:
    """Grow, test and restart a block Krylov space until its best pairs are exact to `tol`."""
    placed = replace(target, deviations=backend.place_matrix(target.deviations))
    times_target = partial(multiply, placed, backend=backend, n_jobs=n_jobs)
    capacity = _space_size(n_components)
    max_iter = max(max_iter, -(-n_components // BLOCK_SIZE))
    space = KrylovSpace(times_target, target.n_words, capacity, rng, backend.xp, n_jobs=n_jobs)
    _expect_blocks(2 * n_components / BLOCK_SIZE, EARLY_RESIDUAL, tol, max_iter)
    for n_iter in range(1, max_iter + 1):
        space.grow()
        advance()
        full, last = space.size + BLOCK_SIZE > capacity, n_iter == max_iter
        if space.size < n_components or not (full or last or n_iter % BLOCKS_PER_TEST == 0):
            continue
        values, mixing, errors = space.ritz_pairs()
        residuals = _relative(errors, values)[:n_components]
        worst = float(residuals.max())
        note(f"residual {worst:.2g}")
        if worst < EARLY_RESIDUAL:  # above it, the fall has not begun
            _expect_blocks(n_iter, worst, tol, max_iter)
        if last or np.all(residuals[values[:n_components] > 0] <= tol):
            break
        if full:
            space.restart(values, mixing, n_components + BLOCK_SIZE)
    vectors = _fix_signs(space.vectors(mixing[:, :n_components]))
    return Eigenpairs(values[:n_components], vectors, residuals, n_iter=n_iter)


def _expect_blocks(n_iter: float, residual: float, tol: float, max_iter: int) -> None:
    """Say how many block iterations the current stage may need, if a residual is reached after so many."""
    goal = max(tol, float(np.finfo(np.float32).eps))
    n_left = BLOCKS_PER_E * math.log(max(residual / goal, 1))
    expect(min(n_iter + n_left, max_iter), "block iterations", is_estimate=True)


def multiply(target: Target, block: Any, *, backend: ModuleType, n_jobs: int = 1) -> Any:
    """Return ``target @ block``, of shape (n_words, n_columns), in float32.

    See Also
    --------
    top_eigenpairs : The solver that needs these products.
    """
    sums = backend.xp.sum(block, axis=0, dtype=backend.xp.float64)  # float64, since entries nearly cancel
    products = backend.matmat(target.deviations, block, n_jobs=n_jobs)
    products += backend.xp.asarray(target.background * sums, dtype=backend.xp.float32)
    return products


def _space_size(n_components: int) -> int:
    """Return the columns of a Krylov space that is restarted when full: whole blocks."""
    return BLOCK_SIZE * -(-SPACE_PER_COMPONENT * n_components // BLOCK_SIZE) + 4 * BLOCK_SIZE


def _relative(errors: Float64Array, values: Float64Array) -> Float64Array:
    """Return the errors over their eigenvalues, or over 1/1000 of the largest where those vanish."""
    scale = np.maximum(np.abs(values), 1e-3 * np.abs(values[0]))
    return errors / np.where(scale > 0, scale, 1)


def _fix_signs(vectors: Any) -> Float32Array:
    """Return the vectors as float32 with their largest entry by magnitude positive."""
    vectors = to_numpy(vectors)
    largest = np.abs(vectors).argmax(axis=0)
    signs = np.where(vectors[largest, np.arange(vectors.shape[1])] < 0, -1, 1)
    return np.ascontiguousarray(vectors * signs, dtype=np.float32)
