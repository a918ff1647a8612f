from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v.corpus import Corpus
from sk_w2v.pooling import POOLINGS, SIF_SCALE, bag_of_words

patient = settings(deadline=None)  # a busy machine is slow at times, and the first example may compile a kernel

N_WORDS = 5
EMBEDDING = np.random.default_rng(0).standard_normal((N_WORDS, 3)).astype(np.float32)
EMBEDDING[4] = 0  # as a word's that nothing was learnt about
WORD_COUNTS = np.array([1000, 300, 100, 5, 5])

id_lists = st.lists(st.lists(st.integers(0, N_WORDS - 1), max_size=8), max_size=6)
every_pooling = pytest.mark.parametrize("name", list(POOLINGS))


def make_corpus(documents: list[list[int]]) -> Corpus:
    """Return documents of ids as one corpus."""
    ids = np.array([i for document in documents for i in document], dtype=np.int32)
    return Corpus(ids, np.cumsum([0, *map(len, documents)], dtype=np.int64))


def pool(documents: list[list[int]], name: str) -> np.ndarray:
    """Return the documents' vectors."""
    return POOLINGS[name](bag_of_words(make_corpus(documents), N_WORDS), EMBEDDING, WORD_COUNTS)


def pool_slowly(document: list[int], name: str) -> np.ndarray:
    """Return one document's vector, word by word."""
    total = np.zeros(3)
    for word in document:
        vector = EMBEDDING[word].astype(float)
        if name == "sif":
            share = WORD_COUNTS[word] / WORD_COUNTS.sum()
            vector = SIF_SCALE / (SIF_SCALE + share) * vector / (np.linalg.norm(vector) or 1)
        total += vector
    return total if name == "sum" else total / max(len(document), 1)


@patient
@given(documents=id_lists)
def test_a_bag_counts_each_document_s_words(documents):
    bags = bag_of_words(make_corpus(documents), N_WORDS)
    assert bags.shape == (len(documents), N_WORDS)
    assert bags.dtype == np.float32
    expected = [[document.count(word) for word in range(N_WORDS)] for document in documents]
    assert bags.toarray().tolist() == expected


def test_making_bags_leaves_the_order_of_the_corpus_alone():
    corpus = make_corpus([[3, 1, 3], [2, 0]])
    bag_of_words(corpus, N_WORDS)
    assert corpus.ids.tolist() == [3, 1, 3, 2, 0]
    assert corpus.offsets.tolist() == [0, 3, 5]


@every_pooling
@patient
@given(documents=id_lists)
def test_pooling_is_what_a_loop_over_words_gives(name, documents):
    vectors = pool(documents, name)
    assert vectors.shape == (len(documents), 3)
    assert vectors.dtype == np.float32
    for vector, document in zip(vectors, documents, strict=True):
        np.testing.assert_allclose(vector, pool_slowly(document, name), atol=1e-5)  # float32 sums of 8 words


@every_pooling
def test_documents_without_words_get_zeros(name):
    vectors = pool([[], [0, 1], []], name)
    assert np.all(vectors[[0, 2]] == 0)
    assert np.any(vectors[1] != 0)


@every_pooling
@patient
@given(documents=id_lists, seed=st.integers(0, 99))
def test_neither_the_order_of_words_nor_that_of_documents_matters(name, documents, seed):
    rng = np.random.default_rng(seed)
    shuffled = [rng.permutation(document).tolist() for document in documents]
    order = rng.permutation(len(documents))
    vectors = pool([shuffled[index] for index in order], name)
    np.testing.assert_allclose(vectors, pool(documents, name)[order], atol=1e-5)


@pytest.mark.parametrize("name", [name for name in POOLINGS if name != "sum"])
@patient
@given(document=st.lists(st.integers(0, N_WORDS - 1), min_size=1, max_size=5))
def test_repeating_a_document_does_not_change_an_average(name, document):
    once, thrice = pool([document, 3 * document], name)
    np.testing.assert_allclose(once, thrice, atol=1e-5)


def test_smooth_inverse_frequency_halves_a_word_with_the_share_of_its_scale():
    counts = np.array([1, 1 / SIF_SCALE - 1])  # the first word's share is the scale
    bags = bag_of_words(make_corpus([[0]]), 2)
    vectors = POOLINGS["sif"](bags, np.array([[0, 3], [1, 0]], dtype=np.float32), counts)
    np.testing.assert_allclose(vectors, [[0, 0.5]], rtol=1e-6)


@every_pooling
def test_pooling_leaves_the_embedding_alone(name):
    before = EMBEDDING.copy()
    pool([[0, 1, 2]], name)
    assert np.array_equal(before, EMBEDDING)
