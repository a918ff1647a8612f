"""Comparison of models on the words that all of them know: how far they agree, and where they differ most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.preprocessing import normalize

from .._estimators.base import BaseEmbedder
from .._estimators.lookup import find_embedder
from .._estimators.modes import singular_directions
from .._tables import Table, html_table, text_table
from .._typing import AnyFloatArray, Float64Array, IntpArray, ObjectArray
from ._measures import linear_cka, pip_distance, procrustes_residual
from ._shared_words import shared_rows

_Scorers = Mapping[str, Callable[[Any], Any]]

_N_LISTED = 5  # neighbors of a word that differs


class Comparison(Table):
    """A table of the agreement of each pair of models; a list of rows that prints as a table, in a notebook too.

    Attributes
    ----------
    models : Table
        One row for each model: its name, size and scores.
    words : Table
        The words that differ most, for each pair of models.

    See Also
    --------
    compare_embedders : Computes it.
    """

    def __init__(self, rows: Iterable[dict[str, Any]], models: Table, words: Table) -> None:
        super().__init__(rows)
        self.models = models
        self.words = words

    def __repr__(self) -> str:
        """Return the three tables below each other."""
        return "\n\n".join(f"{title}\n{text_table(rows)}" for title, rows in self._sections())

    def _repr_html_(self) -> str:
        """Return the three tables as HTML."""
        return "".join(html_table(rows, caption=title) for title, rows in self._sections())

    def _sections(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Return titles and tables: models, agreement with a row for each measure, and words."""
        pairs = [f"{row['left']} / {row['right']}" for row in self]
        measures = [name for name in self[0] if name not in ("left", "right")]
        agreement = [
            {"measure": name, **{pair: row[name] for pair, row in zip(pairs, self, strict=True)}} for name in measures
        ]
        return [("Models", self.models), ("Agreement", agreement), ("Words that differ most", self.words)]


def compare_embedders(
    *embedders: Any,
    names: Sequence[str] | None = None,
    n_neighbors: int = 10,
    n_queries: int = 1000,
    n_words: int = 10,
    scorers: _Scorers | None = None,
) -> Comparison:
    """Say how models differ: their agreement on shared words, the words that differ most, and scores.

    ====================== ===========================================================================================
    ``left``, ``right``    the models' names
    ``n_shared``           number of words that all models know; all measures use these words
    ``coverage``           ``n_shared`` over the size of the larger vocabulary
    ``subspace_agreement`` mean squared cosine of the principal angles between their column spaces, 0 to 1 [1]_
    ``largest_angle``      the largest of these angles, in degrees
    ``mode_overlap``       mean over the smaller model's modes of the largest absolute cosine with a mode of the other
    ``cka``                linear centered kernel alignment, 0 to 1 [2]_
    ``procrustes``         share of squared length left after the best rotation and scaling, 0 to 1
    ``pip_distance``       ``|X X' - Y Y'| / (|X X'| + |Y Y'|)`` at equal mean squared length, 0 to 1 [3]_
    ``neighbors``          share of a word's nearest neighbors by cosine found in both, mean over the queries
    ====================== ===========================================================================================

    Parameters
    ----------
    *embedders : fitted embedders, or pipelines or searches with one
        At least two, of any class and number of components; or one mapping of names to them.
    names : sequence of str or None
        Names of the models. None uses the names of their classes, numbered where they are equal.
    n_neighbors : int, default=10
        Number of nearest neighbors to compare.
    n_queries : int, default=1000
        Number of shared words whose neighbors are compared: the most frequent ones of the first model.
    n_words : int, default=10
        Number of words that differ most to list for each pair of models: those of the queries whose cosines with the
        other queries correlate least.
    scorers : mapping of str to callable or None
        Scorers by name, such as those of `sk_w2v.scorers`. Each is called with a model as it was given.

    Returns
    -------
    Comparison
        A list with a row for each pair of models, ready for `pandas.DataFrame`. Its `models` have a row for each model,
        with its scores. Its `words` have ``word``, ``correlation`` of the cosines, and the nearest neighbors among the
        shared words in both models.

    Raises
    ------
    TypeError
        If a model contains no embedder.
    ValueError
        If there are fewer than two models, there is not one name for each, or they share no words or at most
        `n_neighbors`.

    See Also
    --------
    mode_overlaps : Agreement of two models mode by mode.
    sk_w2v.metrics.subspace_agreement : The agreement of two arrays of vectors.
    sk_w2v.scorers.AgreementScorer : The same as a scorer, for a search.

    References
    ----------
    .. [1] Björck, Golub (1973), "Numerical methods for computing angles between linear subspaces".
    .. [2] Kornblith, Norouzi, Lee, Hinton (2019), "Similarity of neural network representations revisited".
    .. [3] Yin, Shen (2018), "On the dimensionality of word embedding".

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(5).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> comparison = compare_embedders(embedder, embedder.truncate(3), names=["five", "three"])
    >>> print(comparison.models)
    model  words  components
    five     170           5
    three    170           3
    >>> round(comparison[0]["subspace_agreement"], 3), comparison[0]["n_shared"]
    (1.0, 170)
    """
    given = _named(embedders, names)
    found = {name: find_embedder(model) for name, model in given.items()}
    rows = shared_rows(list(found.values()))
    n_shared = len(rows[0])
    if n_shared <= n_neighbors:
        raise ValueError(f"The models share {n_shared} words, too few for n_neighbors={n_neighbors}; lower it.")
    first = next(iter(found.values()))
    words, counts = first.words_[rows[0]], first.word_counts_[rows[0]]
    queries = np.sort(np.argsort(-counts, kind="stable")[:n_queries])
    models = {
        name: _SharedVectors(embedder.embedding_[shared], queries, n_neighbors)
        for (name, embedder), shared in zip(found.items(), rows, strict=True)
    }
    pairs = list(combinations(models, 2))
    sizes = {name: len(embedder.words_) for name, embedder in found.items()}
    return Comparison(
        [
            {
                "left": left,
                "right": right,
                "n_shared": n_shared,
                "coverage": n_shared / max(sizes[left], sizes[right]),
                **models[left].agreement(models[right]),
            }
            for left, right in pairs
        ],
        Table(_describe(name, found[name], given[name], scorers or {}) for name in found),
        Table(row for left, right in pairs for row in _differing(left, right, models, words, n_words)),
    )


def _named(embedders: tuple[Any, ...], names: Sequence[str] | None) -> dict[str, Any]:
    """Return the models by name."""
    if len(embedders) == 1 and isinstance(embedders[0], Mapping):
        names, embedders = list(embedders[0]), tuple(embedders[0].values())
    if len(embedders) < 2:
        raise ValueError(f"{len(embedders)} model given; give at least two to compare.")
    if names is None:
        classes = [type(find_embedder(model)).__name__ for model in embedders]
        names = [
            f"{name} {1 + classes[:place].count(name)}" if classes.count(name) > 1 else name
            for place, name in enumerate(classes)
        ]
    if len(names) != len(embedders) or len(set(names)) < len(names):
        raise ValueError(f"names={list(names)!r} are not {len(embedders)} different names, one for each model.")
    return dict(zip(names, embedders, strict=True))


def _describe(
    name: str, embedder: BaseEmbedder, model: Any, scorers: Mapping[str, Callable[[Any], Any]]
) -> dict[str, Any]:
    """Return the row of one model: its size and its scores."""
    row = {"model": name, "words": len(embedder.words_), "components": embedder.n_components_}
    return row | {title: scorer(model) for title, scorer in scorers.items()}


def _differing(
    left: str, right: str, models: Mapping[str, _SharedVectors], words: ObjectArray, n_words: int
) -> Iterator[dict[str, Any]]:
    """Yield a row for each of the queries whose cosines with the other queries correlate least in two models."""
    correlations = _row_correlations(models[left].profiles, models[right].profiles)
    for place in np.argsort(correlations, kind="stable")[:n_words]:
        row = models[left].queries[place]
        yield {
            "left": left,
            "right": right,
            "word": str(words[row]),
            "correlation": float(correlations[place]),
            "neighbors left": tuple(words[models[left].nearest_to(row)].tolist()),
            "neighbors right": tuple(words[models[right].nearest_to(row)].tolist()),
        }


class _SharedVectors:
    """A model's vectors of the shared words, and what they are compared by."""

    def __init__(self, vectors: AnyFloatArray, queries: IntpArray, n_neighbors: int) -> None:
        self.vectors: Float64Array = vectors.astype(np.float64)
        self.queries = queries
        self.basis: Float64Array = singular_directions(self.vectors)[0].astype(np.float64)
        self._units = normalize(self.vectors).astype(np.float32)
        self._neighbors = _neighbors(self._units, queries, n_neighbors)

    @property
    def profiles(self) -> AnyFloatArray:
        """Cosines of the queries with each other, of shape (n_queries, n_queries)."""
        return self._units[self.queries] @ self._units[self.queries].T

    def nearest_to(self, row: int) -> IntpArray:
        """Return the rows of the nearest words, best first."""
        cosines = self._units @ self._units[row]
        cosines[row] = -np.inf
        return np.argsort(-cosines, kind="stable")[:_N_LISTED]

    def agreement(self, other: _SharedVectors) -> dict[str, float]:
        """Return the measures of agreement of two models."""
        return {
            **_subspace_numbers(self.basis, other.basis),
            "cka": linear_cka(self.vectors, other.vectors),
            "procrustes": procrustes_residual(self.vectors, other.vectors),
            "pip_distance": pip_distance(self.vectors, other.vectors),
            "neighbors": _shared_share(self._neighbors, other._neighbors),
        }


def _row_correlations(left: AnyFloatArray, right: AnyFloatArray) -> AnyFloatArray:
    """Return the correlation of each row with that of the other array, without the diagonal; NaN if constant."""
    n = len(left)
    others = ~np.eye(n, dtype=bool)
    rows = [each[others].reshape(n, n - 1).astype(np.float64) for each in (left, right)]
    centered = [each - each.mean(axis=1, keepdims=True) for each in rows]
    scales = np.prod([np.linalg.norm(each, axis=1) for each in centered], axis=0)
    products = np.einsum("qk,qk->q", *centered)
    return np.divide(products, scales, out=np.full(n, np.nan), where=scales > 0)


def mode_overlaps(left: Any, right: Any) -> Float64Array:
    """Return the absolute cosines between all modes of two models, on the words that both know.

    Parameters
    ----------
    left, right : fitted embedders, or pipelines or searches with one

    Returns
    -------
    array of shape (n_left_modes, n_right_modes)
        The identity if both models learned the same modes in the same order.

    See Also
    --------
    compare_embedders : A table of several measures of agreement.
    sk_w2v.plotting.OverlapDisplay : A heat map of the overlaps.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(3).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> bool(np.allclose(mode_overlaps(embedder, embedder.truncate(2)), np.eye(3, 2), atol=1e-5))
    True
    """
    left, right = find_embedder(left), find_embedder(right)
    rows = shared_rows([left, right])
    bases = [
        singular_directions(each.embedding_[shared])[0].astype(np.float64)
        for each, shared in zip((left, right), rows, strict=True)
    ]
    overlaps: Float64Array = np.abs(bases[0].T @ bases[1])
    return overlaps


def _subspace_numbers(left: Float64Array, right: Float64Array) -> dict[str, float]:
    """Return the agreement of two orthonormal bases."""
    overlaps = left.T @ right
    cosines = np.minimum(np.linalg.svd(overlaps, compute_uv=False), 1)
    smaller = 1 if len(overlaps) <= overlaps.shape[1] else 0
    return {
        "subspace_agreement": float(np.mean(cosines**2)),
        "largest_angle": float(np.degrees(np.arccos(cosines[-1]))),
        "mode_overlap": float(np.abs(overlaps).max(axis=smaller).mean()),
    }


def _neighbors(units: AnyFloatArray, queries: IntpArray, n_neighbors: int) -> IntpArray:
    """Return the rows of each query's nearest words by unit vectors, of shape (n_queries, n_neighbors)."""
    cosines = units[queries] @ units.T
    cosines[np.arange(len(queries)), queries] = -np.inf
    return np.argpartition(-cosines, n_neighbors - 1, axis=1)[:, :n_neighbors]


def _shared_share(left: IntpArray, right: IntpArray) -> float:
    """Return the mean share of entries that corresponding rows have in common."""
    return float(np.mean([len(np.intersect1d(*each)) for each in zip(left, right, strict=True)]) / left.shape[1])
