from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from sk_w2v.cooccurrence._csr import add_exactly, square_csr, submatrix


def square(entries, dtype=np.int64) -> sparse.csr_array:
    """Return a sparse array."""
    return sparse.csr_array(np.array(entries, dtype=dtype))


def test_integers_of_every_type_are_added_in_64_bits():
    for dtype in (np.uint8, np.int32, np.int64):
        total = add_exactly(square([[0, 100], [100, 0]], dtype), square([[0, 200], [200, 1]], np.uint8))
        assert total.dtype == np.int64
        assert total.toarray().tolist() == [[0, 300], [300, 1]]


def test_integers_beyond_float64_are_added_exactly():
    assert int(add_exactly(square([[2**53]]), square([[1]]))[0, 0]) == 2**53 + 1


def test_sums_that_might_not_fit_into_64_bits_are_refused():
    assert int(add_exactly(square([[2**62]]), square([[2**62 - 1]]))[0, 0]) == 2**63 - 1
    with pytest.raises(OverflowError, match="might not fit into 64 bits; add them as floats"):
        add_exactly(square([[2**62]]), square([[2**62]]))


def test_floats_are_added_in_64_bits():
    total = add_exactly(square([[0.5]], np.float32), square([[2]]))
    assert total.dtype == np.float64
    assert total.toarray().tolist() == [[2.5]]


def test_a_submatrix_has_rows_and_columns_in_the_requested_order():
    dense = np.arange(16).reshape(4, 4)
    cut = submatrix(square(dense), np.array([3, 0, 2]))
    assert cut.toarray().tolist() == dense[np.ix_([3, 0, 2], [3, 0, 2])].tolist()
    again = sparse.csr_array((cut.data, cut.indices, cut.indptr), shape=cut.shape)
    assert again.has_sorted_indices  # found out anew


def test_arrays_become_a_matrix_without_a_copy():
    counts, indices = np.array([5, 6, 7]), np.array([0, 1, 0], dtype=np.int32)
    matrix = square_csr(np.array([0, 2, 3]), indices, counts)
    assert matrix.toarray().tolist() == [[5, 6], [7, 0]]
    assert np.shares_memory(matrix.data, counts)
    assert np.shares_memory(matrix.indices, indices)
    assert matrix.indices.dtype == matrix.indptr.dtype == np.int32
