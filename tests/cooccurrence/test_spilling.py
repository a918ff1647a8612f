"""Counting within a budget of memory gives the same counts, and leaves nothing behind, however it ends."""

from __future__ import annotations

import errno
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import textwrap
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sk_w2v import SpectralEmbedder, Vocabulary
from sk_w2v._backends import BACKENDS, get_backend
from sk_w2v._backends.cpu.counting import _places_by_word
from sk_w2v.cooccurrence import Cooccurrence, count_cooccurrences
from sk_w2v.cooccurrence import _spilling as _spilling
from sk_w2v.cooccurrence._spilling import count_runs, runs_within
from sk_w2v.corpus import Corpus

N_WORDS = 300


def some_corpus(*, n_tokens: int = 4000, n_words: int = N_WORDS) -> Corpus:
    """Return three documents of words whose frequencies fall like 1 / rank, and an empty one."""
    frequencies = 1 / np.arange(1, n_words + 1)
    ids = np.random.default_rng(0).choice(n_words, n_tokens, p=frequencies / frequencies.sum())
    return Corpus(ids.astype(np.int32), np.array([0, n_tokens // 3, n_tokens // 3, n_tokens // 2, n_tokens]))


def words(n_words: int = N_WORDS) -> Vocabulary:
    """Return a vocabulary, the word counts of which do not matter here."""
    return Vocabulary(np.array([f"word{row}" for row in range(n_words)], dtype=object), np.ones(n_words, np.int64))


def least_budget(corpus: Corpus, n_words: int = N_WORDS) -> int:
    """Return the least budget for a window of 5, as the error says it."""
    with pytest.raises(ValueError, match="memory_budget=1 is too small for the largest of") as error:
        runs_within(1, corpus, n_words=n_words, window=5, n_jobs=1)
    return int(str(error.value).split("give at least ")[1].split()[0])


def assert_same(left: Cooccurrence, right: Cooccurrence) -> None:
    """Compare counts to the bit."""
    for part in ("indptr", "indices", "data"):
        array, same = getattr(left.counts, part), getattr(right.counts, part)
        assert array.dtype == same.dtype
        assert array.tobytes() == same.tobytes()
    assert left.unit == right.unit


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """An empty folder for temporary files, which must be empty again at the end."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield tmp_path
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("surplus", [0, 10_000, 60_000, 10**9])
def test_counts_do_not_depend_on_the_budget(scratch, backend, n_jobs, surplus):
    corpus = some_corpus()
    budget = least_budget(corpus) + 8 * N_WORDS * (n_jobs - 1) + surplus
    counting = {"window": 5, "backend": get_backend(backend), "n_jobs": n_jobs}
    spilled = count_cooccurrences(corpus, words(), memory_budget=budget, **counting)
    assert_same(spilled, count_cooccurrences(corpus, words(), **counting))
    assert spilled.counts.has_canonical_format
    assert spilled.counts.data.flags.writeable == (surplus == 10**9)  # whether all fitted into memory


def test_spilled_counts_can_be_pickled_saved_and_added(scratch, tmp_path_factory):
    corpus = some_corpus()
    counts = count_cooccurrences(corpus, words(), window=5)
    spilled = count_cooccurrences(corpus, words(), window=5, memory_budget=least_budget(corpus))
    assert_same(pickle.loads(pickle.dumps(spilled)), counts)
    assert_same(spilled + spilled, counts + counts)
    path = tmp_path_factory.mktemp("saved") / "counts"
    spilled.save(path)
    assert_same(Cooccurrence.load(path), counts)


def test_a_corpus_without_pairs_spills_nothing(scratch):
    corpus = Corpus(np.arange(N_WORDS, dtype=np.int32), np.arange(N_WORDS + 1))
    counts = count_cooccurrences(corpus, words(), window=5, memory_budget=least_budget(corpus)).counts
    assert counts.nnz == 0


def test_the_estimator_gives_the_same_vectors_within_a_budget(scratch, documents, spectral, monkeypatch):
    spilled, count_all = [], _spilling.count_runs
    monkeypatch.setattr(
        "sk_w2v.cooccurrence._counting.count_runs",
        lambda count_rows, runs: spilled.append(runs) or count_all(count_rows, runs),
    )
    in_memory = spectral.fit(documents).embedding_
    assert np.array_equal(spectral.set_params(memory_budget=10_000).fit(documents).embedding_, in_memory)
    assert len(spilled) == 1
    assert len(spilled[0]) > 1


@pytest.mark.parametrize("memory_budget", [0, -1, 1.5, "1 GB"])
def test_the_estimator_refuses_an_invalid_budget(documents, memory_budget):
    with pytest.raises(ValueError, match="The 'memory_budget' parameter of SpectralEmbedder must be an int"):
        SpectralEmbedder(memory_budget=memory_budget).fit(documents)


@given(surplus=st.integers(0, 10**6), n_tokens=st.integers(1, 3000), n_words=st.integers(1, 40))
def test_runs_cover_all_rows_in_order_within_the_budget(surplus, n_tokens, n_words):
    corpus = some_corpus(n_tokens=n_tokens, n_words=n_words)
    budget = least_budget(corpus, n_words) + surplus
    runs = runs_within(budget, corpus, n_words=n_words, window=5, n_jobs=1)
    assert [row for first, end in runs for row in range(first, end)] == list(range(n_words))
    tokens = np.bincount(corpus.ids, minlength=n_words)
    for first, end in runs:
        most_pairs = np.minimum(10 * tokens[first:end], n_words).sum()
        assert _spilling.BYTES_PER_PAIR * most_pairs + 6 * tokens[first:end].sum() <= budget


def test_the_memory_of_a_run_is_released_before_the_next_run(scratch):
    runs = []

    def count_rows(run):
        assert all(array() is None for array in runs)
        made = np.array([0, 1]), np.zeros(1, np.int32), np.ones(1, np.int64)
        runs.extend(map(weakref.ref, made))
        return made

    count_runs(count_rows, [(0, 1), (1, 2), (2, 3)])


@pytest.mark.parametrize("window", [1, 255, 256, 70_000])
def test_the_budget_includes_the_positions_of_tokens(window):
    corpus = Corpus(np.zeros(2 * window, np.int32), np.array([0, 2 * window]))
    places = _places_by_word(corpus.ids, corpus.offsets, window, (0, 1), np.array([0, 2 * window]))
    assert sum(array.nbytes for array in places) == _spilling.bytes_per_token(2 * window, window) * 2 * window


@pytest.mark.parametrize("error", [KeyboardInterrupt, ArithmeticError])
def test_an_error_half_way_leaves_no_files(scratch, error):
    rows = np.array([0, 1]), np.zeros(1, np.int32), np.ones(1, np.int64)

    def count_rows(run):
        if run == (1, 2):
            raise error("half-way")
        return rows

    with pytest.raises(error, match="half-way"):
        count_runs(count_rows, [(0, 1), (1, 2), (2, 3)])


def test_a_full_disk_is_an_error_with_advice(scratch, monkeypatch):
    class FullDisk:
        def __init__(self, **keywords):
            self.n_written = 0

        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

        def write(self, rest):
            if self.n_written:
                raise OSError(errno.ENOSPC, "No space left on device")
            self.n_written = 5  # and not all that was given
            return 5

    monkeypatch.setattr(_spilling, "TemporaryFile", FullDisk)
    with pytest.raises(OSError, match=f"No space left on device for counts in {scratch}; set TMPDIR") as error:
        count_cooccurrences(some_corpus(), words(), window=5, memory_budget=least_budget(some_corpus()))
    assert error.value.errno == errno.ENOSPC


def test_a_missing_temporary_folder_is_an_error_with_advice(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(FileNotFoundError, match="cannot create a file for counts; set TMPDIR to a writable folder"):
        count_cooccurrences(some_corpus(), words(), window=5, memory_budget=least_budget(some_corpus()))


KILLED = """
    import sys, time
    import numpy as np
    from sk_w2v.cooccurrence._spilling import count_runs

    def count_rows(rows):
        if rows[0]:
            print("half-way", flush=True)
            time.sleep(60)
        return np.array([0, 1 << 20]), np.zeros(1 << 20, np.int32), np.ones(1 << 20, np.int64)

    count_runs(count_rows, [(0, 1), (1, 2)])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="files without a name are Linux's")
def test_a_killed_process_leaves_no_files(scratch):
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED)],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    with child:
        assert child.stdout.readline() == b"half-way\n"
        held = sum(os.stat(f"/proc/{child.pid}/fd/{name}").st_size for name in os.listdir(f"/proc/{child.pid}/fd"))
        assert held >= 12 << 20  # the first run is on the disk
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL


MEASURED = """
    import re, sys
    from pathlib import Path
    from zlib import crc32
    import numpy as np
    from sk_w2v import Vocabulary
    from sk_w2v.cooccurrence import count_cooccurrences
    from sk_w2v.corpus import Corpus

    n_words, n_tokens, budget = 4000, 400_000, int(sys.argv[1]) or None
    ids = np.random.default_rng(0).integers(0, n_words, n_tokens).astype(np.int32)
    words = Vocabulary(np.arange(n_words).astype(str).astype(object), np.ones(n_words, np.int64))
    count_cooccurrences(Corpus(ids[:100], np.array([0, 100])), words, window=16)  # compile

    def peak():
        return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

    Path("/proc/self/clear_refs").write_text("5")  # begin to watch the peak anew
    before = peak()
    counts = count_cooccurrences(Corpus(ids, np.array([0, n_tokens])), words, window=16, memory_budget=budget).counts
    print(peak() - before, 12 * counts.nnz, crc32(counts.data), crc32(counts.indices), crc32(counts.indptr))
"""


def measured(budget: int) -> tuple[int, int, list[int]]:
    """Return the peak of memory and the size of the counts (bytes), and checksums, of counting in a new process."""
    command = [sys.executable, "-c", textwrap.dedent(MEASURED), str(budget)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    peak, size, *checksums = map(int, printed)
    return peak, size, checksums


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="needs Linux's /proc to see the peak")
def test_memory_stays_near_a_tenth_of_the_counts_that_go_to_disk():
    budget = 10 * 2**20
    peak, size, checksums = measured(budget)
    assert size > 10 * budget
    # Besides the corpus' copy of 0.8 MB, and what Python and the allocator keep: 2 MB.
    assert peak < budget + 5 * 2**20
    peak_in_memory, _, same = measured(0)
    assert peak_in_memory > size
    assert checksums == same
