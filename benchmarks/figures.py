"""What the figures of the documentation share: legible text, and files of the numbers that they show."""

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

LEGIBLE = {"font.size": 12, "axes.titlesize": 12, "legend.fontsize": 11, "lines.linewidth": 1.6}  # at half size, too


def new_figure(n_rows: int = 1, n_columns: int = 1, **options: Any) -> tuple:
    """Return a figure and an array of axes of shape (n_rows, n_columns)."""
    mpl.rcParams.update(LEGIBLE)
    mpl.rcParams["svg.hashsalt"] = "the same file for the same numbers"
    return plt.subplots(n_rows, n_columns, squeeze=False, **{"layout": "constrained", **options})


def save(figure: Any, path: str) -> None:
    """Write a figure, the same file from run to run."""
    figure.savefig(path, dpi=100, metadata={"Date": None} if path.endswith(".svg") else None)


def write_numbers(path: str, numbers: Any) -> None:
    """Write what a figure shows."""
    Path(path).write_text(json.dumps(numbers) + "\n")


def read_numbers(path: str) -> Any:
    """Read what a figure shows."""
    return json.loads(Path(path).read_text())
