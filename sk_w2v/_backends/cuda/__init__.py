"""The CUDA backend: CuPy arrays for dense algebra, CUDA C for the loops.

It imports CuPy when it is used, not when it is imported. The CPU backend tokenizes text on the host, where it is read
and where Python's tables of characters are.
"""

from __future__ import annotations

from typing import Any

from ..cpu.tokenizing import tokenize_blocks
from .counting import count_pairs
from .device import load_cupy, require_device
from .least_squares import pair_products, quartic_sum, solve_rows
from .products import matmat, place_matrix
from .sgns import train_tokens

__all__ = [
    "count_pairs",
    "matmat",
    "pair_products",
    "place_matrix",
    "quartic_sum",
    "require_device",
    "solve_rows",
    "tokenize_blocks",
    "train_tokens",
    "xp",
]


def __getattr__(name: str) -> Any:
    """Return the array namespace, CuPy, as ``xp``."""
    if name == "xp":
        return load_cupy()
    raise AttributeError(f'backend="cuda" has no {name!r}; use backend="cpu".')
