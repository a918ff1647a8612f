"""The CUDA backend on a machine without a GPU: a stand-in takes CuPy's place, and g++ that of the CUDA compiler."""

from __future__ import annotations

import shutil
import sys

import pytest
from cupy_standin import make_cupy

from sk_w2v._backends import get_backend


@pytest.fixture
def cupy(monkeypatch):
    """The stand-in, in the place of CuPy."""
    if shutil.which("g++") is None:
        pytest.skip("there is no g++ to compile the kernels with")
    standin = make_cupy()
    monkeypatch.setitem(sys.modules, "cupy", standin)
    return standin


@pytest.fixture
def backend(cupy):
    """The CUDA backend on the stand-in."""
    return get_backend("cuda")
