"""Which backend is chosen, and what is said where a GPU, its driver or CuPy is missing."""

from __future__ import annotations

import inspect
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from cupy_standin import make_cupy
from scipy import sparse

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v._backends import backend_name, cuda, get_backend, reference

DOCUMENTS = ["tea cup tea pot", "pen ink pen paper"] * 5


FUNCTIONS = ["tokenize_blocks", "count_pairs", "place_matrix", "matmat", "pair_products", "quartic_sum", "solve_rows"]
FUNCTIONS += ["train_tokens"]


def cupy_without_device(driver_version):
    """Return what CuPy is where it finds no device."""
    runtime = SimpleNamespace(driverGetVersion=lambda: driver_version)
    return SimpleNamespace(is_available=lambda: False, cuda=SimpleNamespace(runtime=runtime), __version__="14.0.0")


def test_the_cuda_backend_is_found_by_its_name(standin_backend, cupy):
    assert backend_name(standin_backend) == "cuda"
    assert standin_backend.xp is cupy


@pytest.mark.parametrize("function", FUNCTIONS)
def test_its_functions_have_the_reference_s_parameters(function):
    def parameters(module):
        signature = inspect.signature(getattr(module, function))
        return [(each.name, each.kind, each.default) for each in signature.parameters.values()]

    assert parameters(cuda) == parameters(reference)


def test_auto_does_not_look_for_a_gpu(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    assert backend_name(get_backend("auto")) == "cpu"


@pytest.mark.parametrize("embedder_class", [SpectralEmbedder, SGNSEmbedder])
def test_without_cupy_the_error_says_how_to_install_it(monkeypatch, embedder_class):
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(ImportError, match=r'backend="cuda" needs CuPy.*pip install "sk-w2v\[cuda12\]".*backend="cpu"'):
        embedder_class(2, min_count=1, backend="cuda").fit(DOCUMENTS)


@pytest.mark.parametrize(
    ("driver_version", "message"),
    [
        (0, "there is no NVIDIA driver on this machine"),
        (11_040, r"its driver serves CUDA 11\.4; install a driver for CUDA 12\.0 or newer"),
        (12_090, r"CuPy 14\.0\.0 reaches no device, with a driver for CUDA 12\.9; .*CUDA_VISIBLE_DEVICES"),
    ],
)
def test_without_a_device_the_error_says_what_is_missing(monkeypatch, driver_version, message):
    monkeypatch.setitem(sys.modules, "cupy", cupy_without_device(driver_version))
    with pytest.raises(RuntimeError, match=rf'backend="cuda" finds no GPU: {message}.*or use backend="cpu"'):
        SpectralEmbedder(2, min_count=1, backend="cuda").fit(DOCUMENTS)


def test_a_device_without_memory_is_given_less_at_a_time_and_then_refused(monkeypatch, cupy, standin_backend):
    ids, offsets, weights = np.zeros(1000, np.int32), np.array([0, 1000]), np.ones(2, np.int64)
    tried = []

    def too_large(*_, **options):
        tried.append(options)
        raise cupy.cuda.memory.OutOfMemoryError("Out of memory allocating 8 bytes.")

    monkeypatch.setattr(cupy, "zeros", too_large)
    with pytest.raises(MemoryError, match=r'not enough memory .*lower max_features, or use backend="cpu"'):
        standin_backend.count_pairs(ids, offsets, weights, n_words=1)
    assert len(tried) > 1


def test_a_matrix_too_large_for_the_device_is_refused(monkeypatch, standin_backend):
    monkeypatch.setitem(sys.modules, "cupy", make_cupy(most_bytes=100))
    matrix = sparse.csr_array(np.ones((20, 20), np.float32))
    with pytest.raises(MemoryError, match=r'not enough memory \(.*\); lower max_features .*, or use backend="cpu"'):
        standin_backend.place_matrix(matrix)


def test_what_the_backend_has_not_is_refused(standin_backend):
    with pytest.raises(AttributeError, match='backend="cuda" has no \'dream\'; use backend="cpu"'):
        standin_backend.dream()
