"""Counts of any type and size give the results of their values, or a clear error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from sk_w2v import ALSEmbedder, Cooccurrence, SpectralEmbedder, Vocabulary
from sk_w2v._numbers import row_sums
from sk_w2v.cooccurrence import _pair_sampling, check_cooccurrence, sample_pairs
from sk_w2v.cooccurrence._csr import add_exactly, summed
from sk_w2v.targets import TARGETS, make_target

COUNTS = np.array([[4, 4, 1, 0], [4, 4, 0, 1], [1, 0, 4, 4], [0, 1, 4, 4]])
WORDS = np.array(["tea", "cup", "pen", "ink"], dtype=object)


def counted(counts: np.ndarray, word_counts: np.ndarray | None = None) -> Cooccurrence:
    """Return counts of four words."""
    return Cooccurrence(
        sparse.csr_array(counts), Vocabulary(WORDS, np.full(4, 9) if word_counts is None else word_counts)
    )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("scale", [1, 2**60, 1e-90, 1e300])
def test_targets_do_not_depend_on_the_scale_of_counts(target, scale):
    scaled = make_target(target, counted(COUNTS * scale)).toarray()
    np.testing.assert_allclose(scaled, make_target(target, counted(COUNTS)).toarray(), rtol=1e-6)


@pytest.mark.parametrize("embedder", [SpectralEmbedder(2), ALSEmbedder(2, random_state=0)])
def test_vectors_do_not_depend_on_the_scale_of_integer_counts(embedder):
    small, large = (embedder.fit(counted(COUNTS * scale, 9 * np.full(4, scale))).embedding_ for scale in (1, 2**58))
    np.testing.assert_allclose(np.abs(large @ large.T), np.abs(small @ small.T), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.uint64, np.float32])
def test_counts_of_every_type_are_added_in_64_bits(dtype):
    narrow = counted((25 * COUNTS).astype(dtype), np.array([100, 100, 100, 101], dtype))
    other = counted((25 * COUNTS).astype(dtype), np.array([100, 100, 100, 100], dtype))
    total = narrow + other
    assert total.counts.toarray().tolist() == (50 * COUNTS).tolist()
    assert total.vocabulary.counts.tolist() == [200, 200, 200, 201]
    checked = check_cooccurrence(narrow)
    assert checked.counts.dtype == (np.float64 if dtype == np.float32 else np.int64)
    assert checked.vocabulary.counts.dtype == checked.counts.dtype


def test_booleans_count_as_zero_and_one():
    assert check_cooccurrence(counted(COUNTS > 0)).counts.toarray().tolist() == (COUNTS > 0).astype(int).tolist()


def test_duplicate_entries_are_added_in_64_bits():
    rows = np.array([0, 0, 0, 1, 1, 1])
    twice = sparse.coo_array((np.full(6, 100, np.int8), (rows, 1 - rows)), shape=(2, 2))
    stored = sparse.csr_array((twice.data, twice.col, np.array([0, 3, 6])), shape=(2, 2))
    assert summed(stored).toarray().tolist() == [[0, 300], [300, 0]]
    assert stored.data.tolist() == [100] * 6  # as they were
    huge = sparse.csr_array((np.full(6, 2**62), stored.indices, stored.indptr), shape=(2, 2))
    with pytest.raises(OverflowError, match="sum of duplicate entries of a pair does not fit into 64 bits"):
        summed(huge)


def test_checking_does_not_modify_counts():
    counts = sparse.csr_array(COUNTS)
    counts.data[counts.data == 1] = 0  # stored zeros
    checked = check_cooccurrence(Cooccurrence(counts, Vocabulary(WORDS, np.full(4, 9))))
    assert (checked.counts.nnz, counts.nnz) == (8, 12)


@pytest.mark.parametrize("wrong", [2**63, 2**64 - 1])
def test_unsigned_counts_beyond_64_bits_are_refused(wrong):
    with pytest.raises(OverflowError, match=f"counts go up to {wrong}, .* give them as floats"):
        SpectralEmbedder(2).fit(counted(np.where(COUNTS == 4, np.uint64(wrong), np.uint64(1))))
    with pytest.raises(OverflowError, match="counts of the vocabulary go up to"):
        SpectralEmbedder(2).fit(counted(COUNTS, np.full(4, wrong, np.uint64)))


@pytest.mark.parametrize(
    ("counts", "word_counts", "match"),
    [
        (COUNTS + 0j, None, "The counts have the type complex128; give integers or real floats"),
        (COUNTS, np.full(4, 9j), "The counts of the vocabulary have the type complex128"),
        (COUNTS, np.full(4, "9"), "The counts of the vocabulary have the type <U1"),
    ],
)
def test_counts_that_are_not_real_numbers_are_refused(counts, word_counts, match):
    with pytest.raises(TypeError, match=match):
        SpectralEmbedder(2).fit(counted(counts, word_counts))
    with pytest.raises(TypeError, match=match):
        counted(counts, word_counts) + counted(COUNTS)


@pytest.mark.parametrize("wrong", [-1, np.nan, np.inf])
@pytest.mark.parametrize("use", [lambda counts: counts + counts, lambda counts: counts.select(["tea"]), *TARGETS])
def test_negative_and_nonfinite_counts_are_refused(use, wrong):
    counts = counted(np.where(COUNTS == 1, wrong, COUNTS))
    with pytest.raises(ValueError, match="negative numbers, infinity or NaN; give counts >= 0"):
        make_target(use, counts) if isinstance(use, str) else use(counts)


def test_infinite_word_counts_are_refused():
    with pytest.raises(ValueError, match="give one positive count for each"):
        check_cooccurrence(counted(COUNTS, np.array([1, 2, 3, np.inf])))


def test_floats_with_an_infinite_sum_are_refused():
    with pytest.raises(OverflowError, match="of up to 4e\\+307, have an infinite sum; divide them by one number"):
        SpectralEmbedder(2).fit(counted(COUNTS * 1e307))


def test_counts_whose_shares_would_underflow_are_refused():
    with pytest.raises(ValueError, match="range from 1 to 1e\\+200, and products of their shares would underflow"):
        SpectralEmbedder(2).fit(counted(np.where(COUNTS == 4, 1e200, COUNTS)))


@pytest.mark.parametrize("unit", [0.0, -1.0, np.nan, np.inf])
def test_a_unit_that_is_not_positive_is_refused(unit):
    with pytest.raises(ValueError, match="is not the weight of a count; give a positive number"):
        check_cooccurrence(Cooccurrence(sparse.csr_array(COUNTS), Vocabulary(WORDS, np.full(4, 9)), unit))


def test_sums_of_word_counts_beyond_64_bits_are_refused():
    left, right = counted(COUNTS, np.full(4, 2**62)), counted(COUNTS, np.array([2**62, 1, 1, 1]))
    with pytest.raises(OverflowError, match="sum of counts of words does not fit"):
        left + right


@given(st.lists(st.lists(st.integers(0, 2**63 - 1), min_size=3, max_size=3), min_size=1, max_size=4))
def test_row_sums_are_exact_up_to_one_rounding(rows):
    expected = [float(sum(row)) for row in rows]
    np.testing.assert_allclose(row_sums(sparse.csr_array(np.array(rows))), expected, rtol=1e-15)


@given(*[st.lists(st.integers(0, 2**63 - 1), min_size=4, max_size=4)] * 2)
def test_a_sum_is_exact_or_an_error(left, right):
    first, second = (sparse.csr_array(np.reshape(each, (2, 2))) for each in (left, right))
    if max(left) + max(right) < 2**63:
        assert add_exactly(first, second).toarray().ravel().tolist() == [
            a + b for a, b in zip(left, right, strict=True)
        ]
    else:
        with pytest.raises(OverflowError, match="might not fit into 64 bits"):
            add_exactly(first, second)


def test_the_number_of_sampled_pairs_is_limited_with_a_warning(monkeypatch):
    monkeypatch.setattr(_pair_sampling, "MOST_DRAWN_PAIRS", 1000)
    with pytest.warns(UserWarning, match=r"contain 1.8e\+13 pairs, of which 1000 are drawn .* ALSEmbedder"):
        corpus = sample_pairs(counted(COUNTS * 10**12), random_state=np.random.RandomState(0))
    assert corpus.n_documents == 1000
    assert len(corpus.ids) == 2000
