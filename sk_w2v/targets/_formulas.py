"""Formulas of targets, and their values at the observed pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from scipy import sparse

from .._numbers import row_sums
from .._progress import advance, expect
from .._typing import AnyIntArray, Float64Array
from ..cooccurrence import Cooccurrence
from ._noise import noise_distribution, smoothed
from ._target import PAIRS_AT_ONCE, Target

# Deviation from the background, as a function of P, Q and k, and the background.
FORMULAS: dict[str, tuple[Callable[[Float64Array, Float64Array, int], Float64Array], float]] = {
    "mstar": (lambda P, Q, k: 4 * P / (P + k * Q), -2.0),  # 2 (P - kQ) / (P + kQ) + 2
    "ppmi": (lambda P, Q, k: np.maximum(np.log(P / Q), 0), 0.0),
    "sppmi": (lambda P, Q, k: np.maximum(np.log(P / (k * Q)), 0), 0.0),
    "pmi": (lambda P, Q, k: np.log(P / Q), 0.0),
}


def formula_target(name: str, cooccurrence: Cooccurrence, negative: int, noise_exponent: float) -> Target:
    """Return the target of an entry of `FORMULAS`.

    See Also
    --------
    make_target : Make a target by its name in `TARGETS`.
    at_observed_pairs : Make a target from a formula of ``P`` and ``Q``.

    Examples
    --------
    >>> from sk_w2v.corpus import Vocabulary
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([2, 2]))
    >>> cooccurrence = Cooccurrence(sparse.csr_array([[0, 2], [2, 0]]), words)
    >>> formula_target("mstar", cooccurrence, negative=1, noise_exponent=1).background
    -2.0
    """
    formula, background = FORMULAS[name]
    target = at_observed_pairs(
        cooccurrence,
        lambda P, Q: formula(P, Q, negative),
        noise_exponent=noise_exponent,
        background=background,
    )
    if np.all(target.deviations.data):
        return target
    deviations = target.deviations.copy()  # its indices are shared with the counts
    deviations.eliminate_zeros()
    return Target(deviations, background)


def at_observed_pairs(
    cooccurrence: Cooccurrence,
    formula: Callable[[Float64Array, Float64Array], Float64Array],
    *,
    noise_exponent: float = 1.0,
    background: float = 0.0,
) -> Target:
    """Return the target with the deviations ``formula(P, Q)`` at the observed pairs.

    The formula gets arrays of shape (n_pairs,) for a few rows at a time, so that only the result needs memory
    proportional to the counts.

    See Also
    --------
    make_target : Make a target by name, or by a callable.

    Examples
    --------
    >>> from sk_w2v.corpus import Vocabulary
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([2, 2]))
    >>> at_observed_pairs(Cooccurrence(sparse.csr_array([[0, 2], [2, 0]]), words), lambda P, Q: P / Q).toarray()
    array([[0., 2.],
           [2., 0.]])
    """
    counts = cooccurrence.checked().counts
    total = counts.data.sum(dtype=np.float64)
    marginal = row_sums(counts) / total  # p   (n_words,)
    noise = noise_distribution(marginal, noise_exponent=noise_exponent)  # n   (n_words,)
    deviations = np.empty(counts.nnz, dtype=np.float32)
    expect(counts.nnz, "pairs", grain=PAIRS_AT_ONCE)
    for first, end in _row_blocks(counts.indptr):
        pairs = slice(counts.indptr[first], counts.indptr[end])
        columns = counts.indices[pairs]
        rows = np.repeat(np.arange(first, end), np.diff(counts.indptr[first : end + 1]))
        joint = counts.data[pairs] / total  # P
        independent = (marginal[rows] * noise[columns] + noise[rows] * marginal[columns]) / 2  # Q
        deviations[pairs] = formula(joint, independent)
        advance(len(columns))
    return Target(sparse.csr_array((deviations, counts.indices, counts.indptr), shape=counts.shape), background)


def target_rows(
    name: str,
    counts: sparse.csr_array,
    *,
    row_frequencies: Float64Array,
    frequencies: Float64Array,
    negative: int = 1,
    noise_exponent: float = 1.0,
) -> tuple[sparse.csr_array, float]:
    """Return rows of a named target for new words: deviations and background.

    Parameters
    ----------
    name : str
        One of `TARGETS`.
    counts : sparse array of shape (n_new_words, n_words)
        Co-occurrence counts of each new word with each word of the target.
    row_frequencies : array of shape (n_new_words,)
        ``p`` of the new words.
    frequencies : array of shape (n_words,)
        ``p`` of the words of the target.

    Returns
    -------
    deviations : float64 CSR array of shape (n_new_words, n_words)
    background : float

    See Also
    --------
    sk_w2v.SpectralEmbedder.add_words : Adds words to a fitted embedder.

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> rows, _ = target_rows("pmi", sparse.csr_array([[3, 1]]), row_frequencies=half[:1], frequencies=half)
    >>> rows.toarray().round(2)
    array([[ 0.41, -0.69]])
    """
    formula, background = FORMULAS[name]
    pairs = sparse.coo_array(counts)
    rows, columns = pairs.coords
    row_noise, noise = (smoothed(each, frequencies, noise_exponent) for each in (row_frequencies, frequencies))  # n
    seen = row_sums(sparse.csr_array(counts))
    joint = pairs.data / seen[rows] * row_frequencies[rows]  # P = P(column | row) p(row)
    independent = (row_frequencies[rows] * noise[columns] + row_noise[rows] * frequencies[columns]) / 2  # Q
    deviations = sparse.coo_array((formula(joint, independent, negative), (rows, columns)), shape=counts.shape)
    return sparse.csr_array(deviations), background


def _row_blocks(indptr: AnyIntArray) -> Iterator[tuple[int, int]]:
    """Cut the rows of a CSR array into blocks of about `PAIRS_AT_ONCE` entries, and of at least one row."""
    starts = np.searchsorted(indptr, np.arange(0, indptr[-1], PAIRS_AT_ONCE), side="right") - 1
    return pairwise(np.unique([*starts, len(indptr) - 1]).tolist())
