"""The expected loss, against sums over all pairs."""

import numpy as np
import pytest

from sk_w2v._backends import BACKENDS, get_backend
from sk_w2v.solvers import _expected_loss as objective
from sk_w2v.solvers._expected_loss import expected_loss
from sk_w2v.targets import mstar_target

N_WORDS = 12  # of the weights that `weights_of` makes


def vectors(scale: float = 0.7) -> tuple[np.ndarray, np.ndarray]:
    words, contexts = np.random.default_rng(2).standard_normal((2, N_WORDS, 5)).astype(np.float32) * np.float32(scale)
    return words, contexts


LOSSES = {
    "logistic": lambda x: np.logaddexp(0, -x),
    "quartic": lambda x: np.log(2) - x / 2 + x**2 / 8,
}

every_weighting = pytest.mark.parametrize("weighting", ["word2vec", "tempered", "uniform"])
every_loss = pytest.mark.parametrize("loss", list(LOSSES))


@every_weighting
@every_loss
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_loss_is_the_sum_over_all_pairs(weighting, loss, backend, weights_of):
    weights = weights_of(weighting)
    words, contexts = vectors()
    positive, negative = weights.toarrays()
    x = words.astype(float) @ contexts.T.astype(float)
    expected = np.sum(positive * LOSSES[loss](x) + negative * LOSSES[loss](-x))
    # Products are float32.
    assert expected_loss(weights, words, contexts, loss=loss, backend=get_backend(backend)) == pytest.approx(
        expected, rel=1e-6
    )


@every_weighting
def test_positive_weights_sum_to_one_and_negative_ones_are_at_least_zero(weighting, weights_of):
    positive, negative = weights_of(weighting).toarrays()
    assert positive.sum() == pytest.approx(1)
    assert negative.min() > -1e-9
    if weights_of(weighting).made_from is None:
        np.testing.assert_array_equal(positive, positive.T)


def test_tempered_weights_keep_what_is_best_and_lie_between(weights_of):
    whole = weights_of("word2vec")
    positive, negative = whole.toarrays()
    for exponent in (0.0, 0.5, 1.0):
        positives, negatives = whole.tempered(exponent).toarrays()
        assert positives.sum() == pytest.approx(1)
        np.testing.assert_allclose(positives / (positives + negatives), positive / (positive + negative), atol=1e-6)
        ratio = (positives + negatives) / (positive + negative) ** exponent
        np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-5)


def test_transposing_tempered_weights_twice_gives_them_back(weights_of):
    weights = weights_of("tempered")
    positives = [each.toarrays()[0] for each in (weights, weights.transposed, weights.transposed.transposed)]
    np.testing.assert_array_equal(positives[1], positives[0].T)
    np.testing.assert_array_equal(positives[2], positives[0])
    assert np.any(positives[1] != positives[0])


def test_word2vec_gives_negative_pairs_k_times_the_weight(weights_of):
    positive, negative = weights_of("word2vec", negative=3).toarrays()
    np.testing.assert_allclose(negative.sum(axis=1), 3 * positive.sum(axis=1), rtol=1e-5)


def test_uniform_weights_make_the_quartic_loss_a_distance_from_mstar(weights_of, counted):
    weights = weights_of("uniform")
    target = mstar_target(counted, negative=3, noise_exponent=0.75).toarray()
    losses, distances = [], []
    for scale in (0.1, 0.5, 1.0):
        words, contexts = vectors(scale)
        losses.append(expected_loss(weights, words, contexts))
        distances.append(np.sum((words @ contexts.T - target) ** 2) / 8)
    positive, negative = weights.toarrays()
    weight = (positive + negative)[0, 0]  # of every pair
    np.testing.assert_allclose(positive + negative, weight, rtol=1e-5)
    np.testing.assert_allclose(np.diff(losses), weight * np.diff(distances), rtol=1e-4)


@every_weighting
def test_the_quartic_loss_is_the_second_order_of_the_logistic_one(weighting, weights_of):
    weights = weights_of(weighting)
    differences = []
    for scale in (0.4, 0.2):  # halving both halves products twice: the fourth order falls by 4**4
        words, contexts = vectors(scale)
        logistic, quartic = (expected_loss(weights, words, contexts, loss=loss) for loss in LOSSES)
        differences.append(quartic - logistic)
    assert differences[0] / differences[1] == pytest.approx(4**4, rel=0.1)


@every_weighting
@every_loss
def test_symmetrized_weights_give_tied_vectors_the_same_loss(weighting, loss, weights_of):
    weights, (words, _) = weights_of(weighting), vectors()
    whole = expected_loss(weights, words, words, loss=loss)
    assert expected_loss(weights.symmetrized, words, words, loss=loss) == pytest.approx(whole, rel=1e-6)


@every_loss
def test_transposed_weights_swap_words_and_contexts(loss, weights_of):
    weights, (words, contexts) = weights_of("word2vec"), vectors()
    whole = expected_loss(weights, words, contexts, loss=loss, alpha=0.1)
    assert expected_loss(weights.transposed, contexts, words, loss=loss, alpha=0.1) == pytest.approx(whole, rel=1e-6)


def test_a_sample_of_many_words_is_near_the_whole(monkeypatch, weights_of):
    weights, (words, contexts) = weights_of("word2vec"), vectors()
    whole = expected_loss(weights, words, contexts, loss="logistic")
    monkeypatch.setattr(objective, "EXACT_UP_TO", 1)
    sampled = expected_loss(weights, words, contexts, loss="logistic")
    assert sampled != whole
    # The sampled part has a spread of about 3 * 0.3, over the root of 500,000 pairs: 0.0013.
    assert sampled == pytest.approx(whole, abs=0.006)
