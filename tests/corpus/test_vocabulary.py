from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v.corpus import Vocabulary, build_vocabulary

patient = settings(deadline=None)  # a busy machine is slow at times, and the first example may compile a kernel

COUNTS = {"tea": 7, "cup": 7, "rare": 1, "milk": 9, "pen": 3}

word_counts = st.dictionaries(st.text("abc", min_size=1, max_size=4), st.integers(1, 9), min_size=1)


def test_words_are_sorted_by_descending_count_then_alphabetically():
    vocabulary = build_vocabulary(COUNTS, min_count=1)
    assert vocabulary.words.tolist() == ["milk", "cup", "tea", "pen", "rare"]
    assert vocabulary.counts.tolist() == [9, 7, 7, 3, 1]


def test_the_default_min_count_is_five():
    assert build_vocabulary({"five": 5, "four": 4}).words.tolist() == ["five"]


@patient
@given(counts=word_counts, min_count=st.integers(1, 9), max_features=st.none() | st.integers(1, 5))
def test_a_vocabulary_equals_the_sorted_frequent_words(counts, min_count, max_features):
    frequent = sorted((-count, word) for word, count in counts.items() if count >= min_count)[:max_features]
    if not frequent:
        with pytest.raises(ValueError, match="leaves no word"):
            build_vocabulary(counts, min_count=min_count, max_features=max_features)
        return
    vocabulary = build_vocabulary(counts, min_count=min_count, max_features=max_features)
    assert list(zip((-vocabulary.counts).tolist(), vocabulary.words, strict=True)) == frequent


@patient
@given(counts=word_counts, order=st.randoms(use_true_random=False))
def test_the_order_of_appearance_does_not_matter(counts, order):
    shuffled = list(counts.items())
    order.shuffle(shuffled)
    assert build_vocabulary(dict(shuffled), min_count=1).words.tolist() == (
        build_vocabulary(counts, min_count=1).words.tolist()
    )


def test_max_features_cuts_a_tie_in_alphabetical_order():
    assert build_vocabulary(COUNTS, min_count=1, max_features=2).words.tolist() == ["milk", "cup"]


def test_lookup_returns_rows_and_minus_one_for_unknown_words():
    vocabulary = build_vocabulary(COUNTS, min_count=1)
    assert [vocabulary.words[row] for row in vocabulary.rows.values()] == list(vocabulary.rows)
    assert vocabulary.lookup(["tea", "stranger", "milk"]).tolist() == [2, -1, 0]
    assert vocabulary.lookup([]).shape == (0,)


def test_vocabulary_keeps_words_as_objects_and_counts_as_64_bit_integers():
    vocabulary = build_vocabulary({"tea": 2**40}, min_count=1)
    assert vocabulary.words.dtype == object
    assert vocabulary.counts.dtype == np.int64
    assert vocabulary.counts.tolist() == [2**40]
    assert len(vocabulary) == 1


def test_a_vocabulary_cannot_be_reassigned():
    vocabulary = Vocabulary(np.array(["tea"], dtype=object), np.array([1]))
    with pytest.raises(AttributeError, match="words"):
        vocabulary.words = np.array(["cup"], dtype=object)


def test_documents_without_words_are_refused():
    with pytest.raises(ValueError, match="hold no words; give at least one document"):
        build_vocabulary({})


def test_the_error_about_a_high_min_count_names_the_highest_count():
    with pytest.raises(ValueError, match=r"min_count=10 leaves no word: the most frequent of 5 words occurs 9 times"):
        build_vocabulary(COUNTS, min_count=10)


@pytest.mark.parametrize("counts", [[3], [[3], [1]], [3, 1, 1]])
def test_a_vocabulary_has_one_count_for_each_word(counts):
    words = np.array(["tea", "cup"], dtype=object)
    with pytest.raises(ValueError, match=r"counts of the vocabulary are of shape .* for 2 words; give an array"):
        Vocabulary(words, np.array(counts))
    with pytest.raises(ValueError, match=r"document_counts of the vocabulary are of shape .* for 2 words"):
        Vocabulary(words, np.array([3, 1]), np.array(counts), 9)


def test_lists_are_refused_as_arrays_of_a_vocabulary():
    with pytest.raises(ValueError, match=r"words of the vocabulary are a list for 1 words; give an array of shape"):
        Vocabulary(["tea"], np.array([1]))


def test_a_repeated_word_is_an_error():
    vocabulary = Vocabulary(np.array(["tea", "cup", "tea"], dtype=object), np.array([3, 2, 1]))
    with pytest.raises(ValueError, match="Only 2 of 3 words differ; give each word one row"):
        vocabulary.lookup(["tea"])
    with pytest.raises(ValueError, match="Only 2 of 3 words differ; give each word one row"):
        vocabulary.take(np.array([1]))
