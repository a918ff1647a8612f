"""A relation's eigenvalues against the bulk of random differences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._choices import check_choice
from .._estimators.base import BaseEmbedder
from ..inspection import RelationSpectrum, relation_spectrum
from ._axes import axes_or_new


@dataclass(eq=False)
class RelationSpectrumDisplay:
    """The spectrum of a relation's difference vectors, or its signal-to-noise ratio against rank.

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
        cls, estimator: BaseEmbedder, pairs: Iterable[tuple[str, str]], **options: Any
    ) -> RelationSpectrumDisplay:
        """Compute `inspection.relation_spectrum` with these options."""
        return cls(relation_spectrum(estimator, pairs, **options))

    def plot(self, ax: Any = None, *, against: str = "place") -> RelationSpectrumDisplay:
        """Draw the eigenvalues by their place, or spike, edge and signal-to-noise ratio by rank.

        Parameters
        ----------
        ax : matplotlib Axes or None
            None makes a new figure.
        against : {"place", "rank"}
        """
        check_choice("against", against, ("place", "rank"))
        self.ax_ = axes_or_new(ax)
        self.figure_ = self.ax_.figure
        if against == "place":
            self._plot_eigenvalues()
        else:
            self._plot_ranks()
        self.ax_.legend(frameon=False)
        return self

    def _plot_eigenvalues(self) -> None:
        """Draw the eigenvalues of the last rank, those above the edge in another color."""
        eigenvalues, edge = self.spectrum.eigenvalues, self.spectrum.edges[-1]
        places = np.arange(1, len(eigenvalues) + 1)
        above = eigenvalues > edge
        self.ax_.plot(places[~above], eigenvalues[~above], ".", color="tab:blue", label="bulk")
        self.ax_.plot(places[above], eigenvalues[above], "o", color="tab:red", label="above the edge")
        self.ax_.axhline(edge, color="black", linewidth=0.8, linestyle="--", label="Marchenko-Pastur edge")
        found = self.spectrum
        title = f"{found.n_pairs} pairs, {found.ranks[-1]} components: signal to noise {found.snr[-1]:.1f}"
        self.ax_.set(xlabel="place", ylabel="eigenvalue of the differences", title=title)

    def _plot_ranks(self) -> None:
        """Draw how the spike emerges from the bulk as components are added."""
        self.ax_.plot(self.spectrum.ranks, self.spectrum.spikes, ".-", color="tab:red", label="largest eigenvalue")
        self.ax_.plot(self.spectrum.ranks, self.spectrum.edges, "--", color="black", label="Marchenko-Pastur edge")
        self.ax_.plot(self.spectrum.ranks, self.spectrum.snr, ".-", color="tab:green", label="signal to noise")
        self.ax_.set(xlabel="components", ylabel="eigenvalue, or ratio")
