"""Reading documents: tokenizing and numbering, shared by all estimators of text."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sized
from copy import copy
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from joblib import effective_n_jobs
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils import Tags
from sklearn.utils._param_validation import HasMethods, StrOptions

from .._backends import BACKENDS, DEVICE_BACKENDS, get_backend, usable_threads
from .._progress import Stage
from .._typing import BoolArray
from ..cooccurrence import Cooccurrence
from ..corpus import (
    Corpus,
    NumberedDocuments,
    Vocabulary,
    build_vocabulary,
    count_documents,
    count_words,
    encode_documents,
    number_tokens,
    select_words,
)
from ..io import FileDocuments, LineDocuments
from .analysis import build_analyzer, build_gapless_analyzer, pattern_of, validate_vectorizer
from .inputs import check_documents, decode_documents, record_is_text
from .lost_tokens import sample_beginning, warn_of_lost_tokens
from .site import LinkedMixin

BYTES_PER_STEP = 1 << 20  # of progress
DOCUMENTS_PER_STEP = 1 << 6


class DocumentReaderMixin(LinkedMixin):
    """Tokenizing and numbering of documents with an estimator's `vectorizer`, `backend` and `n_jobs`."""

    _reading_constraints: ClassVar[dict[str, list[Any]]] = {
        "vectorizer": [HasMethods(["build_analyzer"]), None],
        "backend": [StrOptions(ChainMap({"auto": ""}, BACKENDS, DEVICE_BACKENDS).keys())],
    }

    vectorizer: Any
    backend: str
    n_jobs: int | None

    def set_params(self, **parameters: Any) -> Any:
        """Set parameters; those of the vectorizer as ``vectorizer__parameter``, also if it is None.

        Parameters
        ----------
        **parameters : dict
            Names and values.

        Returns
        -------
        self
        """
        sets_vectorizer = any(name.startswith("vectorizer__") for name in parameters)
        if sets_vectorizer and "vectorizer" not in parameters and getattr(self, "vectorizer", self) is None:
            self.vectorizer = CountVectorizer()
        return super().set_params(**parameters)  # type: ignore[misc]  # of the estimator that this is mixed into

    def number_tokens(self, X: Any) -> tuple[Corpus, list[str]]:
        """Read documents as `fit` does but keep every token; words are numbered in order of appearance.

        Parameters
        ----------
        X : iterable of str or of sequences of str

        Returns
        -------
        corpus : sk_w2v.corpus.Corpus
        words : list of str
            The word of each number.
        """
        return number_documents(X, vectorizer=self.vectorizer, backend=self.backend, n_jobs=self._n_threads())

    def _number_to_fit(self, X: Any) -> tuple[Corpus, list[str]]:
        """Read documents as `number_tokens` does, and warn if the token pattern skips many words."""
        return number_to_fit(X, vectorizer=self.vectorizer, backend=self.backend, n_jobs=self._n_threads())

    def _number_with_gaps(self, X: Any, *, fitting: bool = False) -> tuple[Corpus, list[str], BoolArray]:
        """Read documents as `number_tokens` does, with the tokens that it skips; return which these are, too."""
        how = {"vectorizer": self.vectorizer, "backend": self.backend, "n_jobs": self._n_threads()}
        return number_with_gaps(X, fitting=fitting, **how)

    def _encode_with(self, X: Any, rows: Mapping[str, int]) -> Corpus:
        """Return documents as the given rows of words."""
        return encode_documents(
            as_text(X, self.vectorizer),
            rows,
            analyzer=build_analyzer(with_content_input(self.vectorizer)),
            backend=get_backend(self.backend),
            n_jobs=self._n_threads(),
        )

    def _n_threads(self) -> int:
        return usable_threads(int(effective_n_jobs(self.n_jobs)))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()  # type: ignore[misc]  # of the estimator that this is mixed into
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def read_corpus(
    X: Any, *, vectorizer: Any, min_count: int, max_features: int | None, backend: str, n_jobs: int
) -> tuple[Corpus, Vocabulary]:
    """Read the documents, choose the vocabulary, and drop out-of-vocabulary tokens."""
    numbered, words = number_to_fit(X, vectorizer=vectorizer, backend=backend, n_jobs=n_jobs)
    with Stage("choose words") as stage:
        counts = dict(zip(words, count_words(numbered, len(words)).tolist(), strict=True))
        vocabulary = build_vocabulary(counts, min_count=min_count, max_features=max_features)
        corpus = select_words(numbered, vocabulary.lookup(words))
        document_counts = count_documents(corpus, len(vocabulary))
        stage.note = f"{len(vocabulary):,} of {len(words):,} words, {len(corpus.ids):,} tokens"
    return corpus, replace(vocabulary, document_counts=document_counts, n_documents=corpus.n_documents)


def number_documents(X: Any, *, vectorizer: Any, backend: str, n_jobs: int) -> tuple[Corpus, list[str]]:
    """Return the documents as numbers of words in order of appearance; numbered documents are not read again."""
    if isinstance(X, NumberedDocuments):
        return X.corpus, X.words
    return number_tokens(
        as_text(X, vectorizer),
        analyzer=build_analyzer(with_content_input(vectorizer)),
        backend=get_backend(backend),
        n_jobs=n_jobs,
    )


def number_to_fit(X: Any, *, vectorizer: Any, backend: str, n_jobs: int) -> tuple[Corpus, list[str]]:
    """Read the documents as `number_documents` does, and warn if the token pattern skips many words."""
    if isinstance(X, NumberedDocuments):
        return X.corpus, X.words
    validate_vectorizer(vectorizer)
    documents = as_text(X, vectorizer)
    with _reading_stage(X) as stage:
        documents, sample = sample_beginning(documents)
        how = {"vectorizer": with_content_input(vectorizer), "backend": backend, "n_jobs": n_jobs}
        numbered, words = number_documents(documents, **how)
        stage.note = f"{len(numbered.ids):,} tokens of {len(words):,} words"
    warn_of_lost_tokens(sample, pattern_of(vectorizer))
    return numbered, words


def _reading_stage(X: Any) -> Stage:
    """Return the stage of reading, with the number of bytes or documents as its total, if it is known."""
    if isinstance(X, LineDocuments):
        return Stage("read documents", X.n_bytes, "bytes", grain=BYTES_PER_STEP)
    n_documents = len(X) if isinstance(X, Sized) else None
    return Stage("read documents", n_documents, "documents", grain=DOCUMENTS_PER_STEP)


def number_with_gaps(
    X: Any, *, vectorizer: Any, backend: str, n_jobs: int, fitting: bool
) -> tuple[Corpus, list[str], BoolArray]:
    """Read the documents, with the tokens that the vectorizer skips.

    Returns
    -------
    corpus : Corpus
    words : list of str
    is_skipped : bool array of shape (n_tokens,)
        Whether the vectorizer skips a token: it is a stop word or too short for the pattern.
    """
    if isinstance(X, NumberedDocuments):
        return X.corpus, X.words, np.zeros(len(X.corpus.ids), dtype=bool)
    validate_vectorizer(vectorizer)
    documents, is_text = record_is_text(as_text(X, vectorizer))
    documents, sample = sample_beginning(documents) if fitting else (documents, [])
    vectorizer = with_content_input(vectorizer)
    analyzer, min_length = build_gapless_analyzer(vectorizer)
    corpus, words = number_tokens(documents, analyzer=analyzer, backend=get_backend(backend), n_jobs=n_jobs)
    warn_of_lost_tokens(sample, pattern_of(vectorizer))
    stop_words = vectorizer.get_stop_words() or frozenset()
    is_skipped = np.array([len(word) < min_length or word in stop_words for word in words], dtype=bool)
    of_text_tokens = np.repeat(np.array(is_text or [True] * corpus.n_documents, dtype=bool), np.diff(corpus.offsets))
    return corpus, words, of_text_tokens & is_skipped[corpus.ids]


def read_files(X: Any, vectorizer: Any) -> Any:
    """Return the documents in the files of X, if the vectorizer's `input` is "file" or "filename"; else X."""
    source = getattr(vectorizer, "input", "content")
    if source == "content" or isinstance(X, FileDocuments | NumberedDocuments | Cooccurrence):
        return X
    if source == "filename":
        return FileDocuments(check_documents(X), encoding=vectorizer.encoding, decode_error=vectorizer.decode_error)
    return [_content(file, index) for index, file in enumerate(check_documents(X))]


def _content(file: Any, index: int) -> str | bytes:
    """Return the content of an open file."""
    if not hasattr(file, "read"):
        raise TypeError(
            f"Document {index} is {file!r:.60} of type {type(file).__name__}; the vectorizer has input='file', so "
            "give open files."
        )
    content: str | bytes = file.read()
    return content


def as_text(X: Any, vectorizer: Any) -> Iterable[Any]:
    """Return the documents of X; files and bytes are decoded to str."""
    encoding, decode_error = getattr(vectorizer, "encoding", "utf-8"), getattr(vectorizer, "decode_error", "strict")
    return decode_documents(check_documents(read_files(X, vectorizer)), encoding=encoding, decode_error=decode_error)


def with_content_input(vectorizer: Any) -> Any:
    """Return the vectorizer with ``input="content"``, for files that have been read; None is the default one."""
    if vectorizer is None:
        return CountVectorizer()
    if getattr(vectorizer, "input", "content") == "content":
        return vectorizer
    copied = copy(vectorizer)
    copied.input = "content"
    return copied
