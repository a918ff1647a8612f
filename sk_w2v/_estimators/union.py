"""Several embedders' word spaces joined into one."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from sklearn.base import _fit_context, clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize
from sklearn.utils._param_validation import Interval
from sklearn.utils.metaestimators import _BaseComposition

from .._backends.dense import eigh, inner_product, product, row_products
from .._typing import AnyIntArray, Float32Array, Float64Array
from ..cooccurrence import Cooccurrence
from ..corpus import Corpus, NumberedDocuments
from .base import BaseEmbedder


class EmbeddingUnion(BaseEmbedder, _BaseComposition):
    """Join the word vectors of several embedders, trained and closed-form ones, say: they see different things.

    The vectors of each embedder are centered, brought to length one, weighted and put side by side, so that the cosine
    of two words is the mean of their cosines in each space, weighted by the squares of `weights`. On request the
    joint space is reduced to its principal components.

    Documents are read and split into words once for all embedders that split them alike.

    Parameters
    ----------
    embedders : list of (str, embedder)
        Names and embedders, which are cloned before they are fitted. A parameter of one is set, and searched over, as
        ``name__parameter``.
    weights : sequence of float or None, default=None
        What the vectors of each embedder are multiplied by; None is 1 for each.
    center : bool, default=True
        Whether the mean vector is subtracted from each embedder's vectors first.
    n_components : int or None, default=None
        Length of the vectors, if they are to be reduced by a singular value decomposition; None keeps all components.
    pooling : {"sif", "mean", "sum", "max", "usif", "tfidf"}, default="sif"
        How `transform` makes one vector of a document's words; see `sk_w2v.pooling`.
        Use "mean" when frequent words carry the class, as in short questions ("who", "how many"): the default gives
        them little weight.
    norm : {"l2"} or None, default="l2"
        "l2" scales each document vector to length one, as `TfidfVectorizer` does, so that a regularized classifier with
        default settings can use it: without scaling, averages are so short that it underfits. None keeps the lengths,
        which `sk_w2v.CommonComponentRemover` and sums of vectors need.
    oov : {"ignore", "error"}, default="ignore"
        Whether `transform` passes words over that are not in the vocabulary, or raises a `ValueError`.

    Attributes
    ----------
    embedding_ : float32 array of shape (n_words, n_components_)
        The joint word vectors.
    embedders_ : list of (str, fitted embedder)
    words_ : object array of shape (n_words,)
        The words that all embedders know, in the order of the first one.
    vocabulary_ : dict of str to int
        The row of each word.
    word_counts_ : int64 array of shape (n_words,)
        Occurrences in the documents (tokens), as the first embedder counted them.
    n_components_ : int
        Length of the vectors.
    backend_ : str
        The first embedder's backend.

    References
    ----------
    Yin, Schütze (2016), "Learning word meta-embeddings": concatenation of normalized spaces, and its decomposition.

    Examples
    --------
    >>> from sk_w2v import EmbeddingUnion, SGNSEmbedder, SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> union = EmbeddingUnion([("closed", SpectralEmbedder(4)), ("trained", SGNSEmbedder(4, random_state=0))])
    >>> union.fit_transform(documents).shape
    (300, 8)
    >>> union.set_params(closed__n_components=3, n_components=5).fit(documents).embedding_.shape[1]
    5
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **BaseEmbedder._parameter_constraints,
        "embedders": [list],
        "weights": ["array-like", None],
        "center": ["boolean"],
        "n_components": [Interval(Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        embedders: list[tuple[str, Any]],
        *,
        weights: Any = None,
        center: bool = True,
        n_components: int | None = None,
        pooling: str = "sif",
        norm: str | None = "l2",
        oov: str = "ignore",
    ) -> None:
        self.embedders = embedders
        self.weights = weights
        self.center = center
        self.n_components = n_components
        self.pooling = pooling
        self.norm = norm
        self.oov = oov

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters; with `deep`, those of the embedders, too, as ``name__parameter``."""
        parameters: dict[str, Any] = self._get_params("embedders", deep=deep)
        return parameters

    def set_params(self, **parameters: Any) -> EmbeddingUnion:
        """Set parameters, those of the embedders as ``name__parameter``, and embedders by their names."""
        self._set_params("embedders", **parameters)
        return self

    embedders_: list[tuple[str, Any]]

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: Any, y: Any = None) -> EmbeddingUnion:
        """Fit all embedders and join the vectors of the words that all of them know.

        Parameters
        ----------
        X : iterable of str or of sequences of str, or Cooccurrence
            Documents, or ready counts.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        TypeError
            If one of the embedders is none, or X is of a wrong type.
        ValueError
            If there are no embedders or not as many weights, or they have no word in common.
        """
        weights = self._check()
        embedders = [(name, clone(embedder)) for name, embedder in self.embedders]
        for (_, embedder), documents in zip(embedders, _read_once([each for _, each in embedders], X), strict=True):
            embedder.fit(documents)
        first = embedders[0][1]
        words = _shared_words([embedder.vocabulary_ for _, embedder in embedders])
        rows = [[embedder.vocabulary_[word] for word in words] for _, embedder in embedders]
        spaces = [
            self._space(embedder.embedding_[of_words]) * np.float32(weight)
            for (_, embedder), of_words, weight in zip(embedders, rows, weights, strict=True)
        ]
        joint = np.concatenate(spaces, axis=1)  # (n_words, n_components of all)
        vocabulary = first._fitted_vocabulary().take(np.array(rows[0]))
        self._store_words(vocabulary, self._reduce(joint), first.backend_, embedders_=embedders)
        return self

    def _check(self) -> Float64Array:
        """Return the weights, if they and the embedders can be used."""
        if not self.embedders:
            raise ValueError("embedders=[] leaves nothing to join; give a list of (name, embedder).")
        for name, embedder in self.embedders:
            if not isinstance(embedder, BaseEmbedder):
                raise TypeError(
                    f"{name!r} is {embedder!r:.60} of type {type(embedder).__name__}; give an embedder of words, such "
                    "as a SpectralEmbedder."
                )
        self._validate_names([name for name, _ in self.embedders])
        weights = np.ones(len(self.embedders)) if self.weights is None else np.asarray(self.weights, dtype=np.float64)
        if weights.shape != (len(self.embedders),) or not np.all(np.isfinite(weights) & (weights > 0)):
            raise ValueError(
                f"weights={self.weights!r}: give one number above 0 for each of {len(self.embedders)} embedders."
            )
        return weights

    def _space(self, vectors: Float32Array) -> Float32Array:
        """Return one embedder's vectors, centered if wanted, of length one."""
        units: Float32Array = normalize(vectors - vectors.mean(axis=0) if self.center else vectors)
        return units

    def _reduce(self, joint: Float32Array) -> Float32Array:
        """Return the principal components of the joint space, not centered, or the space itself."""
        if self.n_components is None:
            return joint
        if self.n_components > joint.shape[1]:
            raise ValueError(
                f"n_components={self.n_components} is more than the {joint.shape[1]} components of all embedders "
                "together; use less, or None to keep all."
            )
        squares = inner_product(joint.astype(np.float64), joint)  # as many rows as components
        directions = eigh(squares)[1][:, ::-1][:, : self.n_components]
        reduced: Float32Array = product(joint, directions.astype(np.float32))
        return reduced

    def number_tokens(self, X: Any) -> tuple[Corpus, list[str]]:
        """Read documents as the first embedder does."""
        first: BaseEmbedder = self.embedders_[0][1]
        return first.number_tokens(X)

    def _encode_with(self, X: Any, rows: Any) -> Corpus:
        """Read documents as the given rows of words, as the first embedder does."""
        first: BaseEmbedder = self.embedders_[0][1]
        return first._encode_with(X, rows)

    def _estimate_pmi(self, rows: AnyIntArray, columns: AnyIntArray) -> Float64Array:
        """Return each pair's product, a mean of cosines."""
        return row_products(self.embedding_, self.embedding_, rows, columns)


def _shared_words(vocabularies: list[dict[str, int]]) -> list[str]:
    """Return the words that all embedders know, and say how many others there are."""
    words = [word for word in vocabularies[0] if all(word in vocabulary for vocabulary in vocabularies)]
    if not words:
        raise ValueError("The embedders have no word in common; give them one min_count, max_features and text.")
    n_lost = len(set().union(*vocabularies)) - len(words)
    if n_lost:
        warnings.warn(
            f"{n_lost} words are left out, which not all embedders know; {len(words)} are kept. Give all one "
            "min_count and max_features.",
            UserWarning,
            stacklevel=4,
        )
    return words


def _read_once(embedders: list[Any], X: Any) -> list[Any]:
    """Return what each embedder is fitted to: the documents, numbered once for all that read them alike."""
    if isinstance(X, Cooccurrence | NumberedDocuments):
        return [X] * len(embedders)
    documents = list(X) if isinstance(X, Iterator) else X
    ways = [_way_of_reading(embedder) for embedder in embedders]
    read: list[Any] = []
    for index, (embedder, way) in enumerate(zip(embedders, ways, strict=True)):
        first = ways.index(way)
        if way is None or ways.count(way) == 1:
            read.append(documents)  # read by itself
        else:
            read.append(NumberedDocuments(*embedder._number_to_fit(documents)) if first == index else read[first])
    return read


def _way_of_reading(embedder: Any) -> dict[str, Any] | None:
    """Return what the numbers of tokens depend on, which is the same for embedders that read documents alike."""
    if not hasattr(embedder, "vectorizer"):
        return None
    vectorizer = CountVectorizer() if embedder.vectorizer is None else embedder.vectorizer
    return {"class": type(vectorizer), **vectorizer.get_params()}
