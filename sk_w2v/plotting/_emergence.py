"""Accuracy of analogies against rank or time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import Any

from .._choices import check_choice
from ..datasets import AnalogyQuestions
from ..inspection import Emergence, emergence
from ._axes import add_legend, axes_or_new, integer_ticks
from ._display import Display
from ._style import line_styles


@dataclass(eq=False, repr=False)
class EmergenceDisplay(Display):
    """Share of analogies answered at each rank or time.

    Parameters
    ----------
    emergence : Emergence

    Attributes
    ----------
    ax_, figure_, lines_
        Set by the last call of `plot`.

    See Also
    --------
    sk_w2v.inspection.emergence : Computes the answers.
    LearningDynamicsDisplay : Learning curves of the modes.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> words = np.array([["concept0_word0", "concept0_word1", "concept1_word0", "concept1_word1"]], dtype=object)
    >>> display = EmergenceDisplay.from_estimator(embedder, AnalogyQuestions(words, np.array(["same"], dtype=object)))
    >>> display.emergence.rank_accuracy.shape
    (4,)
    """

    emergence: Emergence

    @classmethod
    def from_estimator(cls, estimator: Any, questions: AnalogyQuestions, **options: Any) -> EmergenceDisplay:
        """Compute `inspection.emergence` of a fitted embedder, pipeline or search, with these options."""
        return cls(emergence(estimator, questions, **options))

    def plot(
        self, ax: Any = None, *, against: str = "rank", by_category: bool = False, **line: Any
    ) -> EmergenceDisplay:
        """Draw accuracy against rank or time.

        The flow starts with all modes at equal lengths, which answers some questions until the first modes outgrow the
        others. Against time, the curves start where this is over: at the lowest accuracy in the first half of the
        times. The time before is shaded.

        Parameters
        ----------
        ax : matplotlib Axes or None
            None makes a new figure.
        against : {"rank", "time"}
        by_category : bool
            Whether to draw one curve for each category, in the order of emergence.
        **line
            Passed on to ``ax.plot``.

        Raises
        ------
        ValueError
            If `against` is "time" and no times were evaluated.
        """
        check_choice("against", against, ("rank", "time"))
        if against == "time" and len(self.emergence.times) == 0:
            raise ValueError("There are no times: a trained model has none, or times=[] was given; use against='rank'.")
        self.ax_ = axes_or_new(ax)
        self.figure_ = self.ax_.figure
        first = self._first_time() if against == "time" else 0
        self.lines_ = []
        for (name, each), style in zip(self._curves(by_category=by_category), cycle(line_styles())):
            steps = each.ranks if against == "rank" else each.times
            accuracy = each.rank_accuracy if against == "rank" else each.time_accuracy
            self.lines_ += self.ax_.plot(steps[first:], accuracy[first:], **{"label": name, **style, **line})
        if against == "time":
            self._label_time(first)
        else:
            self._label_rank()
        self.ax_.set(ylabel="share of analogies answered")
        self.ax_.set_ylim(bottom=0)
        if len(self.lines_) > 1:
            add_legend(self.ax_)
        else:
            self.ax_.set_title(f"{len(self.emergence.words)} questions", fontsize="medium")
        return self

    def _curves(self, *, by_category: bool) -> list[tuple[str, Emergence]]:
        """Return the emergence to draw, by name: of each category in the order of emergence, or of all questions."""
        if not by_category:
            return [("all questions", self.emergence)]
        categories = self.emergence.by_category()
        return [(row["category"], categories[row["category"]]) for row in self.emergence.table()]

    def _first_time(self) -> int:
        """Return the step of the lowest accuracy in the first half: until then modes have nearly equal lengths."""
        accuracy = self.emergence.time_accuracy
        return int(accuracy[: len(accuracy) // 2 + 1].argmin())

    def _label_rank(self) -> None:
        """Label the axis of components."""
        self.ax_.set_xlabel("components")
        integer_ticks(self.ax_.xaxis)

    def _label_time(self, first: int) -> None:
        """Label the axis of times and shade the times that are not drawn."""
        self.ax_.set_xlim(left=0)
        if first:
            self.ax_.axvspan(0, self.emergence.times[first], color="0.9", linewidth=0)
        self.ax_.set_xlabel("time of the gradient flow" + (" (shaded: modes not yet apart)" if first else ""))

    def _summary(self) -> str:
        found = self.emergence
        return f"{len(found.words)} questions, {len(found.ranks)} ranks, {len(found.times)} times"
