"""Corrupt fitted embedders, corpora, counts and vocabularies at random, and use each: no crash, no silent result.

python benchmarks/fuzz_state.py --n 10000
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from state_fuzz import try_seeds

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--n", type=int, default=10_000, help="number of corruptions")
    arguments = parser.parse_args()
    outcomes, bad = try_seeds(arguments.first, arguments.n)
    print(dict(outcomes))
    print("\n".join(bad))
    sys.exit(bool(bad))
