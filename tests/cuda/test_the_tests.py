"""What the tests of the kernels would catch: planted races, reads out of bounds and wrong indices."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile

import numpy as np
import pytest
from cupy_standin import SHIM, CudaSimulationError, compile_program
from scipy import sparse

from sk_w2v._backends import reference
from sk_w2v._backends.cuda import sgns
from sk_w2v._backends.cuda.device import Kernels
from sk_w2v._backends.noise import AliasTable

MAIN = SHIM.with_name("sanitized_main.cpp").read_text()
PARTS = "PARTS_IN_REGISTERS"  # the vectors of `sanitized_main.cpp` have two
SOURCES = {file: Kernels(file).source() for file in ("counting", "draws", "least_squares", "products")}
SOURCES |= {"sgns": Kernels("sgns", ((PARTS, 2),)).source(), "sgns, in shared": Kernels("sgns", ((PARTS, 0),)).source()}

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="there is no g++ to compile the kernels with")


def planted(file, found, put):
    """Return a file's source with one place changed."""
    source = SOURCES[file]
    assert source.count(found) == 1, found
    return source.replace(found, put)


def run_sanitized(file, source, sanitizer):
    """Run a file's kernels under a sanitizer, a thread of the system for each CUDA thread."""
    flags = ("-DTHREADS", f"-D{file}", "-pthread", "-g", "-O0", f"-fsanitize={sanitizer}")
    run = subprocess.run([compile_program(source + MAIN, flags)], capture_output=True, text=True, check=False)
    if "unexpected memory mapping" in run.stderr:
        pytest.skip("this system lays memory out as the thread sanitizer cannot use it")
    return run


@pytest.mark.parametrize("sanitizer", ["thread", "address"])
@pytest.mark.parametrize("name", SOURCES)
def test_the_kernels_have_no_race_and_stay_in_their_arrays(name, sanitizer):
    run = run_sanitized(name.partition(",")[0], SOURCES[name], sanitizer)
    assert run.returncode == 0, run.stderr


RACES = {
    "a block's sums": ("products", "    __syncthreads();\n", ""),
    "a window's words": ("sgns", "    __syncwarp();  // all lanes have read the gradients and the words\n", ""),
}


@pytest.mark.parametrize("race", RACES.values(), ids=list(RACES))
def test_a_barrier_left_out_is_a_race_that_is_found(race):
    run = run_sanitized(race[0], planted(*race), "thread")
    assert run.returncode != 0
    assert "data race" in run.stderr


REACHING_BEYOND = {
    "an array": ("counting", "cells_p[index] = ", "cells_p[index + 7] = "),
    "a vector": ("sgns", "if (column >= pass.width) break;\n        float4 moves", "float4 moves"),
    "shared memory": (
        "products",
        "sums[threadIdx.y * 32 + threadIdx.x] = sum;",
        "sums[threadIdx.y * 40 + threadIdx.x] = sum;",
    ),
}


@pytest.mark.parametrize("change", REACHING_BEYOND.values(), ids=list(REACHING_BEYOND))
def test_reaching_beyond_memory_is_found(change):
    run = run_sanitized(change[0], planted(*change), "address")
    assert run.returncode != 0
    assert "AddressSanitizer" in run.stderr


# --- wrong results -------------------------------------------------------------------------------


def multiply(backend):
    matrix = sparse.csr_array(np.random.default_rng(0).standard_normal((9, 9)).astype(np.float32))
    block = np.random.default_rng(1).standard_normal((9, 40)).astype(np.float32)
    return to_host(backend.matmat(matrix, backend.xp.asarray(block)))


def count(backend):
    ids, offsets = np.array([0, 1, 2, 3, 2, 1, 0, 3], np.int32), np.array([0, 5, 8])
    return np.concatenate(backend.count_pairs(ids, offsets, np.array([3, 2, 1]), n_words=4))


def train(backend):
    rng = np.random.default_rng(0)
    words, contexts = rng.standard_normal((2, 4, 16)).astype(np.float32)
    thresholds, alternatives = np.full(4, 2**31, np.uint32), np.array([1, 2, 3, 0], np.uint32)
    backend.train_tokens(
        words, contexts, rng.integers(0, 4, 30).astype(np.int32), np.array([0, 20, 30]),
        keep_w=np.full(4, 2**32 - 1, np.uint32), noise=AliasTable(thresholds, alternatives),
        reach_o=np.array([2**32, 2**31], np.uint64), negative=2, learning_rates=(0.1, 0.05), stream=np.uint64(9),
    )  # fmt: skip
    return words + contexts


def to_host(array):
    return array if isinstance(array, np.ndarray) else array.get()


def is_right(backend, compute, monkeypatch):
    """Tell whether the CUDA backend computes what the reference does, as nearly as its tests ask."""
    monkeypatch.setattr(sgns, "WARPS_PER_BLOCK", 1)
    found, defined = compute(backend), compute(reference)
    return found.shape == defined.shape and np.allclose(found, defined, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("compute", [multiply, count, train])
def test_unchanged_kernels_are_right(standin_backend, compute, monkeypatch):
    assert is_right(standin_backend, compute, monkeypatch)


WRONG = [
    (multiply, "products", "indices[entry] * n_columns + column", "indices[entry] * n_columns + threadIdx.x"),
    (count, "counting", "weights_o[abs(distance) - 1]", "weights_o[abs(distance) % window]"),
    (count, "counting", "document_t[other] != document_t[center]", "false"),
    (train, "sgns", "neighbor += neighbor == center;", ""),
    (train, "sgns", "moves[i]);\n    }", "moves[0]);\n    }"),
]


@pytest.mark.parametrize(("compute", "file", "found", "put"), WRONG)
def test_a_wrong_index_or_number_is_found(standin_backend, compute, file, found, put, monkeypatch):
    plant(monkeypatch, file, found, put)
    assert not is_right(standin_backend, compute, monkeypatch)


def plant(monkeypatch, file, found, put):
    """Let the backend run a file's kernels with one place changed."""
    changed, unchanged = planted(file, found, put), Kernels.source
    monkeypatch.setattr(Kernels, "source", lambda self: changed if self.name == file else unchanged(self))


# --- programs are the user's own ---


@pytest.mark.parametrize("planted", ["open to all", "of another user", "a link"])
def test_programs_of_a_folder_that_others_can_write_to_are_refused(planted, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / f"sk_w2v-cuda-{os.getuid()}"
    if planted == "open to all":
        folder.mkdir()
        folder.chmod(0o777)
    elif planted == "of another user":
        owner = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    else:
        folder.symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(PermissionError, match=r"not a folder that belongs to you .*set TMPDIR"):
        compile_program("int main() { return 0; }", ())


# --- the stand-in is strict ----------------------------------------------------------------------


def test_a_barrier_that_some_threads_never_reach_is_found(standin_backend, monkeypatch):
    plant(monkeypatch, "products", "    __syncthreads();\n", "    if (threadIdx.y > 0) __syncthreads();\n")
    with pytest.raises(CudaSimulationError, match="not all of its threads reach a barrier"):
        multiply(standin_backend)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        (4, "argument 0 is 4, of another type than declared"),
        (np.int64(4), "argument 0 is .*4.*, of another type than declared"),
        (np.zeros(4, np.int64), "argument 0 is .*, of another type than declared"),
    ],
)
def test_a_kernel_is_given_what_it_declares(cupy, argument, message):
    with pytest.raises(CudaSimulationError, match=message):
        Kernels("products").launch("csr_times_dense", (1,), (32,), argument, *(np.int32(0),) * 5)


def test_device_arrays_do_not_become_host_arrays_unasked(cupy):
    array = cupy.asarray(np.ones(3))
    with pytest.raises(TypeError, match="Implicit conversion to a NumPy array is not allowed"):
        np.asarray(array)
    for mix in (lambda: array + np.ones(3), lambda: np.ones(3) + array, lambda: cupy.where(np.ones(3), array, array)):
        with pytest.raises(TypeError):
            mix()
