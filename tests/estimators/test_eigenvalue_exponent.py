"""Another power of the eigenvalues than a half changes the vectors' metric, and nothing of what the model knows."""

import numpy as np
import pytest

from sk_w2v import SpectralEmbedder

TIMES = [None, 0.05]
POWERS = [0.0, 0.25, 1.0]


def fit(documents, **parameters):
    return SpectralEmbedder(n_components=4, random_state=0, **parameters).fit(documents)


@pytest.mark.parametrize("power", POWERS)
def test_columns_are_scaled_by_the_eigenvalue_exponent(documents, power):
    plain, powered = fit(documents), fit(documents, eigenvalue_exponent=power)
    expected = plain.embedding_ * plain.eigenvalues_ ** (power - 0.5)
    np.testing.assert_allclose(powered.embedding_, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("power", POWERS)
@pytest.mark.parametrize("time", TIMES)
def test_the_eigenvalue_exponent_does_not_change_the_score(documents, power, time):
    assert fit(documents, time=time, eigenvalue_exponent=power).score(documents) == pytest.approx(
        fit(documents, time=time).score(documents), abs=1e-6
    )


@pytest.mark.parametrize("power", POWERS)
@pytest.mark.parametrize("time", TIMES)
def test_known_words_keep_their_vectors(documents, power, time):
    embedder = fit(documents, time=time, eigenvalue_exponent=power)
    words = embedder.words_[:5]
    np.testing.assert_allclose(
        embedder.infer_word_vectors(words, documents), embedder.embedding_[:5], rtol=1e-3, atol=1e-4
    )


@pytest.mark.parametrize("eigenvalue_exponent", [1e3, 1e308])
def test_an_eigenvalue_exponent_beyond_float32_is_refused(documents, eigenvalue_exponent):
    with pytest.raises(ValueError, match="scales components beyond the range of float32"):
        SpectralEmbedder(4, eigenvalue_exponent=eigenvalue_exponent).fit(documents)
