"""The eigenvalues of a model, mode by mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._estimators.lookup import find_embedder
from .._typing import AnyFloatArray
from ..inspection import mode_strengths
from ._axes import add_legend, axes_or_new, logarithmic
from ._display import Display
from ._style import COLORS

_FEW = 30  # modes whose points are still apart


@dataclass(eq=False, repr=False)
class SpectrumDisplay(Display):
    """Strength of each mode: eigenvalues of the target, or squared singular values of trained vectors.

    Parameters
    ----------
    strengths : array of shape (n_modes,)
        In descending order.
    name : str
        Name of the model.
    quantity : str
        What the strengths are, for the axis.

    Attributes
    ----------
    ax_, figure_, lines_
        Set by the last call of `plot`.

    See Also
    --------
    sk_w2v.inspection.mode_strengths : Computes the strengths.
    OverlapDisplay : The overlaps of two models' modes.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> SpectrumDisplay.from_estimator(embedder)
    SpectrumDisplay(eigenvalues of 4 modes of SpectralEmbedder)
    """

    strengths: AnyFloatArray
    name: str = ""
    quantity: str = "eigenvalue"

    @classmethod
    def from_estimator(cls, estimator: Any, *, name: str | None = None) -> SpectrumDisplay:
        """Compute the strengths of the modes of a fitted embedder, or of the embedder in a pipeline or search."""
        embedder = find_embedder(estimator)
        quantity = "eigenvalue" if embedder.has_flow else "squared singular value"
        return cls(mode_strengths(embedder), type(embedder).__name__ if name is None else name, quantity)

    def plot(self, ax: Any = None, *, relative: bool = False, **line: Any) -> SpectrumDisplay:
        """Draw strength against mode on logarithmic axes; keywords go to ``ax.plot``.

        Parameters
        ----------
        ax : matplotlib Axes or None
            None makes a new figure. To compare models of different scale, draw into the same axes with `relative`.
        relative : bool
            Whether to divide strengths by the first.
        """
        self.ax_ = axes_or_new(ax)
        self.figure_ = self.ax_.figure
        shown = self.strengths / self.strengths[0] if relative else self.strengths
        marker = "o" if len(shown) <= _FEW else ""
        color = COLORS[len(self.ax_.lines) % len(COLORS)]
        options = {"label": self.name, "marker": marker, "markersize": 4, "color": color, **line}
        self.lines_ = self.ax_.plot(np.arange(1, len(shown) + 1), shown, **options)
        self.ax_.set(xlabel="mode", xscale="log", yscale="log")
        self.ax_.set_ylabel(self._label(self.ax_.get_ylabel(), relative=relative))
        logarithmic(self.ax_.xaxis)
        logarithmic(self.ax_.yaxis)
        if any(line.get_label()[:1] not in ("", "_") for line in self.ax_.lines):
            add_legend(self.ax_, side="top")
        return self

    def _label(self, earlier: str, *, relative: bool) -> str:
        """Return the label of the axis, with that of another quantity drawn earlier."""
        label = self.quantity + (", relative to the first" if relative else "")
        return label if earlier in ("", label) else f"{earlier.removesuffix(', relative to the first')} or\n{label}"

    def _summary(self) -> str:
        return f"{self.quantity}s of {len(self.strengths)} modes of {self.name or 'a model'}"
