"""Reading documents as an estimator's parameters say: what both embedders and `PhraseJoiner` share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from joblib import effective_n_jobs
from scipy.sparse import issparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils import Tags
from sklearn.utils._param_validation import StrOptions

from .._backends import BACKENDS, DEVICE_BACKENDS, get_backend
from .._backends.characters import RUNS
from ..cooccurrence import Cooccurrence
from ..corpus import Analyzer, Corpus, NumberedDocuments, PatternAnalyzer, encode_documents, number_tokens
from ..io import FileDocuments

TOKENIZING = ("lowercase", "preprocessor", "tokenizer", "token_pattern", "stop_words")


class DocumentReaderMixin:
    """Tokenising and numbering of documents by the parameters that an estimator has for it."""

    _reading_constraints: ClassVar[dict[str, list[Any]]] = {
        "lowercase": ["boolean"],
        "preprocessor": [callable, None],
        "tokenizer": [callable, None],
        "token_pattern": [str, None],
        "stop_words": [StrOptions({"english"}), list, None],
        "input": [StrOptions({"content", "filename"})],
        "encoding": [str],
        "decode_error": [StrOptions({"strict", "ignore", "replace"})],
        "backend": [StrOptions({"auto", *BACKENDS, *DEVICE_BACKENDS})],
    }

    lowercase: bool
    preprocessor: Any
    tokenizer: Any
    token_pattern: str | None
    stop_words: Any
    input: str
    encoding: str
    decode_error: str
    backend: str
    n_jobs: int | None

    def _number(self, X: Any, *, n_jobs: int | None = None) -> tuple[Corpus, list[str]]:
        """Read the documents once, numbering words as they appear, or take what has been read."""
        if isinstance(X, NumberedDocuments):
            return X.corpus, X.words
        return number_tokens(
            check_documents(self._files(X)),
            analyzer=self._analyzer(),
            backend=get_backend(self.backend),
            n_jobs=n_jobs or self._n_threads(),
        )

    def _analyzer(self) -> Analyzer:
        """Return the tokenising function, CountVectorizer's own."""
        parameters = {name: getattr(self, name) for name in TOKENIZING}
        if self.tokenizer is not None:
            parameters["token_pattern"] = None  # CountVectorizer would warn that it is not used
        elif self.token_pattern is None:
            raise ValueError("token_pattern=None leaves str without tokens; give a pattern or a tokenizer.")
        vectorizer = CountVectorizer(**parameters)
        analyzer: Analyzer = vectorizer.build_analyzer()
        if self.preprocessor is not None or self.tokenizer is not None or self.token_pattern not in RUNS:
            return analyzer
        stop_words = vectorizer.get_stop_words() or frozenset()
        return PatternAnalyzer(self.token_pattern, lowercase=self.lowercase, stop_words=stop_words)

    def _files(self, X: Any) -> Any:
        """Return the documents of the files that X names, if `input` says that it names files."""
        if self.input == "content" or isinstance(X, FileDocuments | NumberedDocuments | Cooccurrence):
            return X
        return FileDocuments(check_documents(X), encoding=self.encoding, decode_error=self.decode_error)

    def _encode_with(self, X: Any, rows: Mapping[str, int]) -> Corpus:
        """Read documents as the given rows of words."""
        return encode_documents(
            check_documents(self._files(X)),
            rows,
            analyzer=self._analyzer(),
            backend=get_backend(self.backend),
            n_jobs=self._n_threads(),
        )

    def _n_threads(self) -> int:
        return int(effective_n_jobs(self.n_jobs))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()  # type: ignore[misc]  # of the estimator that this is mixed into
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def check_documents(X: Any) -> Iterable[Any]:
    """Return X if it can be a collection of documents, or say why not."""
    if isinstance(X, str | bytes):
        raise TypeError(f"X is one {type(X).__name__}, {X!r:.40}; give a list of documents, such as [text].")
    if issparse(X):
        raise TypeError(f"X is a sparse {type(X).__name__} of numbers; give the documents themselves, str or tokens.")
    n_dimensions = getattr(X, "ndim", len(getattr(X, "shape", [0])))
    if n_dimensions != 1:
        raise TypeError(
            f"X is a {type(X).__name__} of {n_dimensions} dimensions; give one column of documents, "
            "such as frame['text'] or array[:, 0]."
        )
    if isinstance(X, Mapping | Cooccurrence) or not isinstance(X, Iterable):
        raise TypeError(f"X is of type {type(X).__name__}; give a list, array or Series of documents.")
    return X.to_list() if hasattr(X, "to_list") else X  # a polars Series of lists would give a Series for each
