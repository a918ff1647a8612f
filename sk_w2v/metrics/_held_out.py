"""Held-out text: how well word vectors separate the pairs of unseen documents from random pairs.

A model's estimate of pointwise mutual information (PMI) should be higher for two words that co-occur in unseen text
than for two words drawn independently. By the Neyman-Pearson lemma, no ranking of pairs separates the two better than
true PMI. Both the closed form and trained models estimate it, up to a monotone function, whatever their loss, noise or
scale.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.metrics import roc_auc_score

from .._numbers import draw_by_weight, row_sums
from .._typing import AnyFloatArray, AnyIntArray, Float64Array
from ..cooccurrence import Cooccurrence

SCORE_WINDOW = 5  # tokens; the same for every model, so that models with different windows are comparable
MAX_PAIRS = 200_000  # of each kind; standard error of about 0.001, the same pairs for every model


def cooccurrence_auc(
    estimate_pmi: Callable[[AnyIntArray, AnyIntArray], AnyFloatArray],
    cooccurrence: Cooccurrence,
) -> float:
    """Return the probability that a pair from the text gets a higher estimate than a random pair.

    Parameters
    ----------
    estimate_pmi : callable
        Maps two arrays of word rows, of shape (n_pairs,), to the estimate of each pair, of shape (n_pairs,).
    cooccurrence : Cooccurrence
        Counts of the held-out text.

    Returns
    -------
    float
        Area under the ROC curve: 1 is perfect, 0.5 is chance.

    Raises
    ------
    ValueError
        If the text contains no pair of known words.
    """
    cooccurrence = cooccurrence.checked()
    rows, columns, weights = _pairs_of_text(cooccurrence)
    chance_rows, chance_columns = _pairs_by_chance(cooccurrence, MAX_PAIRS)
    estimates = [estimate_pmi(rows, columns), estimate_pmi(chance_rows, chance_columns)]
    labels = np.repeat([1, 0], [len(rows), MAX_PAIRS])
    weights = np.concatenate([weights / weights.sum(), np.full(MAX_PAIRS, 1 / MAX_PAIRS)])
    return float(roc_auc_score(labels, np.concatenate(estimates), sample_weight=weights))


def _pairs_of_text(cooccurrence: Cooccurrence) -> tuple[AnyIntArray, AnyIntArray, Float64Array]:
    """Return the observed pairs and their weights, or an equally weighted sample if there are too many."""
    pairs = cooccurrence.counts.tocoo()
    if pairs.nnz == 0:
        raise ValueError(
            "X holds no two known words near each other; score needs documents that share words with those of fit."
        )
    rows, columns = pairs.coords
    weights = pairs.data.astype(np.float64)
    if pairs.nnz <= MAX_PAIRS:
        return rows, columns, weights
    drawn = np.sort(draw_by_weight(weights, MAX_PAIRS, seed=0))  # sorted rows are closer in memory
    return rows[drawn], columns[drawn], np.ones(MAX_PAIRS)


def _pairs_by_chance(cooccurrence: Cooccurrence, n_pairs: int) -> tuple[AnyIntArray, AnyIntArray]:
    """Draw pairs of independent words by their frequency in the held-out text."""
    marginal = row_sums(cooccurrence.counts)
    return draw_by_weight(marginal, n_pairs, seed=1), draw_by_weight(marginal, n_pairs, seed=2)
