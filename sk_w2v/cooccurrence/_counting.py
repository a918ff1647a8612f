"""Counting the pairs of tokens within a window."""

from __future__ import annotations

from functools import partial
from types import ModuleType

import numpy as np

from .._backends import get_backend, usable_threads
from .._numbers import LARGEST_INTEGER, count_ids
from .._progress import Stage
from .._typing import Int64Array
from ..corpus import Corpus, Vocabulary
from ._cooccurrence import Cooccurrence
from ._csr import square_csr
from ._spilling import count_runs, runs_within
from ._windows import longest_document, window_weights

TOKENS_PER_STEP = 1 << 17  # of progress


def count_cooccurrences(
    corpus: Corpus,
    vocabulary: Vocabulary,
    *,
    window: int,
    window_weighting: str = "linear",
    backend: ModuleType | None = None,
    n_jobs: int = 1,
    memory_budget: int | None = None,
) -> Cooccurrence:
    """Count the pairs of tokens that are at most `window` apart in a document, in both directions.

    Parameters
    ----------
    corpus : Corpus
        Documents as rows of the vocabulary.
    vocabulary : Vocabulary
        The words of the corpus.
    window : int
        Maximum distance between the two tokens of a pair (tokens). The cost is bounded by the length of the longest
        document, so ``sys.maxsize`` counts whole documents.
    window_weighting : {"linear", "uniform", "harmonic"}
        Weight of a pair at distance `o`: ``(window + 1 - o) / window``, which is the mean of word2vec's random windows;
        1; or ``1 / o``, as in GloVe.
    backend : module or None
        See `sk_w2v._backends`; None selects the fastest.
    n_jobs : int
        Number of threads; the result does not depend on it.
    memory_budget : int or None
        Maximum memory for counting (bytes), in addition to the corpus and a copy of half its size. Counts that may not
        fit are written to a temporary file in `tempfile.gettempdir()`, which TMPDIR sets, and mapped from it; the
        result is bitwise the same. The budget applies to the CPU backend until the counts are returned; Python and the
        allocator may exceed it by a few MB. None counts in memory.

    Returns
    -------
    Cooccurrence

    Raises
    ------
    ValueError
        If the budget is too small for one row of counts.
    OverflowError
        If counts may not fit into 64 bits, as with a window of a million tokens in one long document.
    OSError
        If the disk is full.

    See Also
    --------
    count_shards : Count a corpus in shards, in several processes or on a cluster.
    window_weights : The weight of a pair by its distance.
    sk_w2v.targets.make_target : Make a target from counts.

    Examples
    --------
    >>> vocabulary = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([2, 1]))
    >>> tea_cup_tea = Corpus(ids=np.array([0, 1, 0], dtype=np.int32), offsets=np.array([0, 3]))
    >>> cooccurrence = count_cooccurrences(tea_cup_tea, vocabulary, window=2)
    >>> (cooccurrence.counts * cooccurrence.unit).toarray()
    array([[1., 2.],
           [2., 0.]])
    """
    corpus = corpus.checked(len(vocabulary))
    weights, unit = window_weights(window, window_weighting, longest_document=longest_document(corpus))
    _require_sums_that_fit(corpus, len(vocabulary), weights)
    backend, n_jobs = backend or get_backend(), usable_threads(n_jobs)
    count_rows = partial(
        backend.count_pairs, corpus.ids, corpus.offsets, weights, n_words=len(vocabulary), n_jobs=n_jobs
    )
    with Stage("count pairs", len(corpus.ids), "tokens", grain=TOKENS_PER_STEP) as stage:
        if memory_budget is None:
            arrays = count_rows()
        else:
            runs = runs_within(memory_budget, corpus, n_words=len(vocabulary), window=len(weights), n_jobs=n_jobs)
            arrays = count_runs(lambda rows: count_rows(rows=rows), runs) if len(runs) > 1 else count_rows()
        counts = square_csr(*arrays)
        stage.note = f"{counts.nnz:,} pairs of {len(vocabulary):,} words"
    return Cooccurrence(counts, vocabulary, unit)


def _require_sums_that_fit(corpus: Corpus, n_words: int, weights: Int64Array) -> None:
    """Raise an error if the count of the most frequent word with itself may not fit into 64 bits."""
    most = 2 * weights.sum(dtype=np.float64)  # units of one token
    if most * len(corpus.ids) < LARGEST_INTEGER:
        return
    n_tokens = int(count_ids(corpus.ids, n_words).max(initial=0))
    if most * n_tokens >= LARGEST_INTEGER:
        raise OverflowError(
            f"Counts with a window of {len(weights)} tokens might not fit into 64 bits: a word occurs {n_tokens} "
            f"times, and each token counts up to {most:.3g} units. Use a smaller window, or window_weighting='uniform'."
        )
