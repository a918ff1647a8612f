"""Scorers for model selection: ``scorer(estimator, X=None, y=None)``.

They judge the word vectors of a fitted embedder, which may stand in a Pipeline or a search, and need neither documents
nor labels, so that they work wherever scikit-learn takes ``scoring=``: in `GridSearchCV`, `cross_validate`, alone or
several at once.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

from sklearn.utils.validation import check_is_fitted

from ._base import BaseEmbedder
from .datasets import AnalogyQuestions, SimilarityPairs
from .metrics import Score, analogy_accuracy, similarity_correlation, subspace_agreement


def find_embedder(estimator: Any) -> BaseEmbedder:
    """Return the one fitted embedder inside an estimator: itself, a search's best, or a step of a Pipeline.

    Raises
    ------
    TypeError
        If there is none, or more than one.
    NotFittedError
        If it is not fitted.
    """
    embedders = _embedders(estimator)
    if len(embedders) != 1:
        raise TypeError(
            f"{type(estimator).__name__} holds {len(embedders)} embedders; a scorer needs one "
            "SpectralEmbedder or SGNSEmbedder, alone or as a step of a Pipeline."
        )
    check_is_fitted(embedders[0])
    return embedders[0]


def _embedders(estimator: Any) -> list[BaseEmbedder]:
    """Return the embedders inside an estimator."""
    if isinstance(estimator, BaseEmbedder):
        return [estimator]
    if hasattr(estimator, "best_estimator_"):
        return _embedders(estimator.best_estimator_)
    steps = getattr(estimator, "steps", getattr(estimator, "transformer_list", []))
    return [embedder for _, step in steps for embedder in _embedders(step)]


@dataclass(frozen=True, eq=False)
class AnalogyScorer:
    """Score an embedder by the share of analogies it answers; see `metrics.analogy_accuracy`.

    Parameters
    ----------
    questions : AnalogyQuestions
    with_coverage : bool, default=False
        Whether to return a dict of ``analogy_accuracy`` and ``analogy_coverage``, as multimetric scoring takes it. If
        not, a warning says when fewer than `min_coverage` of the questions could be asked.
    min_coverage : float, default=0.5
    """

    questions: AnalogyQuestions
    with_coverage: bool = False
    min_coverage: float = 0.5

    def __call__(self, estimator: Any, X: Any = None, y: Any = None) -> float | dict[str, float]:
        """Return the fitted estimator's score; `X` and `y` are not used."""
        embedder = find_embedder(estimator)
        score = analogy_accuracy(embedder.embedding_, embedder.vocabulary_, self.questions)
        return _report(score, "analogy", "accuracy", self.with_coverage, self.min_coverage)


@dataclass(frozen=True, eq=False)
class SimilarityScorer:
    """Score an embedder by its agreement with people's ratings; see `metrics.similarity_correlation`.

    Parameters
    ----------
    pairs : SimilarityPairs
    with_coverage : bool, default=False
        Whether to return a dict of ``similarity_correlation`` and ``similarity_coverage``; see `AnalogyScorer`.
    min_coverage : float, default=0.5
    """

    pairs: SimilarityPairs
    with_coverage: bool = False
    min_coverage: float = 0.5

    def __call__(self, estimator: Any, X: Any = None, y: Any = None) -> float | dict[str, float]:
        """Return the fitted estimator's score; `X` and `y` are not used."""
        embedder = find_embedder(estimator)
        score = similarity_correlation(embedder.embedding_, embedder.vocabulary_, self.pairs)
        return _report(score, "similarity", "correlation", self.with_coverage, self.min_coverage)


@dataclass(frozen=True, eq=False)
class AgreementScorer:
    """Score an embedder by its agreement with another one; see `metrics.subspace_agreement`.

    With it a search can look for the trained model that is closest to the closed form.

    Parameters
    ----------
    reference : fitted embedder, or an estimator that holds one
    with_coverage : bool, default=False
        Whether to return a dict of ``subspace_agreement`` and ``subspace_coverage``, the share of the reference's
        words that both know; see `AnalogyScorer`.
    min_coverage : float, default=0.5
    """

    reference: Any
    with_coverage: bool = False
    min_coverage: float = 0.5

    def __call__(self, estimator: Any, X: Any = None, y: Any = None) -> float | dict[str, float]:
        """Return the fitted estimator's score; `X` and `y` are not used."""
        embedder, reference = find_embedder(estimator), find_embedder(self.reference)
        score = shared_agreement(embedder, reference)
        return _report(score, "subspace", "agreement", self.with_coverage, self.min_coverage)


def shared_agreement(left: BaseEmbedder, right: BaseEmbedder) -> Score:
    """Return the subspace agreement of two fitted embedders on the words that both know.

    The coverage is the share of the right one's words; `n_used` is their number.
    """
    shared = [word for word in right.words_ if word in left.vocabulary_]
    if not shared:
        raise ValueError("The two embedders have no word in common; fit them on text of one kind.")
    agreement = subspace_agreement(left.get_word_vectors(shared), right.get_word_vectors(shared))
    return Score(agreement, len(shared) / len(right.words_), len(shared))


def _report(
    score: Score, subject: str, measure: str, with_coverage: bool, min_coverage: float
) -> float | dict[str, float]:
    """Return the score with its coverage, or alone and with a warning if it rests on little."""
    if with_coverage:
        return {f"{subject}_{measure}": score.value, f"{subject}_coverage": score.coverage}
    if score.coverage < min_coverage:
        warnings.warn(
            f"The {subject} {measure} rests on {score.coverage:.0%} of the questions ({score.n_used}); scores of "
            "different vocabularies are not comparable.",
            UserWarning,
            stacklevel=3,
        )
    return score.value
