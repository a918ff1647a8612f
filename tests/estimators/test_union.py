from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, normalize

from sk_w2v import EmbeddingUnion, SGNSEmbedder, SpectralEmbedder
from sk_w2v.scorers import AgreementScorer, HeldOutScorer


def make_union(**parameters) -> EmbeddingUnion:
    """Return a union of both embedders, not fitted."""
    embedders = [
        ("closed", SpectralEmbedder(4, random_state=0)),
        ("trained", SGNSEmbedder(6, max_iter=3, subsample=0, random_state=0)),
    ]
    return EmbeddingUnion(embedders, **parameters)


@pytest.fixture(scope="module")
def union(documents):
    """A fitted union, to be read only."""
    return make_union().fit(documents)


class CountedReads:
    """Documents that count how often they are read."""

    def __init__(self, documents):
        self.documents, self.n_reads = documents, 0

    def __iter__(self):
        self.n_reads += 1
        return iter(self.documents)


@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("weights", [None, [1, 0.5]])
def test_a_product_is_the_weighted_sum_of_the_parts_cosines(documents, weights, center):
    union = make_union(weights=weights, center=center).fit(documents)
    expected = np.zeros((len(union.words_), len(union.words_)))
    for (_, embedder), weight in zip(union.embedders_, weights or [1, 1], strict=True):
        vectors = embedder.get_word_vectors(union.words_)
        units = normalize(vectors - vectors.mean(axis=0) * center)
        expected += weight**2 * units @ units.T
    np.testing.assert_allclose(union.embedding_ @ union.embedding_.T, expected, atol=1e-5)
    assert union.embedding_.shape == (len(union.words_), 10)
    assert union.embedding_.dtype == np.float32


def test_a_reduced_union_is_the_best_of_its_rank(union, documents):
    reduced = make_union(n_components=5).fit(documents)
    svd = TruncatedSVD(5, algorithm="arpack", random_state=0).fit(union.embedding_.astype(float))
    np.testing.assert_allclose(np.linalg.norm(reduced.embedding_, axis=0), svd.singular_values_, rtol=1e-5)
    best = svd.transform(union.embedding_.astype(float))
    np.testing.assert_allclose(reduced.embedding_ @ reduced.embedding_.T, best @ best.T, atol=1e-4)
    assert reduced.n_components_ == 5


def test_embedders_of_a_union_are_fitted_as_they_are_alone(union, documents):
    for (name, fitted), (_, embedder) in zip(union.embedders_, make_union().embedders, strict=True):
        alone = clone(embedder).fit(documents)
        np.testing.assert_array_equal(fitted.embedding_, alone.embedding_, err_msg=name)
        assert fitted.words_.tolist() == alone.words_.tolist() == union.words_.tolist()


def test_documents_are_read_once_for_embedders_with_equal_tokenization(documents):
    counted = CountedReads(documents)
    once = make_union().fit(counted)
    assert counted.n_reads == 1
    differing = make_union().set_params(closed__vectorizer__lowercase=False).fit(counted)
    assert counted.n_reads == 3
    np.testing.assert_array_equal(once.embedding_, make_union().fit(iter(documents)).embedding_)
    np.testing.assert_array_equal(differing.embedding_, once.embedding_)  # all of it is in lower case


def test_fit_does_not_change_the_given_embedders(documents):
    union = make_union().fit(documents)
    assert not any(hasattr(embedder, "embedding_") for _, embedder in union.embedders)
    assert all(hasattr(embedder, "embedding_") for _, embedder in union.embedders_)


def test_transform_equals_the_concatenated_document_vectors(documents):
    union = make_union(center=False, norm=None).set_params(closed__norm=None, trained__norm=None).fit(documents)
    parts = [embedder.transform(documents) for _, embedder in union.embedders_]
    joint = np.concatenate(parts, axis=1)
    # "sif" takes directions: those of the joint space are of length one over the root of 2
    np.testing.assert_allclose(union.transform(documents) * np.sqrt(2), joint, atol=1e-5)


def test_words_that_not_all_embedders_know_are_dropped_with_a_warning(documents):
    union = make_union().set_params(closed__max_features=10)
    with pytest.warns(UserWarning, match="26 words are dropped, because not all .* 10 are kept") as warned:
        union.fit(documents)
    assert warned[0].filename == __file__
    assert len(union.words_) == len(union.word_counts_) == len(union.embedding_) == 10
    assert union.vocabulary_ == {word: row for row, word in enumerate(union.words_)}
    np.testing.assert_array_equal(union.transform(documents[:3]).shape, (3, 10))


def test_parameters_of_the_parts_are_the_union_s():
    union = make_union(weights=[2, 1])
    parameters = union.get_params()
    assert parameters["closed__n_components"] == 4
    assert parameters["trained"] is union.embedders[1][1]
    assert "closed" not in union.get_params(deep=False)
    union.set_params(closed__n_components=3, trained=SpectralEmbedder(2), center=False)
    assert union.embedders[0][1].n_components == 3
    assert isinstance(union.embedders[1][1], SpectralEmbedder)
    copy = clone(union)
    assert copy.get_params(deep=False).keys() == union.get_params(deep=False).keys()
    assert copy.embedders[0][1] is not union.embedders[0][1]
    assert copy.embedders[0][1].n_components == 3


def test_a_union_works_in_pipelines_and_searches(planted):
    model = make_pipeline(make_union(), StandardScaler(), LogisticRegression())
    grid = {"embeddingunion__closed__n_components": [1, 3], "embeddingunion__weights": [None, [1, 2]]}
    search = GridSearchCV(model, grid, cv=2).fit(planted.data, planted.target)
    assert search.best_score_ > 0.9
    names = search.best_estimator_[:1].get_feature_names_out()
    assert names[0] == "embeddingunion0"
    assert len(names) == search.best_estimator_[0].n_components_


def test_a_union_supports_scores_queries_and_pickling(union, documents):
    assert union.score(documents) > 0.55
    assert HeldOutScorer(with_coverage=True)(union, documents)["held_out_coverage"] == 1
    assert 0.7 < AgreementScorer(union.embedders_[0][1])(union) <= 1  # it was centered and joined with another
    assert union.most_similar("concept0_word0", n=1)[0][0].startswith("concept0")
    restored = pickle.loads(pickle.dumps(union))
    np.testing.assert_array_equal(restored.transform(documents), union.transform(documents))


def test_unions_can_be_joined(documents):
    nested = EmbeddingUnion([("union", make_union()), ("other", SpectralEmbedder(2))]).fit(documents)
    assert nested.embedding_.shape[1] == 12
    assert nested.transform(documents[:2]).shape == (2, 12)


def test_oov_and_norm_are_parameters(documents):
    union = make_union(oov="error").fit(documents)
    np.testing.assert_allclose(np.linalg.norm(union.transform(documents), axis=1), 1, rtol=1e-5)
    with pytest.raises(ValueError, match="1 words of X are not in the vocabulary"):
        union.transform(["stranger"])


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"embedders": []}, ValueError, r"embedders=\[\] is empty"),
        ({"embedders": [("one", LogisticRegression())]}, TypeError, "'one' is LogisticRegression.* give an embedder"),
        (
            {"embedders": [("a", SpectralEmbedder()), ("a", SpectralEmbedder())]},
            ValueError,
            "Names provided are not un",
        ),
        ({"weights": [1]}, ValueError, r"weights=\[1\]: give one number above 0 for each of 2 embedders"),
        ({"weights": [1, -1]}, ValueError, r"weights=\[1, -1\]: give one number above 0"),
        ({"n_components": 11}, ValueError, "n_components=11 is more than the 10 components of all embedders together"),
        ({"n_components": 0}, ValueError, "The 'n_components' parameter of EmbeddingUnion must be"),
        ({"pooling": "median"}, ValueError, "The 'pooling' parameter of EmbeddingUnion must be"),
    ],
)
def test_a_union_of_invalid_embedders_or_weights_is_refused(parameters, error, message, documents):
    with pytest.raises(error, match=message):
        make_union().set_params(**parameters).fit(documents)


def test_embedders_without_a_common_word_are_refused(documents):
    union = make_union().set_params(closed__vectorizer__tokenizer=list)
    with pytest.raises(ValueError, match="The embedders have no word in common"):
        union.fit(documents)
