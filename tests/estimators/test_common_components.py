from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from sk_w2v import CommonComponentRemover

RNG = np.random.default_rng(0)
VECTORS = RNG.standard_normal((50, 6)) @ np.diag([9, 4, 2, 1, 1, 0.5]) + 3


@parametrize_with_checks([CommonComponentRemover(), CommonComponentRemover(2, weighted=True)])
def test_a_remover_passes_the_checks_of_a_transformer(estimator, check):
    check(estimator)


@pytest.mark.parametrize("n_components", [1, 3])
def test_the_first_singular_vectors_are_removed_and_the_others_kept(n_components):
    svd = TruncatedSVD(5, algorithm="arpack", random_state=0).fit(VECTORS)
    rest = CommonComponentRemover(n_components).fit_transform(VECTORS)
    parts, rests = VECTORS @ svd.components_.T, rest @ svd.components_.T
    np.testing.assert_allclose(rests[:, :n_components], 0, atol=1e-9)
    np.testing.assert_allclose(rests[:, n_components:], parts[:, n_components:], atol=1e-9)


def test_a_weighted_component_loses_its_share_of_the_squared_singular_values():
    svd = TruncatedSVD(3, algorithm="arpack", random_state=0).fit(VECTORS)
    rest = CommonComponentRemover(3, weighted=True).fit_transform(VECTORS)
    shares = svd.singular_values_**2 / np.sum(svd.singular_values_**2)
    np.testing.assert_allclose(rest @ svd.components_.T, VECTORS @ svd.components_.T * (1 - shares), atol=1e-9)


def test_transform_uses_the_components_of_fit():
    remover = CommonComponentRemover().fit(VECTORS)
    together = remover.transform(VECTORS)
    np.testing.assert_allclose(np.vstack([remover.transform(row[np.newaxis]) for row in VECTORS]), together, atol=1e-12)


def test_removing_all_components_gives_zeros():
    np.testing.assert_allclose(CommonComponentRemover(100).fit_transform(VECTORS), 0, atol=1e-9)


def test_a_remover_follows_an_embedder_in_a_pipeline(embedder, documents):
    pipeline = make_pipeline(embedder.set_params(pooling="usif", norm=None), CommonComponentRemover(2, weighted=True))
    vectors = pipeline.set_output(transform="pandas").fit_transform(documents)
    assert vectors.shape == (len(documents), embedder.n_components_)
    assert set(vectors.dtypes) == {np.dtype(np.float32)}
    assert list(vectors.columns) == embedder.get_feature_names_out().tolist()
