"""scikit-learn's own estimator checks, run on both embedders, and counted.

`check_estimator` has 46 checks for a transformer in scikit-learn 1.9, and runs one of them on an estimator that says it
does not take two-dimensional arrays. The embedders do not: they take documents. So the checks are run three times:

* on the embedder as it is: the one check;
* on the embedder with that tag turned round: all of them, and those that fit must meet a clear refusal;
* on the embedder behind a reader that makes a document of each row of a table: all of them. The reader adds nothing but
  scikit-learn's own validation of tables, and what passes for that alone is told apart and not counted.
"""

from __future__ import annotations

import warnings
from collections import Counter

import numpy as np
import pytest
import sklearn
from scipy.sparse import issparse
from sklearn.exceptions import SkipTestWarning
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import check_is_fitted, validate_data

from sk_w2v import SGNSEmbedder, SpectralEmbedder

SKLEARN = tuple(int(part) for part in sklearn.__version__.split(".")[:2])

only_where_counted = pytest.mark.skipif(
    SKLEARN != (1, 9), reason=f"scikit-learn {sklearn.__version__} has other checks than 1.9, where they were counted"
)


class SaidToTakeTables:
    """The embedder, but for the tag by which scikit-learn picks its checks."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


class SpectralSaidToTakeTables(SaidToTakeTables, SpectralEmbedder):
    pass


class SGNSSaidToTakeTables(SaidToTakeTables, SGNSEmbedder):
    pass


class ReadingTables(SaidToTakeTables):
    """The embedder, reading each row of a table as a document of one token for each feature and rounded value."""

    validating = True

    def fit(self, X, y=None):
        return super().fit(self._read_table(X, reset=True), y)

    def transform(self, X):
        return super().transform(self._read_table(X, reset=False))

    def score(self, X, y=None):
        return super().score(self._read_table(X, reset=False), y)

    def _read_table(self, X, *, reset):
        if issparse(X):
            return X  # for the embedder to refuse
        if not reset:
            check_is_fitted(self)  # as any transformer does before it looks at X
        table = validate_data(self, X, reset=reset) if self.validating else np.asarray(X, dtype=np.float64)
        return [[f"feature{j}_{value:.0f}" for j, value in enumerate(row)] for row in table]


class SpectralReadingTables(ReadingTables, SpectralEmbedder):
    pass


class SGNSReadingTables(ReadingTables, SGNSEmbedder):
    def partial_fit(self, X, y=None):
        if not hasattr(self, "vocabulary_"):
            return self.fit(X, y)
        return super().partial_fit(self._read_table(X, reset=False), y)


class SpectralReadingUncheckedTables(SpectralReadingTables):
    validating = False


class SGNSReadingUncheckedTables(SGNSReadingTables):
    validating = False


# Checks that need a table, each of which must end in a refusal of it.
REFUSED = {
    "check_fit_score_takes_y",
    "check_estimators_overwrite_params",
    "check_dont_overwrite_parameters",
    "check_estimators_fit_returns_self",
    "check_readonly_memmap_input",
    "check_n_features_in_after_fitting",
    "check_positive_only_tag_during_fit",
    "check_estimators_dtypes",
    "check_complex_data",
    "check_dtype_object",
    "check_estimators_empty_data_messages",
    "check_pipeline_consistency",
    "check_estimators_nan_inf",
    "check_estimators_pickle",
    "check_f_contiguous_array_estimator",
    "check_transformer_data_not_an_array",
    "check_transformer_general",
    "check_transformer_n_iter",
    "check_methods_sample_order_invariance",
    "check_methods_subset_invariance",
    "check_fit2d_1sample",
    "check_fit2d_1feature",
    "check_dict_unchanged",
    "check_fit_idempotent",
    "check_fit_check_is_fitted",
    "check_n_features_in",
    "check_fit1d",
    "check_fit2d_predict1d",
}

# Checks that the reader's validation of tables passes, not the embedder: no claim is made from them.
PASSED_BY_THE_READER = {
    "check_n_features_in_after_fitting": "documents have no features to count",
    "check_n_features_in": "documents have no features to count",
    "check_transformer_general": "after fit_transform, which passes, it wants another number of features refused",
    "check_complex_data": "documents are not numbers",
    "check_estimators_nan_inf": "documents are not numbers; missing ones are refused, see test_bad_input.py",
    "check_estimators_empty_data_messages": "it wants tables without columns refused; so is a corpus without words",
    "check_fit1d": "a column of documents is one-dimensional",
    "check_fit2d_predict1d": "a column of documents is one-dimensional",
}

NOT_APPLICABLE = {
    SpectralReadingTables: {
        "check_array_api_input": "skipped by itself unless SCIPY_ARRAY_API is set; documents are no arrays",
        "check_fit2d_1feature": "documents of one word hold no pair; the error speaks of words, not of features",
    },
    SGNSReadingTables: {
        "check_array_api_input": "skipped by itself unless SCIPY_ARRAY_API is set; documents are no arrays",
        "check_fit2d_1feature": "documents of one word hold no pair; the error speaks of words, not of features",
    },
}

# Of the 46 checks with the reader: how many are passed by the embedder itself. Nine are passed by the reader.
N_PASSED = {SpectralReadingTables: 35, SGNSReadingTables: 35}

PARAMETERS = {
    SpectralReadingTables: {"n_components": 1, "min_count": 1, "random_state": 0},
    SGNSReadingTables: {"n_components": 2, "min_count": 1, "random_state": 0},
}
UNCHECKED = {
    SpectralReadingTables: SpectralReadingUncheckedTables,
    SGNSReadingTables: SGNSReadingUncheckedTables,
}


def run_checks(estimator):
    """Run all of scikit-learn's checks; return one dict of `check_name`, `status` and `exception` for each."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checks' own business
        return check_estimator(estimator, on_fail=None, on_skip=None)


def names(results, *statuses):
    """Return the names of the checks that ended in one of the statuses."""
    return {result["check_name"] for result in results if result["status"] in statuses}


def first_cause(exception):
    """Return the exception that an exception goes back to."""
    while exception.__cause__ or exception.__context__:
        exception = exception.__cause__ or exception.__context__
    return exception


@pytest.mark.parametrize("embedder", [SpectralEmbedder(), SGNSEmbedder()], ids=["spectral", "sgns"])
def test_check_estimator_passes_as_far_as_it_goes_for_documents(embedder):
    with pytest.warns(SkipTestWarning, match="requires input"):
        results = check_estimator(embedder)
    assert [(result["check_name"], result["status"]) for result in results] == [("check_estimator_cloneable", "passed")]


@only_where_counted
@pytest.mark.parametrize("embedder", [SpectralSaidToTakeTables(), SGNSSaidToTakeTables()], ids=["spectral", "sgns"])
def test_checks_without_a_table_pass_and_tables_are_refused(embedder):
    results = run_checks(embedder)
    assert Counter(result["status"] for result in results) == {"passed": 15, "failed": 30, "skipped": 1}
    assert names(results, "failed") == REFUSED
    for result in results:
        if result["status"] == "failed":
            refusal = first_cause(result["exception"])
            assert isinstance(refusal, TypeError)
            assert str(refusal).startswith(("X is ", "Document 0 is "))


@pytest.mark.parametrize("reader", [SpectralReadingTables, SGNSReadingTables])
def test_only_inapplicable_checks_fail_on_tables_read_as_documents(reader):
    results = run_checks(reader(**PARAMETERS[reader]))
    assert names(results, "failed") <= set(NOT_APPLICABLE[reader])


@only_where_counted
@pytest.mark.parametrize("reader", [SpectralReadingTables, SGNSReadingTables])
def test_every_check_on_tables_read_as_documents_is_classified(reader):
    results = run_checks(reader(**PARAMETERS[reader]))
    assert len(results) == 46
    assert names(results, "failed", "skipped") == set(NOT_APPLICABLE[reader])
    own = [result for result in results if result["check_name"] not in PASSED_BY_THE_READER]
    assert sum(result["status"] == "passed" for result in own) == N_PASSED[reader]


@only_where_counted
@pytest.mark.parametrize("reader", [SpectralReadingTables, SGNSReadingTables])
def test_checks_skipped_for_the_reader_fail_without_its_validation(reader):
    results = run_checks(UNCHECKED[reader](**PARAMETERS[reader]))
    assert names(results, "failed", "skipped") == set(NOT_APPLICABLE[reader]) | set(PASSED_BY_THE_READER)
