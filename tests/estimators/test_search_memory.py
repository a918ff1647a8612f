"""What one factorization serves: every smaller dimension, and with a memory a whole search."""

from unittest import mock

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from sk_w2v import SpectralEmbedder
from sk_w2v._estimators import counting, factorizing

# Vectors that a smaller fit finds by itself, up to the eigen-solver's tolerance; on the dense path, to rounding.
CLOSE = {"rtol": 1e-4, "atol": 1e-5}


@pytest.mark.parametrize("time", [None, 0.05])
def test_truncating_is_fitting_with_fewer_components(documents, time):
    whole = SpectralEmbedder(n_components=6, time=time, random_state=0).fit(documents)
    fewer = SpectralEmbedder(n_components=3, time=time, random_state=0).fit(documents)
    truncated = whole.truncate(3)
    assert truncated.get_params() == fewer.get_params()
    assert vars(truncated).keys() == vars(fewer).keys()
    np.testing.assert_allclose(truncated.embedding_, fewer.embedding_, **CLOSE)
    np.testing.assert_allclose(truncated.transform(documents), fewer.transform(documents), **CLOSE)
    assert truncated.get_feature_names_out().tolist() == fewer.get_feature_names_out().tolist()


def test_truncating_does_not_change_the_original(documents):
    whole = SpectralEmbedder(n_components=6, random_state=0).fit(documents)
    before = whole.embedding_.copy()
    whole.truncate(2).embedding_[:] = 0
    assert np.array_equal(whole.embedding_, before)
    assert whole.n_components == whole.n_components_ == 6


@pytest.mark.parametrize("n_components", [0, 7])
def test_truncating_to_more_components_is_refused(documents, n_components):
    whole = SpectralEmbedder(n_components=6, random_state=0).fit(documents)
    with pytest.raises(ValueError, match=f"n_components={n_components} is not between 1 and n_components_=6"):
        whole.truncate(n_components)


@pytest.mark.parametrize("parameters", [{}, {"target": "ppmi"}, {"time": 0.05}, {"pooling": "mean"}])
def test_memory_does_not_change_the_result(documents, tmp_path, parameters):
    plain = SpectralEmbedder(n_components=4, random_state=0, **parameters)
    remembering = clone(plain).set_params(memory=str(tmp_path))
    for _ in range(2):  # computed, then remembered
        np.testing.assert_allclose(
            remembering.fit(documents).transform(documents), plain.fit(documents).transform(documents), **CLOSE
        )


def test_a_search_counts_each_fold_once_and_factorizes_it_once_for_each_target(documents, tmp_path):
    grid = {
        "n_components": [1, 2, 3, 5],
        "time": [0.02, None],
        "eigenvalue_exponent": [0.25, 0.5],
        "target": ["mstar", "ppmi"],
        "pooling": ["mean", "sif"],
    }
    embedder = SpectralEmbedder(memory=str(tmp_path), random_state=0)
    with (
        mock.patch.object(counting, "count_cooccurrences", wraps=counting.count_cooccurrences) as counted,
        mock.patch.object(factorizing, "top_eigenpairs", wraps=factorizing.top_eigenpairs) as factorized,
    ):
        GridSearchCV(embedder, grid, cv=2, refit=False).fit(documents)
    assert counted.call_count == 2
    assert factorized.call_count == 4


def test_the_cache_recognizes_a_generator_by_its_content(documents, tmp_path):
    first, second = (
        SpectralEmbedder(n_components=2, memory=str(tmp_path), random_state=0).fit(iter(some))
        for some in (documents, documents[: len(documents) // 2])
    )
    assert first.word_counts_.sum() > second.word_counts_.sum()


def test_a_cached_fit_warns_of_too_few_positive_eigenvalues_too(documents, tmp_path):
    embedder = SpectralEmbedder(n_components=10_000, memory=str(tmp_path), random_state=0)
    for _ in range(2):
        with pytest.warns(UserWarning, match="n_components=10000, but the target has only"):
            embedder.fit(documents)
