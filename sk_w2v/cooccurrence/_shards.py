"""Counting a corpus in shards, on as many machines as joblib reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import chain, islice
from operator import add

from joblib import Parallel, delayed, effective_n_jobs

from ..corpus import Corpus, Vocabulary
from ._counts import Cooccurrence, count_cooccurrences

Shard = Corpus | Callable[[], Corpus]


def count_shards(
    shards: Iterable[Shard],
    vocabulary: Vocabulary,
    *,
    window: int,
    window_weighting: str = "linear",
    n_jobs: int | None = None,
) -> Cooccurrence:
    """Count each shard by itself and add the counts: to the bit what the documents give in one corpus.

    Shards are counted with `joblib.Parallel`, in processes here or, within ``joblib.parallel_config(backend="dask")``,
    ``"ray"`` or ``"spark"``, on a cluster. As many are in work at a time as there are jobs.

    Parameters
    ----------
    shards : iterable of Corpus, or of callables that return one
        Each holds whole documents, as rows of the vocabulary. A callable is called where the shard is counted, so that
        a cluster's workers read their documents themselves.
    vocabulary : Vocabulary
        The words of all shards, with their counts in the whole corpus.
    window, window_weighting
        See `count_cooccurrences`.
    n_jobs : int or None
        Shards counted at a time, -1 for all processors. None is 1, unless in a `joblib.parallel_config` context.

    Raises
    ------
    ValueError
        If there are no shards.

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
    """Count one shard, in the process that this is called in."""
    corpus = shard if isinstance(shard, Corpus) else shard()
    return count_cooccurrences(corpus, vocabulary, window=window, window_weighting=window_weighting)


def _batches(shards: Iterator[Shard], size: int) -> Iterator[list[Shard]]:
    """Cut an iterator into lists, and read no further than the list asked for."""
    while batch := list(islice(shards, size)):
        yield batch
