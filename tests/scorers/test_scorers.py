from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import AnalogyQuestions, SimilarityPairs, WordCategories
from sk_w2v.metrics import (
    ANALOGY_METHODS,
    analogy_accuracy,
    categorization_nmi,
    categorization_purity,
    similarity_correlation,
    subspace_agreement,
)
from sk_w2v.scorers import (
    AgreementScorer,
    AnalogyScorer,
    CategorizationScorer,
    HeldOutScorer,
    SimilarityScorer,
    agreement_scorer,
    find_embedder,
    get_embedding_scorer,
    get_embedding_scorer_names,
    shared_agreement,
)

# Two topics of eight words each; a document is of one topic.
RNG = np.random.default_rng(0)
LABELS = np.arange(60) % 2
DOCUMENTS = [[f"word{word}" for word in 8 * label + RNG.integers(0, 8, 12)] for label in LABELS]

QUESTIONS = AnalogyQuestions(
    np.array([["word0", "word8", "word1", "word9"], ["word2", "word10", "word3", "word11"]] * 3, dtype=object),
    np.array(["topics"] * 6, dtype=object),
)
CATEGORIES = WordCategories(
    np.array(["word0", "word1", "word2", "word8", "word9", "stranger"], dtype=object),
    np.array(["left", "left", "left", "right", "right", "right"], dtype=object),
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


def table():
    """Return the documents as a column of strings beside a column of numbers."""
    return pd.DataFrame({"number": np.arange(60.0), "text": [" ".join(document) for document in DOCUMENTS]})


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

    columns = ColumnTransformer([("text", make_embedder(), "text"), ("number", StandardScaler(), ["number"])])
    model = make_pipeline(columns, LogisticRegression()).fit(table(), LABELS)
    assert find_embedder(model) is columns.named_transformers_["text"]


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (LogisticRegression(), "LogisticRegression contains 0 embedders; give exactly one, such as a SpectralE"),
        (make_pipeline(TfidfVectorizer(), LogisticRegression()), "Pipeline contains 0 embedders"),
        (FeatureUnion([("one", make_embedder()), ("two", SGNSEmbedder())]), "FeatureUnion contains 2 embedders"),
    ],
)
def test_no_embedder_or_two_of_them_are_refused(estimator, message):
    with pytest.raises(TypeError, match=message):
        find_embedder(estimator)


@pytest.mark.parametrize("scorer", [AnalogyScorer(QUESTIONS), SimilarityScorer(PAIRS)])
def test_an_embedder_that_is_not_fitted_says_so(scorer):
    with pytest.raises(NotFittedError, match="This SpectralEmbedder instance is not fitted yet"):
        scorer(make_embedder())


@pytest.mark.parametrize("scorer", [AnalogyScorer(QUESTIONS), HeldOutScorer()])
def test_an_embedder_in_columns_that_are_not_fitted_says_so(scorer):
    with pytest.raises(NotFittedError, match="This SpectralEmbedder instance is not fitted yet"):
        scorer(ColumnTransformer([("text", make_embedder(), "text")]), table())


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


@pytest.mark.parametrize(
    ("change", "documents", "advice"),
    [
        (str.title, DOCUMENTS, "known in lower case: read the questions with lowercase=True"),
        (str.upper, DOCUMENTS, "known in lower case: read the questions with lowercase=True"),
        (
            str,
            [[word.title() for word in document] for document in DOCUMENTS],
            "are not in lower case, so read the quest",
        ),
    ],
)
def test_a_score_that_rests_on_little_for_want_of_a_case_says_so(change, documents, advice):
    questions = np.vectorize(change, otypes=[object])(PAIRS.words)
    known = np.array([["word0", "word1"], ["Word0", "Word1"]], dtype=object)  # one of them is, in either case
    pairs = SimilarityPairs(np.vstack([questions, known]), np.arange(len(questions) + 2.0))
    with pytest.warns(UserWarning, match=rf"rests on .*{advice}"):
        SimilarityScorer(pairs)(make_embedder().fit(documents))


def test_each_scorer_has_its_metric(fitted):
    vectors, rows = fitted.embedding_, fitted.vocabulary_
    for method in ANALOGY_METHODS:
        score = AnalogyScorer(QUESTIONS, method=method, exclude_inputs=False)(fitted)
        assert score == analogy_accuracy(vectors, rows, QUESTIONS, method=method, exclude_inputs=False).value
    for measure, judge in (("purity", categorization_purity), ("nmi", categorization_nmi)):
        scorer = CategorizationScorer(CATEGORIES, measure, with_coverage=True)
        score = judge(vectors, rows, CATEGORIES)
        assert score.value > 0.5
        assert scorer(fitted) == {f"categorization_{measure}": score.value, "categorization_coverage": 5 / 6}
    assert HeldOutScorer()(fitted, DOCUMENTS) == fitted.score(DOCUMENTS)


def test_a_score_that_rests_on_little_can_be_refused_or_penalized(fitted):
    for scorer, questions, name in ((AnalogyScorer, QUESTIONS, "analogy"), (SimilarityScorer, PAIRS, "similarity")):
        half = half_unknown(questions)
        with pytest.raises(ValueError, match=rf"The {name} \w+ rests on 50% of the questions .* lower min_coverage"):
            scorer(half, min_coverage=0.6, low_coverage="raise", with_coverage=True)(fitted)
        alone = scorer(questions)(fitted)
        assert scorer(half, low_coverage="raise")(fitted) == alone
        assert scorer(half, min_coverage=0.6, low_coverage="penalize")(fitted) == alone / 2
        assert list(scorer(half, low_coverage="penalize", with_coverage=True)(fitted).values()) == [alone / 2, 0.5]


def test_a_search_drops_candidates_that_know_too_few_words():
    scorer = SimilarityScorer(PAIRS, low_coverage="raise", min_coverage=1)
    search = GridSearchCV(make_embedder(), {"max_features": [12, 16]}, scoring=scorer, cv=2)
    with pytest.warns(UserWarning, match=r"Scoring failed|non-finite"):
        search.fit(DOCUMENTS)
    assert np.isnan(search.cv_results_["mean_test_score"]).tolist() == [True, False]
    assert search.best_params_ == {"max_features": 16}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AnalogyScorer(QUESTIONS, method="cosine"), r"method='cosine' is unknown; use one of \('3cosadd'"),
        (lambda: CategorizationScorer(CATEGORIES, "rand"), r"measure='rand' is unknown; use one of \('purity', 'nmi'"),
        (lambda: HeldOutScorer(low_coverage="drop"), r"low_coverage='drop' is unknown; use one of \('warn', 'raise'"),
        (lambda: get_embedding_scorer("cosine"), r"name='cosine' is unknown; use one of \['agreement', 'analogy_3cos"),
    ],
)
def test_what_a_scorer_does_not_know_is_refused_when_it_is_made(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_held_out_score_says_how_much_of_the_text_is_known(fitted):
    documents = [[*document, "stranger"] for document in DOCUMENTS]
    score = HeldOutScorer(with_coverage=True)(fitted, documents)
    assert score == {"held_out_auc": fitted.score(documents), "held_out_coverage": 12 / 13}
    with pytest.raises(ValueError, match="X=None gives no held-out documents"):
        HeldOutScorer()(fitted)


def test_the_held_out_score_reads_what_the_embedder_gets(fitted):
    texts = table()["text"]
    expected = make_embedder().fit(texts).score(texts)
    pipeline = make_pipeline(FunctionTransformer(as_texts), make_embedder(), LogisticRegression()).fit(
        DOCUMENTS, LABELS
    )
    columns = ColumnTransformer([("number", StandardScaler(), ["number"]), ("text", make_embedder(), "text")])
    union = FeatureUnion([("counts", TfidfVectorizer()), ("text", make_embedder())]).fit(texts)
    model = make_pipeline(columns, LogisticRegression()).fit(table(), LABELS)
    assert HeldOutScorer()(pipeline, DOCUMENTS) == expected
    assert HeldOutScorer()(model, table()) == expected
    assert HeldOutScorer()(union, texts) == expected


def as_texts(documents):
    """Return token lists as strings."""
    return [" ".join(document) for document in documents]


def test_every_name_gives_a_scorer_which_scores(fitted):
    data = {"similarity": PAIRS, "purity": CATEGORIES, "nmi": CATEGORIES, "agreement": fitted}
    data |= dict.fromkeys(["held_out", "neg_logistic_loss", "neg_quartic_loss", "explained_share"])
    names = get_embedding_scorer_names()
    assert names == sorted([*data, *(f"analogy_{method}" for method in ANALOGY_METHODS)])
    scores = {}
    for name in names:
        questions = data.get(name, QUESTIONS)
        scorer = get_embedding_scorer(name, *([] if questions is None else [questions]), min_coverage=0.1)
        scores[name] = scorer(fitted, DOCUMENTS)
        assert isinstance(scores[name], float)
    assert scores["analogy_3cosmul"] == AnalogyScorer(QUESTIONS, method="3cosmul")(fitted)
    assert scores["nmi"] == CategorizationScorer(CATEGORIES, "nmi")(fitted)
    assert scores["agreement"] == agreement_scorer(reference=fitted)(fitted) == pytest.approx(1)


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


@pytest.mark.parametrize("labels", [None, LABELS])
def test_a_search_looks_at_every_metric_at_once(fitted, labels):
    data = {"similarity": PAIRS, "purity": CATEGORIES, "agreement": fitted, "analogy_3cosadd": QUESTIONS}
    scoring = {name: get_embedding_scorer(name, questions) for name, questions in data.items()}
    for name in ("held_out", "neg_logistic_loss", "explained_share"):
        scoring[name] = get_embedding_scorer(name)
    search = GridSearchCV(make_embedder(), {"n_components": [1, 3]}, scoring=scoring, refit="agreement", cv=2)
    results = search.fit(DOCUMENTS, labels).cv_results_
    assert search.best_score_ == results["mean_test_agreement"].max()
    for name in scoring:
        assert np.all(np.isfinite(results[f"mean_test_{name}"]))


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
        lambda fitted: get_embedding_scorer("analogy_lrcos", QUESTIONS),
        lambda fitted: CategorizationScorer(CATEGORIES, low_coverage="penalize"),
    ],
    ids=["analogy", "similarity", "agreement", "lrcos", "categories"],
)
def test_scorers_can_be_pickled_and_cloned(fitted, make_scorer):
    scorer = make_scorer(fitted)
    assert pickle.loads(pickle.dumps(scorer))(fitted) == scorer(fitted)
    assert clone(scorer, safe=False)(fitted) == scorer(fitted)
