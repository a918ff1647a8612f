"""The checks, each a function of an unfitted embedder, documents and labels."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable, Collection, Sequence
from copy import deepcopy
from typing import Any

import joblib
import numpy as np
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted

from .._typing import AnyArray, AnyFloatArray
from ..datasets import make_planted_corpus

Documents = Sequence[str]
Check = Callable[[Any, Documents, Sequence[Any]], None]

TOLERANCE = 1e-4  # relative to the largest entry: float32 sums in another order, and solvers that stop early


def check_embedder(
    estimator: Any,
    documents: Documents | None = None,
    labels: Sequence[Any] | None = None,
    *,
    skip: Collection[str] = (),
) -> list[str]:
    """Check that an estimator meets the contract of a document transformer.

    Parameters
    ----------
    estimator : estimator
        An unfitted estimator; it is cloned for each check. Set `random_state` if its fits are random.
    documents : sequence of str or None, default=None
        At least ten documents to fit. None uses 120 generated documents of 40 words.
    labels : sequence or None, default=None
        The class of each document, with at least three documents per class.
    skip : collection of str, default=()
        Names of checks from `EMBEDDER_CHECKS` to skip.

    Returns
    -------
    list of str
        The names of the checks, all of which passed.

    Raises
    ------
    AssertionError
        At the first check that fails, with its name.
    ValueError
        If a check to skip is unknown, or documents come without labels.

    See Also
    --------
    sklearn.utils.estimator_checks.check_estimator : Checks for tables of numbers.
    sk_w2v.datasets.make_planted_corpus : Generates the default documents.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.testing import EMBEDDER_CHECKS, check_embedder
    >>> len(check_embedder(SpectralEmbedder(4, random_state=0))) == len(EMBEDDER_CHECKS)
    True
    """
    unknown = set(skip) - set(EMBEDDER_CHECKS)
    if unknown:
        raise ValueError(f"skip={sorted(unknown)} are not checks; use names from {sorted(EMBEDDER_CHECKS)}.")
    if (documents is None) != (labels is None):
        raise ValueError("documents and labels must be given together; give both or neither.")
    if documents is None or labels is None:
        made = make_planted_corpus(120, n_words_per_concept=8, document_length=40, random_state=0)
        documents, labels = made.data, made.target
    ran = []
    for name, check in EMBEDDER_CHECKS.items():
        if name in skip:
            continue
        try:
            check(clone(estimator), list(documents), list(labels))
        except Exception as error:
            raise AssertionError(f"{type(estimator).__name__} fails the check {name!r}: {error}") from error
        ran.append(name)
    return ran


def fit_returns_self(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that `fit` returns the estimator and that it is fitted afterwards."""
    _require(estimator.fit(documents) is estimator, "fit did not return the estimator")
    check_is_fitted(estimator)


def unfitted_says_so(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that `transform` before `fit` raises scikit-learn's `NotFittedError`."""
    try:
        estimator.transform(documents)
    except NotFittedError:
        return
    raise AssertionError("transform before fit raised no NotFittedError")


def fit_keeps_parameters(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that `fit` changes no parameter."""
    before = _parameters(estimator)
    estimator.fit(documents)
    _require(_parameters(estimator) == before, "fit changed a parameter")


def documents_are_left_alone(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that neither `fit` nor `transform` changes the list of documents."""
    given = list(documents)
    estimator.fit(given).transform(given)
    _require(given == list(documents), "the documents were changed")


def rows_out_are_rows_in(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that there is one row of finite floats for each document."""
    vectors = _transform(estimator.fit(documents), documents[:7])
    _require(vectors.ndim == 2 and len(vectors) == 7, f"7 documents gave shape {vectors.shape}")
    _require(vectors.dtype.kind == "f" and np.isfinite(vectors).all(), "the vectors are not finite floats")
    _require(np.ptp(vectors) > 0, "all entries are equal")


def documents_come_in_any_sequence(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that lists, tuples and arrays of documents have the same vectors."""
    estimator.fit(documents)
    expected = _transform(estimator, documents[:7])
    for given in (tuple(documents[:7]), np.array(documents[:7], dtype=object)):
        _same(_transform(estimator, given), expected, f"a {type(given).__name__} of documents")


def batches_do_not_matter(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that the vector of a document does not depend on the other documents of the call."""
    estimator.fit(documents)
    together = _transform(estimator, documents)
    apart = np.vstack([_transform(estimator, documents[start : start + 7]) for start in range(0, len(documents), 7)])
    _same(apart, together, "transforming seven documents at a time")
    _same(_transform(estimator, documents[::-1])[::-1], together, "another order of documents")


def transform_keeps_state(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that `transform` writes nothing to the estimator."""
    estimator.fit(documents)
    before = joblib.hash(estimator.__dict__)
    estimator.transform(documents[:7])
    _require(joblib.hash(estimator.__dict__) == before, "transform changed the estimator")


def fit_transform_is_both(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that `fit_transform` equals `fit` and then `transform`."""
    expected = _transform(clone(estimator).fit(documents), documents)
    _same(np.asarray(estimator.fit_transform(documents)), expected, "fit_transform")


def fits_repeat(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that a fit is repeatable and does not depend on earlier fits."""
    expected = _transform(clone(estimator).fit(documents), documents)
    estimator.fit(documents[: len(documents) // 2]).fit(documents)
    _same(_transform(estimator, documents), expected, "a fit after another one")


def labels_do_not_leak(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that `fit` accepts labels, which a Pipeline passes, and does not need them."""
    estimator.fit(documents, labels)
    _require(len(_transform(estimator, documents)) == len(documents), "fit with labels changed the rows")
    clone(estimator).fit(documents)


def pickles(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that a pickled or copied estimator transforms as before."""
    expected = _transform(estimator.fit(documents), documents)
    for restored in (pickle.loads(pickle.dumps(estimator)), deepcopy(estimator)):
        _same(_transform(restored, documents), expected, "a restored estimator")


def clones_are_not_fitted(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that a clone has the same parameters and is not fitted."""
    before = _parameters(estimator)
    copied = clone(estimator.fit(documents))
    _require(_parameters(copied) == before, "a clone has other parameters")
    unfitted_says_so(copied, documents, labels)


def empty_documents_are_finite(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that documents without known words have finite rows and do not change the rows of others."""
    estimator.fit(documents)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a warning about unknown words is allowed
        vectors = _transform(estimator, [documents[0], "", "zzzunknownzzz", documents[1]])
    _require(len(vectors) == 4 and np.isfinite(vectors).all(), "an empty document gave no finite row")
    _same(vectors[[0, 3]], _transform(estimator, documents[:2]), "an empty document among others")


def one_string_is_refused(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that one str is refused instead of being read as a list of one-letter documents."""
    estimator.fit(documents)
    for method in (clone(estimator).fit, estimator.transform):
        try:
            method(documents[0])
        except (TypeError, ValueError):
            continue
        raise AssertionError(f"{method.__name__} accepted a str as a list of documents")


def names_its_columns(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that `get_feature_names_out` returns one distinct name per column."""
    names = list(estimator.fit(documents).get_feature_names_out())
    n_columns = _transform(estimator, documents[:2]).shape[1]
    _require(len(set(names)) == len(names) == n_columns, f"{n_columns} columns have the names {names[:3]}...")


def goes_through_a_search(estimator: Any, documents: Documents, labels: Sequence[Any]) -> None:
    """Check that the estimator works in a Pipeline with a classifier, in a search."""
    pipeline = make_pipeline(estimator, LogisticRegression())
    search = GridSearchCV(pipeline, {"logisticregression__C": [0.1, 1.0]}, cv=2, error_score="raise")
    search.fit(documents, labels)
    _require(bool(np.isfinite(search.cv_results_["mean_test_score"]).all()), "a score is not finite")


EMBEDDER_CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        fit_returns_self,
        unfitted_says_so,
        fit_keeps_parameters,
        documents_are_left_alone,
        rows_out_are_rows_in,
        documents_come_in_any_sequence,
        batches_do_not_matter,
        transform_keeps_state,
        fit_transform_is_both,
        fits_repeat,
        labels_do_not_leak,
        pickles,
        clones_are_not_fitted,
        empty_documents_are_finite,
        one_string_is_refused,
        names_its_columns,
        goes_through_a_search,
    )
}


def _parameters(estimator: Any) -> Any:
    """Return a hash of the parameters; parameters that are estimators are cloned first."""
    return joblib.hash(clone(estimator).get_params())


def _transform(estimator: Any, documents: Any) -> AnyFloatArray:
    """Return the vectors as an array."""
    vectors = estimator.transform(documents)
    return np.asarray(vectors.toarray() if hasattr(vectors, "toarray") else vectors)


def _same(found: AnyArray, expected: AnyArray, what: str) -> None:
    """Raise an error if vectors differ by more than rounding."""
    _require(found.shape == expected.shape, f"{what} gave shape {found.shape}, not {expected.shape}")
    difference = np.abs(found - expected).max(initial=0) / max(np.abs(expected).max(initial=0), 1e-30)
    _require(bool(difference <= TOLERANCE), f"{what} changed a vector by {difference:.1g} of the largest entry")


def _require(condition: bool | np.bool_, message: str) -> None:
    """Raise an AssertionError unless the condition is true, even if asserts are disabled."""
    if not condition:
        raise AssertionError(message)
