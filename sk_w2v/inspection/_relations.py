"""Relations: whether one direction leads from the first to the second word of all pairs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .._estimators.base import BaseEmbedder
from .._estimators.lookup import find_embedder
from .._tables import html_table
from .._typing import Float64Array, Int64Array

N_RANKS = 24
_FEWEST_PAIRS = 4  # with fewer pairs the bulk has no shape


@dataclass(frozen=True, eq=False, repr=False)
class RelationSpectrum:
    """The eigenvalues of a relation's difference vectors, and the spike among them.

    Attributes
    ----------
    n_pairs : int
        Number of pairs whose words are both known.
    coverage : float
        Share of the given pairs that are known.
    ranks : int array of shape (n_ranks,)
        Numbers of components evaluated.
    eigenvalues : float array of shape (min(n_pairs, ranks[-1]),)
        Of the differences' second moment at the last rank, in descending order. The mean of the bulk is about 1.
    noise : float array of shape (n_ranks,)
        Variance of the bulk in each direction.
    edges : float array of shape (n_ranks,)
        Upper edge of the bulk by the Marchenko-Pastur law.
    spikes : float array of shape (n_ranks,)
        The largest eigenvalue.
    snr : float array of shape (n_ranks,)
        Squared length of the shared difference over the variance of the bulk; 0 if no eigenvalue is above the edge.
    alignments : float array of shape (n_ranks,)
        Absolute cosine between the direction of the largest eigenvalue and the mean difference. It is near 1 if the
        pairs share a direction, and near 0 if the spike is another property in which the pairs differ.
    mode_shares : float array of shape (n_modes,)
        Share of each mode in the squared length of the mean difference of the model's vectors.

    See Also
    --------
    relation_spectrum : Computes it.
    """

    n_pairs: int
    coverage: float
    ranks: Int64Array
    eigenvalues: Float64Array
    noise: Float64Array
    edges: Float64Array
    spikes: Float64Array
    snr: Float64Array
    alignments: Float64Array
    mode_shares: Float64Array

    def __repr__(self) -> str:
        """Return the numbers of pairs and components, and the signal-to-noise ratio."""
        found = "a spike" if self.has_spike else "no spike"
        ratio = f"signal-to-noise ratio {self.snr[-1]:.1f}, {found} along the mean difference"
        return f"RelationSpectrum({self.n_pairs} pairs, {self.ranks[-1]} components: {ratio})"

    def _repr_html_(self) -> str:
        """Return a row for each rank."""
        columns = zip(self.ranks.tolist(), self.spikes.tolist(), self.edges.tolist(), self.snr.tolist(), strict=True)
        names = ("components", "largest eigenvalue", "edge", "signal to noise")
        return html_table([dict(zip(names, row, strict=True)) for row in columns], caption=repr(self))

    @property
    def has_spike(self) -> bool:
        """Whether the last rank has a spike that is aligned with the mean difference."""
        return bool(self.snr[-1] > 0 and self.alignments[-1] > 0.5)


def relation_spectrum(
    embedder: Any, pairs: Iterable[tuple[str, str]], *, ranks: npt.ArrayLike | None = None
) -> RelationSpectrum:
    """Find a spike in the spectrum of the difference vectors of a relation.

    If the pairs have nothing in common, the eigenvalues of the second moment of their n differences in r dimensions lie
    between ``s2 (1 - sqrt(r/n))^2`` and ``s2 (1 + sqrt(r/n))^2`` [1]_. A shared difference of squared length ``m2``
    with ``m2 > s2 sqrt(r/n)`` makes a spike at ``(s2 + m2)(1 + s2 r / (n m2))`` [2]_. Solved for ``m2 / s2``, this
    gives the signal-to-noise ratio. The modes are scaled to equal variance over all words and the differences to equal
    length, so that random pairs have such a bulk. ``s2`` is estimated from the median eigenvalue.

    Parameters
    ----------
    embedder : fitted embedder, or a pipeline or search with one
    pairs : iterable of (str, str)
        Such as ("Athens", "Greece"), ("Oslo", "Norway"); at least 4 with known words.
    ranks : int array-like of shape (n_ranks,) or None
        Increasing numbers of components, at least 2. None uses up to 24, log-spaced.

    Returns
    -------
    RelationSpectrum

    Raises
    ------
    ValueError
        If fewer than 4 pairs are known, or ranks are not increasing between 2 and the number of components.

    See Also
    --------
    diagnose_analogy : Why one analogy is not answered.
    sk_w2v.plotting.RelationSpectrumDisplay : A plot of the spectrum.

    Notes
    -----
    A spike means that the pairs share a direction, not that each word leads to its own partner. Pairs of a country and
    another country's capital also have a spike, though usually a smaller one.

    References
    ----------
    .. [1] Marchenko, Pastur (1967), "Distribution of eigenvalues for some sets of random matrices".
    .. [2] Baik, Ben Arous, Péché (2005), "Phase transition of the largest eigenvalue for nonnull complex sample
       covariance matrices"; for relations of words: Karkada et al. (2025).

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> corpus = make_planted_corpus(n_documents=1000, random_state=0)
    >>> embedder = SpectralEmbedder(5).fit(corpus.data)
    >>> relation_spectrum(embedder, zip(corpus.concepts[0], corpus.concepts[1])).has_spike
    True
    """
    embedder = find_embedder(embedder)
    pairs = list(pairs)
    rows = np.array(
        [[embedder.vocabulary_[a], embedder.vocabulary_[b]] for a, b in pairs if _knows(embedder, a, b)], dtype=np.int64
    ).reshape(-1, 2)
    if len(rows) < _FEWEST_PAIRS:
        raise ValueError(
            f"{len(rows)} of the {len(pairs)} pairs have both words in the vocabulary of {len(embedder.words_)} words; "
            f"give at least {_FEWEST_PAIRS}, or lower min_count, or check the case of the words."
        )
    modes = embedder.modes()
    directions = modes.directions
    ranks = _checked_ranks(ranks, directions.shape[1])
    scaled = np.sqrt(len(directions)) * directions.astype(np.float64)  # each mode has variance 1 over all words
    differences = scaled[rows[:, 1]] - scaled[rows[:, 0]]
    spectra = [difference_spectrum(differences[:, :rank]) for rank in ranks]
    vectors = modes.vectors
    mean = np.mean(vectors[rows[:, 1]].astype(np.float64) - vectors[rows[:, 0]], axis=0)
    noise, edges, spikes, snr, alignments = np.array([numbers for _, *numbers in spectra]).T
    return RelationSpectrum(
        len(rows),
        len(rows) / len(pairs),
        ranks,
        spectra[-1][0],
        noise,
        edges,
        spikes,
        snr,
        alignments,
        mode_shares=mean**2 / np.sum(mean**2),
    )


def difference_spectrum(differences: Float64Array) -> tuple[Float64Array, float, float, float, float, float]:
    """Return eigenvalues, noise, edge, spike, signal-to-noise ratio and alignment of n differences in r dimensions."""
    n, rank = differences.shape
    lengths = np.linalg.norm(differences, axis=1, keepdims=True)
    units = np.sqrt(rank) * differences / np.where(lengths > 0, lengths, 1)
    _, singular_values, right = np.linalg.svd(units / np.sqrt(n), full_matrices=False)
    eigenvalues = singular_values**2  # (min(n, r),)
    ratio = rank / n
    noise = float(np.median(eigenvalues)) / bulk_median(ratio)
    edge = noise * (1 + np.sqrt(ratio)) ** 2
    mean = units.mean(axis=0)
    alignment = abs(right[0] @ mean) / max(float(np.linalg.norm(mean)), 1e-300)
    return eigenvalues, noise, edge, float(eigenvalues[0]), signal_to_noise(eigenvalues[0] / noise, ratio), alignment


def signal_to_noise(spike: float, ratio: float) -> float:
    """Return ``m2 / s2`` of a spike in units of ``s2``, ``(1 + m)(1 + ratio / m)``; 0 below the edge."""
    if not spike > (1 + np.sqrt(ratio)) ** 2:
        return 0.0
    half = (spike - 1 - ratio) / 2
    return float(half + np.sqrt(max(half**2 - ratio, 0)))


def bulk_median(ratio: float) -> float:
    """Return the median of the Marchenko-Pastur law of variance 1, without its zeros for a ratio above 1."""
    low, high = (1 - np.sqrt(ratio)) ** 2, (1 + np.sqrt(ratio)) ** 2
    angle = (np.arange(4096) + 0.5) * np.pi / 4096
    places = (low + high) / 2 - (high - low) / 2 * np.cos(angle)  # in ascending order
    mass = np.cumsum(np.sin(angle) ** 2 / places)  # of the density sqrt((high - x)(x - low)) / x
    return float(places[np.searchsorted(mass, mass[-1] / 2)])


def _knows(embedder: BaseEmbedder, *words: str) -> bool:
    """Tell whether all words are in the vocabulary."""
    return all(word in embedder.vocabulary_ for word in words)


def _checked_ranks(ranks: npt.ArrayLike | None, n_modes: int) -> Int64Array:
    """Return the ranks to evaluate."""
    if n_modes < 2:
        raise ValueError(f"The model has {n_modes} component, and a spectrum needs at least 2; fit more components.")
    if ranks is None:
        return np.unique(np.geomspace(2, n_modes, N_RANKS).round().astype(np.int64))
    chosen = np.asarray(ranks, dtype=np.int64).reshape(-1)
    if len(chosen) == 0 or chosen[0] < 2 or chosen[-1] > n_modes or np.any(np.diff(chosen) <= 0):
        raise ValueError(f"ranks={ranks!r} do not increase from 2 to at most the model's {n_modes} components.")
    return chosen
