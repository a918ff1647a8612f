"""Scorers for model selection: ``scorer(estimator, X=None, y=None)``.

They judge the word vectors of a fitted embedder, which may stand in a Pipeline, a FeatureUnion, a ColumnTransformer or
a search. They work wherever scikit-learn takes ``scoring=``: in `GridSearchCV`, `cross_validate`, alone or several at
once. None needs labels, and only `HeldOutScorer`, `HeldOutLossScorer` and `ExplainedShareScorer` need documents.

**Coverage.** A model that knows fewer words is asked fewer, and often easier, questions; scores of different
vocabularies cannot be compared as they are. `low_coverage` says what to do about it:

============== =======================================================================================================
``"warn"``     The score is that of the known questions. A warning says when they are fewer than `min_coverage` of all.
``"raise"``    A `ValueError` instead of the warning. A search then drops the candidate, or stops with
               ``error_score="raise"``.
``"penalize"`` The score is multiplied by the coverage: an unknown question counts as wrong.
============== =======================================================================================================

With ``with_coverage=True`` a scorer returns both numbers in a dict, which `cross_validate` and searches (with `refit`
naming one of them) take for several scores; then there is no warning.
"""

from ._embedder_lookup import find_embedder
from ._losses import ExplainedShareScorer, HeldOutLossScorer
from ._names import agreement_scorer, get_embedding_scorer, get_embedding_scorer_names
from ._scorers import (
    AgreementScorer,
    AnalogyScorer,
    CategorizationScorer,
    EmbeddingScorer,
    HeldOutScorer,
    SimilarityScorer,
    shared_agreement,
)

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
