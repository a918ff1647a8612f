"""The kit of checks: sound embedders pass all of it, and for each check there is one that it must reject."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted

from sk_w2v import CommonComponentRemover, EmbeddingUnion, PretrainedEmbedder, SpectralEmbedder
from sk_w2v.io import WordVectors
from sk_w2v.testing import EMBEDDER_CHECKS, check_embedder


def lsa():
    """Return what most people take for document vectors."""
    return make_pipeline(TfidfVectorizer(), TruncatedSVD(4, random_state=0))


def test_both_embedders_pass_all_checks(embedder):
    assert check_embedder(embedder) == list(EMBEDDER_CHECKS)


@pytest.mark.parametrize(
    "make",
    [
        lsa,
        lambda: EmbeddingUnion([("narrow", SpectralEmbedder(2, window=2)), ("wide", SpectralEmbedder(3))]),
        lambda: make_pipeline(SpectralEmbedder(4), CommonComponentRemover()),
        lambda: PretrainedEmbedder(WordVectors(np.array(["common0", "concept0_word0", "concept1_word0"]), np.eye(3))),
    ],
    ids=["LSA", "union", "common component removed", "pretrained"],
)
def test_other_sound_embedders_pass_all_checks(make):
    assert len(check_embedder(make())) == len(EMBEDDER_CHECKS)


def test_checks_can_be_skipped_by_name_and_run_on_other_documents(planted):
    names = check_embedder(lsa(), planted.data, planted.target, skip=["pickles"])
    assert names == [name for name in EMBEDDER_CHECKS if name != "pickles"]
    with pytest.raises(ValueError, match=r"skip=\['pickle'\] are not checks; use names from \['batches_do"):
        check_embedder(lsa(), skip=["pickle"])
    with pytest.raises(ValueError, match="documents and labels must be given together"):
        check_embedder(lsa(), planted.data)


class Sound(TransformerMixin, BaseEstimator):
    """Latent semantic analysis as one estimator, which passes all checks."""

    def __init__(self, n_components=4):
        self.n_components = n_components

    def fit(self, X, y=None):
        """Fit the pipeline inside."""
        self.model_ = lsa().set_params(truncatedsvd__n_components=self.n_components).fit(X)
        return self

    def transform(self, X):
        """Return the vectors of documents."""
        check_is_fitted(self)
        return self.model_.transform(X)

    def get_feature_names_out(self, input_features=None):
        """Return a name for each column."""
        return self.model_[-1].get_feature_names_out()


class ReturnsNothing(Sound):
    def fit(self, X, y=None):
        super().fit(X)


class TransformsUnfitted(Sound):
    def transform(self, X):
        return self.model_.transform(X) if hasattr(self, "model_") else np.zeros((len(X), 4))


class ResolvesItsParameter(Sound):
    def fit(self, X, y=None):
        self.n_components = min(self.n_components, 3)
        return super().fit(X)


class SortsItsDocuments(Sound):
    def fit(self, X, y=None):
        if isinstance(X, list):
            X.sort()
        return super().fit(X)


class GivesNotANumber(Sound):
    def transform(self, X):
        return super().transform(X) * np.nan


class TakesListsAlone(Sound):
    def transform(self, X):
        return super().transform([] if isinstance(X, tuple) else X)


class CentresEachCall(Sound):
    def transform(self, X):
        vectors = super().transform(X)
        return vectors - vectors.mean(axis=0)


class CountsItsCalls(Sound):
    def transform(self, X):
        self.n_calls_ = getattr(self, "n_calls_", 0) + 1
        return super().transform(X)


class ScalesFitTransform(Sound):
    def fit_transform(self, X, y=None):
        return 2 * self.fit(X).transform(X)


class StartsWarm(Sound):
    def fit(self, X, y=None):
        return self if hasattr(self, "model_") else super().fit(X)


class TakesNoLabels(Sound):
    def fit(self, X):
        return super().fit(X)


class ForgetsWhenPickled(Sound):
    def __getstate__(self):
        return {"n_components": self.n_components}


class ClonesFitted(Sound):
    def __sklearn_clone__(self):
        copied = type(self)(self.n_components)
        if hasattr(self, "model_"):
            copied.model_ = self.model_
        return copied


class DividesByTheLength(Sound):
    def transform(self, X):
        vectors = super().transform(X)
        with np.errstate(all="ignore"):
            return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class TakesOneString(Sound):
    def fit(self, X, y=None):
        return super().fit([X, X] if isinstance(X, str) else X)


class NamesOneColumn(Sound):
    def get_feature_names_out(self, input_features=None):
        return np.array(["vector"], dtype=object)


class NeedsAnEvenNumber(Sound):
    def transform(self, X):
        if len(X) > 50 and len(X) < 100:
            raise RuntimeError("this fails in a search alone")
        return super().transform(X)


BROKEN = {
    "fit_returns_self": ReturnsNothing,
    "unfitted_says_so": TransformsUnfitted,
    "fit_keeps_parameters": ResolvesItsParameter,
    "documents_are_left_alone": SortsItsDocuments,
    "rows_out_are_rows_in": GivesNotANumber,
    "documents_come_in_any_sequence": TakesListsAlone,
    "batches_do_not_matter": CentresEachCall,
    "transform_keeps_state": CountsItsCalls,
    "fit_transform_is_both": ScalesFitTransform,
    "fits_repeat": StartsWarm,
    "labels_do_not_leak": TakesNoLabels,
    "pickles": ForgetsWhenPickled,
    "clones_are_not_fitted": ClonesFitted,
    "empty_documents_are_finite": DividesByTheLength,
    "one_string_is_refused": TakesOneString,
    "names_its_columns": NamesOneColumn,
    "goes_through_a_search": NeedsAnEvenNumber,
}


def test_there_is_a_broken_embedder_for_each_check():
    assert list(BROKEN) == list(EMBEDDER_CHECKS)
    assert check_embedder(Sound()) == list(EMBEDDER_CHECKS)


@pytest.mark.parametrize("name", EMBEDDER_CHECKS)
def test_each_check_rejects_its_broken_embedder(name):
    broken = BROKEN[name]()
    others = [other for other in EMBEDDER_CHECKS if other != name]
    with pytest.raises(AssertionError, match=f"{type(broken).__name__} fails the check '{name}': "):
        check_embedder(clone(broken), skip=others)
