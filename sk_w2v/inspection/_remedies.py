"""Remedies: changes to a closed form under which an analogy is answered.

Rank, time, initial scale and exponent of the eigenvalues change a closed form's vectors without a new factorization.
Each change is therefore tested: the vectors are changed and the analogy is evaluated again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._estimators.base import BaseEmbedder
from .._estimators.spectral import SpectralEmbedder
from .._typing import Float32Array, Int64Array, IntpArray
from ..dynamics import gradient_flow
from ._analogy_paths import answered_along, rank_path

EXPONENTS = (0.4, 0.3, 0.2, 0.1, 0.0)
SMALLER_STARTS = (10, 100)
N_TIMES = 40


@dataclass(frozen=True)
class Remedy:
    """A suggested change of one parameter.

    Attributes
    ----------
    parameter : str
        Name of the embedder's parameter, or "corpus" for the text itself.
    value : object
        New value, or a description for "corpus". None for `time` is the end of the flow.
    tested : bool
        Whether the change was tested on the fitted eigenpairs and the analogy was then answered. Untested remedies are
        guesses based on the numbers.

    See Also
    --------
    diagnose_analogy : Suggests remedies.
    """

    parameter: str
    value: Any
    tested: bool

    @property
    def change(self) -> str:
        """The change as text."""
        return str(self.value) if self.parameter == "corpus" else f"{self.parameter}={self.value}"

    def __str__(self) -> str:
        """Return the change, and whether it was tested."""
        return f"{self.change} ({'tested: answered' if self.tested else 'not tested'})"


def later_time(embedder: SpectralEmbedder, rows: Int64Array) -> Iterator[Remedy]:
    """Yield the earliest later time from which on the question is answered."""
    if embedder.time is None:
        return
    last = max(2 * embedder.learning_times_[-1], 2 * embedder.time)
    times = [*np.geomspace(max(embedder.time, 1e-3 * last), last, N_TIMES)[1:].tolist(), None]
    answered = [is_answered(embedder.at_time(time).embedding_, rows) for time in times]
    yield from (Remedy("time", times[step], tested=True) for step in _from_here_on(answered)[:1])


def smaller_start(embedder: SpectralEmbedder, rows: Int64Array) -> Iterator[Remedy]:
    """Yield the largest smaller initial scale that answers the question at the embedder's time."""
    if embedder.time is None:
        return
    for factor in SMALLER_STARTS:
        if is_answered(flow_vectors(embedder, init_scale=embedder.init_scale / factor), rows):
            yield Remedy("init_scale", embedder.init_scale / factor, tested=True)
            return


def more_components(embedder: SpectralEmbedder, fuller: SpectralEmbedder, rows: Int64Array) -> Iterator[Remedy]:
    """Yield the smallest larger rank from which on the question is answered by components of a fuller model."""
    vectors = flow_vectors(
        fuller, time=embedder.time, init_scale=embedder.init_scale, eigenvalue_exponent=embedder.eigenvalue_exponent
    )
    ranks = np.arange(embedder.n_components_ + 1, fuller.n_components_ + 1)
    if len(ranks):
        answered = answered_along(rank_path(vectors, ranks), rows[np.newaxis], len(ranks), n_words=len(vectors))[0]
        yield from _first_right(vectors, ranks[_from_here_on(answered)], rows)


def fewer_components(embedder: BaseEmbedder, rows: Int64Array) -> Iterator[Remedy]:
    """Yield the largest smaller rank at which the question is answered: it was learned, then lost."""
    vectors = embedder.modes().vectors
    ranks = np.arange(1, vectors.shape[1])
    if len(ranks):
        answered = answered_along(rank_path(vectors, ranks), rows[np.newaxis], len(ranks), n_words=len(vectors))[0]
        yield from _first_right(vectors, ranks[answered][::-1], rows)


def _first_right(vectors: Float32Array, ranks: Int64Array, rows: Int64Array) -> Iterator[Remedy]:
    """Yield the first rank that also answers the question when the products are computed directly."""
    for rank in ranks.tolist():
        if is_answered(vectors[:, :rank], rows):
            yield Remedy("n_components", rank, tested=True)
            return


def other_exponent(embedder: SpectralEmbedder, rows: Int64Array) -> Iterator[Remedy]:
    """Yield the largest smaller exponent of the eigenvalues that answers the question."""
    for exponent in EXPONENTS:
        changed = exponent < embedder.eigenvalue_exponent
        if changed and is_answered(flow_vectors(embedder, eigenvalue_exponent=exponent), rows):
            yield Remedy("eigenvalue_exponent", exponent, tested=True)
            return


def flow_vectors(embedder: SpectralEmbedder, **changes: Any) -> Float32Array:
    """Return the embedder's vectors under other parameters of the flow."""
    modes = embedder.modes()
    parameters = {name: getattr(embedder, name) for name in ("time", "init_scale", "eigenvalue_exponent")}
    return gradient_flow(modes.strengths, modes.directions, **{**parameters, **changes}).astype(np.float32)


def is_answered(vectors: Float32Array, rows: Int64Array) -> bool:
    """Return whether 3CosAdd answers the question of these rows."""
    return bool(np.argmax(scores_of(vectors, rows)) == rows[3])


def scores_of(vectors: Float32Array, rows: Int64Array) -> Float32Array:
    """Return ``cos(x, b) - cos(x, a) + cos(x, c)`` for each word x; minus infinity for a, b and c."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = vectors / np.where(lengths > 0, lengths, 1)
    a, b, c, _ = units[rows]
    scores: Float32Array = units @ (b - a + c)
    scores[rows[:3]] = -np.inf
    return scores


def _from_here_on(answered: Any) -> IntpArray:
    """Return the steps from which on all are answered."""
    return np.flatnonzero(np.logical_and.accumulate(np.asarray(answered, dtype=bool)[::-1])[::-1])
