"""Scorers that evaluate a fitted embedder on held-out documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from joblib import effective_n_jobs

from .._choices import check_choice
from .._estimators.base import BaseEmbedder
from .._estimators.lookup import documents_of, find_embedder
from ..losses import LOSSES
from ..metrics import Score, explained_share, held_out_loss
from ..targets import mstar_target
from ._base import EmbeddingScorer


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

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = SpectralEmbedder(4).fit(documents)
    >>> bool(HeldOutScorer()(embedder, documents) > 0.5)
    True
    """

    subject: ClassVar[str] = "held_out"
    _measure: ClassVar[str] = "auc"

    def score(self, estimator: Any, X: Any) -> Score:
        """Return the area under the ROC curve, and the share of tokens that are known."""
        embedder, documents = find_with_documents(estimator, X)
        n_known, coverage = known_tokens(embedder, documents)
        return Score(embedder.score(documents), coverage, n_known)


@dataclass(frozen=True, eq=False)
class HeldOutLossScorer(EmbeddingScorer):
    """Score an embedder by word2vec's negated loss on the documents `X`; see `metrics.held_out_loss`.

    The loss uses the embedder's own window, noise and subsampling: it is the loss that training minimizes. Compare only
    models with the same window, `negative`, `noise_exponent`, `subsample` and vocabulary, for example of different
    dimensions, initializations, solvers or times. Use `HeldOutScorer` for other comparisons.

    Parameters
    ----------
    loss : {"logistic", "quartic"}, default="logistic"
        word2vec's loss, or its second-order expansion, which the closed form minimizes.
    with_coverage : bool, default=False
        Whether to return a dict of ``held_out_neg_logistic_loss`` (or ``_quartic_``) and ``held_out_coverage``, the
        share of the tokens of `X` that are known; see `AnalogyScorer`.
    min_coverage, low_coverage
        As for `AnalogyScorer`; ``"penalize"`` treats unknown tokens as zero vectors.

    See Also
    --------
    HeldOutScorer : A score for models with different windows or noise.
    sk_w2v.metrics.held_out_loss : The metric.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = SpectralEmbedder(4).fit(documents)
    >>> bool(HeldOutLossScorer("quartic")(embedder, documents) < 0)
    True
    """

    loss: str = "logistic"

    subject: ClassVar[str] = "held_out"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("loss", self.loss, tuple(LOSSES))

    @property
    def _measure(self) -> str:
        return f"neg_{self.loss}_loss"

    def score(self, estimator: Any, X: Any) -> Score:
        """Return the negated loss, and the share of tokens that are known."""
        embedder, documents = find_with_documents(estimator, X)
        words, contexts = embedder.factors()
        loss = held_out_loss(
            words,
            contexts,
            embedder.count_cooccurrences(documents),
            loss=self.loss,
            negative=embedder.negative,
            noise_exponent=embedder.noise_exponent,
            subsample=getattr(embedder, "subsample", 0.0),
            n_jobs=effective_n_jobs(embedder.n_jobs),
        )
        n_known, coverage = known_tokens(embedder, documents)
        return Score(-loss, coverage, n_known)

    def _penalized(self, estimator: Any, score: Score) -> float:
        """Return the score with zero vectors for unknown words; their loss is log 2 for each pair of either kind."""
        of_zeros = (1 + find_embedder(estimator).negative) * np.log(2)
        return float(score.coverage * score.value - (1 - score.coverage) * of_zeros)


@dataclass(frozen=True, eq=False)
class ExplainedShareScorer(EmbeddingScorer):
    """Score an embedder by the share of the documents' M* that it explains; see `metrics.explained_share`.

    M* is computed from the counts of `X` with the embedder's window, `negative` and `noise_exponent`. It depends on the
    amount of text, so compare only scores of the same `X`.

    Parameters
    ----------
    with_coverage : bool, default=False
        Whether to return a dict of ``mstar_explained_share`` and ``mstar_coverage``, the share of the tokens of `X`
        that are known; see `AnalogyScorer`.
    min_coverage, low_coverage
        As for `AnalogyScorer`.

    See Also
    --------
    HeldOutLossScorer : word2vec's loss on documents.
    sk_w2v.metrics.explained_share : The metric.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = SpectralEmbedder(4).fit(documents)
    >>> bool(0 < ExplainedShareScorer()(embedder, documents) < 1)
    True
    """

    subject: ClassVar[str] = "mstar"
    _measure: ClassVar[str] = "explained_share"

    def score(self, estimator: Any, X: Any) -> Score:
        """Return the explained share, and the share of tokens that are known."""
        embedder, documents = find_with_documents(estimator, X)
        words, contexts = embedder.factors()
        counts = embedder.count_cooccurrences(documents)
        target = mstar_target(counts, negative=embedder.negative, noise_exponent=embedder.noise_exponent)
        share = explained_share(words, contexts, target, n_jobs=effective_n_jobs(embedder.n_jobs))
        n_known, coverage = known_tokens(embedder, documents)
        return Score(share, coverage, n_known)


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
