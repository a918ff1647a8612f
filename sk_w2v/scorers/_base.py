"""The base class of the scorers: a metric of a fitted embedder, with a policy for low coverage."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from .._choices import check_choice
from .._estimators.lookup import find_embedder
from .._typing import AnyArray
from ..metrics import Score

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
