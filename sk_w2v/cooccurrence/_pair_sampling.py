"""Sampling counted pairs, as a corpus for stochastic gradient descent."""

from __future__ import annotations

import warnings

import numpy as np
from scipy import sparse

from ..corpus import Corpus
from ._cooccurrence import Cooccurrence

MOST_DRAWN_PAIRS = 1 << 24  # 16 bytes each: 270 MB


def sample_pairs(cooccurrence: Cooccurrence, *, random_state: np.random.RandomState) -> Corpus:
    """Sample pairs in proportion to their counts; their number is the number of counted pairs.

    Parameters
    ----------
    cooccurrence : Cooccurrence
        Its counts need not be integers.
    random_state : numpy.random.RandomState
        Source of the draws.

    Returns
    -------
    Corpus
        One document of two tokens per pair, in random order.

    Warns
    -----
    UserWarning
        If more than `MOST_DRAWN_PAIRS` pairs were counted; only this many are drawn.

    See Also
    --------
    sk_w2v.SGNSEmbedder : Trains on sampled pairs if it is fitted to counts.

    Examples
    --------
    >>> from sk_w2v.corpus import Vocabulary
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([3, 3]))
    >>> cooccurrence = Cooccurrence(sparse.csr_array([[0, 3], [3, 0]]), words)
    >>> pairs = sample_pairs(cooccurrence, random_state=np.random.RandomState(0))
    >>> pairs.ids.tolist(), pairs.n_documents
    ([0, 1, 0, 1, 0, 1], 3)
    """
    upper = sparse.coo_array(sparse.triu(cooccurrence.checked().counts))
    weights = upper.data.astype(np.float64)
    weights[upper.row == upper.col] /= 2  # a pair of one word was counted in both directions, too
    n_pairs = _number_to_draw(float(weights.sum()) * cooccurrence.unit)
    n_drawn = random_state.multinomial(n_pairs, weights / weights.sum())
    drawn = np.repeat(np.arange(len(weights), dtype=upper.row.dtype), n_drawn)
    random_state.shuffle(drawn)
    ids = np.empty((n_pairs, 2), np.int32)
    ids[:, 0], ids[:, 1] = upper.row[drawn], upper.col[drawn]
    return Corpus(ids.ravel(), np.arange(0, 2 * n_pairs + 1, 2, dtype=np.int64))


def _number_to_draw(n_counted: float) -> int:
    """Return the number of pairs to draw, with a warning if it is less than the number counted."""
    if n_counted > MOST_DRAWN_PAIRS:
        warnings.warn(
            f"The counts contain {n_counted:.3g} pairs, of which {MOST_DRAWN_PAIRS} are drawn for stochastic gradient "
            'descent; ALSEmbedder and solver="gd" use all pairs, in less memory.',
            UserWarning,
            stacklevel=2,
        )
        return MOST_DRAWN_PAIRS
    return max(1, round(n_counted))
