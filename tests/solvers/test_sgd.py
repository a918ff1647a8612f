from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from solver_runs import train

from sk_w2v._backends.cpu import sgns
from sk_w2v._backends.randomness import epoch_stream
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.corpus import Corpus, Vocabulary
from sk_w2v.solvers._sampled_loss import loss_estimator
from sk_w2v.solvers._sampling import Sampling, keep_probabilities, make_sampling
from sk_w2v.solvers._sgd import initial_vectors
from sk_w2v.targets import noise_distribution

N_PAIRS = 6000


def pair_corpus(n_words: int, *, seed: int = 0) -> tuple[Corpus, np.ndarray]:
    """Return documents of two words each, and ``P``: how often each pair stands together, in both orders."""
    rng = np.random.default_rng(seed)
    affinity = rng.uniform(0.3, 3, (n_words, n_words))
    frequencies = np.linspace(3, 1, n_words)
    joint = (affinity + affinity.T) * np.outer(frequencies, frequencies)
    cells = rng.choice(n_words**2, N_PAIRS, p=joint.ravel() / joint.sum())
    left, right = np.unravel_index(cells, joint.shape)
    observed = np.zeros(joint.shape)
    np.add.at(observed, (left, right), 1)
    ids = np.column_stack([left, right]).astype(np.int32).ravel()
    corpus = Corpus(ids, 2 * np.arange(N_PAIRS + 1, dtype=np.int64))
    return corpus, (observed + observed.T) / (2 * N_PAIRS)


def sampling_for(
    corpus: Corpus, *, window: int = 1, negative: int = 1, noise_exponent: float = 0.75, subsample: float = 0.0
) -> Sampling:
    """Return word2vec's distributions for a corpus."""
    counts = np.bincount(corpus.ids)
    noise = noise_distribution(counts, noise_exponent=noise_exponent)
    return make_sampling(counts, noise, window=window, negative=negative, subsample=subsample)


def start(n_words: int, n_components: int, *, init_scale: float = 0.1) -> np.ndarray:
    """Return random word vectors, the same every time."""
    random_state = np.random.RandomState(0)
    return initial_vectors(n_words, n_components, init_scale=init_scale, random_state=random_state)


# --- what training converges to ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("negative", "noise_exponent", "subsample"), [(1, 1.0, 0.0), (3, 0.75, 0.0), (5, 0.75, 0.0), (2, 0.75, 0.05)]
)
def test_products_of_long_training_are_the_shifted_pmi(negative, noise_exponent, subsample):
    n_words = 5
    corpus, joint = pair_corpus(n_words)
    options = {"negative": negative, "noise_exponent": noise_exponent, "subsample": subsample}
    trained = train(
        corpus, sampling_for(corpus, **options), start(n_words, 8), learning_rate=0.05, max_iter=60, seed=1
    )  # eight components are enough for any matrix of five words
    frequencies = np.bincount(corpus.ids) / len(corpus.ids)
    keep = keep_probabilities(frequencies, subsample=subsample)
    joint = joint * np.outer(keep, keep)  # of what subsampling leaves: both words of a document, or no pair
    joint /= joint.sum()
    marginal = joint.sum(axis=1, keepdims=True)
    noise = noise_distribution(frequencies, noise_exponent=noise_exponent)
    # The text-book's log(P / p n) - log k, but for one detail of word2vec: a noise word that is the pair's
    # own is skipped, so that word i meets noise j only in the p_i - P_ij of its pairs that are not (i, j).
    optimum = np.log(joint / (negative * noise * (marginal - joint)))
    errors = np.abs(trained.words @ trained.contexts.T - optimum)
    # The rarest pairs are met some 70 times in each of the epochs, of which about 20 have a rate that
    # counts: a standard error of sqrt(1 / 1400 + 1 / 1400) = 0.04, of which 25 are drawn.
    assert errors.max() < 0.2
    assert errors.mean() < 0.06


def test_products_of_many_words_are_the_text_book_s_shifted_pmi():
    n_words, negative = 30, 5
    corpus, joint = pair_corpus(n_words)
    sampling = sampling_for(corpus, negative=negative)
    trained = train(corpus, sampling, start(n_words, 32), learning_rate=0.05, max_iter=60, seed=1)
    marginal = joint.sum(axis=1)
    observed = joint * 2 * N_PAIRS >= 20
    assert observed.mean() > 0.2
    noise = noise_distribution(np.bincount(corpus.ids), noise_exponent=0.75)
    with np.errstate(divide="ignore"):
        shifted = np.log(joint / np.outer(marginal, noise)) - np.log(negative)
    errors = (trained.words @ trained.contexts.T - shifted)[observed]
    # P_ij / p_i is 0.06 at the median: so much too high is the optimum, as said above. And pairs met 20
    # times in each of about 20 epochs have a standard error of sqrt(2 / 400) = 0.07.
    assert np.abs(errors).mean() < 0.15
    assert np.corrcoef((trained.words @ trained.contexts.T)[observed], shifted[observed])[0, 1] > 0.97


def test_the_loss_falls_from_epoch_to_epoch():
    corpus, _ = pair_corpus(8)
    trained = train(corpus, sampling_for(corpus, negative=5), start(8, 8), learning_rate=0.005, max_iter=8)
    assert len(trained.losses) == 8
    assert trained.losses[0] < 6 * np.log(2)
    assert trained.losses[-1] < trained.losses[0] - 0.03
    # It is measured on one sample: what rises is the noise of a slow descent, below 1 in 1000.
    assert np.all(np.diff(trained.losses) < 0.002)


# --- the loss ------------------------------------------------------------------------------------


@pytest.mark.parametrize("negative", [1, 5])
def test_the_loss_of_zero_contexts_is_that_of_guessing(negative):
    corpus, _ = pair_corpus(8)
    loss = loss_estimator(corpus, sampling_for(corpus, negative=negative), seed=0)
    words = start(8, 4, init_scale=10)
    assert loss(words, np.zeros_like(words)) == pytest.approx((1 + negative) * np.log(2), rel=1e-12)


@pytest.mark.parametrize("negative", [1, 5])
@pytest.mark.parametrize("window", [1, 4])
def test_the_loss_is_the_expectation_over_pairs_and_noise(negative, window):
    rng = np.random.default_rng(0)
    ids = rng.choice(6, 15_000, p=np.array([5, 4, 3, 2, 1, 1]) / 16).astype(np.int32)
    ids[1::2] = (ids[::2] + ids[1::2] // 3) % 6  # neighbors that are not independent
    corpus = Corpus(ids, np.arange(0, 15_001, 10))
    vocabulary = Vocabulary(np.array(list("abcdef"), dtype=object), np.bincount(ids))
    joint = count_cooccurrences(corpus, vocabulary, window=window).counts.toarray().astype(float)
    joint /= joint.sum()
    noise = noise_distribution(np.bincount(ids), noise_exponent=0.75)
    words, contexts = rng.standard_normal((2, 6, 3)).astype(np.float32)
    x = words.astype(float) @ contexts.T
    expected = np.sum(joint * np.logaddexp(0, -x))
    expected += negative * np.sum(np.outer(joint.sum(axis=1), noise) * np.logaddexp(0, x))
    estimate = loss_estimator(corpus, sampling_for(corpus, window=window, negative=negative), seed=0)
    # Tens of thousands of pairs with terms of order 1: a standard error of 1 in 200 or less.
    assert estimate(words, contexts) == pytest.approx(expected, rel=0.02)


def test_the_loss_is_a_fixed_function_of_the_vectors():
    corpus, _ = pair_corpus(8)
    words, contexts = start(8, 4, init_scale=1), start(8, 4, init_scale=2)
    first, again, other = (loss_estimator(corpus, sampling_for(corpus), seed=seed) for seed in (0, 0, 1))
    assert first(words, contexts) == first(words, contexts) == again(words, contexts)
    assert first(words, contexts) != other(words, contexts)


def test_a_loss_without_pairs_is_not_a_number():
    corpus = Corpus(np.array([0, 1], dtype=np.int32), np.array([0, 1, 2]))
    with pytest.warns(UserWarning, match="no pair of words in a sample of 2 tokens, so that the loss is NaN"):
        loss = loss_estimator(corpus, sampling_for(corpus), seed=0)
    assert np.isnan(loss(start(2, 4), start(2, 4)))


# --- distributions and the start -----------------------------------------------------------------


@given(frequencies=st.lists(st.floats(1e-6, 1), min_size=1, max_size=20).map(np.array), subsample=st.floats(1e-5, 1e-1))
def test_keep_probabilities_are_those_of_word2vec(frequencies, subsample):
    # As in its source: (sqrt(f / t) + 1) * t / f, of which a number above 1 means that all are kept.
    expected = np.minimum(1, (np.sqrt(frequencies / subsample) + 1) * subsample / frequencies)
    np.testing.assert_allclose(keep_probabilities(frequencies, subsample=subsample), expected, rtol=1e-12)


def test_no_subsampling_keeps_everything():
    assert keep_probabilities(np.array([0.9, 0.1]), subsample=0).tolist() == [1, 1]
    corpus, _ = pair_corpus(8)
    assert np.all(sampling_for(corpus).keep == 2**32 - 1)


def test_sampling_stores_keep_probabilities_in_32_bits():
    counts = np.array([900, 90, 10])
    sampling = make_sampling(counts, counts / 1000, window=3, negative=2, subsample=0.01)
    exact = keep_probabilities(counts / 1000, subsample=0.01)
    np.testing.assert_allclose(sampling.keep / 2**32, exact, rtol=0, atol=2.0**-32)  # one unit
    assert sampling.keep.dtype == np.uint32
    assert sampling.negative == 2
    np.testing.assert_allclose(sampling.reach / 2**32, [1, 2 / 3, 1 / 3], rtol=1e-9)


@pytest.mark.parametrize("n_components", [1, 20, 100])
@pytest.mark.parametrize("init_scale", [0.03, 2.0])
def test_initial_vectors_have_the_length_and_the_singular_values_of_their_scale(n_components, init_scale):
    n_words = 5000
    vectors = start(n_words, n_components, init_scale=init_scale)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    # The mean of 5000 squares of a uniform number has a standard error of 0.9 / sqrt(5000), 1.3 %.
    assert np.sqrt(np.mean(lengths**2)) == pytest.approx(init_scale, rel=0.03)
    # Along a direction v the mode has the singular value |v' W|, of mean square init_scale^2.
    directions = np.random.default_rng(1).standard_normal((100, n_words))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    along = np.linalg.norm(directions @ vectors, axis=1)
    # 100 chi-squares of n_components degrees: standard error sqrt(2 / 100 / n_components), 14 % at most.
    tolerance = 4 * np.sqrt(2 / 100 / n_components)
    assert np.mean(along**2) == pytest.approx(init_scale**2, rel=tolerance)


def test_word2vec_s_own_start_is_the_documented_scale():
    # Uniform in (-1/2, 1/2) / n_components.
    vectors = start(2000, 10, init_scale=1 / np.sqrt(12 * 10))
    assert np.abs(vectors).max() == pytest.approx(0.05, rel=1e-2)
    assert np.abs(vectors).max() <= 0.05


# --- running -------------------------------------------------------------------------------------


def test_training_is_the_same_for_the_same_seed_and_another_for_another():
    corpus, _ = pair_corpus(8)
    runs = [train(corpus, sampling_for(corpus, negative=5), start(8, 5), max_iter=2, seed=seed) for seed in (3, 3, 4)]
    assert np.array_equal(runs[0].words, runs[1].words)
    assert np.array_equal(runs[0].contexts, runs[1].contexts)
    assert runs[0].losses == runs[1].losses
    assert not np.array_equal(runs[0].words, runs[2].words)


def test_threads_without_locks_reach_about_the_same_loss(monkeypatch):
    monkeypatch.setattr(sgns, "_tokens_per_piece", lambda *shape: 1000)  # twelve pieces, not one
    corpus, _ = pair_corpus(8)
    options = {"learning_rate": 0.05, "max_iter": 10}
    one, two = (
        train(corpus, sampling_for(corpus, negative=5), start(8, 8), n_jobs=n_jobs, **options) for n_jobs in (1, 2)
    )
    # Vectors of zero have a loss of 4.16, one thread reaches 2.67; the noise of the descent is about 0.01.
    assert two.losses[-1] == pytest.approx(one.losses[-1], abs=0.03)


def test_results_have_the_shape_of_the_start_and_leave_it_alone():
    corpus, _ = pair_corpus(8)
    begin = start(8, 5)
    trained = train(corpus, sampling_for(corpus), begin, max_iter=1)
    assert np.array_equal(begin, start(8, 5))
    for vectors in (trained.words, trained.contexts):
        assert vectors.shape == (8, 5)
        assert vectors.dtype == np.float32


def test_the_learning_rate_falls_evenly_over_all_epochs_and_each_epoch_has_its_own_draws():
    corpus, _ = pair_corpus(8)
    calls = []
    backend = SimpleNamespace(train_tokens=lambda *arrays, **options: calls.append(options))
    train(corpus, sampling_for(corpus), start(8, 5), learning_rate=0.2, max_iter=4, seed=9, backend=backend)
    rates = [call["learning_rates"] for call in calls]
    np.testing.assert_allclose([first for first, _ in rates], [0.2, 0.150005, 0.10001, 0.050015], rtol=1e-12)
    assert [first for first, _ in rates[1:]] == [last for _, last in rates[:-1]]
    assert rates[-1][1] == pytest.approx(0.2e-4)  # word2vec's last rate
    assert [call["stream"] for call in calls] == [epoch_stream(9, epoch) for epoch in range(4)]
    assert len({int(call["stream"]) for call in calls}) == 4


def test_each_epoch_is_told_of_with_its_loss():
    corpus, _ = pair_corpus(8)
    told = []
    trained = train(
        corpus, sampling_for(corpus), start(8, 5), max_iter=3, on_pass=lambda now: told.append(now.losses[-1])
    )
    assert told == trained.losses


def test_vectors_that_are_no_longer_finite_raise():
    corpus, _ = pair_corpus(8)
    with pytest.raises(
        FloatingPointError,
        match=r"no longer finite after epoch \d, .*; lower learning_rate",
    ):
        train(corpus, sampling_for(corpus), start(8, 5), learning_rate=1e30)


@pytest.mark.parametrize("init_scale", [1e-300, 1e20, 1e39])
def test_a_start_beyond_float32_is_refused(init_scale):
    with pytest.raises(ValueError, match=r"init_scale=.* is outside the range of float32.*use a value between"):
        start(5, 3, init_scale=init_scale)


def test_a_threshold_that_no_word_reaches_keeps_every_token():
    assert keep_probabilities(np.array([0.9, 0.1]), subsample=1e308).tolist() == [1, 1]


def test_more_replicas_than_tokens_are_refused():
    corpus, _ = pair_corpus(8)
    with pytest.raises(ValueError, match=r"n_replicas=1000000000 for \d+ tokens"):
        train(corpus, sampling_for(corpus), start(8, 5), n_replicas=10**9)
