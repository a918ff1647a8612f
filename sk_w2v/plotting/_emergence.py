"""Accuracy of analogies against rank or time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._choices import check_choice
from .._estimators.base import BaseEmbedder
from ..datasets import AnalogyQuestions
from ..inspection import Emergence, emergence
from ._axes import axes_or_new


@dataclass(eq=False)
class EmergenceDisplay:
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
    def from_estimator(cls, estimator: BaseEmbedder, questions: AnalogyQuestions, **options: Any) -> EmergenceDisplay:
        """Compute `inspection.emergence` with these options."""
        return cls(emergence(estimator, questions, **options))

    def plot(
        self, ax: Any = None, *, against: str = "rank", by_category: bool = False, **line: Any
    ) -> EmergenceDisplay:
        """Draw accuracy against rank or time.

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
        categories = self.emergence.by_category()
        names = [row["category"] for row in self.emergence.table()] if by_category else []
        curves = [(name, categories[name]) for name in names] or [
            (f"{len(self.emergence.words)} questions", self.emergence)
        ]
        self.lines_ = []
        for name, each in curves:
            steps, accuracy = (
                (each.ranks, each.rank_accuracy) if against == "rank" else (each.times, each.time_accuracy)
            )
            self.lines_ += self.ax_.plot(steps, accuracy, **{"label": name, **line})
        self.ax_.set(
            xlabel="components" if against == "rank" else "time of the gradient flow", ylabel="analogies answered"
        )
        self.ax_.set_ylim(bottom=0)
        self.ax_.legend(frameon=False, fontsize="small")
        return self
