"""Learning rates fall from epoch to epoch, over any number of them."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sk_w2v.solvers import constant_rate, linear_decay, run_passes
from sk_w2v.solvers._passes import Pass


@given(st.integers(1, 3000))
def test_rates_are_evenly_spaced_to_the_bit(n_epochs):
    ends = 0.025 * np.linspace(1, 1e-4, n_epochs + 1)
    assert list(linear_decay(0.025, n_epochs)) == list(pairwise(ends))


@pytest.mark.parametrize("n_epochs", [10**9, 10**30, 10**400])
def test_rates_of_any_number_of_epochs_come_one_by_one(n_epochs):
    vectors = np.ones((2, 1), np.float32)
    falling = (Pass(vectors, vectors, first) for first, _ in linear_decay(0.1, n_epochs))
    trained = run_passes(falling, max_iter=n_epochs, on_pass=lambda trained: len(trained.losses) == 3)
    assert trained.losses == pytest.approx([0.1] * 3)


@pytest.mark.parametrize("learning_rate", [0.0, 1e-300, 1e39, np.inf, np.nan, -0.1])
@pytest.mark.parametrize("rates", [constant_rate, lambda rate: linear_decay(rate, 3)])
def test_a_rate_that_float32_cannot_hold_is_refused_at_once(rates, learning_rate):
    with pytest.raises(ValueError, match=re.escape(f"learning_rate={learning_rate} is outside of the range")):
        rates(learning_rate)
