"""A scorer that compares a fitted embedder with another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .._estimators.base import BaseEmbedder
from .._estimators.lookup import find_embedder
from ..metrics import Score, subspace_agreement
from ._base import EmbeddingScorer


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

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = SpectralEmbedder(4).fit(documents)
    >>> round(AgreementScorer(embedder)(embedder.truncate(2)), 6)
    1.0
    """

    reference: Any

    subject: ClassVar[str] = "subspace"
    _measure: ClassVar[str] = "agreement"

    def score(self, estimator: Any, X: Any = None) -> Score:
        """Return the agreement on the shared words, and their share; `X` is not used."""
        return shared_agreement(find_embedder(estimator), find_embedder(self.reference))


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

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = SpectralEmbedder(4).fit(documents)
    >>> score = shared_agreement(embedder, embedder.truncate(2))
    >>> round(score.value, 6), score.coverage, score.n_used
    (1.0, 1.0, 170)
    """
    shared = [word for word in right.words_ if word in left.vocabulary_]
    if not shared:
        raise ValueError("The two embedders have no word in common; fit them on similar text.")
    agreement = subspace_agreement(left.get_word_vectors(shared), right.get_word_vectors(shared))
    return Score(agreement, len(shared) / len(right.words_), len(shared))
