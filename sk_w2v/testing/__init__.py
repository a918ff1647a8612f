"""Checks of the contract of document transformers, for estimators of this package and others.

scikit-learn's `check_estimator` tests tables of numbers and skips estimators that take documents. These checks cover
documents.
"""

from ._checks import EMBEDDER_CHECKS, check_embedder

__all__ = ["EMBEDDER_CHECKS", "check_embedder"]
