"""The reference backend: every kernel in plain NumPy, short and slow. It defines what the other backends compute."""

from __future__ import annotations

import numpy as xp

from .counting import count_pairs
from .least_squares import pair_products, quartic_sum, solve_rows
from .products import matmat, place_matrix
from .replicas import merge_replicas
from .sgns import train_replicas, train_tokens
from .tokenizing import tokenize_blocks

__all__ = [
    "count_pairs",
    "matmat",
    "merge_replicas",
    "pair_products",
    "place_matrix",
    "quartic_sum",
    "solve_rows",
    "tokenize_blocks",
    "train_replicas",
    "train_tokens",
    "xp",
]
