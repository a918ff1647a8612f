from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sk_w2v.cooccurrence import (
    WINDOW_WEIGHTINGS,
    Cooccurrence,
    check_cooccurrence,
    count_cooccurrences,
    require_pairs,
    sample_pairs,
    window_weights,
)
from sk_w2v.cooccurrence._windows import LAST_EXACT_HARMONIC_WINDOW
from sk_w2v.corpus import Corpus, Vocabulary

patient = settings(deadline=None)  # a busy machine is slow at times, and the first example may compile a kernel

N_WORDS = 5

# Documents as lists of ids; empty and one-word documents are frequent.
id_lists = st.lists(st.lists(st.integers(0, N_WORDS - 1), max_size=9), min_size=1, max_size=5)
windows = st.sampled_from([1, 2, 3, 5, 12])
weightings = st.sampled_from(WINDOW_WEIGHTINGS)


def make_corpus(documents: list[list[int]]) -> Corpus:
    """Return documents of ids as one corpus."""
    ids = np.array([i for document in documents for i in document], dtype=np.int32)
    return Corpus(ids, np.cumsum([0, *map(len, documents)], dtype=np.int64))


def make_vocabulary(n_words: int) -> Vocabulary:
    """Return `n_words` words, the counts of which no test here looks at."""
    return Vocabulary(np.array([f"word{row}" for row in range(n_words)], dtype=object), np.ones(n_words, np.int64))


def count(documents: list[list[int]], *, window: int, window_weighting: str = "linear") -> Cooccurrence:
    """Count documents of ids below `N_WORDS`."""
    vocabulary = make_vocabulary(N_WORDS)
    return count_cooccurrences(make_corpus(documents), vocabulary, window=window, window_weighting=window_weighting)


def weight(distance: int, window: int, window_weighting: str) -> Fraction:
    """Return what a pair counts for, by the definition."""
    if window_weighting == "linear":
        return Fraction(window + 1 - distance, window)
    return Fraction(1, distance) if window_weighting == "harmonic" else Fraction(1)


def brute_force(documents: list[list[int]], window: int, window_weighting: str) -> list[list[Fraction]]:
    """Return the counts by a double loop over the positions of each document."""
    counts = [[Fraction(0)] * N_WORDS for _ in range(N_WORDS)]
    for document in documents:
        for left, first in enumerate(document):
            for right, second in enumerate(document):
                if 0 < abs(left - right) <= window:
                    counts[first][second] += weight(abs(left - right), window, window_weighting)
    return counts


@patient
@given(documents=id_lists, window=windows, window_weighting=weightings)
def test_counts_equal_a_double_loop_over_positions_exactly(documents, window, window_weighting):
    cooccurrence = count(documents, window=window, window_weighting=window_weighting)
    units = round(1 / cooccurrence.unit)
    exact = [[entry * units for entry in row] for row in brute_force(documents, window, window_weighting)]
    assert cooccurrence.counts.toarray().tolist() == exact


@patient
@given(documents=id_lists, window=windows, window_weighting=weightings)
def test_counts_are_symmetric_integers_in_canonical_form(documents, window, window_weighting):
    counts = count(documents, window=window, window_weighting=window_weighting).counts
    assert (counts != counts.T).nnz == 0
    assert counts.dtype == np.int64
    assert np.all(counts.data > 0)
    again = sparse.csr_array((counts.data, counts.indices, counts.indptr), shape=counts.shape)
    assert again.has_canonical_format  # found out anew: sorted, without duplicates


@patient
@given(documents=id_lists, window=windows, window_weighting=weightings)
def test_windows_do_not_span_documents(documents, window, window_weighting):
    together = count(documents, window=window, window_weighting=window_weighting)
    apart = [count([document], window=window, window_weighting=window_weighting) for document in documents]
    assert together.counts.toarray().tolist() == sum(part.counts for part in apart).toarray().tolist()


@patient
@given(left=id_lists, right=id_lists, window=windows, window_weighting=weightings)
def test_counts_of_two_corpora_are_added_exactly(left, right, window, window_weighting):
    parts = [count(documents, window=window, window_weighting=window_weighting) for documents in (left, right)]
    whole = count(left + right, window=window, window_weighting=window_weighting)
    assert (parts[0].counts + parts[1].counts).toarray().tolist() == whole.counts.toarray().tolist()
    assert parts[0].unit == parts[1].unit == whole.unit


@patient
@given(documents=id_lists, renamed=st.permutations(range(N_WORDS)), window=windows, window_weighting=weightings)
def test_renaming_the_words_permutes_the_matrix(documents, renamed, window, window_weighting):
    counts = count(documents, window=window, window_weighting=window_weighting).counts.toarray()
    other = [[renamed[word] for word in document] for document in documents]
    permuted = count(other, window=window, window_weighting=window_weighting).counts.toarray()
    assert permuted[np.ix_(renamed, renamed)].tolist() == counts.tolist()


@patient
@given(documents=id_lists, window_weighting=st.sampled_from(["uniform", "harmonic"]))
def test_a_window_longer_than_any_document_pairs_all_of_its_words(documents, window_weighting):
    # Nine tokens at most. Linear weights are left out: they depend on the window at any distance.
    longer, just = (count(documents, window=window, window_weighting=window_weighting) for window in (20, 8))
    assert (longer.counts / round(1 / longer.unit)).toarray() == pytest.approx(
        (just.counts / round(1 / just.unit)).toarray(), rel=1e-14
    )


@patient
@given(documents=id_lists, window=windows, window_weighting=weightings)
def test_the_sum_of_counts_depends_only_on_the_lengths_of_documents(documents, window, window_weighting):
    cooccurrence = count(documents, window=window, window_weighting=window_weighting)
    pairs = sum(
        2 * (len(document) - distance) * weight(distance, window, window_weighting)
        for document in documents
        for distance in range(1, min(window, len(document) - 1) + 1)
    )
    assert int(cooccurrence.counts.sum()) == pairs * round(1 / cooccurrence.unit)


def test_a_repeated_word_is_counted_in_both_directions():
    assert count([[0, 0, 0]], window=1).counts.toarray()[0, 0] == 4


def test_counts_are_exact_beyond_float32():
    # 2**24 + 1 pairs of neighbors: in float32 the last one would not change the sum.
    n_pairs = 2**24 + 1
    corpus = Corpus(np.zeros(n_pairs + 1, dtype=np.int32), np.array([0, n_pairs + 1]))
    counts = count_cooccurrences(corpus, make_vocabulary(1), window=1).counts
    assert int(counts[0, 0]) == 2 * n_pairs


@pytest.mark.parametrize("window", range(1, LAST_EXACT_HARMONIC_WINDOW + 1))
def test_harmonic_weights_are_exact_up_to_window_22(window):
    units, unit = window_weights(window, "harmonic")
    assert unit == 1 / lcm(*range(1, window + 1))
    assert [Fraction(int(w), lcm(*range(1, window + 1))) for w in units] == [
        Fraction(1, distance) for distance in range(1, window + 1)
    ]


@pytest.mark.parametrize("window", [23, 100, 1000])
def test_harmonic_weights_of_wider_windows_are_rounded_to_half_a_unit(window):
    units, unit = window_weights(window, "harmonic")
    assert unit == 2.0**-30
    errors = [abs(Fraction(int(w)) - Fraction(2**30, distance)) for distance, w in enumerate(units, start=1)]
    assert max(errors) <= Fraction(1, 2)


@pytest.mark.parametrize("window_weighting", WINDOW_WEIGHTINGS)
@pytest.mark.parametrize("window", [1, 2, 7, 40])
def test_an_adjacent_pair_has_weight_one(window, window_weighting):
    units, unit = window_weights(window, window_weighting)
    assert units.dtype == np.int64
    assert units[0] * unit == pytest.approx(1, rel=1e-15)  # one rounding of 1 / unit
    assert np.all(np.diff(units) <= 0)


def test_an_unknown_weighting_is_refused():
    with pytest.raises(ValueError, match=r"window_weighting='flat' is unknown; use one of \('linear', 'uniform'"):
        window_weights(3, "flat")


def test_checking_sums_duplicates_and_drops_explicit_zeros():
    entries = sparse.csr_array(
        (np.array([1, 2, 0, 3]), np.array([1, 1, 0, 0]), np.array([0, 3, 4])), shape=(2, 2)
    )  # (0, 1) twice, and a zero at (0, 0)
    checked = check_cooccurrence(Cooccurrence(entries, make_vocabulary(2), unit=0.5))
    assert checked.counts.toarray().tolist() == [[0, 3], [3, 0]]
    assert checked.counts.nnz == 2
    assert checked.counts.has_canonical_format
    assert checked.unit == 0.5
    assert entries.nnz == 4  # what was given is left alone


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array, sparse.coo_array, sparse.csc_matrix])
@pytest.mark.parametrize("dtype", [np.bool_, np.uint8, np.int64, np.float32, np.float64])
def test_checking_accepts_every_sparse_format_and_number_type(form, dtype):
    counts = form(np.array([[0, 1, 0], [1, 1, 0], [0, 0, 0]], dtype=dtype))
    checked = check_cooccurrence(Cooccurrence(counts, make_vocabulary(3)))
    assert isinstance(checked.counts, sparse.csr_array)
    assert checked.counts.toarray().tolist() == [[0, 1, 0], [1, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[0, 1, 0], [1, 0, 0], [0, 0, 1]], r"shape \(3, 3\) for 2 words; give \(2, 2\)"),
        ([[0, 1, 0], [1, 0, 0]], r"shape \(2, 3\) for 2 words"),
        ([[0, -1], [-1, 0]], "negative numbers, infinity or NaN"),
        ([[0, np.nan], [np.nan, 0]], "negative numbers, infinity or NaN"),
        ([[0, np.inf], [np.inf, 0]], "negative numbers, infinity or NaN"),
        ([[0, 1], [2, 0]], r"not symmetric; give counts \+ counts\.T"),
        ([[0, 0], [0, 0]], "No two of the 2 words occur together"),
    ],
)
def test_checking_refuses_invalid_counts(counts, message):
    with pytest.raises(ValueError, match=message):
        check_cooccurrence(Cooccurrence(sparse.csr_array(np.array(counts)), make_vocabulary(2)))


@pytest.mark.parametrize("word_counts", [[3, 0], [3, -1]])
def test_checking_refuses_a_vocabulary_without_a_positive_count_for_each_word(word_counts):
    vocabulary = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array(word_counts))
    with pytest.raises(ValueError, match="for 2 words; give one positive count for each word"):
        check_cooccurrence(Cooccurrence(sparse.csr_array(np.array([[0, 1], [1, 0]])), vocabulary))


def test_a_corpus_without_pairs_is_refused():
    with pytest.raises(ValueError, match="No two of the 5 words occur together; give longer documents"):
        require_pairs(count([[0], [1], []], window=4))


def zipf_counts() -> Cooccurrence:
    """Return symmetric counts of 6 words, with a diagonal and with zeros, in units of 1/4."""
    rng = np.random.default_rng(0)
    upper = np.triu(rng.integers(0, 4000, (6, 6)) * (rng.random((6, 6)) < 0.7))
    return Cooccurrence(sparse.csr_array(upper + upper.T), make_vocabulary(6), unit=0.25)


def test_as_many_pairs_are_sampled_as_were_counted():
    cooccurrence = zipf_counts()
    corpus = sample_pairs(cooccurrence, random_state=np.random.RandomState(0))
    # Each pair was counted in both directions.
    assert corpus.n_documents == round(cooccurrence.counts.sum() * cooccurrence.unit / 2)
    assert np.all(np.diff(corpus.offsets) == 2)
    assert corpus.ids.dtype == np.int32
    assert corpus.offsets.dtype == np.int64


def test_pairs_are_sampled_in_proportion_to_their_counts():
    cooccurrence = zipf_counts()
    corpus = sample_pairs(cooccurrence, random_state=np.random.RandomState(0))
    recounted = count_cooccurrences(corpus, cooccurrence.vocabulary, window=1).counts.toarray()
    expected = cooccurrence.counts.toarray() * cooccurrence.unit
    assert np.all(recounted[expected == 0] == 0)
    # A pair of different words is in two cells; a pair of one word is counted twice in one cell.
    cells = np.triu(expected > 0)
    each = np.where(np.eye(6, dtype=bool), 2, 1)[cells]
    drawn, mean = recounted[cells] / each, expected[cells] / each
    chi_square, degrees = np.sum((drawn - mean) ** 2 / mean), len(mean) - 1
    # Mean `degrees`, variance 2 * degrees: five standard deviations to either side, for one fixed seed.
    assert abs(chi_square - degrees) < 5 * np.sqrt(2 * degrees)


def test_sampled_pairs_come_in_random_order():
    first = sample_pairs(zipf_counts(), random_state=np.random.RandomState(0)).ids[::2]
    # In the order of the matrix the first half would hold the small rows only.
    half = len(first) // 2
    assert abs(first[:half].mean() - first[half:].mean()) < 0.1 * first.std()


def test_sampling_is_repeatable_and_gives_at_least_one_pair():
    tiny = Cooccurrence(sparse.csr_array(np.array([[0.0, 0.1], [0.1, 0]])), make_vocabulary(2))
    draws = [sample_pairs(tiny, random_state=np.random.RandomState(3)).ids.tolist() for _ in range(2)]
    assert draws == [[0, 1], [0, 1]]


@given(left=id_lists, right=id_lists, window=windows, window_weighting=weightings)
def test_a_sum_equals_the_counts_of_both_corpora_in_one(left, right, window, window_weighting):
    parts = [count(documents, window=window, window_weighting=window_weighting) for documents in (left, right)]
    whole = count(left + right, window=window, window_weighting=window_weighting)
    total = parts[0] + parts[1]
    assert total.unit == whole.unit
    for part in ("indptr", "indices", "data"):
        assert getattr(total.counts, part).tolist() == getattr(whole.counts, part).tolist()


def test_adding_keeps_the_word_counts_of_one_vocabulary_and_adds_those_of_two():
    shard = count([[0, 1]], window=1)
    assert (shard + shard).vocabulary is shard.vocabulary
    other = Cooccurrence(shard.counts, Vocabulary(shard.vocabulary.words, 2 * shard.vocabulary.counts), shard.unit)
    assert (shard + other).vocabulary.counts.tolist() == [3] * N_WORDS


def test_counts_of_different_words_are_refused_until_the_words_are_selected():
    left, right = count([[0, 1, 4]], window=2), count([[1, 4, 0]], window=2)
    fewer = right.select(["word4", "word1"])
    with pytest.raises(ValueError, match=r"different words \(5 and 2, or in another order\); select the same words"):
        left + fewer
    words = ["word1", "word4"]
    assert (left.select(words) + fewer.select(words)).counts.toarray().tolist() == [[0, 4], [4, 0]]


def test_counts_in_different_units_are_not_added():
    with pytest.raises(ValueError, match=r"units of 0\.5 and 1\.0 pairs, .* with the same window and window_weighting"):
        count([[0, 1]], window=2) + count([[0, 1]], window=1)


def test_adding_a_number_to_counts_is_a_type_error():
    with pytest.raises(TypeError, match="unsupported operand"):
        count([[0, 1]], window=2) + 1


@given(documents=id_lists, rows=st.permutations(range(N_WORDS)), n_selected=st.integers(0, N_WORDS))
def test_selecting_words_selects_rows_and_columns_in_order(documents, rows, n_selected):
    cooccurrence, rows = count(documents, window=3), rows[:n_selected]
    words = cooccurrence.vocabulary.words[rows]
    selected = cooccurrence.select(words)
    assert selected.vocabulary.words.tolist() == words.tolist()
    assert selected.vocabulary.counts.tolist() == cooccurrence.vocabulary.counts[rows].tolist()
    assert selected.counts.toarray().tolist() == cooccurrence.counts.toarray()[np.ix_(rows, rows)].tolist()
    assert selected.unit == cooccurrence.unit


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        (["word1", "tee", "kop"], KeyError, r"2 of 3 words are not in the vocabulary: \['tee', 'kop'\]"),
        (["word1", "word2", "word1"], ValueError, "1 words are given twice; give each word once"),
        ("word1", TypeError, r"words is one str, 'word1'; give a list of words, such as \[word\]"),
    ],
)
def test_words_that_cannot_be_selected_are_refused(words, error, message):
    with pytest.raises(error, match=message):
        count([[0, 1]], window=1).select(words)
