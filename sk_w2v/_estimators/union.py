"""Concatenation of the word vectors of several embedders."""

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
from .._compat import FIT_WRAPPERS, with_callbacks
from .._progress import Stage
from .._typing import AnyIntArray, Float32Array, Float64Array
from ..cooccurrence import Cooccurrence
from ..corpus import Corpus, NumberedDocuments
from .base import BaseEmbedder
from .docstrings import document_shared_parameters
from .progress import CallbackTasks


@document_shared_parameters
class EmbeddingUnion(BaseEmbedder, _BaseComposition):
    """Concatenate the word vectors of several embedders, for example a closed form and a trained one.

    The vectors of each embedder are centered, scaled to unit length, multiplied by its weight and concatenated, so that
    the cosine of two words is the mean of their cosines in each space, weighted by the squares of `weights`. With
    `n_components`, the joint space is reduced to its principal components.

    Documents are tokenized once for all embedders with equal tokenization.

    Parameters
    ----------
    embedders : list of (str, embedder)
        Names and embedders, which are cloned before they are fitted. Set or search a parameter of one as
        ``name__parameter``.
    weights : sequence of float or None, default=None
        Factors of the embedders' unit vectors; None is 1 for each.
    center : bool, default=True
        Whether to subtract the mean vector from each embedder's vectors first.
    n_components : int or None, default=None
        Length of the vectors after a singular value decomposition; None keeps all components.
    {pooling}
    {norm}
    {oov}

    Attributes
    ----------
    embedding_ : float32 array of shape (n_words, n_components_)
        The joint word vectors.
    embedders_ : list of (str, fitted embedder)
        The fitted clones.
    words_ : object array of shape (n_words,)
        The words of all embedders' vocabularies, in the order of the first one.
    {vocabulary_}
    word_counts_ : int64 array of shape (n_words,)
        Number of occurrences in the documents (tokens), as counted by the first embedder.
    {n_components_}
    backend_ : str
        The first embedder's backend.

    See Also
    --------
    SpectralEmbedder, ALSEmbedder, SGNSEmbedder, PretrainedEmbedder : Embedders to join.

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
        """Return the parameters.

        Parameters
        ----------
        deep : bool, default=True
            Whether to include the embedders' parameters, as ``name__parameter``.

        Returns
        -------
        dict of str to object
        """
        parameters: dict[str, Any] = self._get_params("embedders", deep=deep)
        return parameters

    def set_params(self, **parameters: Any) -> EmbeddingUnion:
        """Set parameters; those of the embedders as ``name__parameter``, and embedders by their names.

        Parameters
        ----------
        **parameters : dict
            Names and values.

        Returns
        -------
        self
        """
        self._set_params("embedders", **parameters)
        return self

    embedders_: list[tuple[str, Any]]

    @with_callbacks
    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: Any, y: Any = None) -> EmbeddingUnion:
        """Fit all embedders and concatenate the vectors of the words that all of them know.

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
            If an object in `embedders` is not an embedder, or X has a wrong type.
        ValueError
            If there are no embedders, the number of weights differs from theirs, or they have no word in common.

        Warns
        -----
        UserWarning
            If not all embedders know the same words; the others are dropped.
        """
        weights = self._checked_weights()
        embedders = [(name, clone(embedder)) for name, embedder in self.embedders]
        with self._telling(X, y, n_stages=len(embedders) + 1) as tasks:
            self._fit_each(embedders, X, tasks)
            with Stage("join vectors"):
                return self._join(embedders, weights)

    def _fit_each(self, embedders: list[tuple[str, Any]], X: Any, tasks: CallbackTasks) -> None:
        """Fit the embedders, each fit as a task of this one."""
        documents_of_each = _documents_for_each([embedder for _, embedder in embedders], X)
        for (name, embedder), documents in zip(embedders, documents_of_each, strict=True):
            with tasks.fitting(name, embedder):
                embedder.fit(documents)

    def _join(self, embedders: list[tuple[str, Any]], weights: Float64Array) -> EmbeddingUnion:
        """Concatenate the vectors of the words that all fitted embedders know."""
        fitted = [embedder for _, embedder in embedders]
        words = _shared_words([embedder.vocabulary_ for embedder in fitted])
        rows = [[embedder.vocabulary_[word] for word in words] for embedder in fitted]
        vectors = [embedder.embedding_[of_words] for embedder, of_words in zip(fitted, rows, strict=True)]
        spaces = [self._unit_vectors(each) * np.float32(weight) for each, weight in zip(vectors, weights, strict=True)]
        joint = np.concatenate(spaces, axis=1)  # (n_words, n_components of all)
        vocabulary = fitted[0]._fitted_vocabulary().take(np.array(rows[0]))
        self._store_words(vocabulary, self._reduce(joint), fitted[0].backend_, embedders_=embedders)
        return self

    def _checked_weights(self) -> Float64Array:
        """Return the weights, or raise an error if they or the embedders are invalid."""
        if not self.embedders:
            raise ValueError("embedders=[] is empty; give a list of (name, embedder).")
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

    def _unit_vectors(self, vectors: Float32Array) -> Float32Array:
        """Return one embedder's vectors, centered if `center`, scaled to unit length."""
        units: Float32Array = normalize(vectors - vectors.mean(axis=0) if self.center else vectors)
        return units

    def _reduce(self, joint: Float32Array) -> Float32Array:
        """Return the principal components of the joint space, not centered; all of it if `n_components` is None."""
        if self.n_components is None:
            return joint
        if self.n_components > joint.shape[1]:
            raise ValueError(
                f"n_components={self.n_components} is more than the {joint.shape[1]} components of all embedders "
                "together; use fewer, or None to keep all."
            )
        squares = inner_product(joint.astype(np.float64), joint)  # (n_components of all, n_components of all)
        directions = eigh(squares)[1][:, ::-1][:, : self.n_components]
        reduced: Float32Array = product(joint, directions.astype(np.float32))
        return reduced

    def number_tokens(self, X: Any) -> tuple[Corpus, list[str]]:
        """Read documents as the first embedder does.

        Parameters
        ----------
        X : iterable of str or of sequences of str

        Returns
        -------
        corpus : sk_w2v.corpus.Corpus
        words : list of str
            The word of each number.
        """
        first: BaseEmbedder = self.embedders_[0][1]
        return first.number_tokens(X)

    def _encode_with(self, X: Any, rows: Any) -> Corpus:
        """Return documents as the given rows of words, read as the first embedder does."""
        first: BaseEmbedder = self.embedders_[0][1]
        return first._encode_with(X, rows)

    def _estimate_pmi(self, rows: AnyIntArray, columns: AnyIntArray) -> Float64Array:
        """Return each pair's product, a mean of cosines."""
        return row_products(self.embedding_, self.embedding_, rows, columns)


def _shared_words(vocabularies: list[dict[str, int]]) -> list[str]:
    """Return the words that all embedders know, and warn of the number of other words."""
    words = [word for word in vocabularies[0] if all(word in vocabulary for vocabulary in vocabularies)]
    if not words:
        raise ValueError("The embedders have no word in common; set equal min_count and max_features.")
    n_lost = len(set().union(*vocabularies)) - len(words)
    if n_lost:
        warnings.warn(
            f"{n_lost} words are dropped, because not all embedders know them; {len(words)} are kept. Set equal "
            "min_count and max_features.",
            UserWarning,
            stacklevel=4 + FIT_WRAPPERS,
        )
    return words


def _documents_for_each(embedders: list[Any], X: Any) -> list[Any]:
    """Return the documents for each embedder, numbered once for all embedders with equal tokenization."""
    if isinstance(X, Cooccurrence | NumberedDocuments):
        return [X] * len(embedders)
    documents = list(X) if isinstance(X, Iterator) else X
    tokenizations = [_tokenization(embedder) for embedder in embedders]
    read: list[Any] = []
    for index, (embedder, tokenization) in enumerate(zip(embedders, tokenizations, strict=True)):
        first = tokenizations.index(tokenization)
        if tokenization is None or tokenizations.count(tokenization) == 1:
            read.append(documents)  # no other embedder can use its numbers
        else:
            read.append(NumberedDocuments(*embedder._number_to_fit(documents)) if first == index else read[first])
    return read


def _tokenization(embedder: Any) -> dict[str, Any] | None:
    """Return the parameters that an embedder's tokens depend on; None if they are unknown."""
    if not hasattr(embedder, "vectorizer"):
        return None
    vectorizer = CountVectorizer() if embedder.vectorizer is None else embedder.vectorizer
    return {"class": type(vectorizer), **vectorizer.get_params()}
