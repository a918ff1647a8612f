"""What is seen of a run, and by which clock."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.integrate import solve_ivp

from sk_w2v.dynamics import (
    descent_steps,
    descent_time,
    effective_rank,
    flow_error,
    gradient_flow,
    learning_times,
    riccati_flow,
    sgd_epochs,
    sgd_time,
    squared_error,
    squared_singular_values,
    time_constants,
    untied_singular_values,
)
from sk_w2v.targets import Target

EIGENVALUES = np.array([4.0, 2.0, 0.5, -1.0, -7.0])
EIGENVECTORS = np.linalg.qr(np.random.default_rng(0).standard_normal((5, 5)))[0]
MATRIX = (EIGENVECTORS * EIGENVALUES) @ EIGENVECTORS.T
TOP = EIGENVALUES[:3]


@pytest.mark.parametrize("time", [0.0, 0.8, 3.0, None])
def test_error_of_an_aligned_run_is_the_whole_matrix_s(time):
    squared = squared_singular_values(TOP, time=time, init_scale=0.1)
    words = gradient_flow(TOP, EIGENVECTORS[:, :3], time=time, init_scale=0.1)
    norm = Target(sparse.csr_array(MATRIX)).squared_norm()
    assert squared_error(TOP, squared, squared_norm=norm) == pytest.approx(np.sum((MATRIX - words @ words.T) ** 2))


@pytest.mark.parametrize("time", [0.0, 0.5, 2.0])
def test_error_of_any_run_is_the_integrated_flow_s(time):
    start = 0.5 * np.random.default_rng(1).standard_normal((5, 2))

    def flow(_, flat):
        words = flat.reshape(5, 2)
        return ((MATRIX - words @ words.T) @ words).ravel()

    words = solve_ivp(flow, (0, time), (EIGENVECTORS @ start).ravel(), method="DOP853", rtol=1e-12, atol=1e-13)
    words = words.y[:, -1].reshape(5, 2)
    error = flow_error(EIGENVALUES, riccati_flow(EIGENVALUES, start, time=time))
    assert error == pytest.approx(np.sum((MATRIX - words @ words.T) ** 2), abs=1e-6)


def test_both_errors_agree_on_aligned_vectors():
    squared = squared_singular_values(TOP, time=[0.5, 1.0], init_scale=0.1)
    errors = squared_error(TOP, squared, squared_norm=100.0)
    assert errors.shape == (2,)
    for error, each in zip(errors, squared, strict=True):
        assert error == pytest.approx(flow_error(TOP, np.diag(np.sqrt(each)), squared_norm=100.0))


def test_error_falls_in_steps_as_effective_rank_rises():
    eigenvalues, scale = np.array([9.0, 3.0, 1.0]), 1e-4
    taus = learning_times(eigenvalues, init_scale=scale)
    plateaus = [*(taus[:-1] + taus[1:]) / 2, 3 * taus[-1]]
    squared = squared_singular_values(eigenvalues, time=plateaus, init_scale=scale)
    np.testing.assert_allclose(squared_error(eigenvalues, squared), [10, 1, 0], atol=0.05)
    ranks = effective_rank(squared)
    assert np.all(np.diff(ranks) > 0)
    np.testing.assert_allclose(ranks, [effective_rank(eigenvalues[:n]) for n in (1, 2, 3)], rtol=0.01)


@given(n_modes=st.integers(1, 30), scale=st.floats(1e-6, 1e6))
def test_effective_rank_of_equal_modes_is_their_number_at_any_scale(n_modes, scale):
    padded = np.append(np.full(n_modes, scale), [0.0, 0.0])
    assert effective_rank(padded) == pytest.approx(n_modes)


@given(squared=st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=20))
def test_effective_rank_lies_between_one_and_the_number_of_modes(squared):
    assert 1 - 1e-9 <= effective_rank(squared) <= len(squared) + 1e-9


def test_a_time_constant_is_an_e_fold_of_early_growth_and_of_late_remainder():
    constants = time_constants(TOP)
    early, later = (squared_singular_values(TOP, time=time, init_scale=1e-6) for time in (0.0, constants[0]))
    assert later[0] / early[0] == pytest.approx(np.e, rel=1e-9)
    late = 10 * learning_times(TOP, init_scale=0.1)[0]
    remainders = [
        TOP[0] - squared_singular_values(TOP, time=t, init_scale=0.1)[0] for t in (late / 2, late / 2 + 0.125)
    ]
    assert remainders[0] / remainders[1] == pytest.approx(np.e, rel=1e-3)


def test_a_mode_rises_from_a_tenth_to_nine_tenths_in_log_81_time_constants():
    (middle,) = learning_times([2.0], init_scale=1e-5)
    reach = np.log(81) * time_constants([2.0])[0] / 2
    squared = squared_singular_values([2.0], time=[middle - reach, middle + reach], init_scale=1e-5)
    np.testing.assert_allclose(squared[:, 0], [0.2, 1.8], rtol=1e-9)


# --- clocks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [0.125, 0.25, 1.0])
def test_descent_on_shared_vectors_keeps_the_flow_s_time(factor):
    # The loss's own gradient, by differences of the loss, so that the factor is tested and not assumed.
    rate, n_steps = 1e-4 / factor, 2500
    words = 0.3 * np.random.default_rng(0).standard_normal((5, 2))
    loss_gradient = 4 * factor * (words @ words.T - MATRIX) @ words
    probe = np.zeros_like(words)
    probe[1, 1] = 1e-6
    loss = [factor * np.sum(((words + sign * probe) @ (words + sign * probe).T - MATRIX) ** 2) for sign in (1, -1)]
    assert (loss[0] - loss[1]) / 2e-6 == pytest.approx(loss_gradient[1, 1], rel=1e-6)
    start = EIGENVECTORS.T @ words
    for _ in range(n_steps):
        words = words - rate * 4 * factor * (words @ words.T - MATRIX) @ words
    exact = EIGENVECTORS @ riccati_flow(EIGENVALUES, start, time=descent_time(n_steps, rate, factor=factor))
    np.testing.assert_allclose(words @ words.T, exact @ exact.T, atol=2e-3)  # Euler's steps of 4e-4


def test_descent_on_vectors_of_their_own_takes_twice_as_long():
    rate, n_steps, factor = 1e-3, 2000, 0.125
    words = contexts = 0.2 * EIGENVECTORS[:, :3]
    matrix = (EIGENVECTORS[:, :3] * TOP) @ EIGENVECTORS[:, :3].T
    for _ in range(n_steps):
        residual = words @ contexts.T - matrix
        words, contexts = (
            words - rate * 2 * factor * residual @ contexts,
            contexts - rate * 2 * factor * residual.T @ words,
        )
    time = descent_time(n_steps, rate, factor=factor, tied=False)
    assert time == descent_time(n_steps, rate, factor=factor) / 2
    a, _ = untied_singular_values(TOP, time=time, word_scale=0.2, context_scale=0.2)
    np.testing.assert_allclose(words, EIGENVECTORS[:, :3] * a, atol=1e-3)


def test_sgd_s_clock_is_exact_where_its_approximation_is():
    # All pairs of words have the mean weight: an epoch's expected update is one step of descent on its loss.
    n_words, negative, n_pairs, rate = 50, 5, 1e5, 0.02
    factor = n_pairs * (1 + negative) / n_words**2 / 8
    assert sgd_time(3, rate, n_pairs=n_pairs, n_words=n_words, negative=negative) == pytest.approx(
        descent_time(3, rate, factor=factor, tied=False)
    )


@given(time=st.floats(1e-3, 1e3), rate=st.floats(1e-4, 1.0))
def test_clocks_can_be_read_both_ways(time, rate):
    assert descent_time(descent_steps(time, rate, factor=0.125), rate, factor=0.125) == pytest.approx(time)
    text = {"n_pairs": 1e6, "n_words": 1000, "negative": 3}
    assert sgd_time(sgd_epochs(time, rate, **text), rate, **text) == pytest.approx(time)


@pytest.mark.parametrize(("rate", "factor"), [(0, 1), (-1, 1), (1, 0)])
def test_a_clock_without_steps_is_refused(rate, factor):
    with pytest.raises(ValueError, match="do not decrease the loss"):
        descent_steps(1.0, rate, factor=factor)
