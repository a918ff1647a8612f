import re
from copy import copy

import numpy as np
import pytest
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings

N_LABELS = 60  # of the 400 documents of `scipy_docstrings`


@pytest.fixture(scope="module")
def docstrings():
    return load_docstrings()


@pytest.fixture(scope="module")
def scipy_docstrings(docstrings):
    """Some documents of four packages of SciPy, and the package of each."""
    packages = [docstrings.target_names.index(f"scipy.{name}") for name in ("stats", "signal", "optimize", "sparse")]
    rows = np.flatnonzero(np.isin(docstrings.target, packages))
    rows = np.random.default_rng(0).permutation(rows)[:400]
    return [docstrings.data[row] for row in rows], docstrings.target[rows]


def test_every_document_has_a_target_and_a_name(docstrings):
    n_documents = len(docstrings.data)
    assert docstrings.target.shape == (n_documents,)
    assert docstrings.target.dtype == np.int64
    assert len(docstrings.names) == n_documents


def test_the_documents_are_not_printed(docstrings):
    assert 20 < len(repr(docstrings)) < 250
    assert len(docstrings._repr_html_()) < 3000


def test_there_is_enough_text_to_train_on(docstrings):
    # Releases from 2023 to 2026 hold 740,000 to 850,000 words under 43 to 46 labels.
    assert sum(len(document.split()) for document in docstrings.data) > 500_000
    assert len(docstrings.target_names) > 30


def test_target_names_are_sorted_public_submodules(docstrings):
    assert docstrings.target_names == sorted(set(docstrings.target_names))
    assert {"numpy.linalg", "scipy.stats", "sklearn.linear_model"} <= set(docstrings.target_names)
    public = re.compile(r"(numpy|scipy|sklearn)(\.[a-z][a-z_]*)?")
    assert all(public.fullmatch(name) for name in docstrings.target_names)


def test_names_begin_with_the_label(docstrings):
    labels = [docstrings.target_names[label] for label in docstrings.target]
    assert all(map(str.startswith, docstrings.names, labels))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("numpy.average", "numpy"),
        ("numpy.ndarray.shape", "numpy"),
        ("scipy.optimize.minimize", "scipy.optimize"),
        ("scipy.stats.kruskal", "scipy.stats"),
        ("scipy.sparse.linalg.eigsh", "scipy.sparse"),
        ("sklearn.linear_model.Ridge", "sklearn.linear_model"),
    ],
)
def test_private_modules_belong_to_their_public_submodule(docstrings, name, label):
    row = docstrings.names.index(name)
    assert docstrings.target_names[docstrings.target[row]] == label


def test_no_document_occurs_twice(docstrings):
    assert len(set(docstrings.data)) == len(docstrings.data)


def test_no_document_is_short_and_no_label_is_rare(docstrings):
    assert min(len(document.split()) for document in docstrings.data) >= 20
    assert np.bincount(docstrings.target).min() >= 20


@pytest.mark.parametrize(
    "markup",
    [">>> ", "^[-=~]{3,}", r"^\.\. ", ":math:", "`", r"\]_", "https?://", r"\\[a-z]", r"%\(\w+\)s"],
)
def test_documents_are_free_of_markup(docstrings, markup):
    pattern = re.compile(markup, re.MULTILINE)
    marked_up = [document for document in docstrings.data if pattern.search(document)]
    # The sources hold a few misprints, such as a formula that is never closed.
    assert len(marked_up) <= 0.001 * len(docstrings.data)


def test_documents_read_as_english(docstrings):
    words = " ".join(docstrings.data).lower().split()
    # The most frequent word of running English makes up about 6 % of it.
    assert 0.04 < words.count("the") / len(words) < 0.09


def test_loading_again_gives_the_same_text_and_separate_objects(docstrings):
    again = load_docstrings()
    assert again.data == docstrings.data
    np.testing.assert_array_equal(again.target, docstrings.target)
    assert again.data is not docstrings.data
    assert again.target is not docstrings.target


def test_return_X_y_returns_a_tuple(docstrings):
    X, y = load_docstrings(return_X_y=True)
    assert docstrings.data == X
    np.testing.assert_array_equal(y, docstrings.target)


def test_description_gives_versions_size_and_license(docstrings):
    assert f"numpy {np.__version__}" in docstrings.DESCR
    assert f"{len(docstrings.data)} documents" in docstrings.DESCR
    assert "BSD" in docstrings.DESCR


def test_a_plain_pipeline_classifies_them_with_few_labels(scipy_docstrings):
    X, y = scipy_docstrings
    embedder = SpectralEmbedder(20, max_features=1000, random_state=0).fit(X)
    # frozen, so that both pipelines share the vectors of all documents
    scaled, unscaled = (
        make_pipeline(FrozenEstimator(each), LogisticRegression()).fit(X[:N_LABELS], y[:N_LABELS])
        for each in (embedder, copy(embedder).set_params(norm=None))
    )
    accuracy = scaled.score(X[N_LABELS:], y[N_LABELS:])
    # 0.82 and 0.52 when this was written; the most frequent package has half of the documents
    assert accuracy > 0.75
    assert accuracy > unscaled.score(X[N_LABELS:], y[N_LABELS:]) + 0.2
