"""A map of selected words in two dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import normalize

from .._estimators.base import BaseEmbedder
from .._typing import AnyFloatArray
from ._axes import axes_or_new
from ._labels import place_labels

_POINTS_PER_INCH = 72
_LEADER = {"arrowstyle": "-", "color": "0.6", "linewidth": 0.5, "shrinkA": 0, "shrinkB": 2}


@dataclass(eq=False)
class EmbeddingDisplay:
    """Words, positioned by the first two principal components of their unit vectors.

    Parameters
    ----------
    words : list of str
    positions : array of shape (n_words_shown, 2)
    groups : list of str
        Group of each word. Words of a group share a color. Empty strings have no entry in the legend.
    explained : array of shape (2,)
        Share of the words' variance along each axis.

    Attributes
    ----------
    ax_, figure_, labels_
        Set by the last call of `plot`.

    See Also
    --------
    ConceptDisplay : Words at the ends of each mode.
    sk_w2v.io.write_projector : Tables for an interactive map.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> corpus = make_planted_corpus(n_documents=300, random_state=0)
    >>> embedder = SpectralEmbedder(4).fit(corpus.data)
    >>> groups = {f"concept {number}": corpus.concepts[number][:5] for number in range(3)}
    >>> EmbeddingDisplay.from_estimator(embedder, groups).positions.shape
    (15, 2)
    """

    words: list[str]
    positions: AnyFloatArray
    groups: list[str]
    explained: AnyFloatArray

    @classmethod
    def from_estimator(
        cls, estimator: BaseEmbedder, words: Iterable[str] | Mapping[str, Iterable[str]]
    ) -> EmbeddingDisplay:
        """Project the words' normalized vectors onto their first two principal components.

        Parameters
        ----------
        estimator : fitted embedder
        words : iterable of str, or mapping of str to iterables of str
            Words, or groups of words by name. Labels are placed in this order, so the first get the best positions.

        Raises
        ------
        KeyError
            If a word is not in the vocabulary.
        ValueError
            If there are fewer than three words, or the vectors have fewer than two components.
        """
        by_group = words if isinstance(words, Mapping) else {"": words}
        shown = [(word, str(group)) for group, members in by_group.items() for word in members]
        vectors = estimator.get_word_vectors([word for word, _ in shown])
        if len(shown) < 3 or vectors.shape[1] < 2:
            raise ValueError(
                f"{len(shown)} words with {vectors.shape[1]} components do not fill a plane; give at least 3 words of "
                "an embedder with at least 2 components."
            )
        projection = PCA(2, svd_solver="full")
        positions = projection.fit_transform(normalize(vectors.astype(np.float64)))
        return cls(
            [word for word, _ in shown], positions, [group for _, group in shown], projection.explained_variance_ratio_
        )

    def plot(self, ax: Any = None, *, fontsize: Any = "small", **points: Any) -> EmbeddingDisplay:
        """Draw the words with labels that cover neither each other nor a point.

        Labels are placed for the current figure: set the size and limits of the axes first.

        Parameters
        ----------
        ax : matplotlib Axes or None
            None makes a new figure.
        fontsize : float or str
            Font size of the labels.
        **points
            Passed on to ``ax.scatter``.
        """
        self.ax_ = axes_or_new(ax)
        self.figure_ = self.ax_.figure
        names = np.array(self.groups)
        for group in dict.fromkeys(self.groups):
            shown = self.positions[names == group]
            self.ax_.scatter(*shown.T, **{"s": 12, "label": group or None, **points})
        self.ax_.margins(0.12)
        first, second = (f"{share:.0%} of the variance" for share in self.explained)
        self.ax_.set(xlabel=f"first component, {first}", ylabel=f"second component, {second}")
        legend = self.ax_.legend(frameon=False, fontsize="small") if any(self.groups) else None
        self.figure_.canvas.figure.draw_without_rendering()  # computes the layout of the axes
        self._label(fontsize, [] if legend is None else [legend.get_window_extent().extents])
        return self

    def _label(self, fontsize: Any, obstacles: list[AnyFloatArray]) -> None:
        """Write the words at free positions, each with a line to its point."""
        self.labels_ = [
            self.ax_.annotate(
                word,
                position,
                xytext=(0, 0),
                textcoords="offset points",
                ha="center",
                va="center",
                fontsize=fontsize,
                arrowprops=_LEADER,
            )
            for word, position in zip(self.words, self.positions, strict=True)
        ]
        pixels = self.ax_.transData.transform(self.positions)
        extents = [label.get_window_extent() for label in self.labels_]
        centers = place_labels(
            pixels,
            np.array([[extent.width + 2, extent.height] for extent in extents]),
            bounds=self.ax_.bbox.extents,
            obstacles=obstacles,
        )
        for label, offset in zip(self.labels_, centers - pixels, strict=True):
            label.set_position(offset * _POINTS_PER_INCH / self.figure_.dpi)
            label.set_in_layout(False)  # otherwise the layout would move the axes
