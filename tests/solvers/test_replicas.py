"""Training replicas of the vectors that are merged after every round."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from solver_runs import train

from sk_w2v import SGNSEmbedder
from sk_w2v._backends import get_backend, reference
from sk_w2v._backends.cpu import sgns
from sk_w2v._backends.noise import alias_table
from sk_w2v._backends.randomness import epoch_stream
from sk_w2v.corpus import Corpus
from sk_w2v.solvers._replicas import (
    FEWEST_ROUNDS,
    N_REPLICAS,
    PRODUCTS_PER_WORD,
    SLOPE,
    Replicas,
    default_n_replicas,
    rounds,
)
from sk_w2v.solvers._sampling import expected_products, make_sampling
from sk_w2v.solvers._sgd import initial_vectors
from sk_w2v.targets import noise_distribution

N_WORDS = 40


def zipf_corpus(n_tokens: int, *, document_length: int = 50, seed: int = 0) -> Corpus:
    """Return documents whose words follow each other as in a chain, some far more often than others."""
    rng = np.random.default_rng(seed)
    ranks = 1 / np.arange(1, N_WORDS + 1)
    ids = rng.choice(N_WORDS, n_tokens, p=ranks / ranks.sum())
    ids[1::2] = (ids[::2] + rng.integers(0, 3, len(ids[1::2]))) % N_WORDS
    offsets = np.append(np.arange(0, n_tokens, document_length), n_tokens)
    return Corpus(ids.astype(np.int32), offsets.astype(np.int64))


def sampling_for(corpus: Corpus, *, negative: int = 3):
    counts = np.bincount(corpus.ids, minlength=N_WORDS)
    return make_sampling(counts, noise_distribution(counts), window=3, negative=negative, subsample=0.05)


def start(n_components: int = 6) -> np.ndarray:
    return initial_vectors(N_WORDS, n_components, init_scale=0.3, random_state=np.random.RandomState(0))


# --- the same for any number of threads ----------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"tied": True}, {"loss": "quartic"}], ids=str)
@pytest.mark.parametrize("n_replicas", [1, 2, 4])
def test_the_result_is_the_same_to_the_bit_for_any_number_of_threads(n_replicas, options, monkeypatch):
    monkeypatch.setattr(sgns, "_tokens_per_piece", lambda *shape: 97)
    corpus = zipf_corpus(12_000)

    def trained(n_jobs):
        return train(corpus, sampling_for(corpus), start(), max_iter=2, n_jobs=n_jobs, n_replicas=n_replicas, **options)

    alone = trained(1)
    for n_jobs in (2, 4, 2):
        together = trained(n_jobs)
        assert np.array_equal(alone.words, together.words)
        assert np.array_equal(alone.contexts, together.contexts)
        assert alone.losses == together.losses


def test_an_embedder_is_the_same_to_the_bit_for_any_number_of_threads():
    corpus = zipf_corpus(12_000)
    documents = [[f"w{i}" for i in corpus.ids[first : first + 50]] for first in range(0, 12_000, 50)]
    options = {"n_components": 8, "max_iter": 2, "subsample": 0, "random_state": 3}
    alone, *others = [SGNSEmbedder(n_jobs=n_jobs, **options).fit(documents).embedding_ for n_jobs in (1, 2, 3)]
    for embedding in others:
        assert np.array_equal(alone, embedding)
    token_by_token = SGNSEmbedder(n_replicas=1, **options).fit(documents).embedding_
    assert not np.array_equal(alone, token_by_token)  # these were replicas, then


def test_both_backends_train_replicas_alike():
    corpus = zipf_corpus(4_000)

    def trained(backend):
        return train(
            corpus, sampling_for(corpus), start(), max_iter=1, n_replicas=3, n_jobs=2, backend=get_backend(backend)
        )

    expected, found = trained("reference"), trained("cpu")
    np.testing.assert_allclose(found.words, expected.words, atol=2e-5)
    np.testing.assert_allclose(found.contexts, expected.contexts, atol=2e-5)


# --- what a round is -----------------------------------------------------------------------------


@pytest.mark.parametrize(("n_tokens", "n_words", "n_replicas"), [(1000, 7, 4), (17, 3, 2), (10**6, 30, 8), (5, 40, 4)])
def test_every_token_is_trained_on_once_in_a_pass(n_tokens, n_words, n_replicas):
    cuts = rounds(n_tokens, 30.0 * n_tokens, n_words, n_replicas)
    assert cuts.shape[1] == n_replicas + 1
    assert len(cuts) >= min(FEWEST_ROUNDS, max(1, n_tokens // n_replicas))
    assert np.array_equal(cuts[1:, 0], cuts[:-1, -1])
    assert (cuts[0, 0], cuts[-1, -1]) == (0, n_tokens)
    assert np.all(np.diff(cuts, axis=1) >= 0)


@given(st.integers(1, 500), st.integers(1, 20), st.floats(0, 1e9), st.integers(1, 50))
def test_every_copy_has_a_token_in_every_round(n_tokens, n_replicas, n_products, size):
    n_replicas = min(n_replicas, n_tokens)
    cuts = rounds(n_tokens, n_products, size, n_replicas)
    assert np.all(np.diff(cuts, axis=1) > 0)
    assert cuts.size <= n_tokens + len(cuts)


def test_a_copy_is_trained_on_its_own_tokens_from_words_around_them():
    corpus = zipf_corpus(600, document_length=600)
    sampling = sampling_for(corpus)
    cuts = np.array([0, 150, 600])
    stack = np.repeat(np.pad(start(16), ((0, 0), (0, 0)))[np.newaxis], 2, axis=0)
    options = {
        "keep_w": sampling.keep,
        "noise": alias_table(np.eye(N_WORDS)[-1]),
        "reach_o": sampling.reach,
        "negative": 1,
        "learning_rates": (0.1, 0.1),
        "stream": epoch_stream(0, 0),
    }
    for backend in (reference, get_backend("cpu")):
        words, contexts = stack.copy(), np.zeros_like(stack)
        backend.train_replicas(words, contexts, corpus.ids, corpus.offsets, cuts_r=cuts, **options)
        for copy, (first, end) in enumerate([(0, 150), (150, 600)]):
            moved = np.flatnonzero(np.abs(contexts[copy, :-1]).sum(axis=1))  # but for the noise word
            assert set(moved) <= set(corpus.ids[first:end])
            assert len(moved) > 10


def test_a_text_that_is_short_for_its_words_is_trained_on_one_copy():
    enough = FEWEST_ROUNDS * PRODUCTS_PER_WORD * 100
    assert default_n_replicas(enough, 100) == N_REPLICAS > 1
    assert default_n_replicas(enough - 1, 100) == 1


def test_the_more_products_a_token_makes_the_more_often_replicas_are_merged():
    few, many = (len(rounds(10**7, each * 10.0**7, 1000, 4)) for each in (30, 120))
    assert many == pytest.approx(4 * few, rel=0.01)


@pytest.mark.parametrize("n_replicas", [0, "two", 1.5])
def test_a_number_of_replicas_that_makes_no_sense_is_refused(n_replicas):
    with pytest.raises(ValueError, match="n_replicas"):
        SGNSEmbedder(n_replicas=n_replicas).fit([["a", "b"]] * 10)


# --- how replicas are merged --------------------------------------------------------------------


def merged(moves: np.ndarray, step: float, curvature: float, *, backend: str = "cpu") -> np.ndarray:
    """Return where rows of zeros go when replicas moved by `moves`, of shape (n_replicas, n_words, width)."""
    n_words, width = moves.shape[1:]
    vectors, stack = np.zeros((n_words, width), np.float32), moves.astype(np.float32)
    axes = np.eye(width, dtype=np.float32)
    curvatures = np.full(width, curvature, np.float32)
    get_backend(backend).merge_replicas(vectors, stack, np.full(n_words, step, np.float32), axes, curvatures)
    assert np.array_equal(stack, np.repeat(vectors[np.newaxis], len(stack), axis=0))
    return vectors


@pytest.mark.parametrize("backend", ["cpu", "reference"])
def test_moves_add_up_where_rates_are_small_and_are_averaged_where_they_are_large(backend):
    moves = np.random.default_rng(0).standard_normal((4, 5, 16)) * 1e-6
    np.testing.assert_allclose(merged(moves, 1e-7, 1.0, backend=backend), moves.sum(axis=0), rtol=1e-4, atol=1e-11)
    np.testing.assert_allclose(merged(moves, 1e3, 1.0, backend=backend), moves.mean(axis=0), rtol=1e-4, atol=1e-11)


@pytest.mark.parametrize("backend", ["cpu", "reference"])
def test_moves_that_are_long_for_their_products_are_averaged_whatever_the_curvature(backend):
    moves = np.ones((4, 5, 16))
    np.testing.assert_allclose(merged(moves, 1e-3, 0.0, backend=backend), moves.mean(axis=0), rtol=1e-4)
    assert not merged(0 * moves, 0.0, 1.0, backend=backend).any()  # no products, no moves


@pytest.mark.parametrize("step", [0.01, 0.3, 2.0])
def test_replicas_near_one_point_are_merged_as_if_trained_in_turn(step):
    rest, n_replicas = np.random.default_rng(1).standard_normal((5, 16)) * 1e-4, 4
    moves = np.repeat((rest * -np.expm1(-step))[np.newaxis], n_replicas, axis=0)  # each goes this far alone
    np.testing.assert_allclose(merged(moves, step, 1.0), rest * -np.expm1(-n_replicas * step), rtol=1e-4)


def test_each_direction_has_a_share_of_its_own():
    rng = np.random.default_rng(2)
    axes = np.linalg.qr(rng.standard_normal((32, 32)))[0].astype(np.float32)
    curvatures = np.geomspace(10, 0.01, 32).astype(np.float32)
    steps = np.geomspace(1e-3, 10, 6).astype(np.float32)
    vectors = rng.standard_normal((6, 32)).astype(np.float32)
    stack = vectors + rng.standard_normal((3, 6, 32)).astype(np.float32)
    found = {}
    for backend in ("cpu", "reference"):
        found[backend] = vectors.copy()
        get_backend(backend).merge_replicas(found[backend], stack.copy(), steps, axes, curvatures)
    np.testing.assert_allclose(found["cpu"], found["reference"], atol=1e-5)
    moved, wanted = (found["cpu"] - vectors) @ axes.T, (stack - vectors).sum(axis=0) @ axes.T
    q = np.exp(-np.outer(steps, curvatures) - (wanted / 3) ** 2 / steps[:, np.newaxis])
    np.testing.assert_allclose(moved, (1 + q + q**2) / 3 * wanted, atol=1e-5)


@pytest.mark.parametrize("n_components", [1, 5, 16, 40])
def test_directions_are_the_eigenvectors_of_the_second_moments_before_a_round_and_after_it(n_components):
    rng = np.random.default_rng(3)
    width = -(-n_components // 16) * 16
    vectors, moves = np.zeros((200, width), np.float32), np.zeros((2, 200, width), np.float32)
    vectors[:, :n_components] = rng.standard_normal((200, n_components))
    moves[:, :, :n_components] = rng.standard_normal((2, 200, n_components))
    weights = rng.uniform(0.1, 1, 200)
    replicas = Replicas.of(vectors, n_components, 2, weights)
    replicas.stack += moves
    axes, curvatures = replicas.directions()
    before, first, second = ((met.T * weights) @ met / weights.sum() for met in (vectors, *replicas.stack))
    np.testing.assert_allclose((axes.T * curvatures) @ axes, SLOPE * (before + (first + second) / 2), atol=1e-5)
    np.testing.assert_allclose(axes @ axes.T, np.eye(n_components), atol=1e-5)
    assert not axes[:, n_components:].any()


def test_vectors_of_zero_have_directions_without_curvature():
    directions = Replicas.of(np.zeros((10, 16), np.float32), 5, 2, np.ones(10)).directions()
    assert not directions.curvatures.any()
    assert np.all(np.isfinite(directions.axes))


def test_expected_products_are_those_that_a_pass_makes():
    corpus = zipf_corpus(200_000, document_length=100_000)
    sampling = sampling_for(corpus, negative=3)
    words, contexts = expected_products(corpus, sampling)
    from sk_w2v._backends.skipgrams import draw_noise, skip_gram_pairs

    centers, neighbors = skip_gram_pairs(
        corpus.ids, corpus.offsets, keep_w=sampling.keep, reach_o=sampling.reach, stream=epoch_stream(0, 0)
    )
    noise = draw_noise(sampling.noise, 3, centers, epoch_stream(0, 0))
    made_by_words = 4 * np.bincount(corpus.ids[neighbors], minlength=N_WORDS) / len(corpus.ids)
    made_by_contexts = np.bincount(np.append(corpus.ids[centers], noise), minlength=N_WORDS) / len(corpus.ids)
    # the rarest word is met 1,000 times: a standard error of 1 in 30
    np.testing.assert_allclose(words, made_by_words, rtol=0.1)
    np.testing.assert_allclose(contexts, made_by_contexts, rtol=0.1)


# --- what is learned ------------------------------------------------------------------------------


def learned(n_replicas: int, learning_rate: float, seed: int, **options) -> np.ndarray:
    """Return how far below chance the loss is after each pass."""
    corpus = zipf_corpus(60_000, seed=seed)
    options = {"max_iter": 4, "learning_rate": learning_rate, "n_replicas": n_replicas, **options}
    trained = train(corpus, sampling_for(corpus), start(16), **options)
    return 4 * np.log(2) - np.array(trained.losses)


@pytest.mark.parametrize(("learning_rate", "seed"), [(0.025, 0), (0.1, 1)])
def test_replicas_learn_about_as_much_as_a_single_one_in_every_pass(learning_rate, seed):
    alone = learned(1, learning_rate, seed)
    assert alone[0] > 0.1
    for n_replicas in (2, 4, 16):
        together = learned(n_replicas, learning_rate, seed)
        assert np.all(together > 0.97 * alone)
        assert together[-1] < 1.03 * alone[-1]
        assert np.all(np.diff(together) > -0.01)


def test_tied_replicas_do_not_overshoot_either():
    alone, together = (learned(n_replicas, 0.025, 0, tied=True) for n_replicas in (1, 8))
    assert np.all(together > alone - 0.005)
    assert together[-1] > 0.9 * alone[-1]


@pytest.mark.parametrize("n_replicas", [8, 32])
def test_replicas_do_not_overshoot_however_large_the_rate_and_frequent_the_word(n_replicas):
    together = learned(n_replicas, 0.3, 0)
    assert np.all(together > 0.3)
    assert np.all(np.diff(together) > 0)


@pytest.mark.parametrize("learning_rate", [1e3, 1e6])
def test_replicas_that_diverge_raise_an_error_with_advice(learning_rate):
    corpus = zipf_corpus(12_000)
    with pytest.raises(FloatingPointError, match="lower learning_rate"):
        train(corpus, sampling_for(corpus), start(), learning_rate=learning_rate, n_replicas=2)


def test_replicas_leave_an_embedder_that_partial_fit_goes_on_from():
    corpus = zipf_corpus(12_000)
    documents = [[f"w{i}" for i in corpus.ids[first : first + 50]] for first in range(0, 12_000, 50)]
    fitted = SGNSEmbedder(8, max_iter=1, n_replicas=2, random_state=0).fit(documents)
    before = fitted.embedding_.copy()
    fitted.partial_fit(documents)
    assert fitted.n_iter_ == 2
    assert not np.array_equal(before, fitted.embedding_)
