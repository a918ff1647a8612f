"""The CUDA backend's training, run whole: the same draws, the same steps, the same models."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sk_w2v import SGNSEmbedder
from sk_w2v._backends import reference
from sk_w2v._backends.aligned import aligned_rows
from sk_w2v._backends.cpu import links as cpu_links
from sk_w2v._backends.cuda import sgns
from sk_w2v._backends.noise import alias_table
from sk_w2v._backends.randomness import epoch_stream
from sk_w2v._backends.reference import sgns as reference_sgns
from sk_w2v._backends.skipgrams import draw_noise, skip_gram_pairs
from sk_w2v.datasets import load_docstrings
from sk_w2v.metrics import subspace_agreement
from sk_w2v.solvers._sampling import make_sampling

OFFSETS = np.cumsum([0, 0, 1, 2, 40, 0, 25, 3, 60])


@pytest.fixture
def one_after_another(monkeypatch):
    """Let one warp train on all of a chunk, so that the order is the reference's."""
    monkeypatch.setattr(sgns, "WARPS_PER_BLOCK", 1)
    monkeypatch.setattr(sgns, "CENTERS_PER_WARP", 10**6)


def random_ids(n_words, n_tokens=OFFSETS[-1]):
    """Return words whose frequencies fall like 1 / rank."""
    frequencies = 1 / np.arange(1, n_words + 1)
    return np.random.default_rng(0).choice(n_words, n_tokens, p=frequencies / frequencies.sum()).astype(np.int32)


def sampling_of(ids, n_words, *, window, negative, subsample):
    counts = np.bincount(ids, minlength=n_words) + 1
    return make_sampling(counts, counts / counts.sum(), window=window, negative=negative, subsample=subsample)


def train(
    backend, n_components, window, negative, subsample=0.0, *, n_words=30, loss="logistic", tied=False, offsets=OFFSETS
):
    """Return the word and context vectors after one pass over random documents."""
    ids = random_ids(n_words, offsets[-1])
    sampling = sampling_of(ids, n_words, window=window, negative=negative, subsample=subsample)
    vectors = np.random.default_rng(2).standard_normal((2, n_words, n_components)).astype(np.float32)
    vectors /= np.float32(max(1, np.sqrt(n_components / 50)))
    words, contexts = aligned_rows(vectors[0]), aligned_rows(vectors[1])
    contexts = words if tied else contexts
    backend.train_tokens(
        words, contexts, ids, np.array(offsets), keep_w=sampling.keep, noise=sampling.noise, reach_o=sampling.reach,
        negative=negative, learning_rates=(0.1, 0.02) if loss == "logistic" else (0.01, 0.002),
        stream=epoch_stream(5, 0), loss=loss,
    )  # fmt: skip
    return words, contexts


# --- what is drawn -------------------------------------------------------------------------------


@pytest.mark.parametrize("most_tokens", [1, 41, 10**6])
@pytest.mark.parametrize("subsample", [0.0, 0.02])
def test_pairs_and_noise_words_are_those_of_every_backend_bit_for_bit(backend, subsample, most_tokens):
    ids = random_ids(50)
    sampling = sampling_of(ids, 50, window=6, negative=7, subsample=subsample)
    stream = epoch_stream(3, 1)
    draws = sgns.Draws(*map(backend.xp.asarray, (sampling.keep, *sampling.noise, sampling.reach)), 7, stream)
    pairs, noise = [], {}
    for chunk in sgns._chunks(ids, OFFSETS, draws, most_tokens):
        kept, bounds, reach = (array.get() for array in (chunk.kept, chunk.bounds, chunk.reach))
        for document in range(len(bounds) - 1):
            for center in range(bounds[document], bounds[document + 1]):
                first, end = max(bounds[document], center - reach[center]), center + reach[center] + 1
                others = [other for other in range(first, min(bounds[document + 1], end)) if other != center]
                place = chunk.first_position + kept[center]
                pairs += [(place, chunk.first_position + kept[other]) for other in others]
                noise[int(place)] = chunk.noise.get()[center].tolist()
    centers, neighbors = skip_gram_pairs(ids, OFFSETS, keep_w=sampling.keep, reach_o=sampling.reach, stream=stream)
    assert np.array_equal(pairs, np.column_stack([centers, neighbors]))
    places = np.array(sorted(noise))
    assert draw_noise(sampling.noise, 7, places, stream).tolist() == [noise[place] for place in places]


# --- steps ---------------------------------------------------------------------------------------

PASSES = [
    # n_components, window, negative, subsample
    (1, 1, 1, 0.0),
    (16, 2, 2, 0.0),
    (17, 5, 5, 0.0),
    (31, 3, 7, 0.01),
    (48, 4, 16, 0.0),
    (5, 10, 40, 0.05),
    (130, 3, 5, 0.0),
    (300, 2, 5, 0.0),
    (1024, 2, 5, 0.0),
    (1030, 2, 5, 0.0),
]


@pytest.mark.usefixtures("one_after_another")
@pytest.mark.parametrize(("n_components", "window", "negative", "subsample"), PASSES)
def test_a_pass_trains_the_vectors_as_the_reference_does(backend, n_components, window, negative, subsample):
    trained, defined = (train(each, n_components, window, negative, subsample) for each in (backend, reference))
    for vectors, same in zip(trained, defined, strict=True):
        # About a thousand float32 steps on numbers of order 1, summed in another order and with another exponential;
        # a step left out or misplaced would show at 1e-2.
        np.testing.assert_allclose(vectors, same, rtol=1e-4, atol=1e-4)
        assert np.all(vectors[:, n_components:] == 0)  # padding


@pytest.mark.usefixtures("one_after_another")
@pytest.mark.parametrize("n_words", [1, 3, 30])
@pytest.mark.parametrize(
    ("loss", "tied"), [("logistic", False), ("quartic", False), ("quartic", True), ("logistic", True)]
)
def test_losses_and_tied_vectors_train_as_the_reference_does(backend, loss, tied, n_words):
    # Of few words, a window holds some twice, and noise repeats itself and the word in the middle.
    options = {"n_words": n_words, "loss": loss, "tied": tied, "offsets": OFFSETS[:6]}
    trained, defined = (train(each, 17, 4, 7, **options) for each in (backend, reference))
    for vectors, same in zip(trained, defined, strict=True):
        np.testing.assert_allclose(vectors, same, rtol=1e-4, atol=1e-4)
    assert (trained[0] is trained[1]) == tied


@pytest.fixture
def links_of_the_page(monkeypatch):
    """Every backend's links with that of the loss that the how-to page adds, as it is written there."""
    for module in (cpu_links, reference_sgns, sgns):
        monkeypatch.setattr(module, "LINKS", dict(module.LINKS))
    page = (Path(__file__).parents[2] / "docs" / "how_to" / "add_a_loss.md").read_text(encoding="utf-8")
    (code,) = (
        block for block in re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE) if "LINKS" in block
    )
    exec(code, {"np": np})


@pytest.mark.usefixtures("one_after_another", "links_of_the_page")
@pytest.mark.parametrize("tied", [False, True])
def test_the_how_to_page_s_loss_trains_as_the_reference_does(backend, tied):
    huber, defined = (train(each, 17, 4, 7, loss="huber", tied=tied) for each in (backend, reference))
    for vectors, same in zip(huber, defined, strict=True):
        np.testing.assert_allclose(vectors, same, rtol=1e-4, atol=1e-4)
    # Products of vectors of length 4 leave the interval in which it equals the quartic loss.
    assert not np.allclose(huber[0], train(backend, 17, 4, 7, loss="quartic", tied=tied)[0], atol=1e-2)


@pytest.mark.usefixtures("one_after_another")
@pytest.mark.parametrize("centers", [1, 7, 1000])
def test_a_pass_does_not_depend_on_chunks_and_runs(standin_backend, monkeypatch, centers):
    # On the stand-in blocks run in their order.
    whole = train(standin_backend, 8, 5, 5, 0.05)
    monkeypatch.setattr(sgns, "CENTERS_PER_WARP", centers)
    monkeypatch.setattr(sgns, "TOKENS_AT_ONCE", 30)
    for vectors, same in zip(train(standin_backend, 8, 5, 5, 0.05), whole, strict=True):
        assert np.array_equal(vectors, same)


def test_warps_of_a_block_train_every_token_once(backend, monkeypatch):
    # Documents that share no words cannot disturb each other. All noise is word 0, which occurs nowhere.
    monkeypatch.setattr(sgns, "CENTERS_PER_WARP", 12)
    ids, offsets = np.repeat(np.arange(1, 30, dtype=np.int32), 12), np.arange(0, 29 * 12 + 1, 12)

    def trained(backend):
        words, contexts = np.random.default_rng(2).standard_normal((2, 30, 16)).astype(np.float32)
        contexts[0] = 0
        backend.train_tokens(
            words, contexts, ids, offsets, keep_w=np.full(30, 2**32 - 1, dtype=np.uint32),
            noise=alias_table(np.eye(30)[0]), reach_o=np.full(2, 2**32, dtype=np.uint64), negative=1,
            learning_rates=(1e-3, 1e-3), stream=epoch_stream(0, 0),
        )  # fmt: skip
        return words[1:], contexts[1:]

    for vectors, same in zip(trained(backend), trained(reference), strict=True):
        np.testing.assert_allclose(vectors, same, atol=5e-3)  # the noise word's context alone depends on the order


def test_a_chunk_s_text_is_copied_while_the_one_before_is_trained_on(standin_backend, cupy, monkeypatch):
    monkeypatch.setattr(sgns, "TOKENS_AT_ONCE", 45)  # three chunks
    train(standin_backend, 8, 3, 2)
    shown = {
        ("copy", False): "copy",
        ("wait", False): "has come",
        ("wait", True): "done",
        ("train_untied", True): "train",
    }
    events = [shown[event] for event in cupy.standin_events if event in shown]
    # The copy has a queue of its own. A kernel is not waited for when it is started.
    between = ["copy", "done", "has come", "train"]
    assert events == ["copy", "has come", "train", *between, *between, "done"]


def test_a_corpus_without_pairs_trains_nothing(backend):
    words, contexts = train(backend, 4, 2, 1, offsets=np.array([0, 1, 1, 2]))
    start = train(reference, 4, 2, 1, offsets=np.array([0, 1, 1, 2]))
    assert np.array_equal(words, start[0])
    assert np.array_equal(contexts, start[1])


def test_a_window_too_large_for_shared_memory_is_refused(backend):
    with pytest.raises(MemoryError, match=r"A window of 301 outputs of 1024 numbers takes \d+ bytes.*lower negative"):
        train(backend, 1024, 2, 300)


def test_vectors_stay_as_they_were_where_memory_runs_out(standin_backend, cupy, monkeypatch):
    def too_large(*_, **__):
        raise cupy.cuda.memory.OutOfMemoryError("Out of memory allocating 8 bytes.")

    monkeypatch.setattr(cupy, "flatnonzero", too_large)
    words = np.ones((2, 16), dtype=np.float32)
    sampling = sampling_of(np.array([0, 1]), 2, window=1, negative=1, subsample=0.0)
    with pytest.raises(MemoryError, match=r"not enough memory .*; split long documents"):
        standin_backend.train_tokens(
            words, words.copy(), np.array([0, 1], np.int32), np.array([0, 2]), keep_w=sampling.keep,
            noise=sampling.noise, reach_o=sampling.reach, negative=1, learning_rates=(0.1, 0.1),
            stream=epoch_stream(0, 0),
        )  # fmt: skip
    assert np.all(words == 1)


# --- the whole estimator -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def docstrings():
    """Real text: a hundred docstrings."""
    return load_docstrings().data[:100]


OPTIONS = {"n_components": 16, "max_iter": 2, "learning_rate": 0.05, "subsample": 0.01, "random_state": 0}


@pytest.mark.usefixtures("one_after_another")
@pytest.mark.parametrize("loss", ["logistic", "quartic"])
def test_training_on_real_text_is_that_of_the_cpu(backend, docstrings, loss):
    on_device, on_cpu = (SGNSEmbedder(**OPTIONS, loss=loss, backend=name).fit(docstrings) for name in ("cuda", "cpu"))
    assert on_device.backend_ == "cuda"
    assert type(on_device.embedding_) is np.ndarray
    # The same hundred thousand steps in the same order: what differs is rounding.
    np.testing.assert_allclose(on_device.loss_curve_, on_cpu.loss_curve_, rtol=1e-4)
    np.testing.assert_allclose(on_device.embedding_, on_cpu.embedding_, atol=1e-2)


def test_warps_at_once_train_as_good_vectors(backend, docstrings):
    on_device, on_cpu = (SGNSEmbedder(**OPTIONS, backend=name).fit(docstrings) for name in ("cuda", "cpu"))
    # Four warps at a time take their steps in another order.
    np.testing.assert_allclose(on_device.loss_curve_, on_cpu.loss_curve_, rtol=1e-2)
    assert subspace_agreement(on_device.embedding_, on_cpu.embedding_) > 0.9


@pytest.mark.parametrize("n_replicas", [1, 2])
def test_copies_that_come_together_are_refused(standin_backend, n_replicas):
    embedder = SGNSEmbedder(2, min_count=1, subsample=0, n_replicas=n_replicas, backend="cuda")
    with pytest.raises(ValueError, match=rf'n_replicas={n_replicas}, but .*; use "auto" or None, or backend="cpu"'):
        embedder.fit(["tea cup tea pot", "pen ink pen paper"])
