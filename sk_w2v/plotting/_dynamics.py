"""Learning curves of the modes, learned one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .._choices import check_choice
from .._estimators.lookup import find_embedder
from .._typing import AnyFloatArray
from ..dynamics import effective_rank, learning_times, squared_error, squared_singular_values
from ..inspection import Concept, concepts
from ._axes import axes_or_new, ordered_color
from ._display import Display
from ._labels import write_at_ends
from ._style import BLUE

N_TIMES = 400
N_MODES = 12  # whose words are legible next to each other
_WIDE = (8.5, 4.8)  # inches: room for words to the right of the axes
_ONE_SIDED = 0.5  # an end whose scores are below this share of the other's is not named
LABELS = {
    "singular_values": "squared singular value",
    "effective_rank": "effective rank",
    "error": "squared error",
}


@dataclass(eq=False, repr=False)
class LearningDynamicsDisplay(Display):
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
    labels : list of str
        Words of the modes, written at the ends of their curves. May be empty.

    Attributes
    ----------
    ax_, figure_, lines_, labels_
        Set by the last call of `plot`.

    See Also
    --------
    sk_w2v.dynamics.learning_times : When each mode is half learned.
    sk_w2v.dynamics.RunRecorder : Records a training run.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> LearningDynamicsDisplay.from_estimator(embedder)
    LearningDynamicsDisplay(4 modes at 400 times)
    """

    times: AnyFloatArray
    squared: AnyFloatArray
    errors: AnyFloatArray
    learning_times: AnyFloatArray | None = None
    labels: list[str] = field(default_factory=list)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        *,
        times: npt.ArrayLike | None = None,
        init_scale: float | None = None,
        n_modes: int | None = N_MODES,
        squared_norm: float | None = None,
        n_words: int = 2,
        min_count: int = 20,
    ) -> LearningDynamicsDisplay:
        """Compute the curves of a closed form.

        Parameters
        ----------
        estimator : fitted SpectralEmbedder, or a pipeline or search with one
        times : array-like of shape (n_times,) or None
            None uses 400 times from 0 until shortly after the last mode is learned.
        init_scale : float or None
            Initial scale; None uses that of the estimator.
        n_modes : int or None, default=12
            Number of modes, the first ones; None uses all.
        squared_norm : float or None
            `Target.squared_norm` of the target. The error is then that of the whole matrix.
        n_words : int
            Number of words to name an end of a mode by. Only the first 12 modes are named; 0 names none.
        min_count : int
            Minimum number of occurrences (tokens) for a word to be shown.

        Raises
        ------
        TypeError
            If the model is not a closed form: only the gradient flow of a closed form has a known course.
        """
        embedder = find_embedder(estimator)
        if not embedder.has_flow:
            raise TypeError(
                f"{type(embedder).__name__} has no gradient flow; give a SpectralEmbedder of the same documents, "
                "or record the training by dynamics.RunRecorder and draw "
                "LearningDynamicsDisplay(recorder.passes_, recorder.strengths_, recorder.losses_)."
            )
        scale = embedder.init_scale if init_scale is None else init_scale
        values = embedder.eigenvalues_[:n_modes]
        middles = learning_times(values, init_scale=scale)
        moments = np.linspace(0, middles.max() + 4 / values[-1], N_TIMES) if times is None else np.asarray(times)
        squared = squared_singular_values(values, time=moments, init_scale=scale)
        errors = squared_error(values, squared, squared_norm=squared_norm)
        n_named = min(len(values), N_MODES) if n_words else 0
        named = concepts(embedder, n_concepts=n_named, n_words=n_words, min_count=min_count)
        return cls(moments, squared, errors, middles, [_name(concept) for concept in named])

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
        named = quantity == "singular_values" and self.labels
        self.ax_ = axes_or_new(ax, figsize=_WIDE if named else None)
        self.figure_ = self.ax_.figure
        self.labels_: list[Any] = []
        self.ax_.set(xlabel="time of the gradient flow", ylabel=LABELS[quantity])
        if quantity == "singular_values":
            self._plot_modes(line)
        else:
            curve = effective_rank(self.squared) if quantity == "effective_rank" else self.errors
            self.lines_ = self.ax_.plot(self.times, curve, **{"color": BLUE, **line})
        return self

    def _plot_modes(self, line: dict[str, Any]) -> None:
        """Draw a curve for each mode, the first ones dark, with its words and a dot where it is half learned."""
        n_modes = self.squared.shape[1]
        self.lines_ = []
        for mode in range(n_modes):
            style = {"color": ordered_color(mode, n_modes), "linewidth": 1.5, **line}
            self.lines_ += self.ax_.plot(self.times, self.squared[:, mode], **style)
        if self.learning_times is not None:
            halves = self.squared[-1] / 2
            self.ax_.plot(self.learning_times, halves, ".", color="black", markersize=5, label="half learned")
            self.ax_.set_xlabel("time of the gradient flow (dots: half learned)")
        if self.labels:
            self.labels_ = write_at_ends(self.lines_[: len(self.labels)], self.labels)

    def _summary(self) -> str:
        return f"{self.squared.shape[1]} modes at {len(self.times)} times"


def _name(concept: Concept) -> str:
    """Return the words at both ends of a mode, or at one if the other is weak."""
    weights = [max(map(abs, scores), default=0.0) for scores in (concept.high_scores, concept.low_scores)]
    ends = zip((concept.high, concept.low), weights, strict=True)
    return " | ".join(" ".join(words) for words, weight in ends if weight >= _ONE_SIDED * max(weights))
