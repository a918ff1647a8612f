"""The how-to pages: each is short, and its code runs from top to bottom as written."""

import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sk_w2v import _backends, losses, pooling, solvers, targets
from sk_w2v._backends.cpu import links, sgns
from sk_w2v._backends.cpu.compiling import kernel
from sk_w2v._backends.cpu.llvm import LANES, constant_vector
from sk_w2v._backends.cpu.simd import gradient_step
from sk_w2v._backends.cuda import sgns as cuda
from sk_w2v._backends.reference import sgns as reference
from sk_w2v.scorers import _names

FOLDER = Path(__file__).parents[1] / "docs" / "how_to"
PAGES = sorted(FOLDER.glob("add_*.md"))
REGISTRIES = [
    _backends.BACKENDS, cuda.LINKS, losses.LOSSES, pooling.POOLINGS, reference.LINKS, links.LINKS,
    solvers.COUNT_SOLVERS, targets.FORMULAS, targets.TARGETS, _names._SCORERS,
]  # fmt: skip
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@pytest.fixture
def registries(monkeypatch):
    """What pages add to, restored after the test."""
    copies = [dict(registry) for registry in REGISTRIES]
    yield
    for registry, copy in zip(REGISTRIES, copies, strict=True):
        registry.clear()
        registry.update(copy)


@pytest.fixture
def run_page(registries, monkeypatch):
    """A function that runs the code of a page as a module of that name, and returns the module."""

    def run(page):
        module = ModuleType(page.stem)
        monkeypatch.setitem(sys.modules, page.stem, module)
        text = page.read_text(encoding="utf-8")
        for block in re.finditer(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            code = "\n" * text.count("\n", 0, block.start(1)) + block[1]  # so that errors name the line of the page
            exec(compile(code, str(page), "exec"), module.__dict__)
        return module

    return run


def test_there_is_a_page_for_each_kind_of_extension():
    kinds = ("backend", "loss", "pooling", "scorer", "solver", "target")
    assert [page.stem for page in PAGES] == [f"add_a_{kind}" for kind in kinds]


@every_page
def test_a_page_runs_as_written_and_checks_its_result(page, run_page):
    assert "assert" in page.read_text(encoding="utf-8")
    run_page(page)


@every_page
def test_a_page_is_short(page):
    assert len(page.read_text(encoding="utf-8").splitlines()) < 60


@every_page
def test_contributing_links_a_page(page):
    assert f"(docs/how_to/{page.name})" in (FOLDER.parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_a_link_that_takes_an_earlier_one_s_name_is_compiled_for_itself(registries):
    def stepped(link):
        """Return a vector after a step against one at the product of 8, where the links differ."""
        links.LINKS["mine"] = link
        vectors, rates = np.zeros((2, LANES), np.float32), np.ones(LANES, np.float32)
        vectors[:, 0] = [4, 2]
        addresses = vectors.ctypes.data + np.array([0, vectors.strides[0]], np.int64)

        @kernel(depends_on=links.link_instructions("mine"))
        def step(inputs, outputs, rates):
            gradient_step("mine", inputs, outputs, rates, 1, 1, 1)

        step(addresses[:1].ctypes.data, addresses[1:].ctypes.data, rates.ctypes.data)
        return vectors[0, 0]

    assert stepped(lambda builder, x: constant_vector(x.type, 0.0)) == 4 + 2
    assert stepped(lambda builder, x: constant_vector(x.type, 1.0)) == 4


def test_training_keeps_kernels_under_the_instructions_of_the_link(registries, monkeypatch):
    kept = []
    monkeypatch.setattr(sgns, "kernel", lambda depends_on: kept.append(depends_on) or (lambda function: function))
    for link in (links.LINKS["quartic"], lambda builder, x: x):
        links.LINKS["mine"] = link
        sgns._token_kernel(1, "mine", link, True)
    assert kept[0] == links.link_instructions("quartic") != kept[1]
