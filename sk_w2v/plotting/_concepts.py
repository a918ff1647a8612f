"""The words at the two ends of modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._tables import number
from ..inspection import Concept, concepts
from ._axes import axes_or_new
from ._display import Display
from ._style import BLUE, VERMILION


@dataclass(eq=False, repr=False)
class ConceptDisplay(Display):
    """Words at the two ends of each concept, with their scores.

    Parameters
    ----------
    concepts : list of Concept

    Attributes
    ----------
    ax_, figure_, bars_
        Set by the last call of `plot`.

    See Also
    --------
    sk_w2v.inspection.concepts : Computes the concepts.
    EmergenceDisplay : When analogies are answered.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> ConceptDisplay.from_estimator(embedder, n_words=3)
    ConceptDisplay(4 concepts)
    """

    concepts: list[Concept]

    @classmethod
    def from_estimator(cls, estimator: Any, **options: Any) -> ConceptDisplay:
        """Compute `inspection.concepts` of a fitted embedder, pipeline or search, with these options."""
        return cls(concepts(estimator, **options))

    def plot(self, ax: Any = None, *, concept: int = 0) -> ConceptDisplay:
        """Draw a bar for each word of one concept, counted from 0 in the order of learning.

        Parameters
        ----------
        ax : matplotlib Axes or None
            None makes a new figure.
        concept : int
            Index of the concept.

        Raises
        ------
        ValueError
            If there is no such concept.
        """
        if not 0 <= concept < len(self.concepts):
            raise ValueError(
                f"concept={concept} is not one of the {len(self.concepts)} computed; they are counted from 0."
            )
        shown = self.concepts[concept]
        words = [*shown.high, *reversed(shown.low)]
        scores = [*shown.high_scores, *reversed(shown.low_scores)]
        self.ax_ = axes_or_new(ax)
        self.figure_ = self.ax_.figure
        colors = [VERMILION if score > 0 else BLUE for score in scores]
        self.bars_ = self.ax_.barh(np.arange(len(words)), scores, color=colors)
        self.ax_.set_yticks(np.arange(len(words)), words)
        self.ax_.invert_yaxis()
        self.ax_.axvline(0, color="black", linewidth=0.8)
        self.ax_.set_xlabel("entry of the word (root mean square of all words: 1)")
        title = f"concept {concept}: {shown.quantity} {number(shown.eigenvalue)}\n{_explained(shown)}"
        self.ax_.set_title(title.rstrip(), fontsize="medium")
        return self

    def _summary(self) -> str:
        return f"{len(self.concepts)} concepts"


def _explained(concept: Concept) -> str:
    """Return which share of what a concept explains, empty if it is not known."""
    whole = "the target's squared norm" if concept.quantity == "eigenvalue" else "the squared norm of all products"
    return "" if np.isnan(concept.share) else f"{concept.share:.1%} of {whole}"
