"""The eigenvalues of a model, mode by mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._estimators.base import BaseEmbedder
from .._typing import AnyFloatArray
from ..inspection import mode_strengths
from ._axes import axes_or_new


@dataclass(eq=False)
class SpectrumDisplay:
    """Strength of each mode: eigenvalues of the target, or squared singular values of trained vectors.

    Parameters
    ----------
    strengths : array of shape (n_modes,)
        In descending order.
    name : str
        Name of the model.

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
    >>> SpectrumDisplay.from_estimator(embedder).strengths.shape
    (4,)
    """

    strengths: AnyFloatArray
    name: str = ""

    @classmethod
    def from_estimator(cls, estimator: BaseEmbedder, *, name: str | None = None) -> SpectrumDisplay:
        """Compute the strengths of a fitted embedder's modes."""
        return cls(mode_strengths(estimator), type(estimator).__name__ if name is None else name)

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
        options = {"label": self.name, "marker": ".", "linewidth": 1, **line}
        self.lines_ = self.ax_.plot(np.arange(1, len(shown) + 1), shown, **options)
        label = "eigenvalue" + (" over the first" if relative else "")
        self.ax_.set(xlabel="mode", ylabel=label, xscale="log", yscale="log")
        self.ax_.legend(frameon=False)
        return self
