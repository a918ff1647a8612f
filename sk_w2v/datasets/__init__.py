"""Text and evaluation sets: bundled documentation, planted concepts, readers of standard files."""

from ._categories import WordCategories, read_categories
from ._docstrings import load_docstrings
from ._planted import make_planted_corpus
from ._readers import AnalogyQuestions, SimilarityPairs, read_analogies, read_similarity

__all__ = [
    "AnalogyQuestions",
    "SimilarityPairs",
    "WordCategories",
    "load_docstrings",
    "make_planted_corpus",
    "read_analogies",
    "read_categories",
    "read_similarity",
]
