"""Co-occurrence counts: how often, and how near, any two words occur together."""

from ._counts import (
    WINDOW_WEIGHTINGS,
    Cooccurrence,
    check_cooccurrence,
    count_cooccurrences,
    longest_document,
    require_pairs,
    sample_pairs,
    window_weights,
)
from ._shards import count_shards

__all__ = [
    "WINDOW_WEIGHTINGS",
    "Cooccurrence",
    "check_cooccurrence",
    "count_cooccurrences",
    "count_shards",
    "longest_document",
    "require_pairs",
    "sample_pairs",
    "window_weights",
]
