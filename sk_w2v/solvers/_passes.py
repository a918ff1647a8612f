"""Passes: what a solver yields, and the loop over them that an estimator runs."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from .._compat import FIT_WRAPPERS
from .._progress import Stage, note
from .._typing import Float32Array

LARGEST_RISE = 1e-3  # share of the loss: a step that suits lowers it, and oscillations below this are harmless
ROUNDING = float(np.finfo(np.float32).eps)  # share of the loss: the products it is computed from are float32


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
    start_loss : float or None
        Loss before the first pass, of a solver that lowers it in every pass if its learning rate suits. `run_passes`
        then warns if the loss was not lowered.
    """

    words: Float32Array
    contexts: Float32Array
    loss: float
    validation_loss: float | None = None
    start_loss: float | None = None


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
    start_loss : float or None
        Loss before the first pass, see `Pass`.
    """

    words: Float32Array
    contexts: Float32Array
    losses: list[float] = field(default_factory=list)
    validation_losses: list[float] = field(default_factory=list)
    start_loss: float | None = None

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

    Warns
    -----
    ConvergenceWarning
        If the solver gives the loss before its first pass, and the last loss is no lower than that or above the lowest.

    See Also
    --------
    gradient_descent, alternating_least_squares, stochastic_gradient_descent : The solvers.

    Examples
    --------
    >>> import numpy as np
    >>> vectors = np.ones((2, 1), np.float32)
    >>> run_passes((Pass(vectors, vectors, loss) for loss in [3.0, 2.0, 1.9, 1.0]), max_iter=9, tol=0.1).losses
    [3.0, 2.0, 1.9]
    """
    made = _accumulated(islice(passes, min(max_iter, sys.maxsize)))
    for index in count(1):
        try:
            with Stage("pass", index=index, count=max_iter, expects=True) as stage:
                trained = next(made)
                note(f"loss {trained.losses[-1]:.4f}")
                stage.stop = on_pass is not None and on_pass(trained)
        except StopIteration:
            break
        if stage.stop or trained.has_converged(tol):
            break
    _check_descent(trained)
    return trained


def _check_descent(trained: TrainedVectors) -> None:
    """Warn if the loss did not change, or ended above the lowest that was reached."""
    if trained.start_loss is None:
        return
    last, n_passes = trained.losses[-1], len(trained.losses)
    lowest = min(trained.start_loss, *trained.losses)
    if last > lowest * (1 + LARGEST_RISE):
        problem = f"rose to {last:.6g} in {n_passes} passes, from {lowest:.6g}: steps overshoot; lower learning_rate"
    elif abs(last - trained.start_loss) <= ROUNDING * abs(trained.start_loss):
        problem = (
            f"did not change from {last:.6g} in {n_passes} passes; raise learning_rate or max_iter, unless the vectors "
            "had converged before"
        )
    else:
        return
    warnings.warn(f"The loss {problem}.", ConvergenceWarning, stacklevel=4 + FIT_WRAPPERS)


def _accumulated(passes: Iterable[Pass]) -> Iterator[TrainedVectors]:
    """Yield the vectors after each pass with the losses so far."""
    losses, validation_losses = list[float](), list[float]()
    for each in passes:
        losses.append(each.loss)
        if each.validation_loss is not None:
            validation_losses.append(each.validation_loss)
        yield TrainedVectors(each.words, each.contexts, losses, validation_losses, each.start_loss)
