"""Passes: what a solver yields, and the loop over them that an estimator runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from .._typing import Float32Array


@dataclass(frozen=True, eq=False)
class Pass:
    """The vectors after one pass of a solver: an epoch, a gradient step or a sweep.

    Attributes
    ----------
    words, contexts : float32 arrays of shape (n_words, n_components)
        The same array if they are tied. The solver may go on writing to them.
    loss : float
        Loss of a pair with its noise words (nats).
    validation_loss : float or None
        The same on held-out documents, if there are any.
    """

    words: Float32Array
    contexts: Float32Array
    loss: float
    validation_loss: float | None = None


@dataclass(frozen=True, eq=False)
class TrainedVectors:
    """The vectors after the last pass, and the losses of all passes.

    Attributes
    ----------
    words, contexts : float32 arrays of shape (n_words, n_components)
        The same array if they are tied.
    losses : list of float, of length n_passes
        Loss of a pair with its noise words (nats) after each pass.
    validation_losses : list of float
        The same on held-out documents; empty if there are none.
    """

    words: Float32Array
    contexts: Float32Array
    losses: list[float] = field(default_factory=list)
    validation_losses: list[float] = field(default_factory=list)

    def has_converged(self, tol: float | None) -> bool:
        """Tell whether the last pass lowered the (validation) loss by less than a share `tol` of the lowest before."""
        losses = self.validation_losses or self.losses
        if tol is None or len(losses) < 2:
            return False
        return losses[-1] >= min(losses[:-1]) * (1 - tol)


OnPass = Callable[[TrainedVectors], bool]  # called after each pass; returns whether to stop


def run_passes(
    passes: Iterable[Pass], *, max_iter: int, tol: float | None = None, on_pass: OnPass | None = None
) -> TrainedVectors:
    """Take passes from a solver until `max_iter`, convergence, or a callback's request to stop.

    Parameters
    ----------
    passes : iterable of Pass
        A solver of `sk_w2v.solvers`.
    max_iter : int
        Maximum number of passes.
    tol : float or None
        Stop after a pass that lowers the loss by less than this share of it; None makes all passes.
    on_pass : callable or None
        Called with the `TrainedVectors` after each pass; returns whether to stop.

    Returns
    -------
    TrainedVectors

    Examples
    --------
    >>> import numpy as np
    >>> vectors = np.ones((2, 1), np.float32)
    >>> run_passes((Pass(vectors, vectors, loss) for loss in [3.0, 2.0, 1.9, 1.0]), max_iter=9, tol=0.1).losses
    [3.0, 2.0, 1.9]
    """
    for trained in _accumulated(islice(passes, min(max_iter, sys.maxsize))):
        if (on_pass is not None and on_pass(trained)) or trained.has_converged(tol):
            break
    return trained


def _accumulated(passes: Iterable[Pass]) -> Iterator[TrainedVectors]:
    """Yield the vectors after each pass with the losses so far."""
    losses, validation_losses = list[float](), list[float]()
    for each in passes:
        losses.append(each.loss)
        if each.validation_loss is not None:
            validation_losses.append(each.validation_loss)
        yield TrainedVectors(each.words, each.contexts, losses, validation_losses)
