"""`SpectralEmbedder(backend="cuda")` run whole, on real text, equal to the CPU's."""

from __future__ import annotations

import numpy as np
import pytest

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.factorization import _eigenpairs as factorization


@pytest.fixture(scope="module")
def docstrings():
    """Real text: two hundred docstrings."""
    return load_docstrings().data[:200]


@pytest.mark.parametrize("target", ["mstar", "ppmi"])
@pytest.mark.parametrize("solver", ["dense", "krylov"])
def test_the_closed_form_of_real_text_is_that_of_the_cpu(backend, docstrings, solver, target, monkeypatch):
    monkeypatch.setattr(factorization, "DENSE_UP_TO", 0 if solver == "krylov" else 10**6)
    # A tight tolerance, since eigenvectors differ by the residual over the gap between eigenvalues.
    options = {"n_components": 6, "max_features": 600, "target": target, "tol": 1e-3, "random_state": 0}
    on_device, on_cpu = (SpectralEmbedder(**options, backend=name).fit(docstrings) for name in ("cuda", "cpu"))
    assert (on_device.backend_, on_cpu.backend_) == ("cuda", "cpu")
    assert (on_device.n_iter_ > 1) == (solver == "krylov")
    np.testing.assert_allclose(on_device.eigenvalues_, on_cpu.eigenvalues_, rtol=1e-4)
    np.testing.assert_allclose(on_device.embedding_, on_cpu.embedding_, atol=1e-2)
    assert on_device.residuals_.max() < 1e-3
    for fitted in (on_device.embedding_, on_device.eigenvalues_, on_device.residuals_):
        assert type(fitted) is np.ndarray
    np.testing.assert_allclose(on_device.transform(docstrings[:5]), on_cpu.transform(docstrings[:5]), atol=1e-2)


def test_directions_that_have_died_out_are_replaced_on_the_device(backend, monkeypatch):
    # A target of rank 3: the first block of 32 columns already holds all that there is.
    monkeypatch.setattr(factorization, "DENSE_UP_TO", 0)
    documents = [" ".join(["tea cup", "pen ink", "sun moon"][i % 3].split() * 3) for i in range(60)]
    documents += [f"rare{i} rare{i + 1}" for i in range(0, 1000, 2)] * 2
    fitted = [
        SpectralEmbedder(3, target="ppmi", min_count=1, random_state=0, backend=name, tol=1e-3).fit(documents)
        for name in ("cuda", "cpu")
    ]
    np.testing.assert_allclose(fitted[0].eigenvalues_, fitted[1].eigenvalues_, rtol=1e-4)
