from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import roc_auc_score

from sk_w2v._backends.dense import row_products
from sk_w2v.cooccurrence import Cooccurrence
from sk_w2v.corpus import Vocabulary
from sk_w2v.metrics import _held_out as heldout
from sk_w2v.metrics._held_out import cooccurrence_auc

N_WORDS = 30
N_DRAWS = 20_000


@pytest.fixture(autouse=True)
def fewer_draws(monkeypatch):
    """Draw fewer pairs than the package does: standard errors are 0.003 then."""
    monkeypatch.setattr(heldout, "MAX_PAIRS", N_DRAWS)


def make_cooccurrence(counts: np.ndarray) -> Cooccurrence:
    """Return symmetric counts with a vocabulary of as many words."""
    words = np.array([f"word{row}" for row in range(len(counts))], dtype=object)
    return Cooccurrence(sparse.csr_array(counts), Vocabulary(words, np.ones(len(counts), dtype=np.int64)))


def random_counts(n_words: int = N_WORDS, *, seed: int = 0) -> np.ndarray:
    """Return symmetric counts of words whose frequencies differ and which prefer some of the others."""
    rng = np.random.default_rng(seed)
    frequencies = 1 / np.arange(1, n_words + 1)
    preferences = np.exp(rng.normal(0, 1.5, (n_words, n_words)))
    upper = np.triu(rng.poisson(2000 * preferences * np.outer(frequencies, frequencies)))
    return upper + upper.T


def true_pmi(counts: np.ndarray) -> np.ndarray:
    """Return the logarithm of P / p p', with a small number in place of zero."""
    joint = counts / counts.sum()
    marginal = joint.sum(axis=1)
    return np.log(np.maximum(joint, 1e-9) / np.outer(marginal, marginal))


def model(estimates: np.ndarray):
    """Return the estimate of a model that knows a matrix."""
    return lambda rows, columns: estimates[rows, columns]


def brute_force_auc(estimates: np.ndarray, counts: np.ndarray) -> float:
    """Return the same probability from all pairs of pairs, of the text and by chance."""
    joint = counts / counts.sum()
    marginal = joint.sum(axis=1)
    labels = np.repeat([1, 0], counts.size)
    weights = np.concatenate([joint.ravel(), np.outer(marginal, marginal).ravel()])
    return roc_auc_score(labels, np.tile(estimates.ravel(), 2), sample_weight=weights)


@pytest.mark.parametrize("seed", range(4))
def test_the_score_is_the_area_under_the_curve_of_all_pairs(seed):
    counts = random_counts()
    estimates = true_pmi(counts) + np.random.default_rng(seed).normal(0, 1 + seed, counts.shape)
    score = cooccurrence_auc(model(estimates), make_cooccurrence(counts))
    # Only the chance pairs are drawn, 20,000: a standard error of at most 0.5 / sqrt(20,000) = 0.0035.
    assert score == pytest.approx(brute_force_auc(estimates, counts), abs=4 * 0.0035)


@pytest.mark.parametrize("change", [np.exp, np.arctan, lambda x: 3 * x - 7, lambda x: x**3])
def test_the_score_does_not_depend_on_the_scale_of_the_estimates(change):
    counts = random_counts()
    estimates = true_pmi(counts)
    scores = [cooccurrence_auc(model(each), make_cooccurrence(counts)) for each in (estimates, change(estimates))]
    assert scores[0] == pytest.approx(scores[1], rel=1e-12)


def test_a_model_that_knows_nothing_gets_one_half():
    counts = random_counts()
    assert cooccurrence_auc(model(np.zeros(counts.shape)), make_cooccurrence(counts)) == pytest.approx(0.5, abs=1e-12)


def test_estimates_turned_around_get_the_rest_to_one():
    counts = random_counts()
    estimates = true_pmi(counts)
    scores = [cooccurrence_auc(model(sign * estimates), make_cooccurrence(counts)) for sign in (1, -1)]
    assert sum(scores) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [0.5, 1.0, 3.0])
def test_no_estimate_is_better_than_true_pmi(size, seed):
    # Neyman and Pearson's lemma.
    counts = random_counts()
    cooccurrence = make_cooccurrence(counts)
    pmi = true_pmi(counts)
    noise = np.random.default_rng(seed).normal(0, size, counts.shape)
    assert cooccurrence_auc(model(pmi), cooccurrence) > cooccurrence_auc(model(pmi + noise), cooccurrence) + 0.01


def test_frequency_alone_is_no_better_than_chance_on_independent_words():
    weights = np.arange(1, 11)
    counts = np.outer(weights, weights)
    score = cooccurrence_auc(model(np.log(counts)), make_cooccurrence(counts))
    assert score == pytest.approx(0.5, abs=4 * 0.0035)


def test_the_score_is_the_same_from_run_to_run_and_for_scaled_counts():
    counts = random_counts()
    scores = [cooccurrence_auc(model(true_pmi(counts)), make_cooccurrence(scale * counts)) for scale in (1, 1, 5)]
    assert scores[0] == scores[1]
    assert scores[2] == pytest.approx(scores[0], rel=1e-12)


def test_too_many_pairs_are_sampled_by_their_weight(monkeypatch):
    counts = random_counts()
    every_pair = cooccurrence_auc(model(true_pmi(counts)), make_cooccurrence(counts))
    with monkeypatch.context() as patch:
        patch.setattr(heldout, "MAX_PAIRS", np.count_nonzero(counts) - 1)
        rows, columns, weights = heldout._pairs_of_text(make_cooccurrence(counts))
        sampled = cooccurrence_auc(model(true_pmi(counts)), make_cooccurrence(counts))
    assert len(rows) == len(columns) == np.count_nonzero(counts) - 1
    assert np.all(weights == 1)
    assert np.all(counts[rows, columns] > 0)
    # Some 800 pairs of each kind: a standard error of at most 0.5 * sqrt(2 / 800) = 0.025.
    assert sampled == pytest.approx(every_pair, abs=4 * 0.025)


def test_a_text_without_pairs_is_refused():
    with pytest.raises(ValueError, match="X holds no two known words near each other; score needs documents"):
        cooccurrence_auc(model(np.zeros((3, 3))), make_cooccurrence(np.zeros((3, 3), dtype=np.int64)))


@pytest.mark.parametrize("n_pairs", [0, 1, 40_000])
def test_row_products_are_those_of_the_whole_product(n_pairs):
    rng = np.random.default_rng(0)
    left, right = rng.standard_normal((2, 50, 7)).astype(np.float32)
    rows, columns = rng.integers(0, 50, (2, n_pairs))
    products = row_products(left, right, rows, columns)
    assert products.shape == (n_pairs,)
    np.testing.assert_allclose(products, (left @ right.T)[rows, columns], atol=1e-5)  # float32 sums of 7
