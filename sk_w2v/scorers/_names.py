"""Scorers by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..losses import LOSSES
from ..metrics import ANALOGY_METHODS
from ._agreement import AgreementScorer
from ._base import EmbeddingScorer
from ._held_out import ExplainedShareScorer, HeldOutLossScorer, HeldOutScorer
from ._questions import AnalogyScorer, CategorizationScorer, SimilarityScorer

_SCORERS: dict[str, Callable[..., EmbeddingScorer]] = {
    **{f"analogy_{method}": partial(AnalogyScorer, method=method) for method in ANALOGY_METHODS},
    "similarity": SimilarityScorer,
    "purity": partial(CategorizationScorer, measure="purity"),
    "nmi": partial(CategorizationScorer, measure="nmi"),
    "agreement": AgreementScorer,
    "held_out": HeldOutScorer,
    **{f"neg_{loss}_loss": partial(HeldOutLossScorer, loss) for loss in LOSSES},
    "explained_share": ExplainedShareScorer,
}


def get_embedding_scorer_names() -> list[str]:
    """Return the names that `get_embedding_scorer` accepts.

    See Also
    --------
    get_embedding_scorer : Returns a scorer by its name.

    Examples
    --------
    >>> "similarity" in get_embedding_scorer_names()
    True
    """
    return sorted(_SCORERS)


def get_embedding_scorer(name: str, *questions: Any, **parameters: Any) -> EmbeddingScorer:
    """Return a scorer by its name.

    Parameters
    ----------
    name : str
        One of `get_embedding_scorer_names`: ``analogy_`` and a method of `metrics.ANALOGY_METHODS`, ``similarity``,
        ``purity``, ``nmi``, ``agreement``, ``held_out``, ``neg_logistic_loss``, ``neg_quartic_loss`` or
        ``explained_share``.
    *questions, **parameters
        Arguments of the scorer: the `AnalogyQuestions`, `SimilarityPairs`, `WordCategories` or the fitted embedder to
        compare with, and keywords. The last four scorers take keywords only.

    Returns
    -------
    callable ``scorer(estimator, X=None, y=None)``

    Raises
    ------
    ValueError
        If the name is unknown.

    See Also
    --------
    get_embedding_scorer_names : All names.
    agreement_scorer : A scorer by agreement with a fitted model.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import SimilarityPairs
    >>> pairs = SimilarityPairs(np.array([["tea", "cup"], ["tea", "pen"]]), np.array([9.0, 1.0]))
    >>> scorer = get_embedding_scorer("similarity", pairs)
    >>> round(scorer(SpectralEmbedder(1, min_count=1).fit(["tea cup"] * 3 + ["pen ink"] * 3)), 3)
    1.0
    """
    if name not in _SCORERS:
        raise ValueError(f"name={name!r} is unknown; use one of {get_embedding_scorer_names()}.")
    return _SCORERS[name](*questions, **parameters)


def agreement_scorer(reference: Any, **parameters: Any) -> AgreementScorer:
    """Return a scorer by which a search finds the model closest to a fitted one.

    See Also
    --------
    AgreementScorer : The scorer, which explains the parameters.
    sk_w2v.inspection.compare_embedders : A table of several measures of agreement.

    Examples
    --------
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sk_w2v import SGNSEmbedder, SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=100, random_state=0).data
    >>> scoring = agreement_scorer(reference=SpectralEmbedder(2).fit(documents))
    >>> search = GridSearchCV(SGNSEmbedder(2, random_state=0), {"max_iter": [1, 3]}, scoring=scoring, cv=2)
    >>> bool(0 < search.fit(documents).best_score_ < 1)
    True
    """
    return AgreementScorer(reference, **parameters)
