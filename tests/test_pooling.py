from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from sk_w2v import pooling
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.corpus import Corpus, Vocabulary, count_words, number_tokens
from sk_w2v.pooling import POOLINGS, SIF_SCALE, bag_of_words

patient = settings(deadline=None)  # a busy machine is slow at times, and the first example may compile a kernel

N_WORDS = 5
EMBEDDING = np.random.default_rng(0).standard_normal((N_WORDS, 3)).astype(np.float32)
EMBEDDING[4] = 0  # as a word's that nothing was learned about
WORD_COUNTS = np.array([1000, 300, 100, 5, 5])
DOCUMENT_COUNTS, N_DOCUMENTS = np.array([90, 80, 50, 5, 1]), 100
VOCABULARY = Vocabulary(np.array(list("abcde"), dtype=object), WORD_COUNTS, DOCUMENT_COUNTS, N_DOCUMENTS)

id_lists = st.lists(st.lists(st.integers(0, N_WORDS - 1), max_size=8), max_size=6)
every_pooling = pytest.mark.parametrize("name", list(POOLINGS))


def make_corpus(documents: list[list[int]]) -> Corpus:
    """Return documents of ids as one corpus."""
    ids = np.array([i for document in documents for i in document], dtype=np.int32)
    return Corpus(ids, np.cumsum([0, *map(len, documents)], dtype=np.int64))


def pool(documents: list[list[int]], name: str) -> np.ndarray:
    """Return the documents' vectors."""
    return POOLINGS[name](bag_of_words(make_corpus(documents), N_WORDS), EMBEDDING, VOCABULARY)


def pool_slowly(document: list[int], name: str) -> np.ndarray:
    """Return one document's vector, word by word."""
    vectors = np.array([weight(word, name) * vector_of(word, name) for word in document]).reshape(-1, 3)
    if name == "max":
        return vectors.max(axis=0, initial=-np.inf) if document else np.zeros(3)
    return vectors.sum(axis=0) / (1 if name == "sum" else max(len(document), 1))


def vector_of(word: int, name: str) -> np.ndarray:
    """Return what is pooled of a word: its vector, or the direction of it."""
    vector = EMBEDDING[word].astype(float)
    return vector if name in ("mean", "sum", "max") else vector / (np.linalg.norm(vector) or 1)


def weight(word: int, name: str) -> float:
    """Return a word's weight."""
    share = WORD_COUNTS[word] / WORD_COUNTS.sum()
    if name == "sif":
        return SIF_SCALE / (SIF_SCALE + share)
    if name == "usif":  # written after the paper
        n = WORD_COUNTS.sum() / N_DOCUMENTS
        alpha = sum(count / WORD_COUNTS.sum() > 1 - (1 - 1 / N_WORDS) ** n for count in WORD_COUNTS) / N_WORDS
        a = (1 - (alpha or 1 / N_WORDS)) / ((alpha or 1 / N_WORDS) * N_WORDS / 2)
        return a / (a / 2 + share)
    if name == "tfidf":
        return np.log((1 + N_DOCUMENTS) / (1 + DOCUMENT_COUNTS[word])) + 1
    return 1


@patient
@given(documents=id_lists)
def test_a_bag_counts_each_document_s_words(documents):
    bags = bag_of_words(make_corpus(documents), N_WORDS)
    assert bags.shape == (len(documents), N_WORDS)
    assert bags.dtype == np.float32
    expected = [[document.count(word) for word in range(N_WORDS)] for document in documents]
    assert bags.toarray().tolist() == expected


def test_bag_of_words_does_not_modify_the_corpus():
    corpus = make_corpus([[3, 1, 3], [2, 0]])
    bag_of_words(corpus, N_WORDS)
    assert corpus.ids.tolist() == [3, 1, 3, 2, 0]
    assert corpus.offsets.tolist() == [0, 3, 5]


@every_pooling
@patient
@given(documents=id_lists)
def test_pooling_equals_a_loop_over_words(name, documents):
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


def test_sif_halves_the_weight_of_a_word_with_the_share_of_the_scale():
    counts = np.array([1, 1 / SIF_SCALE - 1])  # the first word's share is the scale
    bags = bag_of_words(make_corpus([[0]]), 2)
    words = Vocabulary(np.array(["tea", "cup"], dtype=object), counts)
    vectors = POOLINGS["sif"](bags, np.array([[0, 3], [1, 0]], dtype=np.float32), words)
    np.testing.assert_allclose(vectors, [[0, 0.5]], rtol=1e-6)


@every_pooling
def test_pooling_does_not_modify_the_embedding(name):
    before = EMBEDDING.copy()
    pool([[0, 1, 2]], name)
    assert np.array_equal(before, EMBEDDING)


def test_idf_weights_equal_those_of_scikit_learn():
    documents = [[0, 1], [0, 0, 2], [3], [0, 1, 4]]
    texts = [" ".join("abcde"[word] for word in document) for document in documents]
    idf = TfidfVectorizer(token_pattern=r"\S+").fit(texts).idf_
    counts = np.array([sum(word in document for document in documents) for word in range(N_WORDS)])
    vocabulary = Vocabulary(VOCABULARY.words, WORD_COUNTS, counts, len(documents))
    bags = bag_of_words(make_corpus([[word] for word in range(N_WORDS)]), N_WORDS)
    np.testing.assert_allclose(
        POOLINGS["tfidf"](bags, np.eye(5, dtype=np.float32), vocabulary), np.diag(idf), rtol=1e-6
    )


def test_the_threshold_of_usif_counts_the_words_that_a_document_is_likely_to_contain():
    # Documents of one word: a word is frequent if its share is above 1 / n_words. Here that is one of four words, so
    # that alpha = 1/4 and a = 2 * 3/4 / (1/4 * 4) = 3/2.
    counts = np.array([70, 10, 10, 10])
    vocabulary = Vocabulary(np.array(list("abcd"), dtype=object), counts, counts, 100)
    bags = bag_of_words(make_corpus([[0], [1]]), 4)
    vectors = POOLINGS["usif"](bags, np.eye(4, dtype=np.float32), vocabulary)
    np.testing.assert_allclose([vectors[0, 0], vectors[1, 1]], [1.5 / (0.75 + 0.7), 1.5 / (0.75 + 0.1)], rtol=1e-6)


def test_max_pooling_does_not_depend_on_batches(monkeypatch):
    documents = [[0, 1], [], [2], [3, 4, 0], [], []]
    whole = pool(documents, "max")
    monkeypatch.setattr(pooling, "_MAX_BATCH", 2)
    np.testing.assert_array_equal(pool(documents, "max"), whole)


@pytest.mark.parametrize("name", ["usif", "tfidf"])
def test_poolings_that_need_document_counts_say_so(name):
    bags = bag_of_words(make_corpus([[0]]), N_WORDS)
    with pytest.raises(ValueError, match=f"pooling='{name}' needs to know in how many documents each word occurs"):
        POOLINGS[name](bags, EMBEDDING, Vocabulary(VOCABULARY.words, WORD_COUNTS))


@pytest.mark.parametrize("name", ["sif", "usif", "tfidf"])
def test_impossible_counts_are_refused_by_poolings(name):
    bags = bag_of_words(make_corpus([[0]]), N_WORDS)
    in_more_documents_than_there_are = replace(VOCABULARY, document_counts=DOCUMENT_COUNTS + N_DOCUMENTS)
    negative = replace(VOCABULARY, counts=-WORD_COUNTS, document_counts=-DOCUMENT_COUNTS)
    for vocabulary in (negative, in_more_documents_than_there_are):
        if name == "sif" and vocabulary is not negative:
            continue  # which knows nothing of documents
        with pytest.raises(ValueError, match=r"The vocabulary has (negative counts|words in .* of \d+ documents)"):
            POOLINGS[name](bags, EMBEDDING, vocabulary)


@pytest.mark.parametrize("name", ["usif", "tfidf", "max"])
def test_embedders_pool_by_every_name(name, embedder, documents):
    fitted = embedder.set_params(pooling=name, norm=None).fit(documents)
    vocabulary = Vocabulary(fitted.words_, fitted.word_counts_, fitted.document_counts_, fitted.n_documents_)
    counts = np.array([[document.split().count(word) for word in fitted.words_] for document in documents])
    np.testing.assert_array_equal(fitted.document_counts_, (counts > 0).sum(axis=0))
    assert fitted.n_documents_ == len(documents)
    expected = POOLINGS[name](sparse.csr_array(counts.astype(np.float32)), fitted.embedding_, vocabulary)
    np.testing.assert_allclose(fitted.transform(documents), expected, atol=1e-5)


def test_fitting_counts_gives_no_document_counts(spectral, documents):
    counts = make_counts(documents)
    with pytest.raises(ValueError, match="pooling='tfidf' needs to know in how many documents"):
        spectral.set_params(pooling="tfidf").fit(counts).transform(documents)


def make_counts(documents):
    """Return the documents' co-occurrence counts."""
    corpus, words = number_tokens(documents, analyzer=str.split)
    counts = count_words(corpus, len(words))
    return count_cooccurrences(corpus, Vocabulary(np.array(words, dtype=object), counts), window=5)


def test_unknown_words_can_be_an_error(fitted, documents):
    fitted.oov = "error"
    np.testing.assert_array_equal(fitted.transform(iter(documents)), fitted.transform(documents))
    with pytest.raises(
        ValueError, match=r"2 words of X are not in the vocabulary of \d+ words, such as \['tea', 'cup'"
    ):
        fitted.transform([documents[0], "tea cup common0"])


def test_norm_l2_gives_rows_of_length_one(fitted, documents):
    vectors = fitted.transform(documents)
    fitted.norm = "l2"
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_allclose(fitted.transform(documents), vectors / lengths, rtol=1e-6)
    with pytest.warns(UserWarning, match="1 of 1 documents hold no word"):
        assert not fitted.transform([""]).any()
