"""What both embedders share: documents in, vectors out, words looked up."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_memory

from .._array_api import unit_rows
from .._typing import Float32Array, Int64Array
from ..cooccurrence import Cooccurrence
from ..corpus import Corpus, Vocabulary
from ..pooling import POOLINGS, bag_of_words
from .analysis import validate
from .counting import count_corpus_pairs, count_documents_pairs
from .devices import place_embedding
from .documents import DocumentReaderMixin, of_text, read_corpus, read_files
from .held_out import HeldOutScoreMixin
from .modes import Modes, singular_modes
from .state import check_shapes, check_state
from .steps import Documents, Step
from .word_queries import WordQueriesMixin


class BaseEmbedder(
    DocumentReaderMixin,
    WordQueriesMixin,
    HeldOutScoreMixin,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
    BaseEstimator,
):
    """Corpus handling, pooling and queries; a subclass has `fit`, `_estimate_pmi` and its own parameters."""

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "window": [Interval(Integral, 1, None, closed="left")],
        "negative": [Interval(Integral, 1, None, closed="left")],
        "noise_exponent": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        **DocumentReaderMixin._reading_constraints,
        "min_count": [Interval(Integral, 1, None, closed="left")],
        "max_features": [Interval(Integral, 1, None, closed="left"), None],
        "pooling": [StrOptions(POOLINGS.keys())],  # a view: a pooling that is added later is known, too
        "oov": [StrOptions({"ignore", "error"})],
        "norm": [StrOptions({"l2"}), None],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    has_flow: ClassVar[bool] = False  # whether `at_time` can go along the gradient flow

    oov: str
    norm: str | None
    word_counts_: Int64Array
    document_counts_: Int64Array | None
    n_documents_: int | None
    n_components_: int
    backend_: str

    def read_corpus(self, X: Any) -> tuple[Corpus, Vocabulary]:
        """Read documents as `fit` does: choose the vocabulary, and drop the words outside of it.

        Parameters
        ----------
        X : iterable of str or of sequences of str

        Returns
        -------
        corpus : sk_w2v.corpus.Corpus
        vocabulary : Vocabulary
        """
        return read_corpus(X, **self._text_parameters, n_jobs=self._n_threads())

    def encode(self, X: Any) -> Corpus:
        """Return documents as rows of the vocabulary; unknown words are left out.

        Parameters
        ----------
        X : iterable of str or of sequences of str

        Returns
        -------
        sk_w2v.corpus.Corpus
        """
        check_shapes(self)
        return self._encode_with(X, self.vocabulary_)

    def count_cooccurrences(self, X: Any) -> Cooccurrence:
        """Count the pairs of known words in documents as `fit` would, with the vocabulary's rows.

        Parameters
        ----------
        X : iterable of str or of sequences of str

        Returns
        -------
        Cooccurrence

        Raises
        ------
        ValueError
            If no two known words are near each other.
        """
        return self.count_corpus(self.encode(X))

    def count_corpus(self, corpus: Corpus) -> Cooccurrence:
        """Count the pairs of documents that `encode` has read, as `count_cooccurrences` does.

        Parameters
        ----------
        corpus : sk_w2v.corpus.Corpus

        Returns
        -------
        Cooccurrence
        """
        return count_corpus_pairs(
            corpus,
            self._fitted_vocabulary(),
            window=self.window,
            window_weighting=self.window_weighting,
            backend=self.backend,
            n_jobs=self._n_threads(),
        )

    def factors(self) -> tuple[Float32Array, Float32Array]:
        """Return the vectors of words and contexts whose products the model's objective is about.

        Returns
        -------
        words, contexts : float32 arrays of shape (n_words, n_components_)
            The same array if words and contexts share their vectors.

        Raises
        ------
        TypeError
            If the vectors were not fitted to an objective.
        """
        raise TypeError(
            f"{type(self).__name__} has no objective of its own; use SpectralEmbedder, ALSEmbedder or SGNSEmbedder, or "
            "score by HeldOutScorer."
        )

    def modes(self) -> Modes:
        """Return orthonormal directions of the words, strongest first, and how strong each is.

        Returns
        -------
        Modes
            Eigenpairs of the target for a closed form, else the singular value decomposition of `embedding_`.
        """
        check_state(self)
        return singular_modes(self.embedding_)

    @property
    def _text_parameters(self) -> dict[str, Any]:
        """What the tokens and the vocabulary depend on, as `read_corpus` takes it."""
        return {
            "vectorizer": self.vectorizer,
            "min_count": self.min_count,
            "max_features": self.max_features,
            "backend": self.backend,
        }

    def _counts(self, X: Any, **parameters: Any) -> Step:
        """Return the step from the documents to counts of their pairs; its value is a Cooccurrence."""
        memory = check_memory(getattr(self, "memory", None))
        text = self._text_parameters
        validate(self.vectorizer)
        X = read_files(X, self.vectorizer)
        text["vectorizer"] = of_text(self.vectorizer)
        if getattr(self, "memory", None) is not None and isinstance(X, Iterator):
            X = list(X)  # what cannot be read twice cannot have a key either
        parameters = {**text, "window": self.window, "window_weighting": self.window_weighting, **parameters}
        options = {"n_jobs": self._n_threads(), "report": self._report}
        return Step(count_documents_pairs, (Documents(X),), parameters, options, memory)

    def _store_words(self, vocabulary: Vocabulary, embedding: Float32Array, backend: str, **others: Any) -> None:
        """Set the fitted attributes that all embedders have, and others, in one step that no interrupt can divide."""
        fitted = {
            "words_": vocabulary.words,
            "vocabulary_": vocabulary.rows,
            "word_counts_": vocabulary.counts,
            "document_counts_": vocabulary.document_counts,
            "n_documents_": vocabulary.n_documents,
            "embedding_": embedding,
            "n_components_": embedding.shape[1],
            "backend_": backend,
            **others,
        }
        self.__dict__.update(fitted)

    def transform(self, X: Any) -> Float32Array:
        """Pool the word vectors of each document.

        With ``backend="cuda"`` and ``sklearn.set_config(array_api_dispatch=True)`` this is done on the device, and what
        comes out is a CuPy array, as scikit-learn's own estimators take it then; `set_output` still makes tables.

        Parameters
        ----------
        X : iterable of str or of sequences of str, of length n_documents
            Documents, in any form that `fit` takes. Words outside the vocabulary are passed over.

        Returns
        -------
        float32 array of shape (n_documents, n_components_)
            A document without known words gets zeros; one warning says how many there were.
        """
        check_state(self)
        documents = X if self.oov == "ignore" else self._require_known(X)
        corpus = self.encode(documents)
        n_empty = int(np.sum(np.diff(corpus.offsets) == 0))
        if n_empty:
            warnings.warn(
                f"{n_empty} of {corpus.n_documents} documents hold no word of the vocabulary; their vectors are zero.",
                UserWarning,
                stacklevel=3,  # past scikit-learn's wrapper for set_output
            )
        bags = bag_of_words(corpus, len(self.words_))
        embedding, product = place_embedding(self)
        vectors = POOLINGS[self.pooling](bags, embedding, self._fitted_vocabulary(), product=product)
        return unit_rows(vectors) if self.norm == "l2" else vectors

    def _require_known(self, X: Any) -> Any:
        """Return the documents, or say which of their words are unknown."""
        documents = list(X) if isinstance(X, Iterator) else X  # which is read twice
        _, words = self.number_tokens(documents)
        unknown = [word for word in words if word not in self.vocabulary_]
        if unknown:
            raise ValueError(
                f"{len(unknown)} words of X are not in the vocabulary of {len(self.words_)} words, such as "
                f"{unknown[:5]!r}; oov='ignore' passes them over."
            )
        return documents

    def fit_transform(self, X: Any, y: Any = None) -> Float32Array:
        """Fit to the documents and return their vectors, as `fit` and `transform` would.

        Parameters
        ----------
        X : iterable of str or of sequences of str, of length n_documents
        y : ignored

        Returns
        -------
        float32 array of shape (n_documents, n_components_)
        """
        documents = list(X) if isinstance(X, Iterator) else X  # which is read twice
        vectors: Float32Array = self.fit(documents).transform(documents)
        return vectors

    @property
    def _n_features_out(self) -> int:
        return int(self.n_components_)

    def _fitted_vocabulary(self) -> Vocabulary:
        """Return the words and what is known about their frequencies."""
        return Vocabulary(self.words_, self.word_counts_, self.document_counts_, self.n_documents_)

    def _report(self, message: str) -> None:
        if self.verbose:
            print(f"[{type(self).__name__}] {message}", flush=True)
