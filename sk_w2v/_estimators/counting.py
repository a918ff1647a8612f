"""From documents to counts of pairs: a pure function, whose value `memory=` can keep."""

from __future__ import annotations

from typing import Any

from .._backends import get_backend
from ..cooccurrence import Cooccurrence, check_cooccurrence, count_cooccurrences, require_pairs
from ..corpus import Corpus, Vocabulary
from .documents import read_corpus


def count_documents_pairs(
    X: Any,
    *,
    vectorizer: Any,
    min_count: int,
    max_features: int | None,
    window: int,
    window_weighting: str,
    backend: str,
    memory_budget: int | None = None,
    n_jobs: int = 1,
) -> Cooccurrence:
    """Count the documents' pairs of words, or check ready counts.

    Parameters
    ----------
    X : iterable of str or of sequences of str, or Cooccurrence
    vectorizer, min_count, max_features, window, window_weighting, backend, memory_budget
        As of `SpectralEmbedder`.
    n_jobs : int
        Number of threads.
    """
    if isinstance(X, Cooccurrence):
        return check_cooccurrence(X)
    corpus, vocabulary = read_corpus(
        X, vectorizer=vectorizer, min_count=min_count, max_features=max_features, backend=backend, n_jobs=n_jobs
    )
    return count_corpus_pairs(
        corpus,
        vocabulary,
        window=window,
        window_weighting=window_weighting,
        backend=backend,
        n_jobs=n_jobs,
        memory_budget=memory_budget,
    )


def count_corpus_pairs(
    corpus: Corpus,
    vocabulary: Vocabulary,
    *,
    window: int,
    window_weighting: str,
    backend: str,
    n_jobs: int,
    memory_budget: int | None = None,
) -> Cooccurrence:
    """Count the pairs of an encoded corpus, of which there must be one; parameters as of `count_documents_pairs`."""
    counted = count_cooccurrences(
        corpus,
        vocabulary,
        window=window,
        window_weighting=window_weighting,
        memory_budget=memory_budget,
        backend=get_backend(backend),
        n_jobs=n_jobs,
    )
    return require_pairs(counted)
