"""Concepts: the meaning of a model's modes, read from the words at their two ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .._estimators.base import BaseEmbedder
from .._estimators.lookup import find_embedder
from .._estimators.modes import Modes, singular_modes
from .._estimators.spectral import SpectralEmbedder
from .._tables import html_table, number
from .._typing import AnyFloatArray, IntpArray, ObjectArray
from ._shared_words import shared_rows


@dataclass(frozen=True, repr=False)
class Concept:
    """One eigen-direction of the target, or one singular direction of trained vectors.

    Attributes
    ----------
    eigenvalue : float
        Eigenvalue of the target, or squared singular value of a trained model.
    learning_time : float
        Time at which gradient flow has learned half of it, in the flow's unit. For a trained model it is that of the
        matched mode, NaN without a reference.
    high, low : tuple of str
        The words at the two ends, the most extreme first.
    share : float
        Share of the squared norm explained: ``eigenvalue^2`` over that of the target, or of the products of a trained
        model's vectors.
    high_scores, low_scores : tuple of float
        The words' entries, in units of the root-mean-square entry of all words.
    match : int or None
        Index of the nearest mode of the reference.
    overlap : float
        Absolute cosine with that mode, NaN without a reference.
    quantity : str
        What `eigenvalue` is: "eigenvalue", or "squared singular value" of a trained model.

    See Also
    --------
    concepts : Computes them.
    """

    eigenvalue: float
    learning_time: float
    high: tuple[str, ...]
    low: tuple[str, ...]
    share: float = float("nan")
    high_scores: tuple[float, ...] = ()
    low_scores: tuple[float, ...] = ()
    match: int | None = None
    overlap: float = float("nan")
    quantity: str = "eigenvalue"

    def __repr__(self) -> str:
        """Return its strength and the first words at its two ends."""
        return (
            f"Concept({self.quantity} {number(self.eigenvalue)}: {' '.join(self.high[:3])} | {' '.join(self.low[:3])})"
        )

    def _row(self, place: int) -> dict[str, Any]:
        """Return the row of a table of concepts."""
        times = {} if np.isnan(self.learning_time) else {"learning time": self.learning_time}
        return {"concept": place, self.quantity: self.eigenvalue, **times, "high": self.high, "low": self.low}


class Concepts(list[Concept]):
    """A list of concepts that prints one a line, and as a table in a notebook."""

    def __repr__(self) -> str:
        """Return a line for each concept."""
        return "\n".join(map(repr, self)) or "[]"

    def _repr_html_(self) -> str:
        """Return a row for each concept."""
        return html_table([concept._row(place) for place, concept in enumerate(self)])


def concepts(
    embedder: Any,
    *,
    n_concepts: int = 10,
    n_words: int = 8,
    min_count: int = 20,
    squared_norm: float | None = None,
    reference: SpectralEmbedder | None = None,
    center: bool = True,
) -> list[Concept]:
    """Return the first concepts that word2vec learns, in the order of learning.

    Parameters
    ----------
    embedder : fitted embedder, or a pipeline or search with one
        The modes of a trained model are the singular directions of its word vectors, the strongest first.
    n_concepts : int
        Number of modes to return.
    n_words : int
        Number of words at each end.
    min_count : int
        Minimum number of occurrences (tokens) for a word to be shown. The most extreme words are often rare.
    squared_norm : float or None
        Denominator of the shares. None uses the squared norm of a closed form's target, ``target_squared_norm_``, or
        for a trained model the sum of the squared strengths of its components.
    reference : fitted SpectralEmbedder or None
        A closed form to match the modes with, on the words that both know. Each mode gets the index, overlap, learning
        time and sign of the nearest one.
    center : bool, default=True
        Whether to subtract the mean of all word vectors of a trained model first. The vectors of skip-gram share a
        large component, which otherwise is the first mode: all words are at one end of it. A closed form is used as it
        is.

    Returns
    -------
    list of Concept, of length min(n_concepts, number of modes)

    Raises
    ------
    ValueError
        If the reference shares no word with the model.

    See Also
    --------
    mode_strengths : The eigenvalues alone.
    emergence : When analogies are answered.
    sk_w2v.plotting.ConceptDisplay : A plot of the words of a concept.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=500, random_state=0).data)
    >>> [word.split("_")[0] for word in concepts(embedder, n_concepts=1, n_words=2)[0].high]
    ['concept0', 'concept0']
    """
    embedder = find_embedder(embedder)
    modes = _modes(embedder, center=center)
    n_concepts = min(n_concepts, len(modes.strengths))
    whole = squared_norm or getattr(embedder, "target_squared_norm_", None) or np.sum(modes.strengths**2)
    shares = modes.strengths**2 / whole
    matches, overlaps = _match(embedder, modes, reference)
    shown = np.flatnonzero(embedder.word_counts_ >= min_count)
    times = modes.learning_times if reference is None else reference.learning_times_[matches]
    quantity = "eigenvalue" if embedder.has_flow else "squared singular value"
    return Concepts(
        Concept(
            float(modes.strengths[mode]),
            float(times[mode]),
            quantity=quantity,
            **_ends(embedder, modes.directions[:, mode] * (-1 if overlaps[mode] < 0 else 1), shown, n_words),
            share=float(shares[mode]),
            match=None if reference is None else int(matches[mode]),
            overlap=float(abs(overlaps[mode])),
        )
        for mode in range(n_concepts)
    )


def _modes(embedder: BaseEmbedder, *, center: bool) -> Modes:
    """Return the modes of a closed form, or of a trained model's vectors without their mean."""
    if embedder.has_flow or not center:
        return embedder.modes()
    return singular_modes(embedder.embedding_ - embedder.embedding_.mean(axis=0))


def _ends(embedder: BaseEmbedder, direction: AnyFloatArray, shown: IntpArray, n_words: int) -> dict[str, Any]:
    """Return the words at both ends of a direction, with their entries in units of the root mean square."""
    entries = (direction / np.sqrt(np.mean(np.square(direction, dtype=np.float64))))[shown]
    high, high_scores = _outermost(entries, embedder.words_[shown], n_words)
    low, low_scores = _outermost(-entries, embedder.words_[shown], n_words)
    return {
        "high": high,
        "low": low,
        "high_scores": high_scores,
        "low_scores": tuple(-score for score in low_scores),
    }


def _match(embedder: BaseEmbedder, modes: Modes, reference: SpectralEmbedder | None) -> tuple[IntpArray, AnyFloatArray]:
    """Return the index of each mode's nearest reference mode and their cosine, both of shape (n_modes,)."""
    if reference is None:
        return np.zeros(len(modes.strengths), dtype=np.intp), np.full(len(modes.strengths), np.nan)
    rows, reference_rows = shared_rows([embedder, reference])
    left, right = modes.directions[rows], reference.modes().directions[reference_rows]
    cosines = (left / np.linalg.norm(left, axis=0)).T @ (right / np.linalg.norm(right, axis=0))
    nearest = np.abs(cosines).argmax(axis=1)
    return nearest, cosines[np.arange(len(cosines)), nearest]


def _outermost(entries: AnyFloatArray, words: ObjectArray, n_words: int) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the words of the largest positive entries, and these entries."""
    rows = [row for row in np.argsort(-entries, kind="stable")[:n_words] if entries[row] > 0]
    return tuple(str(words[row]) for row in rows), tuple(float(entries[row]) for row in rows)
