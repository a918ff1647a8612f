"""The dense algebra in a strict array API, on a device that is not its default.

`array_api_strict` has what the standard has and nothing else. Its arrays on "device1" do not become NumPy arrays, and
do not mix with arrays of another device: whatever passes here takes the arrays of any library and device.
"""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import array_api_strict
import numpy as np
import pytest
from scipy import sparse
from solver_runs import descend

from sk_w2v import dynamics
from sk_w2v._array_api import asarray_like, to_numpy
from sk_w2v.corpus import Vocabulary
from sk_w2v.datasets import AnalogyQuestions, SimilarityPairs
from sk_w2v.factorization import _eigenpairs as factorization
from sk_w2v.factorization import top_eigenpairs
from sk_w2v.metrics import analogy_accuracy, similarity_correlation, subspace_agreement
from sk_w2v.pooling import POOLINGS
from sk_w2v.postprocessing import COMBINATIONS, postprocess
from sk_w2v.solvers._pair_weights import PairWeights
from sk_w2v.targets import Target

DEVICE = array_api_strict.Device("device1")
EIGENVALUES = np.array([4.0, 2.0, 0.5])


def placed(values):
    """Return an array on the device."""
    return array_api_strict.asarray(values, device=DEVICE)


def is_placed(array):
    return isinstance(array, type(placed(0.0))) and array.device == DEVICE


def assert_same(found, expected, **tolerance):
    """Check that arrays lie on the device and equal NumPy's."""
    found, expected = (each if isinstance(each, tuple) else (each,) for each in (found, expected))
    for array, same in zip(found, expected, strict=True):
        assert is_placed(array)
        assert to_numpy(array).dtype == same.dtype
        np.testing.assert_allclose(to_numpy(array), same, **tolerance)


@pytest.fixture
def device_backend():
    """A backend whose namespace makes its arrays on the device, as CuPy does, and with the host's sparse product."""
    namespace = SimpleNamespace(**{name: getattr(array_api_strict, name) for name in array_api_strict.__all__})
    for name in ("asarray", "empty", "zeros"):
        setattr(namespace, name, partial(getattr(array_api_strict, name), device=DEVICE))

    def matmat(matrix, block, *, n_jobs=1):
        assert is_placed(block)
        return placed((matrix @ to_numpy(block)).astype(np.float32))

    return SimpleNamespace(xp=namespace, matmat=matmat, place_matrix=lambda matrix: matrix)


def test_the_strict_device_refuses_mixed_devices():
    with pytest.raises(RuntimeError, match="device"):
        np.asarray(placed(EIGENVALUES))
    with pytest.raises(ValueError, match="device"):
        placed(EIGENVALUES) + array_api_strict.asarray(EIGENVALUES)
    with pytest.raises((TypeError, RuntimeError), match=r"Expected Array or Python scalar|device"):  # newer, older
        placed(EIGENVALUES) * np.float32(2)


# --- dynamics ------------------------------------------------------------------------------------

CURVES = {
    "modes at the end": lambda e: dynamics.squared_singular_values(e),
    "modes at a time": lambda e: dynamics.squared_singular_values(e, time=1.5),
    "modes at times": lambda e: dynamics.squared_singular_values(e, time=[0.0, 1.0, 9.0], init_scale=[0.1, 0.2, 0.3]),
    "modes at a grid": lambda e: dynamics.squared_singular_values(e, time=asarray_like([[0.0, 1.0], [2.0, 3.0]], e)),
    "learning times": lambda e: dynamics.learning_times(e, init_scale=0.1),
    "time constants": dynamics.time_constants,
    "untied modes": lambda e: dynamics.untied_singular_values(e, time=[0.5, 2.0], word_scale=0.1),
    "untied learning times": lambda e: dynamics.untied_learning_times(e, context_scale=0.01),
    "error": lambda e: dynamics.squared_error(e, dynamics.squared_singular_values(e, time=[0.1, 1.0])),
    "error beside others": lambda e: dynamics.squared_error(e, e / 2, squared_norm=30.0),
    "rank": lambda e: dynamics.effective_rank(dynamics.squared_singular_values(e, time=[0.1, 1.0])),
}


@pytest.mark.parametrize("curve", CURVES.values(), ids=list(CURVES))
def test_curves_are_computed_on_the_device_of_the_eigenvalues(curve):
    assert_same(curve(placed(EIGENVALUES)), curve(EIGENVALUES), rtol=1e-12)


@pytest.mark.parametrize("power", [0.5, 0.0, 1.0])
def test_vectors_at_a_time_are_on_the_device_of_the_eigenvectors(power):
    vectors = np.random.default_rng(0).standard_normal((7, 3)).astype(np.float32)
    flow = partial(dynamics.gradient_flow, time=0.7, eigenvalue_exponent=power)
    expected = flow(EIGENVALUES, vectors)
    assert_same(flow(placed(EIGENVALUES), placed(vectors)), expected, rtol=1e-12)
    assert_same(flow(EIGENVALUES, placed(vectors)), expected, rtol=1e-12)


def test_the_flow_from_any_start_is_on_the_device_of_the_eigenvectors():
    vectors, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((7, 3)))
    start = vectors @ np.random.default_rng(1).standard_normal((3, 2))
    expected = dynamics.riccati_vectors(EIGENVALUES, vectors, start, time=0.3)
    found = dynamics.riccati_vectors(placed(EIGENVALUES), placed(vectors), placed(start), time=0.3)
    assert_same(found, expected, atol=1e-12)
    coordinates = vectors.T @ start
    error = dynamics.flow_error(placed(EIGENVALUES), placed(coordinates))
    assert error == pytest.approx(dynamics.flow_error(EIGENVALUES, coordinates))


# --- vectors -------------------------------------------------------------------------------------

RNG = np.random.default_rng(0)
EMBEDDING = np.vstack([RNG.standard_normal((11, 4)), np.zeros((1, 4))]).astype(np.float32)
COUNTS = RNG.poisson(0.4, (9, 12)).astype(np.float32)
COUNTS[4] = 0  # a document without words
WORDS = Vocabulary(np.array(list("abcdefghijkl"), dtype=object), np.arange(12, 0, -1) ** 3, np.arange(12, 0, -1), 12)


@pytest.mark.parametrize("name", list(POOLINGS))
def test_document_vectors_are_on_the_device_of_the_word_vectors(device_backend, name):
    bags = sparse.csr_array(COUNTS)
    pooled = POOLINGS[name](bags, placed(EMBEDDING), WORDS, product=device_backend.matmat)
    assert_same(pooled, POOLINGS[name](bags, EMBEDDING, WORDS), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("options", [{}, {"center": True}, {"center": True, "n_removed": 2}])
@pytest.mark.parametrize("combine", list(COMBINATIONS))
def test_vectors_are_postprocessed_on_their_device(combine, options):
    pair = EMBEDDING, EMBEDDING[::-1].copy()
    expected = postprocess(*pair, combine=combine, **options)
    assert_same(postprocess(*map(placed, pair), combine=combine, **options), expected, atol=1e-5)


# --- solvers -------------------------------------------------------------------------------------


def planted_target(n_words):
    """Return a sparse target on a background, with more small eigenvalues than large ones."""
    rng = np.random.default_rng(0)
    factors = rng.standard_normal((n_words, 6)) * (rng.random((n_words, 6)) < 0.1)
    return Target(sparse.csr_array((factors @ factors.T).astype(np.float32)), background=-2.0)


@pytest.mark.parametrize("solver", ["dense", "krylov"])
def test_eigenpairs_are_computed_on_the_device(device_backend, solver, monkeypatch):
    monkeypatch.setattr(factorization, "DENSE_UP_TO", 10**6 if solver == "dense" else 0)
    target = planted_target(500)
    found, expected = (top_eigenpairs(target, 4, tol=1e-4, backend=each) for each in (device_backend, None))
    assert (found.n_iter > 1) == (solver == "krylov")
    np.testing.assert_allclose(found.eigenvalues, expected.eigenvalues, rtol=1e-5)
    # Residuals of 1e-4 over gaps of a few percent of the eigenvalues.
    np.testing.assert_allclose(found.eigenvectors, expected.eigenvectors, atol=1e-2)


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("loss", ["quartic", "logistic"])
def test_gradient_descent_runs_on_the_device(device_backend, loss, tied):
    positive = sparse.csr_array(RNG.poisson(1.0, (8, 8)).astype(np.float32))
    positive = positive + positive.T
    ones = np.ones((8, 1))
    weights = PairWeights(positive.indptr, positive.indices, positive.data, 2 * positive.data, ones, ones)
    start = 0.1 * RNG.standard_normal((2, 8, 3)).astype(np.float32)
    options = {"loss": loss, "tied": tied, "learning_rate": 0.1, "max_iter": 20}
    found, expected = (descend(weights, *start, **options, backend=each) for each in (device_backend, None))
    np.testing.assert_allclose(found.losses, expected.losses, rtol=1e-5)
    np.testing.assert_allclose(found.words, expected.words, atol=1e-5)


# --- metrics -------------------------------------------------------------------------------------

VECTORS = RNG.standard_normal((40, 5)).astype(np.float32)
VECTORS[3::4] = VECTORS[2::4] + VECTORS[1::4] - VECTORS[0::4]  # so that most answers are right
NAMES = np.array([f"w{row}" for row in range(40)], dtype=object)
ROWS = {name: row for row, name in enumerate(NAMES)}


@pytest.mark.parametrize("method", ["3cosadd", "3cosmul", "pairdirection", "3cosavg", "lrcos"])
def test_analogies_are_answered_on_the_device_of_the_vectors(method):
    # Leaving words out of the answers writes to single places, which the standard does not have and CuPy has.
    questions = AnalogyQuestions(NAMES.reshape(10, 4), np.repeat(["a", "b"], 5))
    options = {"method": method, "exclude_inputs": False}
    found, same = (analogy_accuracy(each, ROWS, questions, **options) for each in (placed(VECTORS), VECTORS))
    assert found == same


def test_similarity_and_agreement_are_computed_on_the_device_of_the_vectors():
    pairs = SimilarityPairs(NAMES.reshape(20, 2), RNG.random(20))
    found, same = (similarity_correlation(each, ROWS, pairs).value for each in (placed(VECTORS), VECTORS))
    assert found == pytest.approx(same)
    found, same = (subspace_agreement(each[:, :3], each[:, 2:]) for each in (placed(VECTORS), VECTORS))
    assert found == pytest.approx(same)
