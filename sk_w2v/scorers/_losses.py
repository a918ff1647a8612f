"""Scorers that hold an embedder against its own objective, on documents it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from joblib import effective_n_jobs

from .._choices import check_choice
from ..losses import LOSSES
from ..metrics import Score, explained_share, held_out_loss
from ..targets import mstar_target
from ._embedder_lookup import find_embedder
from ._scorers import EmbeddingScorer, find_with_documents, known_tokens


@dataclass(frozen=True, eq=False)
class HeldOutLossScorer(EmbeddingScorer):
    """Score an embedder by word2vec's loss of the documents `X`, negated; see `metrics.held_out_loss`.

    Window, noise words and subsampling are the embedder's own, so that it is the loss which it could have been trained
    to lower. Compare models of one window, `negative`, `noise_exponent`, `subsample` and vocabulary, that differ in
    dimension, start, solver or time, say; for others take `HeldOutScorer`.

    Parameters
    ----------
    loss : {"logistic", "quartic"}, default="logistic"
        word2vec's, or its second order, which the closed form is made for.
    with_coverage : bool, default=False
        Whether to return a dict of ``held_out_neg_logistic_loss`` (or ``_quartic_``) and ``held_out_coverage``, the
        share of the tokens of `X` that are known; see `AnalogyScorer`.
    min_coverage, low_coverage
        As for `AnalogyScorer`; ``"penalize"`` counts unknown tokens as if their vectors were zero.
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
        """Return the loss, negated, and the share of tokens that are known."""
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
        """Return the score if unknown words had vectors of zero, whose loss is log 2 for each pair of either kind."""
        of_zeros = (1 + find_embedder(estimator).negative) * np.log(2)
        return float(score.coverage * score.value - (1 - score.coverage) * of_zeros)


@dataclass(frozen=True, eq=False)
class ExplainedShareScorer(EmbeddingScorer):
    """Score an embedder by how much of the documents' M* its products explain; see `metrics.explained_share`.

    M* is made of the counts of `X` with the embedder's own window, `negative` and `noise_exponent`. It depends on how
    much text there is: compare scores of one `X`.

    Parameters
    ----------
    with_coverage : bool, default=False
        Whether to return a dict of ``mstar_explained_share`` and ``mstar_coverage``, the share of the tokens of `X`
        that are known; see `AnalogyScorer`.
    min_coverage, low_coverage
        As for `AnalogyScorer`.
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
