"""Counting pairs of tokens, one distance after another."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from ..._typing import Int32Array, Int64Array


def count_pairs(
    ids_t: Int32Array,
    offsets_d: Int64Array,
    weights_o: Int64Array,
    *,
    n_words: int,
    rows: tuple[int, int] | None = None,
    n_jobs: int = 1,
) -> tuple[Int64Array, Int32Array, Int64Array]:
    """Count the pairs of tokens of one document that are at most ``len(weights_o)`` apart, in both directions.

    Parameters
    ----------
    ids_t : int32 array of shape (n_tokens,)
    offsets_d : int64 array of shape (n_documents + 1,)
    weights_o : int64 array of shape (window,)
        The weight of a pair of tokens at distance 1, 2, ... .
    rows : (int, int) or None
        The first row to count and the one after the last; None counts all rows.

    Returns
    -------
    indptr, indices, counts : int64 (n_rows + 1,), int32 (n_pairs,) and int64 (n_pairs,) arrays
        The `rows` of a symmetric matrix of shape (n_words, n_words) in CSR form with sorted indices.
    """
    document_t = np.repeat(np.arange(len(offsets_d) - 1), np.diff(offsets_d))
    total = sparse.csr_array((n_words, n_words), dtype=np.int64)
    for offset, weight in enumerate(weights_o, start=1):
        together = document_t[offset:] == document_t[:-offset]
        left, right = ids_t[:-offset][together], ids_t[offset:][together]
        pairs = sparse.coo_array((np.full(len(left), weight), (left, right)), shape=(n_words, n_words)).tocsr()
        total = total + pairs + pairs.T
    total = sparse.csr_array(total)[slice(*(rows or (0, n_words)))]
    total.sort_indices()
    return total.indptr.astype(np.int64), total.indices.astype(np.int32), total.data
