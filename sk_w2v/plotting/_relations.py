"""A relation's eigenvalues against the bulk of random differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._choices import check_choice
from ..inspection import RelationSpectrum, relation_spectrum
from ._axes import add_legend, axes_or_new, integer_ticks
from ._display import Display
from ._style import BLACK, BLUE, VERMILION


@dataclass(eq=False, repr=False)
class RelationSpectrumDisplay(Display):
    """The spectrum of a relation's difference vectors, or how its largest eigenvalue emerges with rank.

    Parameters
    ----------
    spectrum : RelationSpectrum

    Attributes
    ----------
    ax_, figure_
        Set by the last call of `plot`.

    See Also
    --------
    sk_w2v.inspection.relation_spectrum : Computes the spectrum.
    SpectrumDisplay : The eigenvalues of a model.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> corpus = make_planted_corpus(n_documents=1000, random_state=0)
    >>> embedder = SpectralEmbedder(5).fit(corpus.data)
    >>> RelationSpectrumDisplay.from_estimator(embedder, zip(*corpus.concepts[:2])).spectrum.n_pairs
    20
    """

    spectrum: RelationSpectrum

    @classmethod
    def from_estimator(
        cls, estimator: Any, pairs: Iterable[tuple[str, str]], **options: Any
    ) -> RelationSpectrumDisplay:
        """Compute `inspection.relation_spectrum` of a fitted embedder, pipeline or search, with these options."""
        return cls(relation_spectrum(estimator, pairs, **options))

    def plot(self, ax: Any = None, *, against: str = "place", quantity: str = "eigenvalue") -> RelationSpectrumDisplay:
        """Draw the eigenvalues in order, or the largest eigenvalue or the signal-to-noise ratio by rank.

        Parameters
        ----------
        ax : matplotlib Axes or None
            None makes a new figure.
        against : {"place", "rank"}
            "place" draws all eigenvalues of the last rank, the largest first.
        quantity : {"eigenvalue", "snr"}
            What to draw against rank: the largest eigenvalue with the edge of the bulk, or the signal-to-noise ratio.

        Raises
        ------
        ValueError
            If the signal-to-noise ratio is asked for by place: it is one number.
        """
        check_choice("against", against, ("place", "rank"))
        check_choice("quantity", quantity, ("eigenvalue", "snr"))
        if against == "place" and quantity == "snr":
            raise ValueError("quantity='snr' is one number for each rank; use against='rank'.")
        self.ax_ = axes_or_new(ax)
        self.figure_ = self.ax_.figure
        if against == "place":
            self._plot_eigenvalues()
        else:
            self._plot_ranks(quantity)
        integer_ticks(self.ax_.xaxis)
        return self

    def _plot_eigenvalues(self) -> None:
        """Draw the eigenvalues of the last rank, those above the edge in another color."""
        eigenvalues, edge = self.spectrum.eigenvalues, self.spectrum.edges[-1]
        places = np.arange(1, len(eigenvalues) + 1)
        above = eigenvalues > edge
        self.ax_.plot(places[above], eigenvalues[above], "D", color=VERMILION, label="above the edge")
        self.ax_.plot(places[~above], eigenvalues[~above], ".", color=BLUE, label="bulk")
        self._plot_edge(lambda **line: self.ax_.axhline(edge, **line))
        self.ax_.set(xlabel="eigenvalue, the largest first", ylabel="eigenvalue of the differences")
        self.ax_.set_ylim(bottom=0)

    def _plot_ranks(self, quantity: str) -> None:
        """Draw how the largest eigenvalue emerges from the bulk as components are added."""
        ranks = self.spectrum.ranks
        if quantity == "snr":
            self.ax_.plot(ranks, self.spectrum.snr, "o-", color=VERMILION, markersize=4)
            self.ax_.set(xlabel="components", ylabel="signal-to-noise ratio")
            return
        self.ax_.plot(ranks, self.spectrum.spikes, "o-", color=VERMILION, markersize=4, label="largest eigenvalue")
        self._plot_edge(lambda **line: self.ax_.plot(ranks, self.spectrum.edges, **line))
        self.ax_.set(xlabel="components", ylabel="eigenvalue of the differences")

    def _plot_edge(self, draw: Callable[..., Any]) -> None:
        """Draw the edge of the bulk, and the legend above the axes."""
        draw(color=BLACK, linewidth=1, linestyle="--", label="Marchenko-Pastur edge")
        add_legend(self.ax_, side="top")

    def _summary(self) -> str:
        found = self.spectrum
        return f"{found.n_pairs} pairs, {found.ranks[-1]} components: signal-to-noise ratio {found.snr[-1]:.1f}"
