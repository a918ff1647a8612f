"""Scorers that ask a fitted embedder about words: analogies, similarities and categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .._choices import check_choice
from .._estimators.devices import place_embedding
from .._estimators.lookup import find_embedder
from .._typing import AnyArray
from ..datasets import AnalogyQuestions, SimilarityPairs, WordCategories
from ..metrics import (
    ANALOGY_METHODS,
    Score,
    analogy_accuracy,
    categorization_nmi,
    categorization_purity,
    similarity_correlation,
)
from ._base import EmbeddingScorer


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

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = SpectralEmbedder(4).fit(documents)
    >>> words = np.array([["concept0_word0", "concept0_word1", "concept1_word0", "concept1_word1"]])
    >>> scorer = AnalogyScorer(AnalogyQuestions(words, np.array(["planted"])), with_coverage=True)
    >>> sorted(scorer(embedder))
    ['analogy_accuracy', 'analogy_coverage']
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

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = SpectralEmbedder(4).fit(documents)
    >>> words = np.array([["concept0_word0", "concept0_word1"], ["concept0_word0", "concept1_word0"]])
    >>> round(SimilarityScorer(SimilarityPairs(words, np.array([9.0, 1.0])))(embedder), 6)
    1.0
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

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = SpectralEmbedder(4).fit(documents)
    >>> words = np.array([f"concept{concept}_word{word}" for concept in (0, 1) for word in range(3)])
    >>> CategorizationScorer(WordCategories(words, np.repeat(["zero", "one"], 3)))(embedder)
    1.0
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
