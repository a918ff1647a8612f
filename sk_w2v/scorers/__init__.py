"""Scorers for model selection: ``scorer(estimator, X=None, y=None)``.

They evaluate the word vectors of a fitted embedder, alone or inside a Pipeline, a FeatureUnion, a ColumnTransformer or
a search. They work wherever scikit-learn takes ``scoring=``, such as `GridSearchCV` and `cross_validate`, alone or
several at once. None needs labels. Only `HeldOutScorer`, `HeldOutLossScorer` and `ExplainedShareScorer` need documents.

**Coverage.** A model with fewer words is asked fewer and often easier questions, so scores of different vocabularies
are not directly comparable. `low_coverage` sets the policy:

============== =======================================================================================================
``"warn"``     The score is that of the known questions. A warning says when they are fewer than `min_coverage` of all.
``"raise"``    A `ValueError` instead of the warning. A search then drops the candidate, or stops with
               ``error_score="raise"``.
``"penalize"`` The score is multiplied by the coverage: an unknown question counts as wrong.
============== =======================================================================================================

With ``with_coverage=True`` a scorer returns the score and its coverage in a dict and does not warn. `cross_validate`
and searches take the dict as several scores; a search then needs `refit` to name one of them.
"""

from .._estimators.lookup import find_embedder
from ._agreement import AgreementScorer, shared_agreement
from ._base import EmbeddingScorer
from ._held_out import ExplainedShareScorer, HeldOutLossScorer, HeldOutScorer
from ._names import agreement_scorer, get_embedding_scorer, get_embedding_scorer_names
from ._questions import AnalogyScorer, CategorizationScorer, SimilarityScorer

__all__ = [
    "AgreementScorer",
    "AnalogyScorer",
    "CategorizationScorer",
    "EmbeddingScorer",
    "ExplainedShareScorer",
    "HeldOutLossScorer",
    "HeldOutScorer",
    "SimilarityScorer",
    "agreement_scorer",
    "find_embedder",
    "get_embedding_scorer",
    "get_embedding_scorer_names",
    "shared_agreement",
]
