"""The kernels at every vector width that this processor can run, each forced on a process of its own."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from llvmlite import binding

ROOT = Path(__file__).parents[2]
FORCED = {"x86-64": None, "haswell": "avx2", "skylake-avx512": "avx512f"}  # what it is called, what it needs
RUN = """
import sys
import numpy as np
from scipy import sparse
from sk_w2v._backends import get_backend
from sk_w2v._backends.randomness import epoch_stream
from sk_w2v.solvers._sampling import make_sampling

backend = get_backend(sys.argv[1])
rng = np.random.default_rng(0)
ids, offsets = rng.integers(0, 30, 120).astype(np.int32), np.array([0, 50, 50, 120])
counts = np.bincount(ids, minlength=30) + 1
sampling = make_sampling(counts, counts / counts.sum(), window=4, negative=5, subsample=0.0)
words, contexts, others = rng.standard_normal((3, 30, 48)).astype(np.float32)
matrix = sparse.csr_array((rng.random((30, 30)) * (rng.random((30, 30)) < 0.3)).astype(np.float32))
product = backend.matmat(matrix, others)
pairs = backend.pair_products(matrix.indptr, matrix.indices, words, others)
solved = backend.solve_rows(
    words, others, matrix.indptr, matrix.indices, matrix.data, 2 * matrix.data, right_wd=contexts,
    background_wr=np.ones((30, 1)), grams_rdd=(others.T @ others)[None], ridge_w=np.ones(30), n_steps=2,
)
backend.train_tokens(
    words, contexts, ids, offsets, keep_w=sampling.keep, noise=sampling.noise, reach_o=sampling.reach, negative=5,
    learning_rates=(0.1, 0.02), stream=epoch_stream(5, 0),
)
np.savez(sys.argv[2], words=words, contexts=contexts, product=product, pairs=pairs, solved=solved)
"""


def results(backend: str, path: Path, **environment: str) -> dict[str, np.ndarray]:
    """Return what the kernels compute in a process with an environment of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(path.parent / "cache"), **environment}
    subprocess.run([sys.executable, "-c", RUN, backend, str(path)], env=environment, check=True)
    return dict(np.load(path))


@pytest.mark.parametrize("processor", list(FORCED))
def test_every_width_computes_what_the_reference_does(processor, tmp_path):
    if platform.machine().lower() not in ("x86_64", "amd64"):
        pytest.skip(f"{platform.machine()} has one width of vectors, which all other tests run")
    needed = FORCED[processor]
    if needed and not binding.get_host_cpu_features().get(needed):
        pytest.skip(f"this processor has no {needed}")
    forced = results("cpu", tmp_path / "forced.npz", NUMBA_CPU_NAME=processor, NUMBA_CPU_FEATURES="")
    expected = results("reference", tmp_path / "reference.npz")
    for name, array in expected.items():
        np.testing.assert_allclose(forced[name], array, rtol=1e-4, atol=1e-4, err_msg=name)
