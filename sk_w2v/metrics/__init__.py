"""Evaluation of word vectors: arrays in, a score and its coverage out.

Questions, pairs and words that are not in the vocabulary are left out. Every score comes with its coverage, the share
that was evaluated, since a model with fewer words is often asked easier questions. Losses of counts and agreement use
all words they are given and are plain numbers.
"""

from ._analogies import ANALOGY_METHODS, analogy_accuracy, analogy_accuracy_by_category
from ._categories import categorization_nmi, categorization_purity
from ._losses import explained_share, held_out_loss
from ._score import Score
from ._similarity import similarity_correlation
from ._subspaces import subspace_agreement

__all__ = [
    "ANALOGY_METHODS",
    "Score",
    "analogy_accuracy",
    "analogy_accuracy_by_category",
    "categorization_nmi",
    "categorization_purity",
    "explained_share",
    "held_out_loss",
    "similarity_correlation",
    "subspace_agreement",
]
