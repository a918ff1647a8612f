from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import FeatureUnion, make_pipeline

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import AnalogyQuestions, SimilarityPairs
from sk_w2v.metrics import analogy_accuracy, similarity_correlation, subspace_agreement
from sk_w2v.scorers import AgreementScorer, AnalogyScorer, SimilarityScorer, find_embedder, shared_agreement

# Two topics of eight words each; a document is of one topic.
RNG = np.random.default_rng(0)
LABELS = np.arange(60) % 2
DOCUMENTS = [[f"word{word}" for word in 8 * label + RNG.integers(0, 8, 12)] for label in LABELS]

QUESTIONS = AnalogyQuestions(
    np.array([["word0", "word8", "word1", "word9"], ["word2", "word10", "word3", "word11"]] * 3, dtype=object),
    np.array(["topics"] * 6, dtype=object),
)
PAIRS = SimilarityPairs(
    np.array([["word0", "word1"], ["word2", "word9"], ["word3", "word4"], ["word5", "word15"]], dtype=object),
    np.array([9.0, 2, 8, 1]),
)


def make_embedder(**parameters) -> SpectralEmbedder:
    """Return a small embedder, not fitted."""
    return SpectralEmbedder(**{"n_components": 3, "min_count": 1, "random_state": 0} | parameters)


@pytest.fixture(scope="module")
def fitted():
    """A fitted embedder, to be read only."""
    return make_embedder().fit(DOCUMENTS)


def half_unknown(questions):
    """Return the questions and as many that no model knows."""
    words = np.vstack([questions.words, np.full_like(questions.words, "stranger")])
    return type(questions)(words, np.concatenate([list(vars(questions).values())[1]] * 2))


# --- finding the embedder ------------------------------------------------------------------------


def test_an_embedder_is_found_as_itself(fitted):
    assert find_embedder(fitted) is fitted


def test_an_embedder_is_found_in_pipelines_unions_and_searches():
    pipeline = make_pipeline(make_embedder(), LogisticRegression()).fit(DOCUMENTS, LABELS)
    assert find_embedder(pipeline) is pipeline[0]

    nested = make_pipeline(make_pipeline("passthrough", make_embedder()), LogisticRegression()).fit(DOCUMENTS, LABELS)
    assert find_embedder(nested) is nested[0][1]

    union = FeatureUnion([("counts", TfidfVectorizer(analyzer=list)), ("left", "drop"), ("vectors", make_embedder())])
    union.fit(DOCUMENTS)
    assert find_embedder(union) is union.transformer_list[2][1]

    search = GridSearchCV(
        make_pipeline(make_embedder(), LogisticRegression()), {"spectralembedder__n_components": [2, 3]}, cv=2
    ).fit(DOCUMENTS, LABELS)
    assert find_embedder(search) is search.best_estimator_[0]


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (LogisticRegression(), "LogisticRegression holds 0 embedders; a scorer needs one SpectralEmbedder or SGNS"),
        (make_pipeline(TfidfVectorizer(), LogisticRegression()), "Pipeline holds 0 embedders"),
        (FeatureUnion([("one", make_embedder()), ("two", SGNSEmbedder())]), "FeatureUnion holds 2 embedders"),
    ],
)
def test_no_embedder_or_two_of_them_are_refused(estimator, message):
    with pytest.raises(TypeError, match=message):
        find_embedder(estimator)


@pytest.mark.parametrize("scorer", [AnalogyScorer(QUESTIONS), SimilarityScorer(PAIRS)])
def test_an_embedder_that_is_not_fitted_says_so(scorer):
    with pytest.raises(NotFittedError, match="This SpectralEmbedder instance is not fitted yet"):
        scorer(make_embedder())


# --- scores --------------------------------------------------------------------------------------


def test_scores_are_those_of_the_metrics(fitted):
    vectors, rows = fitted.embedding_, fitted.vocabulary_
    assert AnalogyScorer(QUESTIONS)(fitted) == analogy_accuracy(vectors, rows, QUESTIONS).value
    assert SimilarityScorer(PAIRS)(fitted) == similarity_correlation(vectors, rows, PAIRS).value


def test_documents_and_labels_are_not_needed_and_not_looked_at(fitted):
    for scorer in (AnalogyScorer(QUESTIONS), SimilarityScorer(PAIRS), AgreementScorer(fitted)):
        assert scorer(fitted) == scorer(fitted, DOCUMENTS, LABELS) == scorer(fitted, None, y=None)


def test_coverage_is_told_beside_the_score(fitted):
    assert AnalogyScorer(half_unknown(QUESTIONS), with_coverage=True)(fitted) == {
        "analogy_accuracy": AnalogyScorer(QUESTIONS)(fitted),
        "analogy_coverage": 0.5,
    }
    assert SimilarityScorer(half_unknown(PAIRS), with_coverage=True)(fitted) == {
        "similarity_correlation": SimilarityScorer(PAIRS)(fitted),
        "similarity_coverage": 0.5,
    }
    assert AgreementScorer(fitted, with_coverage=True)(fitted) == {
        "subspace_agreement": pytest.approx(1),
        "subspace_coverage": 1.0,
    }


def test_a_score_that_rests_on_little_warns(fitted):
    scorer = AnalogyScorer(half_unknown(QUESTIONS), min_coverage=0.6)
    with pytest.warns(UserWarning, match=r"The analogy accuracy rests on 50% of the questions \(6\); scores of diff"):
        scorer(fitted)
    with pytest.warns(UserWarning, match=r"The similarity correlation rests on 50% of the questions \(4\)"):
        SimilarityScorer(half_unknown(PAIRS), min_coverage=0.6)(fitted)
    AnalogyScorer(half_unknown(QUESTIONS), min_coverage=0.5)(fitted)  # warnings are errors


def test_agreement_is_that_of_the_words_which_both_know(fitted):
    other = make_embedder().fit([[word for word in document if word != "word3"] for document in DOCUMENTS])
    assert "word3" not in other.vocabulary_
    shared = [word for word in fitted.words_ if word != "word3"]
    expected = subspace_agreement(fitted.get_word_vectors(shared), other.get_word_vectors(shared))
    agreement = pytest.approx(expected, rel=1e-12)  # whichever comes first
    assert shared_agreement(other, fitted) == (agreement, 15 / 16, 15)
    assert shared_agreement(fitted, other) == (agreement, 1.0, 15)
    assert AgreementScorer(fitted)(other) == agreement


def test_embedders_without_a_common_word_are_refused(fitted):
    other = make_embedder(n_components=1).fit([["tea", "cup"], ["pen", "ink"]] * 3)
    with pytest.raises(ValueError, match="The two embedders have no word in common"):
        AgreementScorer(fitted)(other)


# --- in scikit-learn's hands ---------------------------------------------------------------------


def test_a_search_chooses_by_a_scorer(fitted):
    scorer = AgreementScorer(fitted)
    search = GridSearchCV(make_embedder(), {"n_components": [1, 3], "negative": [1, 2]}, scoring=scorer, cv=2)
    search.fit(DOCUMENTS)
    scores = search.cv_results_["mean_test_score"]
    assert np.all((scores > 0) & (scores <= 1 + 1e-6))
    assert search.best_score_ == scores.max()


def test_a_search_can_look_at_several_scores_with_their_coverage():
    estimator = make_pipeline(make_embedder(), LogisticRegression())
    results = cross_validate(
        estimator, DOCUMENTS, LABELS, cv=2, scoring=AnalogyScorer(half_unknown(QUESTIONS), with_coverage=True)
    )
    assert np.all((results["test_analogy_accuracy"] >= 0) & (results["test_analogy_accuracy"] <= 1))
    assert results["test_analogy_coverage"].tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    "make_scorer",
    [
        lambda fitted: AnalogyScorer(QUESTIONS, with_coverage=True),
        lambda fitted: SimilarityScorer(PAIRS, min_coverage=0.1),
        lambda fitted: AgreementScorer(fitted),
    ],
    ids=["analogy", "similarity", "agreement"],
)
def test_scorers_can_be_pickled_and_cloned(fitted, make_scorer):
    scorer = make_scorer(fitted)
    assert pickle.loads(pickle.dumps(scorer))(fitted) == scorer(fitted)
    assert clone(scorer, safe=False)(fitted) == scorer(fitted)
