"""Lookup of the embedder inside an estimator, and of the documents it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sklearn.utils import _safe_indexing

from .base import BaseEmbedder
from .state import check_state

Reader = Callable[[Any], Any]  # from an estimator's X to the documents that its embedder gets


def find_embedder(estimator: Any) -> BaseEmbedder:
    """Return the one fitted embedder inside an estimator.

    It may be the estimator itself, a step of a Pipeline, a part of a FeatureUnion or ColumnTransformer, or in the
    ``best_estimator_`` of a search.

    Raises
    ------
    TypeError
        If there is no embedder, or more than one.
    NotFittedError
        If it is not fitted.

    See Also
    --------
    get_embedding_scorer : Returns a scorer by its name.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sk_w2v import SpectralEmbedder
    >>> model = make_pipeline(SpectralEmbedder(1, min_count=1), LogisticRegression())
    >>> find_embedder(model.fit(["tea cup", "pen ink"], [0, 1])).words_.tolist()
    ['cup', 'ink', 'pen', 'tea']
    """
    return _find(estimator)[0]


def documents_of(estimator: Any, X: Any) -> Any:
    """Return the documents that the embedder inside an estimator gets when the estimator gets `X`."""
    return _find(estimator)[1](X)


def _find(estimator: Any) -> tuple[BaseEmbedder, Reader]:
    """Return the one fitted embedder and its reader, or say why there is none."""
    found = list(_embedders(estimator, lambda X: X))
    if len(found) != 1:
        raise TypeError(
            f"{type(estimator).__name__} contains {len(found)} embedders; give exactly one, such as a SpectralEmbedder "
            "or an SGNSEmbedder, alone, as a step of a fitted Pipeline or in the best_estimator_ of a search."
        )
    check_state(found[0][0])
    return found[0]


def _embedders(estimator: Any, read: Reader) -> Iterator[tuple[BaseEmbedder, Reader]]:
    """Yield the embedders inside an estimator, with their readers."""
    if isinstance(estimator, BaseEmbedder):
        yield estimator, read
    elif hasattr(estimator, "best_estimator_"):
        yield from _embedders(estimator.best_estimator_, read)
    elif hasattr(estimator, "steps"):
        for index, (_, step) in enumerate(estimator.steps):
            yield from _embedders(step, partial(_after, estimator[:index], read) if index else read)
    elif hasattr(estimator, "transformer_list"):
        for _, part in estimator.transformer_list:
            yield from _embedders(part, read)
    elif hasattr(estimator, "transformers"):
        for _, part, columns in getattr(estimator, "transformers_", estimator.transformers):
            yield from _embedders(part, partial(_columns, columns, read))


def _after(earlier: Any, read: Reader, X: Any) -> Any:
    """Return the documents transformed by the earlier steps of a Pipeline."""
    return earlier.transform(read(X))


def _columns(columns: Any, read: Reader, X: Any) -> Any:
    """Return the columns of a table."""
    return _safe_indexing(read(X), columns, axis=1)
