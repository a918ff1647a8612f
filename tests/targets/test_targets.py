from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sk_w2v.cooccurrence import Cooccurrence
from sk_w2v.corpus import Vocabulary
from sk_w2v.targets import (
    TARGETS,
    Target,
    at_observed_pairs,
    make_target,
    mstar_target,
    noise_distribution,
    pmi_target,
    ppmi_target,
    sppmi_target,
)

patient = settings(deadline=None)  # a busy machine is slow at times, and the first example may compile a kernel

# Targets are stored in float32: entries of up to 4 are exact to 4 * 2**-24.
FLOAT32 = {"rtol": 2e-6, "atol": 1e-6}

every_target = pytest.mark.parametrize("target", list(TARGETS.values()), ids=list(TARGETS))


def make_cooccurrence(counts: np.ndarray, *, unit: float = 1.0) -> Cooccurrence:
    """Return symmetric counts and their vocabulary."""
    words = np.array([f"word{row}" for row in range(len(counts))], dtype=object)
    return Cooccurrence(sparse.csr_array(counts), Vocabulary(words, np.ones(len(counts), dtype=np.int64)), unit)


def random_counts(n_words: int = 7, *, seed: int = 0, density: float = 0.6) -> np.ndarray:
    """Return symmetric counts of all sizes, with zeros, and no word without a neighbor."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.integers(1, 1000, (n_words, n_words)) * (rng.random((n_words, n_words)) < density))
    ring = np.roll(np.eye(n_words, dtype=np.int64), 1, axis=1)
    return upper + upper.T + ring + ring.T


symmetric_counts = st.builds(
    random_counts, st.integers(2, 12), seed=st.integers(0, 999), density=st.sampled_from([0.1, 0.5, 1.0])
)
negatives = st.integers(1, 20)
exponents = st.sampled_from([0.0, 0.5, 0.75, 1.0])


def dense_probabilities(counts: np.ndarray, noise_exponent: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the whole ``P`` and the symmetric part of ``p n'``, straight from their definitions."""
    joint = counts / counts.sum()
    marginal = joint.sum(axis=1)
    noise = marginal**noise_exponent / np.sum(marginal**noise_exponent)
    independent = np.outer(marginal, noise)
    return joint, (independent + independent.T) / 2


# --- M* and word2vec's loss ----------------------------------------------------------------------


def logistic_loss(x: np.ndarray, joint: np.ndarray, noise: np.ndarray) -> float:
    """Return word2vec's expected loss under uniform weights, ``Psi = 1 / (P + kQ)``, of the products ``x``."""
    return np.sum((joint * np.logaddexp(0, -x) + noise * np.logaddexp(0, x)) / (joint + noise))


def quartic_loss(x: np.ndarray, joint: np.ndarray, noise: np.ndarray) -> float:
    """Return the same with each logarithm replaced by its Taylor polynomial of second order at 0."""
    if_observed = np.log(2) - x / 2 + x**2 / 8
    if_noise = np.log(2) + x / 2 + x**2 / 8
    return np.sum((joint * if_observed + noise * if_noise) / (joint + noise))


@pytest.mark.parametrize("negative", [1, 5])
def test_the_slope_of_the_quartic_loss_is_zero_at_mstar(negative):
    joint, independent = dense_probabilities(random_counts())
    noise = negative * independent
    mstar = mstar_target(make_cooccurrence(random_counts()), negative=negative).toarray()
    for place in np.ndindex(mstar.shape):
        step = np.zeros_like(mstar)
        step[place] = 1e-3
        slope = quartic_loss(mstar + step, joint, noise) - quartic_loss(mstar - step, joint, noise)
        # The loss is quadratic, so that central differences are exact but for rounding. Its second
        # derivative is 1/4: an M* rounded to float32 makes a slope of 1e-7.
        assert abs(slope / 2e-3) < 1e-6


@pytest.mark.parametrize("negative", [1, 5])
@pytest.mark.parametrize("seed", range(5))
def test_the_quartic_loss_is_an_unweighted_distance_to_mstar(negative, seed):
    joint, independent = dense_probabilities(random_counts())
    noise = negative * independent
    mstar = mstar_target(make_cooccurrence(random_counts()), negative=negative).toarray()
    x = 3 * np.random.default_rng(seed).standard_normal(mstar.shape)
    # sum of G / 8 (x - M*)^2 with G = Psi (P + kQ) = 1. M* is rounded at 1e-7.
    excess = quartic_loss(x, joint, noise) - quartic_loss(mstar, joint, noise)
    assert excess == pytest.approx(np.sum((x - mstar) ** 2) / 8, rel=1e-5)


def test_the_quartic_loss_is_the_logistic_one_up_to_the_fourth_order():
    joint, noise = dense_probabilities(random_counts())
    x = np.random.default_rng(0).standard_normal(joint.shape)
    for scale in (1e-1, 3e-2):
        difference = quartic_loss(scale * x, joint, noise) - logistic_loss(scale * x, joint, noise)
        # The next term of log(1 + e^x) is -x^4 / 192, whichever the sign of x; the one after it is
        # x^6 / 2880, smaller by a factor of 1/15 x^2.
        assert difference == pytest.approx(np.sum((scale * x) ** 4) / 192, rel=0.5 * scale**2)


@patient
@given(counts=symmetric_counts, negative=negatives, noise_exponent=exponents)
def test_mstar_equals_the_dense_formula(counts, negative, noise_exponent):
    joint, independent = dense_probabilities(counts, noise_exponent)
    expected = 2 * (joint - negative * independent) / (joint + negative * independent)
    target = mstar_target(make_cooccurrence(counts), negative=negative, noise_exponent=noise_exponent)
    np.testing.assert_allclose(target.toarray(), expected, **FLOAT32)


@patient
@given(counts=symmetric_counts, negative=negatives, noise_exponent=exponents)
def test_mstar_is_twice_the_hyperbolic_tangent_of_half_the_shifted_pmi(counts, negative, noise_exponent):
    cooccurrence = make_cooccurrence(counts)
    pmi = pmi_target(cooccurrence, noise_exponent=noise_exponent).deviations.toarray()
    mstar = mstar_target(cooccurrence, negative=negative, noise_exponent=noise_exponent).toarray()
    observed = counts > 0
    np.testing.assert_allclose(mstar[observed], 2 * np.tanh((pmi - np.log(negative)) / 2)[observed], **FLOAT32)


@patient
@given(counts=symmetric_counts, negative=negatives, noise_exponent=exponents)
def test_mstar_is_between_its_bounds_and_minus_two_for_unobserved_pairs(counts, negative, noise_exponent):
    target = mstar_target(make_cooccurrence(counts), negative=negative, noise_exponent=noise_exponent)
    dense = target.toarray()
    assert target.background == -2
    assert np.all(dense[counts == 0] == -2)
    assert np.all(dense[counts > 0] > -2)
    assert np.all(dense < 2)


def test_tied_vectors_depend_only_on_the_symmetric_part_of_the_noise():
    # A loss of x = w_i . w_j, symmetric in i and j, under p n' itself and under its symmetric part.
    counts = random_counts()
    joint, symmetric = dense_probabilities(counts, 0.75)
    marginal = joint.sum(axis=1)
    noise = np.outer(marginal, noise_distribution(marginal, noise_exponent=0.75))
    vectors = np.random.default_rng(0).standard_normal((len(counts), 3))
    x = vectors @ vectors.T
    assert not np.allclose(noise, noise.T, rtol=0.1)
    assert np.sum(noise * np.logaddexp(0, x)) == pytest.approx(np.sum(symmetric * np.logaddexp(0, x)), rel=1e-12)
    independent = at_observed_pairs(make_cooccurrence(counts), lambda P, Q: Q, noise_exponent=0.75).toarray()
    np.testing.assert_allclose(independent[counts > 0], symmetric[counts > 0], **FLOAT32)


# --- the other targets ---------------------------------------------------------------------------


@patient
@given(counts=symmetric_counts, negative=negatives, noise_exponent=exponents)
def test_pmi_targets_equal_the_dense_formulas(counts, negative, noise_exponent):
    joint, independent = dense_probabilities(counts, noise_exponent)
    pmi = np.where(counts > 0, np.log(np.where(counts > 0, joint, 1) / independent), 0)
    shifted = np.where(counts > 0, pmi - np.log(negative), 0)
    options = {"negative": negative, "noise_exponent": noise_exponent}
    cooccurrence = make_cooccurrence(counts)
    np.testing.assert_allclose(pmi_target(cooccurrence, **options).toarray(), pmi, **FLOAT32)
    np.testing.assert_allclose(ppmi_target(cooccurrence, **options).toarray(), np.maximum(pmi, 0), **FLOAT32)
    np.testing.assert_allclose(sppmi_target(cooccurrence, **options).toarray(), np.maximum(shifted, 0), **FLOAT32)


@patient
@given(counts=symmetric_counts, noise_exponent=exponents)
def test_shifted_positive_pmi_with_one_noise_word_is_positive_pmi(counts, noise_exponent):
    cooccurrence = make_cooccurrence(counts)
    shifted = sppmi_target(cooccurrence, negative=1, noise_exponent=noise_exponent)
    positive = ppmi_target(cooccurrence, noise_exponent=noise_exponent)
    assert np.array_equal(shifted.toarray(), positive.toarray())


def test_independent_words_have_a_target_of_zero():
    weights = np.array([5, 3, 1, 1])
    for target in (mstar_target, pmi_target, ppmi_target):
        np.testing.assert_allclose(target(make_cooccurrence(np.outer(weights, weights))).toarray(), 0, atol=1e-6)


# --- properties of every target ------------------------------------------------------------------


@every_target
@patient
@given(counts=symmetric_counts, scale=st.sampled_from([2, 7, 1000]), negative=negatives)
def test_scaling_the_counts_changes_nothing(target, counts, scale, negative):
    dense = target(make_cooccurrence(counts), negative=negative).toarray()
    scaled = target(make_cooccurrence(scale * counts, unit=1 / scale), negative=negative).toarray()
    np.testing.assert_allclose(scaled, dense, **FLOAT32)


@every_target
@patient
@given(counts=symmetric_counts, seed=st.integers(0, 99))
def test_renaming_the_words_permutes_the_target(target, counts, seed):
    order = np.random.default_rng(seed).permutation(len(counts))
    permuted = target(make_cooccurrence(counts[np.ix_(order, order)]), noise_exponent=0.75).toarray()
    dense = target(make_cooccurrence(counts), noise_exponent=0.75).toarray()
    np.testing.assert_allclose(permuted, dense[np.ix_(order, order)], **FLOAT32)


@every_target
@patient
@given(counts=symmetric_counts, noise_exponent=exponents)
def test_targets_are_symmetric_and_stored_in_float32(target, counts, noise_exponent):
    made = target(make_cooccurrence(counts), noise_exponent=noise_exponent)
    assert made.deviations.dtype == np.float32
    np.testing.assert_allclose(made.toarray(), made.toarray().T, **FLOAT32)


@every_target
def test_targets_do_not_modify_the_counts(target):
    cooccurrence = make_cooccurrence(random_counts())
    target(cooccurrence, negative=3)
    assert np.array_equal(cooccurrence.counts.toarray(), random_counts())


@every_target
def test_targets_accept_counts_of_any_number_type(target):
    dense = target(make_cooccurrence(random_counts())).toarray()
    for dtype in (np.float32, np.float64, np.int32):
        other = target(make_cooccurrence(random_counts().astype(dtype))).toarray()
        np.testing.assert_allclose(other, dense, **FLOAT32)


@patient
@given(counts=symmetric_counts, noise_exponent=exponents)
def test_the_block_size_of_formulas_does_not_change_targets(counts, noise_exponent):
    joint, independent = dense_probabilities(counts, noise_exponent)
    cooccurrence = make_cooccurrence(counts)
    for at_once in (1, 3, 1 << 18):
        with mock.patch("sk_w2v.targets._formulas.PAIRS_AT_ONCE", at_once):
            P = at_observed_pairs(cooccurrence, lambda P, Q: P, noise_exponent=noise_exponent).toarray()
            Q = at_observed_pairs(cooccurrence, lambda P, Q: Q, noise_exponent=noise_exponent).toarray()
        np.testing.assert_allclose(P, joint, **FLOAT32)
        np.testing.assert_allclose(Q[counts > 0], independent[counts > 0], **FLOAT32)


def test_noise_is_the_frequencies_to_a_power():
    frequencies = np.array([8, 1, 1])
    np.testing.assert_allclose(noise_distribution(frequencies), [0.8, 0.1, 0.1])
    np.testing.assert_allclose(noise_distribution(frequencies, noise_exponent=0), [1 / 3] * 3)
    np.testing.assert_allclose(noise_distribution(frequencies, noise_exponent=1 / 3), [0.5, 0.25, 0.25])


# --- the matrix ----------------------------------------------------------------------------------


@patient
@given(counts=symmetric_counts, background=st.sampled_from([0.0, -2.0, 0.5]))
def test_a_target_is_its_deviations_above_its_background(counts, background):
    target = Target(sparse.csr_array(counts.astype(np.float32)), background)
    assert target.n_words == len(counts)
    assert np.array_equal(target.toarray(), counts + background)
    assert target.squared_norm() == pytest.approx(np.sum((counts + background) ** 2), rel=1e-12)


# --- targets by name and by callable -------------------------------------------------------------


@pytest.mark.parametrize("name", list(TARGETS))
def test_a_name_makes_the_target_of_that_name(name):
    cooccurrence = make_cooccurrence(random_counts())
    made = make_target(name, cooccurrence, negative=3, noise_exponent=0.75)
    direct = TARGETS[name](cooccurrence, negative=3, noise_exponent=0.75)
    assert np.array_equal(made.toarray(), direct.toarray())


def returns(matrix):
    """Return a target function that gives `matrix` whatever the counts."""
    return lambda cooccurrence, *, negative, noise_exponent: matrix


SYMMETRIC = np.array([[1.0, 2, 0], [2, 0, 0], [0, 0, -1]])


@pytest.mark.parametrize(
    "matrix",
    [
        SYMMETRIC,
        SYMMETRIC.astype(np.int64),
        np.asfortranarray(SYMMETRIC),
        sparse.csr_array(SYMMETRIC),
        sparse.coo_matrix(SYMMETRIC),
        sparse.csc_array(SYMMETRIC.astype(np.float32)),
        Target(sparse.csr_array(SYMMETRIC)),
        Target(sparse.csr_array(SYMMETRIC + 2), background=-2.0),
    ],
    ids=lambda matrix: type(matrix).__name__,
)
def test_a_callable_may_return_a_target_an_array_or_a_sparse_array(matrix):
    made = make_target(returns(matrix), make_cooccurrence(random_counts(3)))
    assert isinstance(made, Target)
    assert isinstance(made.deviations, sparse.csr_array)
    assert made.deviations.dtype == np.float32
    assert np.array_equal(made.toarray(), SYMMETRIC)


def test_a_callable_is_given_the_counts_and_the_noise():
    given_to = {}

    def target(cooccurrence, **options):
        given_to.update(options, cooccurrence=cooccurrence)
        return SYMMETRIC

    cooccurrence = make_cooccurrence(random_counts(3))
    make_target(target, cooccurrence, negative=4, noise_exponent=0.5)
    assert given_to == {"cooccurrence": cooccurrence, "negative": 4, "noise_exponent": 0.5}


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.eye(4), r"target gave shape \(4, 4\); return \(3, 3\)"),
        (np.eye(3)[:, :2], r"target gave shape \(3, 2\); return \(3, 3\)"),
        (np.diag([1, np.nan, 1]), "target gave infinity or NaN"),
        (np.diag([1, np.inf, 1]), "target gave infinity or NaN"),
        (Target(sparse.csr_array(np.eye(3)), background=np.nan), "target gave infinity or NaN"),
        (np.triu(np.ones((3, 3))), r"not symmetric; return \(M \+ M\.T\) / 2"),
        (1j * np.eye(3), "target gave complex numbers"),
    ],
)
def test_a_matrix_that_cannot_be_factorized_is_refused(matrix, message):
    with pytest.raises(ValueError, match=message):
        make_target(returns(matrix), make_cooccurrence(random_counts(3)))


def test_a_callable_that_returns_something_else_is_refused():
    with pytest.raises(TypeError, match="target gave a str; return a Target, an array or a sparse array"):
        make_target(returns("mstar"), make_cooccurrence(random_counts(3)))


@pytest.mark.parametrize("noise_exponent", [0.75, 40.0, -3.0])
@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_noise_does_not_depend_on_the_scale_of_frequencies(noise_exponent, scale):
    frequencies = np.array([9.0, 3.0, 1.0])
    expected = frequencies**noise_exponent / np.sum(frequencies**noise_exponent)
    noise = noise_distribution(frequencies * scale, noise_exponent=noise_exponent)
    np.testing.assert_allclose(noise, expected, rtol=1e-12)


@pytest.mark.parametrize("noise_exponent", [1e3, 1e308, np.inf, -1e3])
def test_an_exponent_that_underflows_noise_is_refused(noise_exponent):
    with pytest.raises(ValueError, match="takes noise probabilities out of the range of float64"):
        noise_distribution(np.array([9, 3, 1]), noise_exponent=noise_exponent)


def test_words_of_one_frequency_have_the_same_noise_under_any_exponent():
    assert noise_distribution(np.array([9, 9]), noise_exponent=1e3).tolist() == [0.5, 0.5]
