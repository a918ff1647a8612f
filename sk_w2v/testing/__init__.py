"""A contract for transformers of documents, as checks that anybody can run on theirs.

scikit-learn's `check_estimator` knows tables of numbers and skips what takes documents; these checks begin where it
ends.
"""

from ._checks import EMBEDDER_CHECKS, check_embedder

__all__ = ["EMBEDDER_CHECKS", "check_embedder"]
