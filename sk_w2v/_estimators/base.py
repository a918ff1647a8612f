"""The base class of all embedders: reads documents, counts their pairs, sets fitted attributes."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Integral, Real
from typing import Any, ClassVar

from sklearn.base import BaseEstimator
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_memory

from .._typing import Float32Array, Int64Array
from ..cooccurrence import Cooccurrence
from ..corpus import Corpus, Vocabulary
from ..pooling import POOLINGS
from .analysis import validate_vectorizer
from .counting import count_corpus_pairs, count_documents_pairs
from .document_vectors import DocumentVectorsMixin
from .documents import DocumentReaderMixin, read_corpus, read_files, with_content_input
from .held_out import HeldOutScoreMixin
from .modes import Modes, singular_modes
from .progress import ProgressMixin, n_reading_stages
from .state import check_shapes, check_state
from .steps import Documents, Step
from .word_queries import WordQueriesMixin


class BaseEmbedder(
    DocumentReaderMixin, WordQueriesMixin, HeldOutScoreMixin, DocumentVectorsMixin, ProgressMixin, BaseEstimator
):
    """Reading, counting and the fitted attributes; a subclass has `fit`, `_estimate_pmi` and its parameters."""

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "window": [Interval(Integral, 1, None, closed="left")],
        "negative": [Interval(Integral, 1, None, closed="left")],
        "noise_exponent": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        **DocumentReaderMixin._reading_constraints,
        "min_count": [Interval(Integral, 1, None, closed="left")],
        "max_features": [Interval(Integral, 1, None, closed="left"), None],
        "pooling": [StrOptions(POOLINGS.keys())],  # a view, which includes poolings that are added later
        "oov": [StrOptions({"ignore", "error"})],
        "norm": [StrOptions({"l2"}), None],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    has_flow: ClassVar[bool] = False  # whether `at_time` can follow the gradient flow

    oov: str
    norm: str | None
    word_counts_: Int64Array
    document_counts_: Int64Array | None
    n_documents_: int | None
    n_components_: int
    backend_: str

    def read_corpus(self, X: Any) -> tuple[Corpus, Vocabulary]:
        """Read documents as `fit` does: choose the vocabulary and drop out-of-vocabulary tokens.

        Parameters
        ----------
        X : iterable of str or of sequences of str

        Returns
        -------
        corpus : sk_w2v.corpus.Corpus
        vocabulary : Vocabulary

        See Also
        --------
        encode : Use the fitted vocabulary.
        """
        return read_corpus(X, **self._text_parameters, n_jobs=self._n_threads())

    def encode(self, X: Any) -> Corpus:
        """Return documents as rows of the vocabulary, without out-of-vocabulary tokens.

        Parameters
        ----------
        X : iterable of str or of sequences of str

        Returns
        -------
        sk_w2v.corpus.Corpus

        See Also
        --------
        number_tokens : Keep out-of-vocabulary tokens.
        count_corpus : Count the pairs of the result.
        """
        check_shapes(self)
        return self._encode_with(X, self.vocabulary_)

    def count_cooccurrences(self, X: Any) -> Cooccurrence:
        """Count the pairs of known words in documents as `fit` would; rows are those of the vocabulary.

        Parameters
        ----------
        X : iterable of str or of sequences of str

        Returns
        -------
        Cooccurrence

        Raises
        ------
        ValueError
            If no two known words co-occur.

        See Also
        --------
        count_corpus : Count encoded documents.
        sk_w2v.cooccurrence.count_cooccurrences : Count without an embedder.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> embedder = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> embedder.count_cooccurrences(["cup tea"]).counts.nnz
        2
        """
        return self.count_corpus(self.encode(X))

    def count_corpus(self, corpus: Corpus) -> Cooccurrence:
        """Count the pairs of encoded documents, as `count_cooccurrences` does.

        Parameters
        ----------
        corpus : sk_w2v.corpus.Corpus
            From `encode`.

        Returns
        -------
        Cooccurrence

        Raises
        ------
        ValueError
            If no two known words co-occur.

        See Also
        --------
        encode : Read documents.
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
        """Return the word and context vectors whose products the objective is a function of.

        Returns
        -------
        words, contexts : float32 arrays of shape (n_words, n_components_)
            The same array if words and contexts are tied.

        Raises
        ------
        TypeError
            If the vectors were not fitted to an objective.

        See Also
        --------
        modes : Directions of the word vectors.
        """
        raise TypeError(
            f"{type(self).__name__} is not fitted to an objective; use SpectralEmbedder, ALSEmbedder or SGNSEmbedder, "
            "or score by HeldOutScorer."
        )

    def modes(self) -> Modes:
        """Return orthonormal directions of the word vectors and their strengths, in descending order.

        Returns
        -------
        Modes
            Eigenpairs of the target for a closed form, otherwise the singular value decomposition of `embedding_`.

        See Also
        --------
        factors : The vectors whose products the objective is a function of.
        sk_w2v.inspection.mode_strengths : The strengths alone.
        """
        check_state(self)
        return singular_modes(self.embedding_)

    @property
    def _text_parameters(self) -> dict[str, Any]:
        """The parameters that the tokens and the vocabulary depend on."""
        return {
            "vectorizer": self.vectorizer,
            "min_count": self.min_count,
            "max_features": self.max_features,
            "backend": self.backend,
        }

    def _counts(self, X: Any, **parameters: Any) -> Step:
        """Return the step from documents to counts of pairs; its value is a Cooccurrence."""
        memory = check_memory(getattr(self, "memory", None))
        text = self._text_parameters
        validate_vectorizer(self.vectorizer)
        X = read_files(X, self.vectorizer)
        text["vectorizer"] = with_content_input(self.vectorizer)
        if getattr(self, "memory", None) is not None and isinstance(X, Iterator):
            X = list(X)  # the key and the counts each read the documents
        parameters = {**text, "window": self.window, "window_weighting": self.window_weighting, **parameters}
        options = {"n_jobs": self._n_threads()}
        return Step("count pairs", count_documents_pairs, (Documents(X),), parameters, options, memory)

    def _n_counting_stages(self, X: Any) -> int:
        """Return the number of stages from documents to counts."""
        n_stages = n_reading_stages(X) + (not isinstance(X, Cooccurrence))
        return n_stages if getattr(self, "memory", None) is None else n_stages + 1  # documents are recognized first

    def _store_words(self, vocabulary: Vocabulary, embedding: Float32Array, backend: str, **others: Any) -> None:
        """Set the fitted attributes of all embedders, and others, in one step that an interrupt cannot split."""
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

    def _fitted_vocabulary(self) -> Vocabulary:
        """Return the words with their counts."""
        return Vocabulary(self.words_, self.word_counts_, self.document_counts_, self.n_documents_)
