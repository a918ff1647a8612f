"""An embedder of documents with pretrained word vectors."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions

from .._backends import backend_name, get_backend
from .._backends.dense import row_products
from .._compat import FIT_WRAPPERS, with_callbacks
from .._progress import Stage
from .._typing import AnyIntArray, Float32Array, Float64Array, ObjectArray
from ..corpus import NumberedDocuments, Vocabulary, count_documents, count_words, select_words
from ..io import WordVectors, read_glove, read_safetensors, read_word2vec
from ..io._word_vectors import DUPLICATES, distinct, require_finite
from .analysis import lowercases
from .base import BaseEmbedder
from .docstrings import document_shared_parameters
from .documents import as_text
from .inputs import record_is_text

READERS: dict[str, Callable[..., WordVectors]] = {
    "word2vec": lambda path, **how: read_word2vec(path, **how),
    "word2vec-binary": lambda path, **how: read_word2vec(path, binary=True, **how),
    "glove": lambda path, **how: read_glove(path, **how),
    "safetensors": lambda path, max_words, decode_error, duplicates: read_safetensors(
        path, max_words=max_words, duplicates=duplicates
    ),
}


@document_shared_parameters
class PretrainedEmbedder(BaseEmbedder):
    """Embed documents with pretrained word vectors, from a file or from a model of another library.

    `fit` reads the vectors, and counts the words of the documents for poolings that weight words by frequency.

    Parameters
    ----------
    vectors : str, os.PathLike, WordVectors or object with `index_to_key` and `vectors`
        A file, which `fit` reads, vectors from a reader of `sk_w2v.io`, or gensim's KeyedVectors.
    format : {"word2vec", "word2vec-binary", "glove", "safetensors"}, default="word2vec"
        Format of the file; fastText's ``.vec`` is "word2vec". All but safetensors may be compressed (gzip, bzip2, xz).
    max_words : int or None, default=None
        Maximum number of words to read from the beginning of the file, usually the most frequent; None reads all.
    duplicates : {"error", "first"}, default="error"
        What to do with words that have several vectors, as in some published files: raise an error, or keep the first
        vector of each and warn of the number that is dropped. Rows of KeyedVectors without a word, which gensim
        creates for duplicates, are always dropped with a warning.
    {vectorizer}
        If possible, tokenize as for the text that the vectors were trained on.
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes of the file that are not UTF-8: raise an error, drop them, or replace them by U+FFFD.
    {pooling}
        "mean", "sum" and "max" do not need documents in `fit`.
    {norm}
    {oov}
    backend : {"auto", "cpu", "cuda", "reference"}, default="auto"
        Which implementation splits text into tokens; "auto" is "cpu". "cuda" also pools on the GPU, if scikit-learn's
        configuration has ``array_api_dispatch=True``.
    n_jobs : int or None, default=None
        Number of threads; -1 uses all processors. The result does not depend on it.
    verbose : bool or int, default=0
        Whether to print the number of the documents' tokens that are in the vocabulary.

    Attributes
    ----------
    embedding_ : float32 array of shape (n_words, n_components_)
        The word vectors.
    words_ : object array of shape (n_words,)
        The word of each row, in the order of the file.
    {vocabulary_}
    word_counts_ : int64 array of shape (n_words,)
        Number of occurrences in the documents of `fit` (tokens); 0 without documents.
    {n_components_}
    {backend_}

    See Also
    --------
    SpectralEmbedder, ALSEmbedder, SGNSEmbedder : Embedders that fit word vectors to documents.
    sk_w2v.io : Readers of vector files.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import PretrainedEmbedder
    >>> from sk_w2v.io import WordVectors
    >>> vectors = WordVectors(np.array(["tea", "cup"], dtype=object), np.eye(2, dtype=np.float32))
    >>> PretrainedEmbedder(vectors, pooling="mean").fit().transform(["tea and tea and a cup"]).round(2)
    array([[0.89, 0.45]], dtype=float32)
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **BaseEmbedder._parameter_constraints,
        "vectors": [str, os.PathLike, WordVectors, HasMethods(["get_index"])],
        "format": [StrOptions(set(READERS))],
        "max_words": [Interval(Integral, 1, None, closed="left"), None],
        "duplicates": [StrOptions(set(DUPLICATES))],
    }

    def __init__(
        self,
        vectors: Any,
        *,
        format: str = "word2vec",
        max_words: int | None = None,
        duplicates: str = "error",
        vectorizer: Any = None,
        decode_error: str = "strict",
        pooling: str = "sif",
        norm: str | None = "l2",
        oov: str = "ignore",
        backend: str = "auto",
        n_jobs: int | None = None,
        verbose: int = 0,
    ) -> None:
        self.vectors = vectors
        self.format = format
        self.max_words = max_words
        self.duplicates = duplicates
        self.vectorizer = vectorizer
        self.decode_error = decode_error
        self.pooling = pooling
        self.norm = norm
        self.oov = oov
        self.backend = backend
        self.n_jobs = n_jobs
        self.verbose = verbose

    @with_callbacks
    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any = None, y: Any = None) -> PretrainedEmbedder:
        """Read the vectors, and count the words of the documents, if given.

        Parameters
        ----------
        X : iterable of str or of sequences of str, or None
            Documents.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        OSError
            If the file cannot be read.
        TypeError
            If X or one of its documents has a wrong type.
        ValueError
            If the file is malformed, or none of its words occurs in the documents.

        Warns
        -----
        UserWarning
            If words contain capital letters that lowercased text never matches.
        """
        with self._telling(X, y, n_stages=1 + 2 * (X is not None)):
            with Stage("read vectors") as stage:
                words, embedding = self._read_vectors()
                stage.note = f"{len(words):,} words"
            counts = np.zeros(len(words), dtype=np.int64)
            vocabulary, has_text = Vocabulary(words, counts), True
            if X is not None:
                vocabulary, has_text = self._count_words(X, vocabulary)
            if has_text:
                self._warn_of_capitals(words)
            self._store_words(vocabulary, embedding, backend_name(get_backend(self.backend)))
        return self

    def _read_vectors(self) -> tuple[ObjectArray, Float32Array]:
        """Return the words, and their vectors of shape (n_words, n_components)."""
        words, embedding = self._given_vectors()
        n_given = len(words)
        while len(words) > len(embedding) and words[-1] is None:
            words = words[:-1]
        if embedding.ndim != 2 or len(words) != len(embedding) or not len(words):
            raise ValueError(
                f"{len(words)} words have vectors of shape {embedding.shape}; give (n_words, n_components)."
            )
        has_word = np.array([word is not None for word in words])
        if np.sum(has_word) < n_given:
            self._warn(f"{n_given - np.sum(has_word)} of {n_given} vectors have no word and are dropped.")
            words, embedding = words[has_word], embedding[has_word]
        words, embedding = words[: self.max_words], embedding[: self.max_words]
        try:
            words, embedding, note = distinct(words, embedding, self.duplicates)
            require_finite(words, embedding)
        except ValueError as error:
            raise ValueError(f"The vectors cannot be used: {error}.") from error
        if note:
            self._warn(f"{note}.")
        return words, embedding

    def _given_vectors(self) -> tuple[ObjectArray, Float32Array]:
        """Return the words (None for rows without one) and vectors of the parameter `vectors`."""
        source = self.vectors
        if isinstance(source, str | os.PathLike):
            how = {"max_words": self.max_words, "decode_error": self.decode_error, "duplicates": self.duplicates}
            source = READERS[self.format](source, **how)
        words = source.words if isinstance(source, WordVectors) else np.array(source.index_to_key, dtype=object)
        with np.errstate(over="ignore"):  # too large for float32 is infinity, which raises an error later
            return np.asarray(words, dtype=object), np.asarray(source.vectors, dtype=np.float32)

    @staticmethod
    def _warn(message: str) -> None:
        """Issue a warning that points to the caller of `fit`."""
        warnings.warn(message, UserWarning, stacklevel=4 + FIT_WRAPPERS)

    def _count_words(self, X: Any, vocabulary: Vocabulary) -> tuple[Vocabulary, bool]:
        """Return the words with their counts in the documents, and whether any document is str."""
        documents, is_text = (
            (X, []) if isinstance(X, NumberedDocuments) else record_is_text(as_text(X, self.vectorizer))
        )
        tokens, words = self._number_to_fit(documents)
        with Stage("count words") as stage:
            corpus = select_words(tokens, vocabulary.lookup(words))
            if len(corpus.ids) == 0:
                raise ValueError(
                    f"None of the {len(words)} words of X is among the {len(vocabulary)} words of the vectors; check "
                    "lowercase and how text is split into tokens."
                )
            stage.note = f"{len(corpus.ids):,} of {len(tokens.ids):,} tokens are known"
            counts = count_words(corpus, len(vocabulary))
            of_documents = count_documents(corpus, len(vocabulary))
        counted = Vocabulary(vocabulary.words, counts, of_documents, corpus.n_documents)
        return counted, any(is_text) or not is_text

    def _warn_of_capitals(self, words: ObjectArray) -> None:
        """Warn of words that lowercased text never matches."""
        if not lowercases(self.vectorizer):
            return
        lost = [word for word in words if word != word.lower()]
        if lost:
            warnings.warn(
                f"{len(lost)} of {len(words)} words of the vectors ({len(lost) / len(words):.1%}) contain capital "
                f"letters, such as {lost[:5]}, and never match text, which the vectorizer lowercases; set "
                "vectorizer__lowercase=False, or give vectors of lowercase words.",
                UserWarning,
                stacklevel=3 + FIT_WRAPPERS,
            )

    def _estimate_pmi(self, rows: AnyIntArray, columns: AnyIntArray) -> Float64Array:
        """Return each pair's product, without corrections: the training of the vectors is unknown."""
        return row_products(self.embedding_, self.embedding_, rows, columns)
