"""Looking into a model: the concepts that its components stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ._spectral import SpectralEmbedder


@dataclass(frozen=True)
class Concept:
    """One eigen-direction of the target.

    Attributes
    ----------
    eigenvalue : float
        How much of the target it holds.
    learning_time : float
        When gradient flow has learnt half of it, in the flow's unit.
    high, low : tuple of str
        The words at its two ends, the outermost first.
    """

    eigenvalue: float
    learning_time: float
    high: tuple[str, ...]
    low: tuple[str, ...]


def concepts(
    embedder: SpectralEmbedder, *, n_concepts: int = 10, n_words: int = 8, min_count: int = 20
) -> list[Concept]:
    """Return the first concepts that word2vec learns, in the order of learning.

    Parameters
    ----------
    embedder : fitted SpectralEmbedder
    n_concepts : int
        Number of components looked at.
    n_words : int
        Words at each end.
    min_count : int
        Fewest occurrences of a word that is shown (tokens): the outermost words are often rare ones.

    Returns
    -------
    list of Concept, of length min(n_concepts, n_components_)

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=500, random_state=0).data)
    >>> [word.split("_")[0] for word in concepts(embedder, n_concepts=1, n_words=2)[0].high]
    ['concept0', 'concept0']
    """
    shown = np.flatnonzero(embedder.word_counts_ >= min_count)
    return [
        Concept(
            float(embedder.eigenvalues_[component]),
            float(embedder.learning_times_[component]),
            high=_outermost(-embedder.embedding_[shown, component], embedder.words_[shown], n_words),
            low=_outermost(embedder.embedding_[shown, component], embedder.words_[shown], n_words),
        )
        for component in range(min(n_concepts, embedder.n_components_))
    ]


def _outermost(entries: npt.NDArray[np.floating[Any]], words: npt.NDArray[np.object_], n_words: int) -> tuple[str, ...]:
    """Return the words of the smallest entries that are negative: those on one side of zero."""
    rows = np.argsort(entries, kind="stable")[:n_words]
    return tuple(str(words[row]) for row in rows if entries[row] < 0)
