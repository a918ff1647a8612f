"""How well an embedder predicts the pairs of words of held-out text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._typing import AnyIntArray, Float64Array, ObjectArray
from ..cooccurrence import Cooccurrence, count_cooccurrences
from ..corpus import Corpus, Vocabulary
from ..metrics._held_out import SCORE_WINDOW, cooccurrence_auc
from .state import check_state


class HeldOutScoreMixin:
    """The method `score`, of an embedder that has `encode` and `_estimate_pmi`."""

    words_: ObjectArray
    encode: Callable[[Any], Corpus]
    _estimate_pmi: Callable[[AnyIntArray, AnyIntArray], Float64Array]
    _fitted_vocabulary: Callable[[], Vocabulary]

    def score(self, X: Any, y: Any = None) -> float:
        """Return how well the model tells pairs of words of held-out text from random pairs.

        The score is the probability that two words that co-occur within 5 tokens in `X` (closer pairs have more weight)
        get a higher estimate of pointwise mutual information than two words drawn independently by their frequency in
        `X`. This is an area under the ROC curve, 0.5 for chance. It is the same measure for every embedder, whatever
        its loss, window or noise. Higher is better.

        It measures the fit to the language of `X`, mostly to its frequent words. It does not measure how useful the
        vectors are for analogies or for a classifier. Out-of-vocabulary words do not count, so compare models with the
        same vocabulary. See `docs/score.md`.

        Parameters
        ----------
        X : iterable of str or of sequences of str, or Cooccurrence of this vocabulary
            Held-out documents.
        y : ignored

        Returns
        -------
        float between 0 and 1

        Raises
        ------
        ValueError
            If the documents hold no pair of known words.

        See Also
        --------
        sk_w2v.scorers.HeldOutScorer : The same score, for a search over counts or embedders.
        """
        check_state(self)
        return cooccurrence_auc(self._estimate_pmi, self._count_known(X))

    def _count_known(self, X: Any) -> Cooccurrence:
        """Count the pairs of held-out documents, as rows of the vocabulary."""
        if isinstance(X, Cooccurrence):
            if not np.array_equal(X.vocabulary.words, self.words_):
                raise ValueError(
                    f"The counts are of {len(X.vocabulary)} other words than the {len(self.words_)} "
                    "of `words_`; count with this vocabulary, or give documents."
                )
            return X
        return count_cooccurrences(self.encode(X), self._fitted_vocabulary(), window=SCORE_WINDOW)
