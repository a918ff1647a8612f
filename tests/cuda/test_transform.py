"""What is done with fitted vectors on the device: documents and analogies, where scikit-learn takes arrays of it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import config_context

from sk_w2v import PretrainedEmbedder, SpectralEmbedder, scorers
from sk_w2v.datasets import AnalogyQuestions, SimilarityPairs, load_docstrings
from sk_w2v.io import WordVectors
from sk_w2v.metrics import ANALOGY_METHODS, analogy_accuracy, similarity_correlation, subspace_agreement
from sk_w2v.pooling import POOLINGS


@pytest.fixture
def dispatching(monkeypatch):
    """Let scikit-learn take arrays of any library."""
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")  # scikit-learn looks for it
    with config_context(array_api_dispatch=True):
        yield


@pytest.fixture(scope="module")
def docstrings():
    """Real text: two hundred docstrings, and one without a known word."""
    return [*load_docstrings().data[:200], "qwxyz"]


@pytest.mark.parametrize("norm", [None, "l2"])
@pytest.mark.parametrize("pooling", list(POOLINGS))
@pytest.mark.filterwarnings("ignore:1 of 201 documents")
def test_documents_come_as_device_arrays_if_asked_for(backend, docstrings, pooling, norm, dispatching):
    embedder = SpectralEmbedder(6, max_features=300, backend="cuda", pooling=pooling, norm=norm).fit(docstrings)
    on_device = embedder.transform(docstrings)
    with config_context(array_api_dispatch=False):
        on_host = embedder.transform(docstrings)
    assert isinstance(on_device, backend.xp.ndarray)
    assert type(on_host) is np.ndarray
    assert on_device.dtype == on_host.dtype == np.float32
    # The same sums of some hundred float32 numbers, in another order.
    np.testing.assert_allclose(on_device.get(), on_host, rtol=1e-4, atol=1e-5)


@pytest.mark.filterwarnings("ignore:1 of 201 documents")
def test_tables_are_made_on_the_host(standin_backend, docstrings, dispatching):
    embedder = SpectralEmbedder(6, max_features=300, backend="cuda").fit(docstrings)
    table = embedder.set_output(transform="pandas").transform(docstrings)
    assert list(table.columns) == list(embedder.get_feature_names_out())


def test_the_cpu_s_models_stay_on_the_host(dispatching):
    vectors = WordVectors(np.array(["tea", "cup"], dtype=object), np.eye(2, dtype=np.float32))
    assert type(PretrainedEmbedder(vectors, pooling="mean").fit().transform(["tea cup"])) is np.ndarray


RNG = np.random.default_rng(0)
WORDS = np.array([f"w{i}" for i in range(60)], dtype=object)
VECTORS = RNG.standard_normal((60, 8)).astype(np.float32)
VECTORS[3::4] = VECTORS[2::4] + VECTORS[1::4] - VECTORS[0::4] + 0.2 * VECTORS[3::4]  # so that some answers are right
QUESTIONS = AnalogyQuestions(WORDS.reshape(15, 4), np.repeat(["a", "b", "c"], 5))
VOCABULARY = {word: row for row, word in enumerate(WORDS)}


@pytest.mark.parametrize("exclude_inputs", [True, False])
@pytest.mark.parametrize("method", ANALOGY_METHODS)
def test_analogies_are_answered_on_the_device_as_on_the_host(backend, method, exclude_inputs):
    placed = backend.xp.asarray(VECTORS)
    options = {"method": method, "exclude_inputs": exclude_inputs}
    found = analogy_accuracy(placed, VOCABULARY, QUESTIONS, **options)
    assert found == analogy_accuracy(VECTORS, VOCABULARY, QUESTIONS, **options)


def test_similarity_and_agreement_take_device_arrays(backend):
    placed, pairs = backend.xp.asarray(VECTORS), SimilarityPairs(WORDS.reshape(30, 2), RNG.random(30))
    found, same = (similarity_correlation(vectors, VOCABULARY, pairs) for vectors in (placed, VECTORS))
    assert found.value == pytest.approx(same.value)
    assert subspace_agreement(placed[:, :3], placed[:, 1:]) == pytest.approx(
        subspace_agreement(VECTORS[:, :3], VECTORS[:, 1:])
    )


def test_the_analogy_scorer_works_on_the_device_if_asked_to(standin_backend, cupy, dispatching):
    embedder = PretrainedEmbedder(WordVectors(WORDS, VECTORS), backend="cuda").fit()
    scorer, before = scorers.AnalogyScorer(QUESTIONS), cupy.bytes_to_device
    score = scorer(embedder)
    assert cupy.bytes_to_device > before + VECTORS.nbytes
    with config_context(array_api_dispatch=False):
        before = cupy.bytes_to_device
        assert score == scorer(embedder)
        assert cupy.bytes_to_device == before
