"""Initial vectors of training: random, the closed form, or given."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from .._progress import Stage
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
    """Return the initial word and context vectors, each of shape (n_words, n_components).

    Parameters
    ----------
    init : {"random", "spectral"} or array of shape (n_words, n_components) or (2, n_words, n_components)
        With "random" the context vectors are None: the solver chooses them. The closed form and a single array start
        both from the same vectors; two arrays are words and contexts.
    count : callable
        Returns the counts, from which the closed form is computed.
    tol : float
        Maximum residual of its eigenpairs.

    Raises
    ------
    ValueError
        If an array has another shape, or contains infinity or NaN.
    """
    if isinstance(init, str):
        words = initial_vectors(n_words, n_components, init_scale=init_scale, random_state=random_state)
        if init == "random":
            return words, None
        closed = _closed_form(count(), n_components, tol=tol, random_state=random_state, backend=backend, n_jobs=n_jobs)
        words[:, : closed.shape[1]] = closed  # the other columns keep their random values
        return words, words.copy()
    given = np.asarray(init, dtype=np.float32)
    shape = (n_words, n_components)
    if given.shape not in (shape, (2, *shape)):
        raise ValueError(f"init has shape {given.shape}; give {shape}, or {(2, *shape)} for words and contexts.")
    if not np.all(np.isfinite(given)):
        raise ValueError("init contains infinity or NaN; give finite vectors.")
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
    """Return the vectors that factorize M*, with a column for each positive eigenvalue."""
    with Stage("make target", expects=True):
        target = mstar_target(cooccurrence)
    pairs = top_eigenpairs(target, n_components, tol=tol, random_state=random_state, backend=backend, n_jobs=n_jobs)
    positive = pairs.eigenvalues > 0
    return gradient_flow(pairs.eigenvalues[positive], pairs.eigenvectors[:, positive]).astype(np.float32)
