"""Gradient flow from any start: the exact solution, by integration, by composition and where floats end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from sk_w2v.dynamics import flow_error, riccati_flow, riccati_vectors, squared_singular_values

# Negative eigenvalues, zero, and two that are alike.
EIGENVALUES = np.array([4.0, 2.0, 2.0, 0.3, 0.0, -1.0, -9.0])
N_MODES = len(EIGENVALUES)


def random_start(n_components: int, scale: float, *, seed: int = 0) -> np.ndarray:
    """Return a start of independent entries, of shape (N_MODES, n_components)."""
    return scale * np.random.default_rng(seed).standard_normal((N_MODES, n_components))


def integrate(matrix: np.ndarray, start: np.ndarray, time: float) -> np.ndarray:
    """Return ``W(time)`` of ``dW/dt = (M - W W') W`` by numerical integration."""

    def flow(_, flat):
        words = flat.reshape(start.shape)
        return ((matrix - words @ words.T) @ words).ravel()

    solution = solve_ivp(flow, (0, time), start.ravel(), method="DOP853", rtol=1e-12, atol=1e-13)
    return solution.y[:, -1].reshape(start.shape)


def products(vectors: np.ndarray) -> np.ndarray:
    """Return what does not depend on a rotation from the right."""
    return vectors @ vectors.T


@pytest.mark.parametrize("time", [0.0, 0.3, 1.0, 2.5, 8.0])
@pytest.mark.parametrize("scale", [1e-3, 0.1, 3.0])
@pytest.mark.parametrize("n_components", [1, 3, 7, 10])
def test_products_are_those_of_the_integrated_flow(time, scale, n_components):
    start = random_start(n_components, scale)
    words = riccati_flow(EIGENVALUES, start, time=time)
    np.testing.assert_allclose(
        products(words), products(integrate(np.diag(EIGENVALUES), start, time)), atol=1e-6 * max(1, scale)
    )


@pytest.mark.parametrize("time", [0.5, 2.0])
def test_word_vectors_are_those_of_the_integrated_flow(time):
    eigenvectors, _ = np.linalg.qr(random_start(N_MODES, 1.0, seed=5))
    matrix = (eigenvectors * EIGENVALUES) @ eigenvectors.T
    start = random_start(3, 0.5)
    words = riccati_vectors(EIGENVALUES, eigenvectors, start, time=time)
    np.testing.assert_allclose(products(words), products(integrate(matrix, start, time)), atol=1e-6)


def test_in_the_span_of_some_eigenvectors_these_suffice():
    eigenvectors, _ = np.linalg.qr(random_start(N_MODES, 1.0, seed=5))
    top = eigenvectors[:, :3]
    start = top @ random_start(2, 0.5)[:3]
    whole = riccati_vectors(EIGENVALUES, eigenvectors, start, time=1.0)
    part = riccati_vectors(EIGENVALUES[:3], top, start, time=1.0)
    np.testing.assert_allclose(products(part), products(whole), atol=1e-12)


def test_a_start_outside_the_span_is_refused_with_its_share():
    start = np.array([[1.0], [0.0], [1.0]])
    with pytest.raises(ValueError, match=r"50\.0% of the start's squared length lie outside the span of the 2"):
        riccati_vectors([2.0, 1.0], np.eye(3)[:, :2], start, time=1.0)


@pytest.mark.parametrize("time", [0.0, 0.7, 30.0])
def test_an_aligned_start_gives_the_sigmoids_without_any_rotation(time):
    start = np.diag(np.full(4, 0.01))
    expected = np.sqrt(squared_singular_values(EIGENVALUES[:4], time=time, init_scale=0.01))
    np.testing.assert_allclose(riccati_flow(EIGENVALUES[:4], start, time=time), np.diag(expected), atol=1e-12)


def test_columns_may_belong_to_any_modes():
    start = np.zeros((N_MODES, 2))
    start[3, 0] = start[1, 1] = 0.01  # modes 0 and 2 are missing and stay so
    words = riccati_flow(EIGENVALUES, start, time=400.0)
    np.testing.assert_allclose(words[[1, 3], [1, 0]] ** 2, [2.0, 0.3], rtol=1e-9)
    assert np.sum(np.abs(words) > 1e-12) == 2


@given(
    seed=st.integers(0, 100),
    scale=st.floats(1e-6, 10),
    first=st.floats(0, 20),
    second=st.floats(0, 20),
    n_components=st.integers(1, 9),
)
def test_two_steps_are_one(seed, scale, first, second, n_components):
    start = random_start(n_components, scale, seed=seed)
    once = riccati_flow(EIGENVALUES, start, time=first + second)
    twice = riccati_flow(EIGENVALUES, riccati_flow(EIGENVALUES, start, time=first), time=second)
    # Growth from the smaller of the steps' roundings: a start below 1e-13 of a mode is noise to the second step.
    np.testing.assert_allclose(products(twice), products(once), atol=1e-7 * max(1, scale**2))


@given(seed=st.integers(0, 100), scale=st.floats(1e-12, 10), time=st.floats(0, 1e4))
def test_rows_and_columns_may_come_in_any_order_and_rotation(seed, scale, time):
    rng = np.random.default_rng(seed)
    start, order = random_start(3, scale, seed=seed), rng.permutation(N_MODES)
    rotation, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    plain = products(riccati_flow(EIGENVALUES, start, time=time))
    turned = products(riccati_flow(EIGENVALUES[order], (start @ rotation)[order], time=time))
    np.testing.assert_allclose(turned, plain[np.ix_(order, order)], atol=1e-9 * max(1, scale))


def test_at_time_zero_it_is_the_start_itself():
    start = random_start(3, 0.2)
    np.testing.assert_allclose(riccati_flow(EIGENVALUES, start, time=0.0), start, atol=1e-15)


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1e6])
@pytest.mark.parametrize("time", [1e3, 1e6, 1e300])
def test_it_ends_at_the_best_approximation_where_exponentials_overflow(scale, time):
    # exp(2 lambda t) is 10^3474 at the least of these times; the start may be 1e-12 of the end.
    eigenvalues = np.array([4.0, 2.0, 1.0, 0.3, -1.0, -9.0])
    start = scale * np.random.default_rng(0).standard_normal((6, 3))
    words = riccati_flow(eigenvalues, start, time=time)
    np.testing.assert_allclose(products(words), np.diag([4, 2, 1, 0, 0, 0]), atol=1e-9)


@pytest.mark.parametrize("scale", [1e-150, 1e-12, 1e-3])
def test_a_tiny_start_takes_its_modes_one_after_another(scale):
    eigenvalues = np.array([4.0, 2.0, 1.0])
    start = scale * np.random.default_rng(0).standard_normal((3, 3))
    times = np.log(1 / scale) / eigenvalues  # about when each mode is learned
    for n_learned, time in enumerate([0.5 * times[0], 1.4 * times[0], 1.4 * times[1], 3 * times[2]]):
        singular_values = np.linalg.svd(riccati_flow(eigenvalues, start, time=time), compute_uv=False)
        assert np.sum(singular_values**2 > eigenvalues / 2) == n_learned


def test_the_number_of_columns_bounds_what_is_learned_and_rank_does_not_grow():
    start = np.outer(np.arange(1.0, N_MODES + 1), [1.0, -1.0, 2.0])  # of rank one
    words = riccati_flow(EIGENVALUES, start, time=3.0)
    assert words.shape == start.shape
    assert np.linalg.matrix_rank(words) == 1
    np.testing.assert_allclose(products(words), products(integrate(np.diag(EIGENVALUES), start, 3.0)), atol=1e-6)


def test_nothing_grows_from_nothing():
    assert not riccati_flow([1.0, -1.0], np.zeros((2, 3)), time=5.0).any()


def test_error_falls_all_the_way_from_a_large_random_start():
    start = random_start(4, 2.0)
    errors = [flow_error(EIGENVALUES, riccati_flow(EIGENVALUES, start, time=time)) for time in np.geomspace(1e-3, 1e3)]
    assert np.all(np.diff(errors) <= 1e-12 * errors[0])


@pytest.mark.parametrize(
    ("eigenvalues", "start", "time", "message"),
    [
        ([1.0, 2.0], np.ones((3, 1)), 1.0, r"eigenvalues have shape \(2,\) and the start \(3, 1\)"),
        ([1.0, 2.0], np.ones(2), 1.0, r"give \(n_modes,\) and \(n_modes, n_components\)"),
        ([1.0, np.nan], np.ones((2, 1)), 1.0, "infinity or NaN"),
        ([1.0, 2.0], np.ones((2, 1)), -1.0, "time=-1.0 is not a time of the flow"),
    ],
)
def test_bad_input_is_refused(eigenvalues, start, time, message):
    with pytest.raises(ValueError, match=message):
        riccati_flow(eigenvalues, start, time=time)


def test_gradient_descent_approaches_it_in_proportion_to_the_step():
    start = random_start(3, 0.3)
    exact = products(riccati_flow(EIGENVALUES, start, time=1.0))
    differences = []
    for n_steps in (200, 400, 800):
        words = start.copy()
        for _ in range(n_steps):
            words += (EIGENVALUES[:, np.newaxis] * words - words @ (words.T @ words)) / n_steps
        differences.append(np.abs(products(words) - exact).max())
    np.testing.assert_allclose(np.divide(differences[:-1], differences[1:]), 2, rtol=0.1)
