"""The CUDA backend, on a machine without a GPU and on one with it.

Without one a stand-in takes CuPy's place, and g++ that of the CUDA compiler; what needs a GPU is skipped.
"""

from __future__ import annotations

import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

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
def standin_backend(cupy):
    """The CUDA backend on the stand-in."""
    return get_backend("cuda")


@pytest.fixture(params=["standin", pytest.param("gpu", marks=pytest.mark.gpu)])
def backend(request):
    """The CUDA backend, on the stand-in and on a GPU."""
    if request.param == "standin":
        return request.getfixturevalue("standin_backend")
    if find_spec("cupy") is None:
        pytest.skip("CuPy is not installed")
    try:
        return get_backend("cuda")
    except RuntimeError as error:
        pytest.skip(str(error))


def pytest_addoption(parser):
    """Let a run write what came of each test into a file, to be sent from a machine with a GPU."""
    parser.addoption("--gpu-report", metavar="FILE", help="write the outcome of each test to a JSON file")


def pytest_terminal_summary(terminalreporter, config):
    """Write the file."""
    path = config.getoption("--gpu-report", None)
    if path is None:
        return
    outcomes = {
        report.nodeid: {"outcome": outcome, "said": report.longreprtext[-2000:]}
        for outcome in ("passed", "failed", "error", "skipped")
        for report in terminalreporter.stats.get(outcome, [])
    }
    Path(path).write_text(json.dumps({**describe_device(), "tests": outcomes}, indent=1), encoding="utf-8")


def describe_device():
    """Return what the outcomes depend on."""
    try:
        cupy = get_backend("cuda").xp
    except (ImportError, RuntimeError) as error:
        return {"device": None, "why": str(error)}
    name = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
    return {"device": name, "driver": cupy.cuda.runtime.driverGetVersion(), "cupy": cupy.__version__}
