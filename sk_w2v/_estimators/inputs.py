"""Checks and conversions of collections of documents: columns of other libraries, bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scipy.sparse import issparse

from ..cooccurrence import Cooccurrence
from ..io import FileDocuments, LineDocuments

_ROWS_AT_ONCE = 1 << 12  # rows of a column that are converted at a time

# How to get a column of documents from the objects of other libraries.
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


def check_documents(X: Any) -> Iterable[Any]:
    """Return X if it is a collection of documents, or raise an error that says why it is not."""
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
    """Return whether X can be iterated; some libraries' columns define `__iter__` and raise an error."""
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
    """Return how to get documents from another library's object, if that is known."""
    library = _library(X)
    return f" ({library}: {COLUMNS_OF[library]})" if library in COLUMNS_OF else ""


class ArrowColumn:
    """A pyarrow column that is converted to Python objects a few thousand rows at a time."""

    def __init__(self, column: Any) -> None:
        self.column = column

    def __len__(self) -> int:
        return len(self.column)

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(self.column), _ROWS_AT_ONCE):
            yield from self.column.slice(start, _ROWS_AT_ONCE).to_pylist()


def record_is_text(documents: Iterable[Any]) -> tuple[Iterable[Any], list[bool]]:
    """Return the documents, and a list that records whether each is str as it is read; for files it stays empty."""
    if isinstance(documents, FileDocuments | LineDocuments):
        return documents, []
    is_text = list[bool]()

    def recorded() -> Iterator[Any]:
        for document in documents:
            is_text.append(isinstance(document, str))
            yield document

    return recorded(), is_text


def decode_documents(documents: Iterable[Any], *, encoding: str, decode_error: str) -> Iterable[Any]:
    """Return the documents; bytes are decoded to str, as CountVectorizer does."""
    if isinstance(documents, FileDocuments | LineDocuments):
        return documents
    return (
        _decode(document, index, encoding, decode_error) if isinstance(document, bytes) else document
        for index, document in enumerate(documents)
    )


def _decode(document: bytes, index: int, encoding: str, decode_error: str) -> str:
    """Return one document as str, or raise an error that shows the bytes that cannot be decoded."""
    try:
        return document.decode(encoding, decode_error)
    except UnicodeDecodeError as error:
        wrong = document[error.start : error.end]
        raise ValueError(
            f"Document {index} has the bytes {wrong!r}, which are not valid {encoding} ({error.reason}); set the "
            "encoding of the text, or decode_error='replace' or 'ignore'."
        ) from error
