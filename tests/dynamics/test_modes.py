from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from sk_w2v.dynamics import gradient_flow, learning_times, squared_singular_values

patient = settings(deadline=None)  # a busy machine is slow at times, and the first example may compile a kernel

positive = st.floats(1e-3, 1e3)
spectra = st.lists(positive, min_size=1, max_size=8).map(lambda values: np.sort(values)[::-1])
starts = st.floats(1e-4, 0.5)

N_WORDS = 7


def make_matrix(eigenvalues: list[float], *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return a symmetric matrix of these eigenvalues, and its eigenvectors as columns."""
    vectors, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(eigenvalues), len(eigenvalues))))
    return (vectors * eigenvalues) @ vectors.T, vectors


def least_squares_loss(words: np.ndarray, matrix: np.ndarray) -> float:
    """Return ``||W W' - M||_F^2``."""
    return np.sum((words @ words.T - matrix) ** 2)


# --- the flow ------------------------------------------------------------------------------------


@pytest.mark.parametrize("time", [0.0, 0.3, 1.0, 2.5, 8.0])
@pytest.mark.parametrize("init_scale", [0.03, 0.5])
def test_vectors_are_those_of_the_integrated_gradient_flow(time, init_scale):
    # Negative eigenvalues, the background's large one among them, have no part in an aligned start.
    eigenvalues = [4.0, 2.0, 1.0, 0.3, 0.0, -1.0, -9.0]
    matrix, eigenvectors = make_matrix(eigenvalues)
    top = eigenvectors[:, :4]

    def flow(_, flat):
        words = flat.reshape(N_WORDS, 4)
        return ((matrix - words @ words.T) @ words).ravel()

    start = init_scale * top
    integrated = solve_ivp(flow, (0, time), start.ravel(), method="DOP853", rtol=1e-11, atol=1e-12)
    words = gradient_flow(eigenvalues[:4], top, time=time, init_scale=init_scale)
    np.testing.assert_allclose(words, integrated.y[:, -1].reshape(N_WORDS, 4), atol=1e-6)


@patient
@given(eigenvalues=spectra, init_scale=starts, time=st.floats(0, 10))
def test_each_mode_obeys_its_own_differential_equation(eigenvalues, init_scale, time):
    # d(s^2)/dt = 2 (lambda - s^2) s^2, in the integrated form: (lambda / s^2 - 1) falls as exp(-2 lambda t).
    squared = squared_singular_values(eigenvalues, time=time, init_scale=init_scale)
    remaining = (eigenvalues / init_scale**2 - 1) * np.exp(-2 * eigenvalues * time)
    np.testing.assert_allclose(squared * (1 + remaining), eigenvalues, rtol=1e-12)


@patient
@given(eigenvalues=spectra, init_scale=starts)
def test_at_the_start_all_singular_values_are_the_scale_of_the_start(eigenvalues, init_scale):
    squared = squared_singular_values(eigenvalues, time=0.0, init_scale=init_scale)
    np.testing.assert_allclose(np.sqrt(squared), init_scale, rtol=1e-12)


@patient
@given(eigenvalues=spectra, init_scale=starts)
def test_no_time_is_the_limit_of_a_large_time(eigenvalues, init_scale):
    end = squared_singular_values(eigenvalues, time=None, init_scale=init_scale)
    # exp(-2 lambda t) is 1e-43 or less, against a start of at least 1e-8 / lambda.
    late = squared_singular_values(eigenvalues, time=50 / eigenvalues.min(), init_scale=init_scale)
    np.testing.assert_allclose(late, end, rtol=1e-12)
    assert np.array_equal(end, eigenvalues)


@patient
@given(eigenvalues=spectra, init_scale=st.floats(1e-4, 0.02), times=st.tuples(st.floats(0, 20), st.floats(0, 20)))
def test_modes_that_start_below_their_eigenvalue_grow_and_stay_below_it(eigenvalues, init_scale, times):
    earlier, later = (squared_singular_values(eigenvalues, time=time, init_scale=init_scale) for time in sorted(times))
    rounding = 1 + 1e-12
    assert np.all(earlier <= later * rounding)
    assert np.all(later <= eigenvalues * rounding)
    assert np.all(np.diff(later) <= 1e-12 * later[:-1])  # a larger mode stays ahead


# --- when modes are learned -----------------------------------------------------------------------


@patient
@given(eigenvalues=spectra, init_scale=st.floats(1e-4, 0.02))
def test_at_its_learning_time_a_mode_is_half_learned(eigenvalues, init_scale):
    times = learning_times(eigenvalues, init_scale=init_scale)
    for mode, time in enumerate(times):
        squared = squared_singular_values(eigenvalues, time=time, init_scale=init_scale)
        assert squared[mode] == pytest.approx(eigenvalues[mode] / 2, rel=1e-9)  # exp of up to 25, in float64


@patient
@given(eigenvalues=spectra, init_scale=starts)
def test_larger_eigenvalues_are_learned_earlier(eigenvalues, init_scale):
    small_start = init_scale * np.sqrt(eigenvalues.min()) / 4  # far below the middle of each mode
    times = learning_times(eigenvalues, init_scale=small_start)
    assert np.all(times > 0)
    assert np.all(np.diff(times) >= -1e-12 * times[1:])


def test_the_middle_is_the_steepest_point_of_the_sigmoid():
    (time,) = learning_times([2.0], init_scale=0.01)
    around = time + np.linspace(-1, 1, 2001)
    curve = [float(squared_singular_values([2.0], time=t, init_scale=0.01)[0]) for t in around]
    assert around[np.argmax(np.diff(curve))] == pytest.approx(time, abs=1e-3)  # the grid's step


def test_learning_times_are_the_paper_s_logarithm_for_a_small_start():
    # tau = ln(lambda / s(0)^2) / (2 lambda); the exact middle has a -1 inside.
    eigenvalues = np.array([8.0, 3.0, 0.5])
    np.testing.assert_allclose(
        learning_times(eigenvalues, init_scale=1e-3), np.log(eigenvalues / 1e-6) / (2 * eigenvalues), rtol=1e-6
    )


def test_a_mode_that_starts_beyond_its_middle_has_the_time_zero():
    assert learning_times([1e-4, 1.5e-4], init_scale=0.01).tolist() == [0, 0]


def test_a_mode_that_starts_beyond_its_end_shrinks_to_it():
    squared = [float(squared_singular_values([1e-4], time=t, init_scale=0.1)[0]) for t in (0.0, 1e3, 1e5)]
    assert squared[0] == pytest.approx(1e-2)
    assert squared[0] > squared[1] > squared[2] > 1e-4
    assert squared[2] == pytest.approx(1e-4, rel=1e-6)


# --- the end of the flow -------------------------------------------------------------------------


@pytest.mark.parametrize("n_components", [1, 2, 3])
def test_the_end_of_the_flow_is_the_least_squares_factorization(n_components):
    eigenvalues = np.array([4.0, 2.0, 1.0, 0.3, 0.0, -1.0, -9.0])
    matrix, eigenvectors = make_matrix(eigenvalues)
    words = gradient_flow(eigenvalues[:n_components], eigenvectors[:, :n_components])
    loss = least_squares_loss(words, matrix)
    # Eckart and Young, for W W' without negative eigenvalues: what is left are all other eigenvalues.
    assert loss == pytest.approx(np.sum(eigenvalues[n_components:] ** 2), rel=1e-12)
    rng = np.random.default_rng(0)
    for scale in (1e-3, 1e-2, 0.1):
        for _ in range(20):
            other = words + scale * rng.standard_normal(words.shape)
            assert least_squares_loss(other, matrix) > loss


@pytest.mark.parametrize("seed", range(3))
def test_the_flow_from_a_random_start_ends_at_the_same_products(seed):
    eigenvalues = np.array([4.0, 2.0, 1.0, 0.3, 0.0, -1.0, -9.0])
    matrix, eigenvectors = make_matrix(eigenvalues)
    words = np.random.default_rng(seed).standard_normal((N_WORDS, 2)) * 0.1
    for _ in range(2000):  # gradient descent for 100 units of time
        words += 0.05 * (matrix - words @ words.T) @ words
    closed = gradient_flow(eigenvalues[:2], eigenvectors[:, :2])
    np.testing.assert_allclose(words @ words.T, closed @ closed.T, atol=1e-9)  # they are equal up to a rotation


def test_the_loss_falls_and_the_effective_rank_grows_one_mode_after_another():
    eigenvalues, init_scale = np.array([9.0, 3.0, 1.0]), 1e-4
    matrix, eigenvectors = make_matrix(eigenvalues)
    taus = learning_times(eigenvalues, init_scale=init_scale)
    assert np.all(np.diff(taus) > 1)
    losses = []
    for n_learned, time in enumerate([0, *(taus[:-1] + taus[1:]) / 2, 3 * taus[-1]]):
        words = gradient_flow(eigenvalues, eigenvectors, time=time, init_scale=init_scale)
        # Half way between two learning times a mode is either learned or still small.
        assert np.sum(np.linalg.svd(words, compute_uv=False) ** 2 > eigenvalues / 2) == n_learned
        losses.append(least_squares_loss(words, matrix))
    # Plateaus: at each the squares of the eigenvalues that are left, to the few percent still in motion.
    np.testing.assert_allclose(losses, [91, 10, 1, 0], atol=0.05)


# --- numbers at the edge of float64 --------------------------------------------------------------


@pytest.mark.parametrize("time", [0.0, 1.0, 1e5, 1e300])
@pytest.mark.parametrize("init_scale", [1e-100, 1e-8, 1.0, 1e3])
def test_huge_times_and_tiny_starts_do_not_overflow(time, init_scale):
    eigenvalues = np.array([1e6, 1.0, 1e-6])
    squared = squared_singular_values(eigenvalues, time=time, init_scale=init_scale)  # warnings are errors
    assert np.all(np.isfinite(squared))
    assert np.all(squared > 0)
    times = learning_times(eigenvalues, init_scale=init_scale)
    assert np.all(np.isfinite(times))
    assert np.all(times >= 0)


def test_results_leave_the_eigenvalues_alone():
    eigenvalues = np.array([2.0, 1.0])
    squared_singular_values(eigenvalues)[0] = 7
    assert eigenvalues.tolist() == [2, 1]


def test_results_are_in_float64():
    eigenvalues = np.array([2.0, 1.0], dtype=np.float32)
    assert squared_singular_values(eigenvalues).dtype == learning_times(eigenvalues).dtype == np.float64
    assert gradient_flow(eigenvalues, np.eye(2, dtype=np.float32)).dtype == np.float64
