"""Scorers: a metric of a fitted embedder's words, with a policy for low coverage."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from .._choices import check_choice
from .._estimators.base import BaseEmbedder
from .._estimators.devices import place_embedding
from .._typing import AnyArray
from ..datasets import AnalogyQuestions, SimilarityPairs, WordCategories
from ..metrics import (
    ANALOGY_METHODS,
    Score,
    analogy_accuracy,
    categorization_nmi,
    categorization_purity,
    similarity_correlation,
    subspace_agreement,
)
from ._embedder_lookup import documents_of, find_embedder

LOW_COVERAGE = ("warn", "raise", "penalize")


@dataclass(frozen=True, eq=False, kw_only=True)
class EmbeddingScorer:
    """Base class of the scorers; a subclass defines `score` and the name of its measure.

    Parameters
    ----------
    with_coverage : bool, default=False
        Whether to return a dict of the score and its coverage, for multimetric scoring.
    min_coverage : float, default=0.5
        Coverage below which a score is considered unreliable.
    low_coverage : {"warn", "raise", "penalize"}, default="warn"
        Policy for a coverage below `min_coverage`; see `sk_w2v.scorers`.
    """

    with_coverage: bool = False
    min_coverage: float = 0.5
    low_coverage: str = "warn"

    subject: ClassVar[str]

    def __post_init__(self) -> None:
        check_choice("low_coverage", self.low_coverage, LOW_COVERAGE)

    @property
    def _measure(self) -> str:
        raise NotImplementedError

    def score(self, estimator: Any, X: Any) -> Score:
        """Return the fitted estimator's score with its coverage."""
        raise NotImplementedError

    def __call__(self, estimator: Any, X: Any = None, y: Any = None) -> float | dict[str, float]:
        """Return the fitted estimator's score under the coverage policy; `y` is not used."""
        score = self.score(estimator, X)
        name = f"{self.subject}_{self._measure}"
        if score.coverage < self.min_coverage and self.low_coverage != "penalize":
            self._complain(name.replace("_", " "), score, advice=self._case_advice(estimator))
        value = self._penalized(estimator, score) if self.low_coverage == "penalize" else score.value
        if self.with_coverage:
            return {name: value, f"{self.subject}_coverage": score.coverage}
        return value

    def _penalized(self, estimator: Any, score: Score) -> float:
        """Return the score with unknown questions counted as wrong."""
        return score.value * score.coverage

    def _questions(self) -> AnyArray | None:
        """Return the words of the questions, of any shape, or None without questions."""
        return None

    def _case_advice(self, estimator: Any) -> str:
        """Return advice if words are unknown only because of their case."""
        words = self._questions()
        return "" if words is None else case_advice(words, find_embedder(estimator).vocabulary_)

    def _complain(self, name: str, score: Score, *, advice: str) -> None:
        """Raise an error or warn about low coverage; no warning if the coverage is returned."""
        message = (
            f"The {name} rests on {score.coverage:.0%} of the questions ({score.n_used}); scores of "
            f"different vocabularies are not comparable.{advice}"
        )
        if self.low_coverage == "raise":
            raise ValueError(f"{message} Use more words (max_features, min_count), or lower min_coverage.")
        if not self.with_coverage:
            warnings.warn(message, UserWarning, stacklevel=3)


@dataclass(frozen=True, eq=False)
class AnalogyScorer(EmbeddingScorer):
    """Score an embedder by the share of analogies it answers; see `metrics.analogy_accuracy`.

    Parameters
    ----------
    questions : AnalogyQuestions
    method : {"3cosadd", "3cosmul", "pairdirection", "3cosavg", "lrcos"}, default="3cosadd"
    exclude_inputs : bool, default=True
        Whether a, b and c are excluded from the answers.
    with_coverage : bool, default=False
        Whether to return a dict of ``analogy_accuracy`` and ``analogy_coverage``, for multimetric scoring.
    min_coverage : float, default=0.5
        Coverage below which a score is considered unreliable.
    low_coverage : {"warn", "raise", "penalize"}, default="warn"
        Policy for a coverage below `min_coverage`; see `sk_w2v.scorers`.

    See Also
    --------
    SimilarityScorer : Evaluation by human ratings.
    sk_w2v.metrics.analogy_accuracy : The metric.
    """

    questions: AnalogyQuestions
    method: str = "3cosadd"
    exclude_inputs: bool = True

    subject: ClassVar[str] = "analogy"
    _measure: ClassVar[str] = "accuracy"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("method", self.method, ANALOGY_METHODS)

    def _questions(self) -> AnyArray:
        return self.questions.words

    def score(self, estimator: Any, X: Any = None) -> Score:
        """Return the share of analogies answered, with its coverage; `X` is not used."""
        embedder = find_embedder(estimator)
        return analogy_accuracy(
            place_embedding(embedder)[0],
            embedder.vocabulary_,
            self.questions,
            method=self.method,
            exclude_inputs=self.exclude_inputs,
        )


@dataclass(frozen=True, eq=False)
class SimilarityScorer(EmbeddingScorer):
    """Score an embedder by its correlation with human ratings; see `metrics.similarity_correlation`.

    Parameters
    ----------
    pairs : SimilarityPairs
    with_coverage : bool, default=False
        Whether to return a dict of ``similarity_correlation`` and ``similarity_coverage``; see `AnalogyScorer`.
    min_coverage, low_coverage
        As for `AnalogyScorer`.

    See Also
    --------
    AnalogyScorer : Evaluation by analogies.
    sk_w2v.metrics.similarity_correlation : The metric.
    """

    pairs: SimilarityPairs

    subject: ClassVar[str] = "similarity"
    _measure: ClassVar[str] = "correlation"

    def _questions(self) -> AnyArray:
        return self.pairs.words

    def score(self, estimator: Any, X: Any = None) -> Score:
        """Return the rank correlation with its coverage; `X` is not used."""
        embedder = find_embedder(estimator)
        return similarity_correlation(embedder.embedding_, embedder.vocabulary_, self.pairs)


@dataclass(frozen=True, eq=False)
class CategorizationScorer(EmbeddingScorer):
    """Score an embedder by how well k-means recovers human categories; see `metrics.categorization_purity`.

    Parameters
    ----------
    categories : WordCategories
    measure : {"purity", "nmi"}, default="purity"
    random_state : int, default=0
        Initialization of k-means.
    with_coverage : bool, default=False
        Whether to return a dict of ``categorization_purity`` (or ``_nmi``) and ``categorization_coverage``; see
        `AnalogyScorer`.
    min_coverage, low_coverage
        As for `AnalogyScorer`.

    See Also
    --------
    SimilarityScorer : Evaluation by human ratings.
    sk_w2v.metrics.categorization_purity, sk_w2v.metrics.categorization_nmi : The metrics.
    """

    categories: WordCategories
    measure: str = "purity"
    random_state: Any = 0

    subject: ClassVar[str] = "categorization"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("measure", self.measure, ("purity", "nmi"))

    @property
    def _measure(self) -> str:
        return self.measure

    def _questions(self) -> AnyArray:
        return self.categories.words

    def score(self, estimator: Any, X: Any = None) -> Score:
        """Return the purity or mutual information with its coverage; `X` is not used."""
        embedder = find_embedder(estimator)
        judge = categorization_purity if self.measure == "purity" else categorization_nmi
        return judge(embedder.embedding_, embedder.vocabulary_, self.categories, random_state=self.random_state)


@dataclass(frozen=True, eq=False)
class AgreementScorer(EmbeddingScorer):
    """Score an embedder by its agreement with another embedder; see `metrics.subspace_agreement`.

    A search can use it to find the trained model closest to the closed form.

    Parameters
    ----------
    reference : fitted embedder, or estimator that contains one
    with_coverage : bool, default=False
        Whether to return a dict of ``subspace_agreement`` and ``subspace_coverage``, the share of the reference's
        words that both know; see `AnalogyScorer`.
    min_coverage, low_coverage
        As for `AnalogyScorer`.

    See Also
    --------
    agreement_scorer : Constructs it.
    sk_w2v.metrics.subspace_agreement : The metric.
    """

    reference: Any

    subject: ClassVar[str] = "subspace"
    _measure: ClassVar[str] = "agreement"

    def score(self, estimator: Any, X: Any = None) -> Score:
        """Return the agreement on the shared words, and their share; `X` is not used."""
        return shared_agreement(find_embedder(estimator), find_embedder(self.reference))


@dataclass(frozen=True, eq=False)
class HeldOutScorer(EmbeddingScorer):
    """Score an embedder by how well it separates word pairs of `X` from random pairs; see the embedders' `score`.

    In a Pipeline, `X` is transformed by the steps before the embedder first.

    Parameters
    ----------
    with_coverage : bool, default=False
        Whether to return a dict of ``held_out_auc`` and ``held_out_coverage``, the share of the tokens of `X` that
        are known; see `AnalogyScorer`.
    min_coverage, low_coverage
        As for `AnalogyScorer`.

    See Also
    --------
    HeldOutLossScorer : word2vec's loss on documents.
    ExplainedShareScorer : The explained share of M*.
    """

    subject: ClassVar[str] = "held_out"
    _measure: ClassVar[str] = "auc"

    def score(self, estimator: Any, X: Any) -> Score:
        """Return the area under the ROC curve, and the share of tokens that are known."""
        embedder, documents = find_with_documents(estimator, X)
        n_known, coverage = known_tokens(embedder, documents)
        return Score(embedder.score(documents), coverage, n_known)


def case_advice(words: AnyArray, vocabulary: Mapping[str, int]) -> str:
    """Return advice if unknown words are known in another case, else an empty string."""
    unknown = {str(word) for word in words.ravel()} - vocabulary.keys()
    n_lower = sum(word.lower() in vocabulary for word in unknown)
    in_lower_case = {word.lower() for word in vocabulary if word != word.lower()}
    n_capital = sum(word.lower() in in_lower_case for word in unknown)
    if n_lower >= max(n_capital, 1):
        return (
            f" {n_lower} of {len(unknown)} unknown words are known in lower case: read the questions with "
            "lowercase=True."
        )
    if n_capital:
        return (
            f" {n_capital} of {len(unknown)} unknown words are known with other capitals: the embedder's words are not "
            "in lower case, so read the questions with lowercase=False, or fit with lowercase=True."
        )
    return ""


def find_with_documents(estimator: Any, X: Any) -> tuple[BaseEmbedder, Any]:
    """Return the embedder inside an estimator, and the documents it gets from `X`."""
    embedder = find_embedder(estimator)
    if X is None:
        raise ValueError("X=None gives no held-out documents; give documents, or use a scorer that needs none.")
    return embedder, documents_of(estimator, X)


def known_tokens(embedder: BaseEmbedder, documents: Any) -> tuple[int, float]:
    """Return how many of the documents' tokens are in the vocabulary, and their share."""
    corpus, words = embedder.number_tokens(documents)
    is_known = np.array([word in embedder.vocabulary_ for word in words], dtype=bool)
    n_known = int(np.sum(is_known[corpus.ids]))
    return n_known, n_known / max(len(corpus.ids), 1)


def shared_agreement(left: BaseEmbedder, right: BaseEmbedder) -> Score:
    """Return the subspace agreement of two fitted embedders on the words that both know.

    Parameters
    ----------
    left, right : fitted embedders

    Returns
    -------
    Score
        The coverage is the share of the words of `right` that both know; `n_used` is their number.

    Raises
    ------
    ValueError
        If they share no words.

    See Also
    --------
    AgreementScorer : The same as a scorer.
    sk_w2v.inspection.compare_embedders : More measures of agreement.
    """
    shared = [word for word in right.words_ if word in left.vocabulary_]
    if not shared:
        raise ValueError("The two embedders have no word in common; fit them on similar text.")
    agreement = subspace_agreement(left.get_word_vectors(shared), right.get_word_vectors(shared))
    return Score(agreement, len(shared) / len(right.words_), len(shared))
