"""Interrupts: Ctrl-C is a KeyboardInterrupt in every stage, and no thread works on after it."""

from __future__ import annotations

import _thread
import signal
import time

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import ALSEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v._backends import get_backend
from sk_w2v._backends.cpu.threads import call, run_in_threads, stream_through_threads
from sk_w2v._estimators.analysis import build_analyzer
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.corpus import Corpus, Vocabulary, number_tokens

N_WORDS, N_TOKENS, N_TRIES = 400, 20_000, 8
needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timers that signal")


def failing_with(cause):
    """Return a function that fails as Numba's dispatcher does after an exception of a signal handler."""

    def kernel():
        try:
            try:
                raise cause
            except BaseException as error:
                raise SystemError("<function> returned a result with an exception set") from error
        except SystemError as error:
            raise SystemError("CPUDispatcher(<function>) returned a result with an exception set") from error

    return kernel


@pytest.mark.parametrize("cause", [KeyboardInterrupt(), TimeoutError("a handler's own")], ids=repr)
def test_what_a_signal_handler_raises_during_a_kernel_passes_through(cause):
    with pytest.raises(type(cause)) as raised:
        call(failing_with(cause))
    assert raised.value is cause


def test_a_kernel_s_own_system_error_stays_one():
    def kernel():
        raise SystemError("its own")

    with pytest.raises(SystemError, match="its own"):
        call(kernel)


@pytest.mark.parametrize("n_jobs", [1, 3])
@pytest.mark.parametrize("run", [run_in_threads, stream_through_threads])
def test_after_an_interrupt_no_call_is_running_and_none_begins(run, n_jobs):
    begun, ended = [], []

    def kernel(index):
        begun.append(index)
        if index == 0:
            _thread.interrupt_main()
        time.sleep(0.002)
        ended.append(index)

    pieces = range(200) if run is stream_through_threads else [(index,) for index in range(200)]
    with pytest.raises(KeyboardInterrupt):
        list(run(kernel, pieces, n_jobs=n_jobs))
    n_begun = len(begun)
    time.sleep(0.01)
    assert n_begun == len(begun) < 200
    assert n_jobs == 1 or len(ended) == n_begun


def test_after_an_error_no_call_is_running():
    begun, ended = [], []

    def kernel(index):
        begun.append(index)
        if index == 3:
            raise ValueError("piece 3")
        time.sleep(0.002)
        ended.append(index)

    with pytest.raises(ValueError, match="piece 3"):
        run_in_threads(kernel, [(index,) for index in range(200)], n_jobs=2)
    assert len(ended) == len(begun) - 1 < 199


@pytest.fixture(scope="module")
def text():
    rng = np.random.default_rng(0)
    tokens = np.array([f"w{index}" for index in range(N_WORDS)])[rng.integers(0, N_WORDS, (N_TOKENS // 100, 100))]
    return [" ".join(line) for line in tokens]


@pytest.fixture(scope="module")
def stages(text):
    """Functions that each do one stage's work, in some hundredths of a second."""
    rng = np.random.default_rng(0)
    corpus = Corpus(rng.integers(0, N_WORDS, N_TOKENS).astype(np.int32), np.arange(0, N_TOKENS + 1, 100))
    words = np.array([f"w{index}" for index in range(N_WORDS)], dtype=object)
    vocabulary = Vocabulary(words, np.bincount(corpus.ids, minlength=N_WORDS))
    counts = count_cooccurrences(corpus, vocabulary, window=1)
    sgd = SGNSEmbedder(16, min_count=1, max_iter=1, random_state=0).fit(text)
    spectral = SpectralEmbedder(4, min_count=1).fit(counts)
    analyzer = build_analyzer(CountVectorizer())
    return {
        "count": lambda: count_cooccurrences(corpus, vocabulary, window=10),
        "count in threads": lambda: count_cooccurrences(corpus, vocabulary, window=10, n_jobs=2),
        "tokenize": lambda: number_tokens(text * 5, analyzer=analyzer),
        "train": lambda: sgd.partial_fit(text),
        "least squares": lambda: ALSEmbedder(8, init="random", max_iter=2, random_state=0).fit(counts),
        "transform": lambda: spectral.transform(text * 3),
    }


STAGES = ["count", "count in threads", "tokenize", "train", "least squares", "transform"]


@needs_timer
@pytest.mark.parametrize("stage", STAGES)
def test_an_interrupt_is_a_keyboard_interrupt_in_every_stage(stage, stages, monkeypatch):
    work = stages[stage]
    work()  # which compiles
    started = time.perf_counter()
    work()
    takes = time.perf_counter() - started
    rng = np.random.default_rng(0)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    outcomes = set()
    try:
        for delay in rng.uniform(1e-4, takes, N_TRIES):
            try:
                signal.setitimer(signal.ITIMER_REAL, delay)
                work()
                signal.setitimer(signal.ITIMER_REAL, 0)
            except BaseException as error:
                outcomes.add(type(error))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert outcomes <= {KeyboardInterrupt}


def test_text_longer_than_one_call_takes_is_tokenized_alike(monkeypatch):
    from sk_w2v._backends.cpu import tokenizing

    text = " ".join(f"word{index % 97}" for index in range(30_000)) + "\xff"
    pieces = -(-len(text) // tokenizing.BYTES_PER_CALL)
    assert pieces == 1
    long = (text[:-1] * (1 + tokenizing.BYTES_PER_CALL // len(text))).encode() + b"\xff"
    ((words, ids, offsets),) = get_backend("cpu").tokenize_blocks(
        [long], token_pattern=r"(?u)\b\w\w+\b", lowercase=True
    )
    decoded = long[:-1].decode().split()
    assert len(long) > tokenizing.BYTES_PER_CALL
    assert [words[id] for id in ids] == decoded
    assert offsets.tolist() == [0, len(decoded)]
