"""Learning curves of the modes, learned one after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils.validation import check_is_fitted

from .._choices import check_choice
from .._estimators.spectral import SpectralEmbedder
from .._typing import AnyFloatArray
from ..dynamics import effective_rank, learning_times, squared_error, squared_singular_values
from ._axes import axes_or_new

N_TIMES = 400
LABELS = {
    "singular_values": "singular value squared",
    "effective_rank": "effective rank",
    "error": "squared error",
}


@dataclass(eq=False)
class LearningDynamicsDisplay:
    """Singular values, effective rank and error over the flow's time.

    Parameters
    ----------
    times : array of shape (n_times,)
    squared : array of shape (n_times, n_modes)
        Squared singular values.
    errors : array of shape (n_times,)
        Squared error, up to a constant if the target's squared norm is unknown.
    learning_times : array of shape (n_modes,) or None
        Predicted time at which each mode is half learned, drawn as a dot.

    Attributes
    ----------
    ax_, figure_, lines_
        Set by the last call of `plot`.

    See Also
    --------
    sk_w2v.dynamics.learning_times : When each mode is half learned.
    sk_w2v.dynamics.RunRecorder : Records a training run.

    Examples
    --------
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> LearningDynamicsDisplay.from_estimator(embedder).squared.shape
    (400, 4)
    """

    times: AnyFloatArray
    squared: AnyFloatArray
    errors: AnyFloatArray
    learning_times: AnyFloatArray | None = None

    @classmethod
    def from_estimator(
        cls,
        estimator: SpectralEmbedder,
        *,
        times: npt.ArrayLike | None = None,
        init_scale: float | None = None,
        n_modes: int | None = None,
        squared_norm: float | None = None,
    ) -> LearningDynamicsDisplay:
        """Compute the curves of a closed form.

        Parameters
        ----------
        estimator : fitted SpectralEmbedder
        times : array-like of shape (n_times,) or None
            None uses 400 times from 0 until shortly after the last mode is learned.
        init_scale : float or None
            Initial scale; None uses that of the estimator.
        n_modes : int or None
            Number of modes, the first ones; None uses all.
        squared_norm : float or None
            `Target.squared_norm` of the target. The error is then that of the whole matrix.
        """
        check_is_fitted(estimator)
        scale = estimator.init_scale if init_scale is None else init_scale
        values = estimator.eigenvalues_[:n_modes]
        middles = learning_times(values, init_scale=scale)
        moments = np.linspace(0, middles.max() + 4 / values[-1], N_TIMES) if times is None else np.asarray(times)
        squared = squared_singular_values(values, time=moments, init_scale=scale)
        return cls(moments, squared, squared_error(values, squared, squared_norm=squared_norm), middles)

    def plot(self, ax: Any = None, *, quantity: str = "singular_values", **line: Any) -> LearningDynamicsDisplay:
        """Draw one quantity over time.

        Parameters
        ----------
        ax : matplotlib Axes or None
            None makes a new figure. Draw theory and run into the same axes to compare them.
        quantity : {"singular_values", "effective_rank", "error"}
        **line
            Passed on to ``ax.plot``.
        """
        check_choice("quantity", quantity, tuple(LABELS))
        self.ax_ = axes_or_new(ax)
        self.figure_ = self.ax_.figure
        if quantity == "singular_values":
            self.lines_ = self._plot_modes(line)
        else:
            curve = effective_rank(self.squared) if quantity == "effective_rank" else self.errors
            self.lines_ = self.ax_.plot(self.times, curve, **line)
        self.ax_.set(xlabel="time of the gradient flow", ylabel=LABELS[quantity])
        return self

    def _plot_modes(self, line: dict[str, Any]) -> list[Any]:
        """Draw a curve for each mode, the first ones dark, and a dot where it is half learned."""
        n_modes = self.squared.shape[1]
        lines = []
        for mode in range(n_modes):
            shade = {"color": (0.1, 0.25 + 0.5 * mode / n_modes, 0.5 + 0.4 * mode / n_modes), "linewidth": 1.2, **line}
            lines += self.ax_.plot(self.times, self.squared[:, mode], **shade)
        if self.learning_times is not None:
            halves = self.squared[-1] / 2
            self.ax_.plot(self.learning_times, halves, ".", color="black", markersize=4, label="half learned")
        return lines
