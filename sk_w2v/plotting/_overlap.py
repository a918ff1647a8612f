"""A heat map of the overlaps between the modes of two models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._estimators.lookup import find_embedder
from .._typing import AnyFloatArray
from ..inspection import mode_overlaps
from ._axes import axes_or_new, mode_ticks
from ._display import Display
from ._style import IMAGE_MAP


@dataclass(eq=False, repr=False)
class OverlapDisplay(Display):
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
    >>> OverlapDisplay.from_estimators(embedder, embedder.truncate(2), names=("four", "two"))
    OverlapDisplay(4 modes of four and 2 modes of two)
    """

    overlaps: AnyFloatArray
    names: tuple[str, str] = ("left", "right")

    @classmethod
    def from_estimators(
        cls,
        left: Any,
        right: Any,
        *,
        names: tuple[str, str] | None = None,
        n_modes: int | None = None,
    ) -> OverlapDisplay:
        """Compute `inspection.mode_overlaps` of fitted embedders, pipelines or searches.

        Parameters
        ----------
        left, right : fitted embedders, or pipelines or searches with one
        names : tuple of two str or None
            None names the models by their classes.
        n_modes : int or None
            Number of modes of each to compare, the first ones; None compares all.
        """
        left, right = find_embedder(left), find_embedder(right)
        overlaps = mode_overlaps(left, right)[:n_modes, :n_modes]
        return cls(overlaps, names or (type(left).__name__, type(right).__name__))

    def plot(self, ax: Any = None, **image: Any) -> OverlapDisplay:
        """Draw the heat map, zero nearly white; keywords go to ``ax.imshow``."""
        self.ax_ = axes_or_new(ax)
        self.figure_ = self.ax_.figure
        n_left, n_right = self.overlaps.shape
        extent = (0.5, n_right + 0.5, n_left + 0.5, 0.5)  # modes are counted from 1
        options = {"vmin": 0, "vmax": 1, "cmap": IMAGE_MAP, "aspect": "auto", "extent": extent, **image}
        self.image_ = self.ax_.imshow(self.overlaps, **options)
        mode_ticks(self.ax_.xaxis, n_right)
        mode_ticks(self.ax_.yaxis, n_left)
        self.ax_.set(xlabel=f"mode of {self.names[1]}", ylabel=f"mode of {self.names[0]}")
        self.figure_.colorbar(self.image_, ax=self.ax_, label="absolute cosine")
        return self

    def _summary(self) -> str:
        sizes = zip(self.overlaps.shape, self.names, strict=True)
        return " and ".join(f"{n_modes} modes of {name}" for n_modes, name in sizes)
