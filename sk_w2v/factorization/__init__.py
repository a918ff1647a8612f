"""Factorization: the algebraically largest eigenpairs of a target that is sparse + background."""

from ._eigenpairs import Eigenpairs, multiply, positive_eigenpairs, top_eigenpairs

__all__ = [
    "Eigenpairs",
    "multiply",
    "positive_eigenpairs",
    "top_eigenpairs",
]
