"""Text and evaluation sets: bundled documentation, planted concepts, readers of standard files."""

from ._analogies import AnalogyQuestions, read_analogies
from ._categories import WordCategories, read_categories
from ._docstring_questions import load_docstring_analogies, load_docstring_categories, load_docstring_similarity
from ._docstrings import load_docstrings
from ._planted import make_planted_corpus
from ._similarity import SimilarityPairs, read_similarity

__all__ = [
    "AnalogyQuestions",
    "SimilarityPairs",
    "WordCategories",
    "load_docstring_analogies",
    "load_docstring_categories",
    "load_docstring_similarity",
    "load_docstrings",
    "make_planted_corpus",
    "read_analogies",
    "read_categories",
    "read_similarity",
]
