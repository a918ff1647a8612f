"""What the gallery cannot show of the examples: ``make docs`` runs each of them, and an error in one stops it."""

import ast
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

from sk_w2v import datasets

FOLDER = Path(__file__).parents[1] / "examples"
EXAMPLES = sorted(FOLDER.glob("plot_*.py"))
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)


@pytest.fixture
def few_docstrings(monkeypatch):
    """Every document of some labels, which is all that `load_docstrings` returns in a test."""
    docstrings = datasets.load_docstrings()
    rows = np.flatnonzero(docstrings.target % 5 == 0)
    few = docstrings.__class__(data=[docstrings.data[row] for row in rows], target=docstrings.target[rows])
    monkeypatch.setattr(
        datasets, "load_docstrings", lambda return_X_y=False: (few.data, few.target) if return_X_y else few
    )
    return few.data


@pytest.fixture
def run_example(few_docstrings, tmp_path, monkeypatch, capsys):
    """A function that runs an example with arguments of the command line and returns what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")

    def run(path, *arguments):
        monkeypatch.setattr(sys, "argv", [str(path), *arguments])
        runpy.run_path(str(path), run_name="__main__")
        return capsys.readouterr().out

    return run


def test_ablation_runs_on_a_text_file_and_prints_a_row_for_each_run(few_docstrings, run_example):
    Path("text.txt").write_text("\n".join(map(" ".join, map(str.split, few_docstrings))), encoding="utf-8")
    heading, *rows = run_example(FOLDER / "plot_four_way_ablation.py", "text.txt", "220").splitlines()
    assert heading.startswith("220 words, 100 components")
    assert [len(row.split()) for row in rows] == [6] * 5


def test_demo_compares_the_models_and_draws_the_spectrum(run_example):
    pytest.importorskip("matplotlib")
    printed = run_example(FOLDER / "demo.py")
    for part in ("SpectralEmbedder", "SGNSEmbedder", "LSA", "tf-idf", "subspaces agree", "first concepts"):
        assert part in printed
    assert Path("demo_spectrum.png").stat().st_size > 10_000


def test_there_are_examples_for_a_gallery_and_the_demo_alone_is_not_in_it():
    assert len(EXAMPLES) >= 15
    assert {path.name for path in FOLDER.glob("*.py")} - {path.name for path in EXAMPLES} == {"demo.py"}


@every_example
def test_example_is_short(example):
    assert len(example.read_text(encoding="utf-8").splitlines()) < 90


@every_example
def test_example_says_what_it_shows_and_draws_it(example):
    text = example.read_text(encoding="utf-8")
    heading, line = ast.get_docstring(ast.parse(text)).splitlines()[:2]
    assert line == "=" * len(heading)
    assert "# %%" in text
    assert "plt.show()" in text
