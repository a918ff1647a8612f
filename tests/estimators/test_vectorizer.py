"""A CountVectorizer as a parameter: how it is set, searched, refused and used."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import GridSearchCV

from sk_w2v import ALSEmbedder, PhraseJoiner, SGNSEmbedder, SpectralEmbedder

MODELS = {
    "spectral": SpectralEmbedder(3, random_state=0),
    "als": ALSEmbedder(3, subsample=0, max_iter=1, random_state=0),
    "sgns": SGNSEmbedder(3, subsample=0, max_iter=1, random_state=0),
}
every_model = pytest.mark.parametrize("name", MODELS)
TEXTS = ["A cup of Tea", "the tea cup", "pen and ink", "an ink pen"] * 3


@every_model
def test_vectorizer_parameters_can_be_set_if_the_vectorizer_is_none(name):
    model = clone(MODELS[name])
    assert model.vectorizer is None
    model.set_params(vectorizer__lowercase=False, vectorizer__strip_accents="unicode")
    assert model.get_params()["vectorizer__lowercase"] is False
    assert clone(model).vectorizer.strip_accents == "unicode"
    assert clone(model).vectorizer is not model.vectorizer


@every_model
def test_a_search_covers_dimension_init_and_token_pattern(name, documents):
    grid = {"n_components": [1, 2], "vectorizer__token_pattern": [r"(?u)\b\w\w+\b", r"\S+"]}
    grid["init_scale" if name == "spectral" else "init"] = [0.1, 1.0] if name == "spectral" else ["random", "spectral"]
    search = GridSearchCV(clone(MODELS[name]), grid, cv=2).fit(documents[:60])
    assert np.all(np.isfinite(search.cv_results_["mean_test_score"]))
    assert len(search.cv_results_["params"]) == 8


@every_model
def test_a_fitted_model_is_pickled_with_its_vectorizer(name, documents):
    fitted = clone(MODELS[name]).set_params(vectorizer__lowercase=False).fit(documents)
    again = pickle.loads(pickle.dumps(fitted))
    assert again.vectorizer.lowercase is False
    np.testing.assert_array_equal(again.transform(documents[:3]), fitted.transform(documents[:3]))


def test_fitting_does_not_change_the_vectorizer():
    vectorizer = CountVectorizer(stop_words=["the"])
    SpectralEmbedder(1, min_count=1, vectorizer=vectorizer).fit(TEXTS)
    assert not hasattr(vectorizer, "vocabulary_")


@pytest.mark.parametrize(
    ("parameters", "instead"),
    [
        ({"min_df": 2}, "min_df=2.*use min_count"),
        ({"max_df": 0.5}, "max_df=0.5"),
        ({"max_features": 10}, "max_features=10.*use max_features of the embedder"),
        ({"vocabulary": ["tea"]}, r"vocabulary=\['tea'\]"),
        ({"binary": True}, "binary=True"),
    ],
)
@pytest.mark.parametrize("estimator", [SpectralEmbedder(1, min_count=1), PhraseJoiner(1)], ids=["embedder", "joiner"])
def test_vectorizer_parameters_that_select_columns_are_refused(estimator, parameters, instead):
    with pytest.raises(ValueError, match=instead):
        clone(estimator).set_params(vectorizer=CountVectorizer(**parameters)).fit(TEXTS)


def test_open_files_are_read_as_count_vectorizer_reads_them():
    files = [io.BytesIO(text.encode()) for text in TEXTS]
    fitted = SpectralEmbedder(1, min_count=1, vectorizer=CountVectorizer(input="file")).fit(files)
    assert set(fitted.words_) == set(CountVectorizer().fit(TEXTS).vocabulary_)
    with pytest.raises(TypeError, match="Document 0 is 'A cup of Tea' of type str; the vectorizer has input='file'"):
        fitted.transform(TEXTS)


@pytest.mark.parametrize(("name", "most"), [("spectral", 25), ("als", 25), ("sgns", 30)])
def test_models_have_few_parameters_and_document_each_in_order(name, most):
    model = MODELS[name]
    parameters = list(model.__init__.__code__.co_varnames[1 : 1 + len(model.get_params(deep=False))])
    assert len(parameters) <= most
    section = type(model).__doc__.partition("Parameters\n")[2].partition("    Attributes\n")[0]
    documented = [
        line.split(" : ")[0].strip() for line in section.splitlines() if line.startswith("    ") and " : " in line
    ]
    assert [each for each in documented if each in parameters] == parameters
