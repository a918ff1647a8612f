"""Moving a fitted closed form along the flow, without a new fit."""

import numpy as np
import pytest

from sk_w2v.datasets import make_planted_corpus


@pytest.mark.parametrize("fitted_at", [0.05, None])
@pytest.mark.parametrize("time", [0.0, 0.02, 0.3, None])
@pytest.mark.parametrize("power", [0.5, 0.25])
def test_at_time_equals_a_fit_with_that_time(spectral, documents, fitted_at, time, power):
    spectral.set_params(eigenvalue_exponent=power)
    moved = spectral.set_params(time=fitted_at).fit(documents).at_time(time)
    fitted = spectral.set_params(time=time).fit(documents)
    np.testing.assert_allclose(moved.embedding_, fitted.embedding_, rtol=1e-5, atol=1e-7)  # float32, rounded twice
    assert moved.get_params()["time"] == time
    assert moved.score(documents) == pytest.approx(fitted.score(documents), abs=1e-6)


def test_at_time_does_not_change_the_embedder(spectral, documents):
    spectral.fit(documents)
    before = spectral.embedding_.copy()
    spectral.at_time(0.1).embedding_[:] = 7
    assert np.array_equal(spectral.embedding_, before)
    assert spectral.time is None


def test_at_time_moves_added_words(spectral, documents):
    new = make_planted_corpus(50, n_concepts=3, n_words_per_concept=9, random_state=1).data
    spectral.fit(documents).add_words(new)
    assert len(spectral.at_time(0.1).embedding_) == len(spectral.words_)


@pytest.mark.parametrize("time", [-1.0, float("nan")])
def test_a_negative_time_is_refused(spectral, documents, time):
    with pytest.raises(ValueError, match="is before the start; give a number that is at least 0"):
        spectral.fit(documents).at_time(time)
