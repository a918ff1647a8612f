"""Shards counted anywhere add up to the counts of the whole corpus, to the bit."""

from __future__ import annotations

from functools import partial

import joblib
import numpy as np
import pytest
from distributed import Client, LocalCluster

from sk_w2v import Cooccurrence, Vocabulary
from sk_w2v.cooccurrence import count_cooccurrences, count_shards
from sk_w2v.corpus import Corpus

N_WORDS = 40
WORDS = Vocabulary(np.array([f"word{row}" for row in range(N_WORDS)], dtype=object), np.arange(N_WORDS, 0, -1))


def make_shard(n_tokens: int, *, seed: int = 0) -> Corpus:
    """Return two documents of random words."""
    ids = np.random.default_rng(seed).integers(0, N_WORDS, n_tokens)
    return Corpus(ids.astype(np.int32), np.array([0, n_tokens // 3, n_tokens]))


SHARDS = [make_shard(n_tokens, seed=n_tokens) for n_tokens in (200, 0, 7, 1, 90, 40, 300)]


def join(shards: list[Corpus]) -> Corpus:
    """Return the documents of all shards as one corpus."""
    lengths = np.concatenate([np.diff(shard.offsets) for shard in shards])
    return Corpus(np.concatenate([shard.ids for shard in shards]), np.concatenate([[0], np.cumsum(lengths)]))


def assert_as_if_whole(cooccurrence: Cooccurrence, *, window_weighting: str = "linear") -> None:
    """Compare with the counts of all shards in one corpus, to the bit."""
    whole = count_cooccurrences(join(SHARDS), WORDS, window=5, window_weighting=window_weighting)
    assert cooccurrence.unit == whole.unit
    assert cooccurrence.vocabulary.words.tolist() == WORDS.words.tolist()
    assert cooccurrence.vocabulary.counts.tolist() == WORDS.counts.tolist()
    for part in ("indptr", "indices", "data"):
        array, same = getattr(cooccurrence.counts, part), getattr(whole.counts, part)
        assert array.dtype == same.dtype
        assert array.tolist() == same.tolist()


@pytest.mark.parametrize("window_weighting", ["linear", "uniform", "harmonic"])
def test_the_sum_of_shards_equals_the_counts_of_the_corpus(window_weighting):
    counted = count_shards(SHARDS, WORDS, window=5, window_weighting=window_weighting)
    assert_as_if_whole(counted, window_weighting=window_weighting)


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_shards_are_counted_in_processes_and_threads(backend):
    with joblib.parallel_config(backend=backend, n_jobs=2):
        assert_as_if_whole(count_shards(SHARDS, WORDS, window=5))


def test_a_callable_shard_is_called_by_the_process_that_counts_it():
    assert_as_if_whole(count_shards([partial(Corpus, shard.ids, shard.offsets) for shard in SHARDS], WORDS, window=5))


def test_shards_are_read_as_they_are_counted():
    # With two jobs at a time, no more than two shards wait.
    read, counted_when_read = [], []

    def shard(index: int) -> Corpus:
        read.append(index)
        return SHARDS[index]

    def shards():
        for index in range(len(SHARDS)):
            counted_when_read.append(len(read))
            yield partial(shard, index)

    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert_as_if_whole(count_shards(shards(), WORDS, window=5))
    assert counted_when_read == [0, 0, 2, 2, 4, 4, 6]


def test_no_shards_are_refused():
    with pytest.raises(ValueError, match="There are no shards; give at least one"):
        count_shards([], WORDS, window=5)


def test_a_cluster_of_two_processes_counts_the_same(tmp_path):
    pids = tmp_path / "pids"
    pids.mkdir()

    def read_shard(index: int) -> Corpus:
        """Leave a note of who reads the shard."""
        import os

        (pids / f"{os.getpid()}-{index}").touch()
        return SHARDS[index]

    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            local_directory=str(tmp_path / "workers"),
        ) as cluster,
        Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        workers = {worker.pid for worker in cluster.workers.values()}
        assert_as_if_whole(count_shards([partial(read_shard, index) for index in range(7)], WORDS, window=5))
    notes = [note.name.split("-") for note in pids.iterdir()]
    assert sorted(index for _, index in notes) == list("0123456")
    assert {int(pid) for pid, _ in notes} <= workers
