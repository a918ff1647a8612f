"""A share of the random corruptions of `benchmarks/fuzz_state.py`."""

from __future__ import annotations

from state_fuzz import try_seeds


def test_random_corruptions_neither_crash_nor_go_unnoticed():
    outcomes, bad = try_seeds(0, 120)
    assert bad == []
    assert outcomes.total() == 120
    assert outcomes["error"] > 60
