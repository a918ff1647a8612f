"""Where training begins: at random, at the closed form, or at vectors that are given."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from .._typing import Float32Array
from ..cooccurrence import Cooccurrence
from ..dynamics import gradient_flow
from ..factorization import top_eigenpairs
from ..solvers._sgd import initial_vectors
from ..targets import mstar_target


def starting_vectors(
    init: Any,
    count: Callable[[], Cooccurrence],
    n_words: int,
    n_components: int,
    *,
    init_scale: float,
    tol: float,
    random_state: np.random.RandomState,
    backend: ModuleType,
    n_jobs: int,
) -> tuple[Float32Array, Float32Array | None]:
    """Return word and context vectors to begin with, each of shape (n_words, n_components).

    Parameters
    ----------
    init : {"random", "spectral"} or array of shape (n_words, n_components) or (2, n_words, n_components)
        Random word vectors leave the contexts to the solver: None. The closed form and vectors of one kind begin with
        both alike; two arrays are of words and contexts.
    count : callable
        Returns the counts that the closed form is made of.
    tol : float
        Largest residual of its eigenpairs.

    Raises
    ------
    ValueError
        If an array has another shape, or holds infinity or NaN.
    """
    if isinstance(init, str):
        words = initial_vectors(n_words, n_components, init_scale=init_scale, random_state=random_state)
        if init == "random":
            return words, None
        closed = _closed_form(count(), n_components, tol=tol, random_state=random_state, backend=backend, n_jobs=n_jobs)
        words[:, : closed.shape[1]] = closed  # where eigenvalues are positive; beyond them a small random start
        return words, words.copy()
    given = np.asarray(init, dtype=np.float32)
    shape = (n_words, n_components)
    if given.shape not in (shape, (2, *shape)):
        raise ValueError(f"init has shape {given.shape}; give {shape}, or {(2, *shape)} for words and contexts.")
    if not np.all(np.isfinite(given)):
        raise ValueError("init holds infinity or NaN; give finite vectors.")
    return (given[0].copy(), given[1].copy()) if given.ndim == 3 else (given.copy(), given.copy())


def _closed_form(
    cooccurrence: Cooccurrence,
    n_components: int,
    *,
    tol: float,
    random_state: np.random.RandomState,
    backend: ModuleType,
    n_jobs: int,
) -> Float32Array:
    """Return the vectors that factorize M*, one column for each positive eigenvalue."""
    target = mstar_target(cooccurrence)
    pairs = top_eigenpairs(target, n_components, tol=tol, random_state=random_state, backend=backend, n_jobs=n_jobs)
    positive = pairs.eigenvalues > 0
    return gradient_flow(pairs.eigenvalues[positive], pairs.eigenvectors[:, positive]).astype(np.float32)
