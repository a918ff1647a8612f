"""What a person with a GPU runs works before they run it: the benchmark on the stand-in, at the smallest size."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "gpu.py"


def test_the_benchmark_writes_one_file_of_figures(cupy, tmp_path, capsys):
    main = runpy.run_path(str(BENCHMARK))["main"]
    main(["--out", str(tmp_path / "gpu.json"), "--tokens", "1500", "--words", "40", "--components", "4", "8"])
    report = json.loads((tmp_path / "gpu.json").read_text())
    assert report["device"] == "no device"
    measured = [row["what"] for row in report["results"]]
    each = ["pair_products", "solve_rows", "train_tokens"]
    assert measured == ["count_pairs", "csr_times_dense", "top_eigenpairs", *each, *each]
    for row in report["results"]:
        assert row["seconds"] > 0
        assert row.get("floor_seconds", 1) > 0
    trained = [row for row in report["results"] if row["what"] == "train_tokens"]
    for row in trained:
        assert abs(row["loss"] / row["loss_of_one_cpu_thread"] - 1) < 0.01
