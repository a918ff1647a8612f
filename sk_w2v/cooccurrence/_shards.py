"""Counting a corpus in shards, in processes or on a cluster, with joblib."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import chain, islice
from operator import add

from joblib import Parallel, delayed, effective_n_jobs

from ..corpus import Corpus, Vocabulary
from ._cooccurrence import Cooccurrence
from ._counting import count_cooccurrences

Shard = Corpus | Callable[[], Corpus]


def count_shards(
    shards: Iterable[Shard],
    vocabulary: Vocabulary,
    *,
    window: int,
    window_weighting: str = "linear",
    n_jobs: int | None = None,
) -> Cooccurrence:
    """Count each shard separately and add the counts; the result is the same as for all documents in one corpus.

    Shards are counted with `joblib.Parallel`: in local processes, or on a cluster within
    ``joblib.parallel_config(backend="dask")``, ``"ray"`` or ``"spark"``. At most `n_jobs` shards are read at a time.

    Parameters
    ----------
    shards : iterable of Corpus, or of callables that return one
        Each contains complete documents, as rows of the vocabulary. A callable is called by the process that counts
        the shard, so that the workers of a cluster read their own documents.
    vocabulary : Vocabulary
        The words of all shards, with their counts in the whole corpus.
    window, window_weighting
        See `count_cooccurrences`.
    n_jobs : int or None
        Number of shards counted at a time; -1 uses all processors. None is 1, unless in a `joblib.parallel_config`
        context.

    Returns
    -------
    Cooccurrence

    Raises
    ------
    ValueError
        If there are no shards.
    OverflowError
        If a sum does not fit into 64 bits.

    See Also
    --------
    count_cooccurrences : Count one corpus, in threads.
    sk_w2v.corpus.encode_documents : Encode the documents of a shard.

    Examples
    --------
    A worker reads and encodes its own file:

    >>> from functools import partial
    >>> from sk_w2v.corpus import encode_documents
    >>> def read_shard(path, rows):
    ...     with open(path, encoding="utf-8") as lines:
    ...         return encode_documents(lines, rows, analyzer=str.split)
    >>> def count_files(paths, vocabulary):
    ...     shards = [partial(read_shard, path, vocabulary.rows) for path in paths]
    ...     return count_shards(shards, vocabulary, window=16)
    """
    waiting, n_at_once = iter(shards), effective_n_jobs(n_jobs)
    with Parallel(n_jobs=n_jobs) as parallel:
        counted = chain.from_iterable(
            parallel(
                delayed(_count_shard)(shard, vocabulary, window=window, window_weighting=window_weighting)
                for shard in batch
            )
            for batch in _batches(waiting, n_at_once)
        )
        first = next(counted, None)
        if first is None:
            raise ValueError("There are no shards; give at least one.")
        return reduce(add, counted, first)


def _count_shard(shard: Shard, vocabulary: Vocabulary, *, window: int, window_weighting: str) -> Cooccurrence:
    """Count one shard in the calling process."""
    corpus = shard if isinstance(shard, Corpus) else shard()
    return count_cooccurrences(corpus, vocabulary, window=window, window_weighting=window_weighting)


def _batches(shards: Iterator[Shard], size: int) -> Iterator[list[Shard]]:
    """Yield lists of `size` items, without reading ahead of the current list."""
    while batch := list(islice(shards, size)):
        yield batch
