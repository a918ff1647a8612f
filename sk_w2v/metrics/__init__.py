"""Judging word vectors: arrays in, a number and its coverage out.

A question, pair or word is left out when the vocabulary does not know it. What share could be asked is said beside
every score, since a model that knows fewer words is asked easier questions. Losses of counts, and agreement, are of all
words they are given, and plain numbers.
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
