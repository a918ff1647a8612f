"""Words and contexts with vectors of their own: each mode in closed form, against the integrated flow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from sk_w2v.dynamics import squared_singular_values, untied_learning_times, untied_singular_values

SINGULAR_VALUES = np.array([4.0, 1.5, 0.5])
STARTS = [(0.03, 0.0), (0.1, 0.1), (0.0, 0.2), (0.5, 0.1), (3.0, 1.0)]


def orthonormal(n_rows: int, seed: int) -> np.ndarray:
    """Return three orthonormal columns."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((n_rows, 3)))[0]


def integrate(matrix, words, contexts, time):
    """Return both matrices of vectors after a time of the flow down ``|W C' - M|^2 / 2``."""

    def flow(_, flat):
        w, c = flat[: words.size].reshape(words.shape), flat[words.size :].reshape(contexts.shape)
        residual = matrix - w @ c.T
        return np.concatenate([(residual @ c).ravel(), (residual.T @ w).ravel()])

    start = np.concatenate([words.ravel(), contexts.ravel()])
    end = solve_ivp(flow, (0, time), start, method="DOP853", rtol=1e-12, atol=1e-13).y[:, -1]
    return end[: words.size].reshape(words.shape), end[words.size :].reshape(contexts.shape)


@pytest.mark.parametrize(("word_scale", "context_scale"), STARTS)
@pytest.mark.parametrize("time", [0.0, 0.4, 1.5, 6.0])
def test_both_matrices_are_those_of_the_integrated_flow(word_scale, context_scale, time):
    left, right = orthonormal(5, 0), orthonormal(4, 1)
    turn = np.linalg.qr(np.random.default_rng(2).standard_normal((3, 3)))[0]
    matrix = (left * SINGULAR_VALUES) @ right.T
    words, contexts = integrate(matrix, word_scale * left @ turn, context_scale * right @ turn, time)
    a, b = untied_singular_values(SINGULAR_VALUES, time=time, word_scale=word_scale, context_scale=context_scale)
    np.testing.assert_allclose(words, (left * a) @ turn, atol=1e-6)
    np.testing.assert_allclose(contexts, (right * b) @ turn, atol=1e-6)


def test_modes_of_negative_eigenvalues_are_learned_too_with_opposite_directions():
    vectors = orthonormal(4, 3)
    matrix = (vectors * [2.0, 1.0, -5.0]) @ vectors.T
    words, contexts = integrate(matrix, 0.1 * vectors, 0.1 * vectors * [1, 1, -1], 3.0)
    a, b = untied_singular_values([2.0, 1.0, 5.0], time=3.0, word_scale=0.1, context_scale=0.1)
    np.testing.assert_allclose(words, vectors * a, atol=1e-6)
    np.testing.assert_allclose(contexts, vectors * b * [1, 1, -1], atol=1e-6)


@given(time=st.floats(0, 100), scale=st.floats(1e-6, 3))
def test_a_balanced_start_follows_the_sigmoid_of_shared_vectors(time, scale):
    a, b = untied_singular_values(SINGULAR_VALUES, time=time, word_scale=scale, context_scale=scale)
    squared = squared_singular_values(SINGULAR_VALUES, time=time, init_scale=scale)
    np.testing.assert_allclose(a, b, rtol=1e-12)
    np.testing.assert_allclose(a * b, squared, rtol=1e-9)


@given(time=st.floats(0, 1e3), word_scale=st.floats(0, 5), context_scale=st.floats(1e-3, 5))
def test_the_difference_of_squares_is_conserved(time, word_scale, context_scale):
    a, b = untied_singular_values(SINGULAR_VALUES, time=time, word_scale=word_scale, context_scale=context_scale)
    np.testing.assert_allclose(a**2 - b**2, word_scale**2 - context_scale**2, atol=1e-12 * (1 + np.max(a**2 + b**2)))


@pytest.mark.parametrize(("word_scale", "context_scale"), STARTS)
def test_times_may_be_many_and_end_at_the_target(word_scale, context_scale):
    a, b = untied_singular_values(
        SINGULAR_VALUES, time=[0.0, 1.0, 1e4], word_scale=word_scale, context_scale=context_scale
    )
    assert a.shape == (3, 3)
    np.testing.assert_allclose(a[0], word_scale, atol=1e-12)
    np.testing.assert_allclose(b[0], context_scale, atol=1e-12)
    np.testing.assert_allclose(a[-1] * b[-1], SINGULAR_VALUES, rtol=1e-9)


@given(word_scale=st.floats(1e-6, 0.3), context_scale=st.floats(0, 0.3))
def test_at_its_learning_time_a_mode_is_half_learned(word_scale, context_scale):
    times = untied_learning_times(SINGULAR_VALUES, word_scale=word_scale, context_scale=context_scale)
    for mode, time in enumerate(times):
        a, b = untied_singular_values(SINGULAR_VALUES, time=time, word_scale=word_scale, context_scale=context_scale)
        assert a[mode] * b[mode] == pytest.approx(SINGULAR_VALUES[mode] / 2, rel=1e-6)


def test_contexts_at_zero_delay_a_mode_by_log_four_of_its_time_constants():
    # (a + b)^2 starts at a^2 instead of 4 a^2, and grows as exp(2 m t): later by log(4) / (2 m).
    balanced = untied_learning_times(SINGULAR_VALUES, word_scale=1e-4, context_scale=1e-4)
    from_zero = untied_learning_times(SINGULAR_VALUES, word_scale=1e-4)
    np.testing.assert_allclose(from_zero - balanced, np.log(4) / (2 * SINGULAR_VALUES), rtol=1e-5)


def test_a_mode_that_starts_beyond_its_middle_has_the_time_zero():
    assert untied_learning_times([1.0], word_scale=1.0, context_scale=1.0).tolist() == [0]


@pytest.mark.parametrize("scales", [(0.0, 0.0), (-0.1, 0.1), (0.1, -0.1)])
def test_a_start_without_growth_is_refused(scales):
    with pytest.raises(ValueError, match="do not grow toward the target"):
        untied_singular_values([1.0], time=1.0, word_scale=scales[0], context_scale=scales[1])
