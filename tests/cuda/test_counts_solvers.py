"""`SGNSEmbedder(backend="cuda")` on counts, by least squares and by gradient descent, run whole."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone

from sk_w2v import ALSEmbedder, SGNSEmbedder
from sk_w2v._backends import reference
from sk_w2v.datasets import load_docstrings

N_WORDS = 30


@pytest.fixture(params=[1, 6, 33, 130], ids="{} components".format)
def vectors(request):
    """Two arrays of word vectors."""
    return np.random.default_rng(1).standard_normal((2, N_WORDS, request.param)).astype(np.float32)


@pytest.fixture
def pattern():
    """A CSR pattern with empty rows, rows of one entry and longer ones than a block takes at once."""
    rng = np.random.default_rng(0)
    share = np.linspace(0, 1, N_WORDS)[:, np.newaxis]
    matrix = sparse.csr_array((rng.random((N_WORDS, N_WORDS)) < share).astype(np.float32))
    assert matrix.indptr[1] == 0
    return matrix.indptr, matrix.indices


def test_products_of_pairs_equal_the_reference(backend, pattern, vectors):
    found, defined = (each.pair_products(*pattern, *vectors) for each in (backend, reference))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, defined, atol=1e-4)  # sums of up to 130 products of order 1 in float32


def test_the_quartic_sum_equals_the_reference(backend, pattern, vectors):
    total, positive = np.random.default_rng(2).random((2, len(pattern[1]))).astype(np.float32)
    found, defined = (
        each.quartic_sum(*pattern, *vectors, total_p=total, positive_p=positive) for each in (backend, reference)
    )
    assert found == pytest.approx(defined, rel=1e-5)


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("n_steps", [0, 1, 3])
def test_rows_are_solved_as_the_reference_does(backend, pattern, vectors, rank, n_steps):
    rng = np.random.default_rng(3)
    slopes, constants = rng.random((2, len(pattern[1]))).astype(np.float32)
    n_components = vectors.shape[2]
    factors = rng.standard_normal((rank, n_components, n_components))
    options = {
        "right_wd": rng.standard_normal((N_WORDS, n_components)).astype(np.float32),
        "background_wr": rng.random((N_WORDS, rank)),
        "grams_rdd": factors @ factors.transpose(0, 2, 1) / n_components,
        "ridge_w": 1 + rng.random(N_WORDS),
        "n_steps": n_steps,
    }
    found, defined = (
        each.solve_rows(*vectors, *pattern, slopes, constants, **options) for each in (backend, reference)
    )
    # Conjugate gradients in float32 on problems whose condition is below a few hundred.
    np.testing.assert_allclose(found, defined, rtol=1e-3, atol=1e-3)


def test_rows_that_have_arrived_stay(backend, pattern):
    zeros = np.zeros((N_WORDS, 5), np.float32)
    others = np.ones((N_WORDS, 5), np.float32)
    nothing = np.zeros(len(pattern[1]), np.float32)
    solved = backend.solve_rows(
        zeros, others, *pattern, nothing, nothing, right_wd=zeros, background_wr=np.ones((N_WORDS, 1)),
        grams_rdd=np.zeros((1, 5, 5)), ridge_w=np.zeros(N_WORDS), n_steps=3,
    )  # fmt: skip
    assert np.array_equal(solved, zeros)


# --- the whole estimator -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def docstrings():
    """Real text: thirty docstrings."""
    return load_docstrings().data[:30]


@pytest.mark.parametrize(
    "embedder",
    [
        ALSEmbedder(loss="quartic"),
        ALSEmbedder(loss="logistic"),
        SGNSEmbedder(solver="gd", loss="quartic"),
        SGNSEmbedder(solver="gd", loss="quartic", tied=True),
        SGNSEmbedder(solver="gd", loss="logistic"),
    ],
    ids=str,
)
def test_counts_are_fitted_as_on_the_cpu(backend, docstrings, embedder):
    options = {"n_components": 8, "max_iter": 2, "max_features": 150, "random_state": 0, "window": 3}
    on_device, on_cpu = (
        clone(embedder).set_params(**options, backend=name).fit(docstrings) for name in ("cuda", "cpu")
    )
    assert on_device.backend_ == "cuda"
    np.testing.assert_allclose(on_device.loss_curve_, on_cpu.loss_curve_, rtol=1e-4)
    # Both are exact but for rounding, which least squares of nearly dependent directions magnify.
    np.testing.assert_allclose(on_device.embedding_, on_cpu.embedding_, atol=2e-2)
    for fitted in (on_device.embedding_, on_device.input_embedding_, on_device.context_embedding_):
        assert type(fitted) is np.ndarray
