"""Co-occurrence counts: how often any two words occur within a window, weighted by distance."""

from ._checking import check_cooccurrence, require_pairs
from ._cooccurrence import Cooccurrence
from ._counting import count_cooccurrences
from ._pair_sampling import sample_pairs
from ._shards import count_shards
from ._windows import WINDOW_WEIGHTINGS, longest_document, window_weights

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
