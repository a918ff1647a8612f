"""The embedders inside scikit-learn's pipelines, searches, columns and frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from scipy.sparse import issparse
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v.datasets import AnalogyQuestions, SimilarityPairs
from sk_w2v.scorers import AgreementScorer, AnalogyScorer, SimilarityScorer

N_TRAIN = 140  # of the 200 planted documents

SKLEARN = tuple(int(part) for part in sklearn.__version__.split(".")[:2])

keeps_the_index = pytest.mark.skipif(SKLEARN < (1, 7), reason="scikit-learn 1.6 keeps the index of DataFrames alone")
reads_polars_2 = pytest.mark.skipif(SKLEARN < (1, 9), reason="scikit-learn before 1.9 finds no column of polars 2")


@pytest.fixture
def classifier(embedder):
    """Either embedder before a linear classifier."""
    return Pipeline([("embedder", embedder), ("scale", StandardScaler()), ("classifier", LogisticRegression())])


@pytest.fixture
def table(planted):
    """A DataFrame with the planted documents, a number that tells nothing, and an index of its own."""
    number = np.random.default_rng(0).normal(size=len(planted.data))
    return pd.DataFrame({"text": planted.data, "number": number}, index=np.arange(len(number))[::-1])


@pytest.fixture(scope="module")
def questions():
    """Analogies of word ranks: the first word of a concept is to its second as that of another is to its second."""
    words = [[f"concept{i}_word{k}" for i, k in ((a, 0), (a, 1), (b, 0), (b, 1))] for a, b in ((0, 1), (1, 2), (2, 0))]
    words.append(["concept0_word0", "unheard", "concept1_word0", "words"])
    return AnalogyQuestions(np.array(words, dtype=object), np.array(["ranks"] * 4, dtype=object))


@pytest.fixture(scope="module")
def pairs():
    """Words of one concept, which are alike, and of two, which are not."""
    words = [(f"concept{a}_word{k}", f"concept{b}_word{k + 1}") for a in range(3) for b in range(3) for k in range(4)]
    ratings = [float(left.split("_")[0] == right.split("_")[0]) for left, right in words]
    return SimilarityPairs(np.array([*words, ("unheard", "words")], dtype=object), np.array([*ratings, 0.0]))


def test_a_pipeline_learns_the_planted_classes(classifier, planted):
    classifier.fit(planted.data[:N_TRAIN], planted.target[:N_TRAIN])
    # all 60 are right for both embedders; chance is 1/3
    assert classifier.score(planted.data[N_TRAIN:], planted.target[N_TRAIN:]) > 0.9


def test_a_pipeline_is_cross_validated_on_a_series(classifier, planted):
    accuracies = cross_val_score(classifier, pd.Series(planted.data), planted.target, cv=3)
    assert accuracies.min() > 0.9


def test_a_search_without_a_scorer_finds_the_planted_directions(spectral, documents):
    search = GridSearchCV(spectral, {"n_components": [1, 2], "time": [0.1, None]}, cv=2).fit(documents)
    # three concepts differ in two directions; how long to learn them is a matter of the third digit
    assert search.best_params_["n_components"] == 2
    assert np.all(search.cv_results_["mean_test_score"] > 0.55)
    assert search.transform(documents).shape == (len(documents), 2)


def test_a_search_without_a_scorer_tunes_training(sgns, documents):
    grid = {"n_components": [1, 4], "init_scale": [0.03, 3.0]}
    search = GridSearchCV(sgns, grid, cv=2, return_train_score=True).fit(documents)
    # one direction alone is taken up by what all pairs have in common, the shift by -log(negative)
    assert search.best_params_["n_components"] == 4
    assert np.all(np.isfinite(search.cv_results_["mean_test_score"]))
    assert search.score(documents) == search.best_estimator_.score(documents)


def test_a_search_reaches_the_embedder_in_a_pipeline(classifier, planted):
    grid = {"embedder__n_components": [1, 4], "embedder__pooling": ["mean", "sif"]}
    search = GridSearchCV(classifier, grid, cv=2).fit(planted.data, planted.target)
    # one direction cannot tell three concepts well
    assert search.best_params_["embedder__n_components"] == 4
    assert search.best_score_ > 0.9


def test_a_search_in_several_processes_gives_the_result_of_one_process(spectral, documents):
    grid = {"n_components": [1, 2]}
    alone = GridSearchCV(spectral, grid, cv=2).fit(documents)
    together = GridSearchCV(spectral, grid, cv=2, n_jobs=2).fit(documents)
    np.testing.assert_array_equal(alone.cv_results_["mean_test_score"], together.cv_results_["mean_test_score"])


def test_several_scorers_judge_word_vectors_without_labels(embedder, documents, questions, pairs):
    closed_form = clone(embedder).fit(documents)
    scoring = {
        "analogy": AnalogyScorer(questions),
        "similarity": SimilarityScorer(pairs),
        "agreement": AgreementScorer(closed_form),
    }
    scores = cross_validate(embedder, documents, cv=2, scoring=scoring, error_score="raise")
    assert np.all((scores["test_analogy"] >= 0) & (scores["test_analogy"] <= 1))
    assert np.all(scores["test_similarity"] > 0.7)  # Spearman's, of ratings that are 0 and 1: at most about 0.8
    assert np.all((scores["test_agreement"] > 0.5) & (scores["test_agreement"] <= 1))


def test_a_scorer_gives_its_coverage_as_a_second_score(embedder, documents, questions, pairs):
    for scorer, subject, coverage in (
        (AnalogyScorer(questions, with_coverage=True), "analogy_accuracy", 3 / 4),
        (SimilarityScorer(pairs, with_coverage=True), "similarity_correlation", 36 / 37),
    ):
        scores = cross_validate(embedder, documents, cv=2, scoring=scorer, error_score="raise")
        np.testing.assert_allclose(scores[f"test_{subject.split('_')[0]}_coverage"], coverage)
        assert np.all(np.isfinite(scores[f"test_{subject}"]))


def test_a_scorer_finds_the_embedder_in_a_search_over_a_pipeline(classifier, planted, pairs):
    search = GridSearchCV(classifier, {"embedder__n_components": [2, 4]}, cv=2, scoring=SimilarityScorer(pairs))
    search.fit(planted.data, planted.target)
    assert SimilarityScorer(pairs)(search) == SimilarityScorer(pairs)(search.best_estimator_["embedder"])
    assert search.best_score_ > 0.5


def test_a_search_finds_the_trained_model_nearest_to_the_closed_form(sgns, spectral, documents):
    scorer = AgreementScorer(spectral.set_params(n_components=2).fit(documents))
    search = GridSearchCV(sgns.set_params(n_components=2), {"max_iter": [1, 10]}, cv=2, scoring=scorer)
    assert search.fit(documents).best_params_ == {"max_iter": 10}


def test_columns_are_named_after_the_embedder(fitted):
    prefix = type(fitted).__name__.lower()
    names = fitted.get_feature_names_out()
    assert names.tolist() == [f"{prefix}{k}" for k in range(fitted.n_components_)]


@pytest.mark.parametrize("container", ["pandas", "polars"])
def test_set_output_gives_a_frame(embedder, documents, container):
    vectors = clone(embedder).fit_transform(documents)
    embedder.set_output(transform=container)
    for frame in (embedder.fit_transform(documents), embedder.transform(documents)):
        assert isinstance(frame, {"pandas": pd.DataFrame, "polars": pl.DataFrame}[container])
        assert list(frame.columns) == embedder.get_feature_names_out().tolist()
        np.testing.assert_array_equal(frame.to_numpy(), vectors)


@keeps_the_index
def test_a_frame_keeps_the_index_of_a_series(embedder, table):
    frame = embedder.set_output(transform="pandas").fit_transform(table["text"])
    assert frame.index.equals(table.index)
    assert set(frame.dtypes) == {np.dtype(np.float32)}


def test_an_embedder_works_in_a_column_transformer(embedder, table, planted):
    columns = ColumnTransformer([("text", embedder, "text"), ("number", StandardScaler(), ["number"])])
    features = columns.fit_transform(table)
    assert features.shape == (len(table), columns.named_transformers_["text"].n_components_ + 1)
    assert list(columns.get_feature_names_out()) == [
        *(f"text__{name}" for name in columns.named_transformers_["text"].get_feature_names_out()),
        "number__number",
    ]
    np.testing.assert_array_equal(features[:, :-1].astype(np.float32), clone(embedder).fit_transform(table["text"]))
    model = make_pipeline(columns, StandardScaler(), LogisticRegression())
    assert cross_val_score(model, table, planted.target, cv=2).min() > 0.9


@keeps_the_index
def test_an_embedder_takes_a_column_into_a_frame(embedder, table):
    columns = ColumnTransformer([("text", embedder, "text")], remainder="passthrough", verbose_feature_names_out=False)
    frame = columns.set_output(transform="pandas").fit_transform(table)
    assert frame.index.equals(table.index)
    assert list(frame.columns)[-1] == "number"
    assert not frame.isna().to_numpy().any()


@reads_polars_2
def test_an_embedder_takes_a_column_of_a_polars_frame(embedder, table):
    frame = pl.DataFrame({"text": table["text"].tolist(), "number": table["number"].tolist()})
    columns = ColumnTransformer([("text", embedder, "text")], remainder="passthrough")
    expected = clone(embedder).fit_transform(table["text"])
    np.testing.assert_array_equal(columns.fit_transform(frame)[:, :-1].astype(np.float32), expected)


def test_an_embedder_combines_with_tfidf_in_a_feature_union(embedder, documents):
    union = FeatureUnion([("words", TfidfVectorizer()), ("embedder", embedder)])
    features = union.fit_transform(documents)
    assert issparse(features)
    n_words, n_components = len(union["words"].vocabulary_), union["embedder"].n_components_
    assert features.shape == (len(documents), n_words + n_components)
    assert len(union.get_feature_names_out()) == n_words + n_components
    np.testing.assert_array_equal(
        features[:, n_words:].toarray().astype(np.float32), clone(embedder).fit_transform(documents)
    )


def test_names_pass_through_a_pipeline(classifier, planted):
    classifier.fit(planted.data, planted.target)
    names = classifier[:-1].get_feature_names_out()
    np.testing.assert_array_equal(names, classifier["embedder"].get_feature_names_out())
