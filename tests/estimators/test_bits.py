"""The same bits for any number of threads, ours and BLAS's, of every estimator and solver."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.base import clone
from solver_runs import least_squares
from threadpoolctl import threadpool_info, threadpool_limits

from sk_w2v import (
    ALSEmbedder,
    CommonComponentRemover,
    EmbeddingUnion,
    PretrainedEmbedder,
    SGNSEmbedder,
    SpectralEmbedder,
)
from sk_w2v._backends import dense
from sk_w2v.factorization import _eigenpairs
from sk_w2v.io import WordVectors
from sk_w2v.pooling import POOLINGS

N_WORDS = 330
SETTINGS = [(1, 2), (3, 2)]  # threads of ours and of BLAS, beside (1, 1)

SGNS = {"n_components": 8, "min_count": 1, "subsample": 0, "max_iter": 2, "random_state": 0}
ESTIMATORS = {
    "closed form": SpectralEmbedder(8, min_count=1, random_state=0),
    "closed form, Krylov": SpectralEmbedder(8, min_count=1, random_state=0),
    "sgd": SGNSEmbedder(**SGNS, n_replicas=1),
    "sgd, copies": SGNSEmbedder(**SGNS, n_replicas=3),
    "sgd from the closed form": SGNSEmbedder(**SGNS, init="spectral", combine="sum"),
    "gd": SGNSEmbedder(**SGNS, solver="gd"),
    "gd, quartic, tied": SGNSEmbedder(**SGNS, solver="gd", loss="quartic", tied=True),
    "als": ALSEmbedder(**SGNS, alpha=0.1),
    "als, logistic": ALSEmbedder(**SGNS, loss="logistic"),
    "als, quartic, tied": SGNSEmbedder(**SGNS, solver=least_squares, loss="quartic", tied=True),
    "als, uniform": SGNSEmbedder(**SGNS, solver=least_squares, weighting="uniform"),
    "union": EmbeddingUnion([("one", SpectralEmbedder(8, min_count=1)), ("two", SGNSEmbedder(**SGNS))], n_components=9),
}


@pytest.fixture(scope="module")
def texts():
    """Documents of Zipf's words, of which neighbors in rank stand together."""
    rng = np.random.default_rng(0)
    shares = 1 / np.arange(1, N_WORDS + 1) ** 0.7
    drawn = rng.choice(N_WORDS, (150, 40), p=shares / shares.sum())
    return [[f"w{(word + document) % N_WORDS}" for word in row] for document, row in enumerate(drawn)]


@pytest.fixture
def estimator(request, monkeypatch):
    """An estimator by name, whose arrays are cut into several pieces though they are small."""
    monkeypatch.setattr(dense, "PIECE_WORK", 1 << 12)
    monkeypatch.setattr(dense, "FEWEST_ROWS", 60)
    if "Krylov" in request.param:
        monkeypatch.setattr(_eigenpairs, "DENSE_UP_TO", 0)
    return clone(ESTIMATORS[request.param])


def with_threads(estimator, n_jobs):
    """Return an unfitted copy whose parameters `n_jobs`, at any depth, are set."""
    names = [name for name in estimator.get_params() if name.rpartition("__")[2] == "n_jobs"]
    return clone(estimator).set_params(**dict.fromkeys(names, n_jobs))


def bits_of(estimator) -> dict[str, bytes]:
    """Return the bytes of each fitted number and array."""
    fitted = {name: value for name, value in vars(estimator).items() if name.endswith("_")}
    return {
        name: np.asarray(value).tobytes()
        for name, value in fitted.items()
        if isinstance(value, np.ndarray | float) and np.asarray(value).dtype != object
    }


def every_estimator(test):
    """Run a test for all of them."""
    return pytest.mark.parametrize("estimator", ESTIMATORS, indirect=True)(test)


@every_estimator
def test_a_fit_does_not_depend_on_threads(estimator, texts):
    with threadpool_limits(1, user_api="blas"):
        expected = bits_of(with_threads(estimator, 1).fit(texts))
    assert "embedding_" in expected
    for n_jobs, blas in SETTINGS:
        with threadpool_limits(blas, user_api="blas"):
            assert bits_of(with_threads(estimator, n_jobs).fit(texts)) == expected, (n_jobs, blas)


@pytest.mark.parametrize("estimator", ["closed form, Krylov", "als", "gd"], indirect=True)
def test_fits_at_once_give_the_same_bits_and_restore_the_threads(estimator, texts):
    def blas_threads():
        return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]

    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        alone = bits_of(with_threads(estimator, 2).fit(texts))
        fitted = [with_threads(estimator, n_jobs) for n_jobs in (1, 2, 3)]
        threads = [threading.Thread(target=each.fit, args=(texts,)) for each in fitted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert blas_threads() == before
    assert all(bits_of(each) == alone for each in fitted)


@pytest.mark.parametrize("estimator", ["closed form, Krylov"], indirect=True)
def test_threads_of_a_joblib_context_give_the_same_bits(estimator, texts):
    alone = bits_of(with_threads(estimator, 1).fit(texts))
    with parallel_config("threading", n_jobs=3):
        assert bits_of(with_threads(estimator, None).fit(texts)) == alone


@pytest.mark.parametrize("pooling", POOLINGS)
def test_transform_and_score_do_not_depend_on_threads(pooling, texts):
    found = []
    for n_jobs, blas in [(1, 1), *SETTINGS]:
        with threadpool_limits(blas, user_api="blas"):
            fitted = SpectralEmbedder(8, min_count=1, pooling=pooling, n_jobs=n_jobs).fit(texts)
            vectors = fitted.transform(texts)
            without = CommonComponentRemover(2).fit_transform(vectors)
            found.append((vectors.tobytes(), without.tobytes(), fitted.score(texts)))
    assert len(set(found)) == 1


def test_given_vectors_do_not_depend_on_threads(texts):
    vectors = np.random.default_rng(0).standard_normal((N_WORDS, 30)).astype(np.float32)
    words = [f"w{row}" for row in range(N_WORDS)]
    found = []
    for n_jobs, blas in [(1, 1), *SETTINGS]:
        with threadpool_limits(blas, user_api="blas"):
            fitted = PretrainedEmbedder(WordVectors(words, vectors), n_jobs=n_jobs).fit(texts)
            found.append((fitted.transform(texts).tobytes(), fitted.score(texts), str(fitted.most_similar("w3"))))
    assert len(set(found)) == 1
