"""A map of selected words in two dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import normalize

from .._estimators.lookup import find_embedder
from .._typing import AnyFloatArray
from ._axes import add_legend, axes_or_new
from ._display import Display
from ._labels import place_labels
from ._style import point_styles

_POINTS_PER_INCH = 72
_FEW = 40  # words that all get a label, however far from its point
_REACH = 2.5  # heights of a label between it and its point, at most, if there are more words
_LEADER = {"arrowstyle": "-", "color": "0.6", "linewidth": 0.5, "shrinkA": 0, "shrinkB": 2}


@dataclass(eq=False, repr=False)
class EmbeddingDisplay(Display):
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
    >>> EmbeddingDisplay.from_estimator(embedder, groups)
    EmbeddingDisplay(15 words in 3 groups)
    """

    words: list[str]
    positions: AnyFloatArray
    groups: list[str]
    explained: AnyFloatArray

    @classmethod
    def from_estimator(cls, estimator: Any, words: Iterable[str] | Mapping[str, Iterable[str]]) -> EmbeddingDisplay:
        """Project the words' normalized vectors onto their first two principal components.

        Parameters
        ----------
        estimator : fitted embedder, or a pipeline or search with one
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
        vectors = find_embedder(estimator).get_word_vectors([word for word, _ in shown])
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

        Of more than 40 words, one without a free place near its point has no label, and the title says how many have
        one. Labels are placed for the current figure: set the size and limits of the axes first. A larger figure has
        room for more.

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
        for group, style in zip(dict.fromkeys(self.groups), cycle(point_styles())):
            shown = self.positions[names == group]
            self.ax_.scatter(*shown.T, **{"s": 14, "label": group or None, **style, **points})
        self.ax_.margins(0.12)
        first, second = (f"{share:.0%} of the variance" for share in self.explained)
        self.ax_.set(
            xlabel=f"first component, {first}", ylabel=f"second component, {second}", title=" "
        )  # for the note below
        legend = add_legend(self.ax_) if any(self.groups) else None
        self.figure_.canvas.figure.draw_without_rendering()  # computes the layout of the axes
        self._label(fontsize, [] if legend is None else [legend.get_window_extent().extents])
        if len(self.labels_) < len(self.words):
            self.ax_.set_title(f"{len(self.labels_)} of {len(self.words)} words are labeled", fontsize="medium")
        return self

    def _label(self, fontsize: Any, obstacles: list[AnyFloatArray]) -> None:
        """Write the words at free positions near their points, each with a line to its point; drop the others."""
        labels = [
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
        extents = [label.get_window_extent() for label in labels]
        centers = place_labels(
            pixels,
            np.array([[extent.width + 2, extent.height] for extent in extents]),
            bounds=self.ax_.bbox.extents,
            obstacles=obstacles,
            reach=np.inf if len(labels) <= _FEW else _REACH * max(extent.height for extent in extents),
        )
        self.labels_ = []
        for label, offset in zip(labels, centers - pixels, strict=True):
            if np.isnan(offset).any():
                label.remove()
                continue
            label.set_position(offset * _POINTS_PER_INCH / self.figure_.dpi)
            label.set_in_layout(False)  # otherwise the layout would move the axes
            self.labels_.append(label)

    def _summary(self) -> str:
        n_groups = len({group for group in self.groups if group})
        return f"{len(self.words)} words" + (f" in {n_groups} groups" if n_groups else "")
