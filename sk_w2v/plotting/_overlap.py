"""A heat map of the overlaps between the modes of two models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._estimators.base import BaseEmbedder
from .._typing import AnyFloatArray
from ..inspection import mode_overlaps
from ._axes import axes_or_new


@dataclass(eq=False)
class OverlapDisplay:
    """Absolute cosines between all modes of two models.

    Parameters
    ----------
    overlaps : array of shape (n_left_modes, n_right_modes)
    names : tuple of two str
        Names of the models.

    Attributes
    ----------
    ax_, figure_, image_
        Set by the last call of `plot`.

    See Also
    --------
    sk_w2v.inspection.mode_overlaps : Computes the overlaps.
    SpectrumDisplay : The strengths of the modes.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> OverlapDisplay.from_estimators(embedder, embedder.truncate(2)).overlaps.shape
    (4, 2)
    """

    overlaps: AnyFloatArray
    names: tuple[str, str] = ("left", "right")

    @classmethod
    def from_estimators(
        cls,
        left: BaseEmbedder,
        right: BaseEmbedder,
        *,
        names: tuple[str, str] | None = None,
        n_modes: int | None = None,
    ) -> OverlapDisplay:
        """Compute `inspection.mode_overlaps`, of the first `n_modes` modes of each if given."""
        overlaps = mode_overlaps(left, right)[:n_modes, :n_modes]
        return cls(overlaps, names or (type(left).__name__, type(right).__name__))

    def plot(self, ax: Any = None, **image: Any) -> OverlapDisplay:
        """Draw the heat map; keywords go to ``ax.imshow``."""
        self.ax_ = axes_or_new(ax)
        self.figure_ = self.ax_.figure
        extent = (0.5, self.overlaps.shape[1] + 0.5, self.overlaps.shape[0] + 0.5, 0.5)  # modes are counted from 1
        options = {"vmin": 0, "vmax": 1, "cmap": "magma", "aspect": "auto", "extent": extent, **image}
        self.image_ = self.ax_.imshow(self.overlaps, **options)
        self.ax_.set(xlabel=f"mode of {self.names[1]}", ylabel=f"mode of {self.names[0]}")
        self.figure_.colorbar(self.image_, ax=self.ax_, label="absolute cosine")
        return self
