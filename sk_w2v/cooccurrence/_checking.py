"""Checks of counts that were not made by this package."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .._numbers import in_64_bits
from .._typing import AnyArray
from ._cooccurrence import Cooccurrence
from ._csr import summed

SMALLEST_SHARE = 1e-100  # of a pair among all: products and quotients of a few such shares are far from underflow


def check_cooccurrence(cooccurrence: Cooccurrence) -> Cooccurrence:
    """Return counts from another source in canonical form, or raise an error if they cannot be used.

    Raises
    ------
    ValueError
        If the counts have another shape than the vocabulary, are not symmetric, contain negative numbers, infinity or
        NaN, or are all zero; or if the vocabulary repeats a word or lacks a positive count for each.
    TypeError
        If the counts are not real numbers.
    OverflowError
        If a count does not fit into 64 bits, or the sum of all is infinite.

    See Also
    --------
    Cooccurrence.checked : Check the arrays alone.
    count_cooccurrences : Count a corpus.

    Examples
    --------
    >>> from scipy import sparse
    >>> from sk_w2v.corpus import Vocabulary
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([2, 2]))
    >>> check_cooccurrence(Cooccurrence(sparse.coo_array([[0, 2], [2, 0]]), words)).counts.format
    'csr'
    """
    counts = summed(cooccurrence.checked().counts)
    if not np.all(counts.data):
        counts = counts.copy()  # the arrays may belong to the caller
        counts.eliminate_zeros()
    n_words = len(cooccurrence.vocabulary.rows)  # raises an error if a word repeats
    word_counts = in_64_bits(cooccurrence.vocabulary.counts, "counts of the vocabulary")
    if not np.all((word_counts > 0) & np.isfinite(word_counts)):
        raise ValueError(
            f"The vocabulary has the counts {word_counts!s:.60} for {n_words} words; give one positive count for each "
            "word."
        )
    if abs(counts - counts.T).max() > 1e-9 * abs(counts).max():
        raise ValueError("The counts are not symmetric; give counts + counts.T.")
    if not 0 < cooccurrence.unit < np.inf:
        raise ValueError(f"unit={cooccurrence.unit} is not the weight of a count; give a positive number of pairs.")
    _check_range(counts.data)
    vocabulary = replace(cooccurrence.vocabulary, counts=word_counts)
    return require_pairs(Cooccurrence(counts, vocabulary, cooccurrence.unit))


def _check_range(counts: AnyArray) -> None:
    """Raise an error if the sum of the counts, or the share of one in the sum, is out of the range of float64."""
    with np.errstate(over="ignore"):
        total = counts.sum(dtype=np.float64)
    if not np.isfinite(total):
        raise OverflowError(
            f"The counts, of up to {counts.max():.3g}, have an infinite sum; divide them by one number."
        )
    if len(counts) and counts.min() < SMALLEST_SHARE * total:
        raise ValueError(
            f"The counts range from {counts.min():.3g} to {counts.max():.3g}, and products of their shares would "
            f"underflow; leave out counts below {SMALLEST_SHARE:g} of the sum."
        )


def require_pairs(cooccurrence: Cooccurrence) -> Cooccurrence:
    """Return the counts, or raise ValueError if all are zero.

    See Also
    --------
    check_cooccurrence : Validate counts from another source.

    Examples
    --------
    >>> from scipy import sparse
    >>> from sk_w2v.corpus import Vocabulary
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([2, 2]))
    >>> require_pairs(Cooccurrence(sparse.csr_array([[0, 2], [2, 0]]), words)).counts.nnz
    2
    """
    if cooccurrence.counts.nnz == 0:
        raise ValueError(
            f"No two of the {len(cooccurrence.vocabulary)} words occur together; give longer documents, a lower "
            "min_count, or counts that are not all zero."
        )
    return cooccurrence
