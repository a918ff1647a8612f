"""Reading documents as an estimator's parameters say: what both embedders and `PhraseJoiner` share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from joblib import effective_n_jobs
from scipy.sparse import issparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils import Tags
from sklearn.utils._param_validation import StrOptions

from .._backends import BACKENDS, DEVICE_BACKENDS, get_backend, usable_threads
from .._backends.characters import RUNS
from ..cooccurrence import Cooccurrence
from ..corpus import Analyzer, Corpus, NumberedDocuments, PatternAnalyzer, encode_documents, number_tokens
from ..io import FileDocuments, LineDocuments
from .lost_tokens import sampled, warn_of_lost_tokens

_ROWS_AT_ONCE = 1 << 12  # of a column

# How a column of documents is taken out of the objects of libraries that are none.
COLUMNS_OF = {
    "datasets": "dataset['text']",
    "dask": "frame['text'].compute()",
    "duckdb": "relation.fetchnumpy()['text']",
    "polars": "frame.collect()['text'] of a LazyFrame",
    "pyarrow": "table['text']",
    "pyspark": "[row['text'] for row in frame.select('text').toLocalIterator()]",
    "tensorflow": "[text for text in dataset.as_numpy_iterator()]",
    "torch": "[dataset[i] for i in range(len(dataset))], the text of each item",
}

# Of patterns that leave out short tokens, what keeps them.
SHORTEST_RUNS = {r"(?u)\b\w\w+\b": r"(?u)\b\w+\b", r"\b\w\w+\b": r"\b\w+\b"}

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
        return self._number_documents(self._read_documents(X), n_jobs=n_jobs)

    def _number_to_fit(self, X: Any, *, n_jobs: int | None = None) -> tuple[Corpus, list[str]]:
        """Read the documents as `_number` does, and warn if the token pattern passes over much of them."""
        if isinstance(X, NumberedDocuments) or self.tokenizer is not None:
            return self._number(X, n_jobs=n_jobs)
        documents, sample = sampled(self._read_documents(X))
        numbered = self._number_documents(documents, n_jobs=n_jobs)
        warn_of_lost_tokens(sample, self.token_pattern)
        return numbered

    def _number_documents(self, documents: Iterable[Any], *, n_jobs: int | None) -> tuple[Corpus, list[str]]:
        return number_tokens(
            documents,
            analyzer=self._analyzer(),
            backend=get_backend(self.backend),
            n_jobs=n_jobs or self._n_threads(),
        )

    def _number_with_gaps(self, X: Any, *, fitting: bool = False) -> tuple[Corpus, list[str], npt.NDArray[np.bool_]]:
        """Read the documents as `_number` does, but keep the words that it leaves out of texts; tell which they are."""
        if isinstance(X, NumberedDocuments):
            return X.corpus, X.words, np.zeros(len(X.corpus.ids), dtype=bool)
        documents, is_text = with_kinds(self._read_documents(X))
        documents, sample = sampled(documents) if fitting and self.tokenizer is None else (documents, [])
        min_length = RUNS[str(self.token_pattern)][1] if self._takes_runs() else 1
        pattern = SHORTEST_RUNS.get(str(self.token_pattern), self.token_pattern)
        stop_words = CountVectorizer(stop_words=self.stop_words).get_stop_words() or frozenset()
        corpus, words = number_tokens(
            documents,
            analyzer=self._analyzer(stop_words=None, token_pattern=pattern),
            backend=get_backend(self.backend),
            n_jobs=self._n_threads(),
        )
        warn_of_lost_tokens(sample, self.token_pattern)
        is_left_out = np.array([len(word) < min_length or word in stop_words for word in words], dtype=bool)
        of_text = np.repeat(np.array(is_text or [True] * corpus.n_documents, dtype=bool), np.diff(corpus.offsets))
        return corpus, words, of_text & is_left_out[corpus.ids]

    def _takes_runs(self) -> bool:
        """Tell whether tokens are runs of characters of one class, by the pattern."""
        return self.tokenizer is None and self.token_pattern in RUNS

    def _analyzer(self, **others: Any) -> Analyzer:
        """Return the tokenising function, CountVectorizer's own, with other parameters on request."""
        parameters = {name: getattr(self, name) for name in TOKENIZING} | others
        if self.tokenizer is not None:
            parameters["token_pattern"] = None  # CountVectorizer would warn that it is not used
        elif self.token_pattern is None:
            raise ValueError("token_pattern=None leaves str without tokens; give a pattern or a tokenizer.")
        vectorizer = CountVectorizer(**parameters)
        analyzer: Analyzer = vectorizer.build_analyzer()
        if self.preprocessor is not None or not self._takes_runs():
            return analyzer
        stop_words = vectorizer.get_stop_words() or frozenset()
        return PatternAnalyzer(parameters["token_pattern"], lowercase=self.lowercase, stop_words=stop_words)

    def _files(self, X: Any) -> Any:
        """Return the documents of the files that X names, if `input` says that it names files."""
        if self.input == "content" or isinstance(X, FileDocuments | NumberedDocuments | Cooccurrence):
            return X
        return FileDocuments(check_documents(X), encoding=self.encoding, decode_error=self.decode_error)

    def _read_documents(self, X: Any) -> Iterable[Any]:
        """Return the documents of X, those that are files or bytes as text."""
        documents = check_documents(self._files(X))
        return decode_documents(documents, encoding=self.encoding, decode_error=self.decode_error)

    def _encode_with(self, X: Any, rows: Mapping[str, int]) -> Corpus:
        """Read documents as the given rows of words."""
        return encode_documents(
            self._read_documents(X),
            rows,
            analyzer=self._analyzer(),
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


def check_documents(X: Any) -> Iterable[Any]:
    """Return X if it can be a collection of documents, or say why not."""
    if isinstance(X, str | bytes):
        raise TypeError(f"X is one {type(X).__name__}, {X!r:.40}; give a list of documents, such as [text].")
    if issparse(X):
        raise TypeError(
            f"X is a sparse {type(X).__name__} of numbers; give the documents themselves, str or tokens, or counts of "
            "pairs of words as a Cooccurrence."
        )
    if hasattr(X, "nodes") and hasattr(X, "edges"):
        raise TypeError(
            f"X is a graph, a {type(X).__name__}; give random walks over it, as lists of str, or the weights of its "
            "edges, as a Cooccurrence."
        )
    n_dimensions = getattr(X, "ndim", len(getattr(X, "shape", [0])))
    if n_dimensions != 1:
        raise TypeError(
            f"X is a {type(X).__name__} of {n_dimensions} dimensions; give one column of documents, "
            f"such as frame['text'] or array[:, 0]{_advice(X)}. "
            "Rows of ids become documents by list(array.astype(str))."
        )
    if isinstance(X, Mapping | Cooccurrence) or not _can_be_iterated(X):
        raise TypeError(f"X is of type {type(X).__name__}; give a list, array or Series of documents{_advice(X)}.")
    if hasattr(X, "to_pylist"):
        return ArrowColumn(X)
    return X.to_list() if hasattr(X, "to_list") else X  # a polars Series of lists would give a Series for each


def _can_be_iterated(X: Any) -> bool:
    """Tell whether X is a collection; some libraries' columns only look like one."""
    if not isinstance(X, Iterable) or _library(X) not in COLUMNS_OF:
        return isinstance(X, Iterable)
    try:
        iter(X)
    except TypeError:
        return False
    return True


def _library(X: Any) -> str:
    return type(X).__module__.partition(".")[0]


def _advice(X: Any) -> str:
    """Return how documents are taken out of another library's object, if that is known."""
    library = _library(X)
    return f" ({library}: {COLUMNS_OF[library]})" if library in COLUMNS_OF else ""


class ArrowColumn:
    """A column of pyarrow, turned into Python objects some thousands at a time."""

    def __init__(self, column: Any) -> None:
        self.column = column

    def __len__(self) -> int:
        return len(self.column)

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(self.column), _ROWS_AT_ONCE):
            yield from self.column.slice(start, _ROWS_AT_ONCE).to_pylist()


def with_kinds(documents: Iterable[Any]) -> tuple[Iterable[Any], list[bool]]:
    """Return the documents, and a list to which each adds whether it is text; it stays empty if all are."""
    if isinstance(documents, FileDocuments | LineDocuments):
        return documents, []
    is_text = list[bool]()

    def passing_by() -> Iterator[Any]:
        for document in documents:
            is_text.append(isinstance(document, str))
            yield document

    return passing_by(), is_text


def decode_documents(documents: Iterable[Any], *, encoding: str, decode_error: str) -> Iterable[Any]:
    """Return the documents, those that are bytes as text, as CountVectorizer takes them."""
    if isinstance(documents, FileDocuments | LineDocuments):
        return documents
    return (
        _decode(document, index, encoding, decode_error) if isinstance(document, bytes) else document
        for index, document in enumerate(documents)
    )


def _decode(document: bytes, index: int, encoding: str, decode_error: str) -> str:
    """Return one document as text, or say where it is not in the encoding."""
    try:
        return document.decode(encoding, decode_error)
    except UnicodeDecodeError as error:
        wrong = document[error.start : error.end]
        raise ValueError(
            f"Document {index} has the bytes {wrong!r}, which are not {encoding} ({error.reason}); give the encoding "
            "of the text, or decode_error='replace' or 'ignore'."
        ) from error
