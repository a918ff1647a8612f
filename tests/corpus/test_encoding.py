from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v.corpus import Corpus, count_documents, encode_documents, number_tokens, require_neighbors, select_words
from sk_w2v.corpus import _corpus as corpus_module

patient = settings(deadline=None)  # a busy machine is slow at times, and the first example may compile a kernel

# Documents as lists of tokens, empty ones included.
token_lists = st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), min_size=1, max_size=6)


def decode(corpus: Corpus, words: list[str]) -> list[list[str]]:
    """Return each document's tokens."""
    return [[words[i] for i in corpus.ids[first:end]] for first, end in pairwise(corpus.offsets)]


@patient
@given(documents=token_lists)
def test_ids_and_offsets_restore_the_documents(documents):
    corpus, words = number_tokens(documents, analyzer=str.split)
    assert decode(corpus, words) == documents
    assert corpus.n_documents == len(documents)


@patient
@given(documents=token_lists)
def test_words_are_numbered_in_the_order_in_which_they_appear(documents):
    _, words = number_tokens(documents, analyzer=str.split)
    assert words == list(dict.fromkeys(token for document in documents for token in document))


@patient
@given(documents=token_lists, known=st.sets(st.sampled_from("abcdef")))
def test_encoding_drops_unknown_words_and_keeps_every_document(documents, known):
    words = sorted(known)
    corpus = encode_documents(documents, {word: row for row, word in enumerate(words)}, analyzer=str.split)
    assert decode(corpus, words) == [[token for token in document if token in known] for document in documents]


@patient
@given(documents=token_lists, known=st.permutations("abcdef"), n_known=st.integers(0, 6))
def test_numbering_and_then_selecting_equals_encoding(documents, known, n_known):
    rows = {word: row for row, word in enumerate(known[:n_known])}
    numbered, words = number_tokens(documents, analyzer=str.split)
    selected = select_words(numbered, np.array([rows.get(word, -1) for word in words], dtype=np.int64))
    encoded = encode_documents(documents, rows, analyzer=str.split)
    assert selected.ids.tolist() == encoded.ids.tolist()
    assert selected.offsets.tolist() == encoded.offsets.tolist()


def test_selecting_without_rows_only_drops_negative_ids():
    corpus = select_words(Corpus(np.array([4, -1, 0, -1], dtype=np.int32), np.array([0, 2, 2, 4])))
    assert corpus.ids.tolist() == [4, 0]
    assert corpus.offsets.tolist() == [0, 1, 1, 2]


def test_only_texts_are_analyzed():
    corpus, words = number_tokens(["A b", ["A b", "a"], ("b",), np.array(["a"])], analyzer=lambda s: s.lower().split())
    assert decode(corpus, words) == [["a", "b"], ["A b", "a"], ["b"], ["a"]]


def test_documents_are_read_only_once():
    corpus, words = number_tokens((text for text in ["a b", "b"]), analyzer=str.split)
    assert decode(corpus, words) == [["a", "b"], ["b"]]


def test_ids_are_32_bit_and_offsets_64_bit_integers():
    numbered, _ = number_tokens(["a b"], analyzer=str.split)
    for corpus in (numbered, encode_documents(["a b"], {"a": 0}, analyzer=str.split)):
        assert corpus.ids.dtype == np.int32
        assert corpus.offsets.dtype == np.int64


def test_encoding_does_not_modify_the_given_rows():
    rows = {"a": 0}
    encode_documents(["a b c"], rows, analyzer=str.split)
    assert rows == {"a": 0}


def test_fitting_needs_a_document_and_encoding_does_not():
    with pytest.raises(ValueError, match="X holds no documents; give at least one"):
        number_tokens([], analyzer=str.split)
    assert encode_documents([], {"a": 0}, analyzer=str.split).n_documents == 0


@pytest.mark.parametrize("document", [3, None, b"tea", {"tea"}, 2.5])
def test_a_document_of_a_wrong_type_is_an_error_with_its_index(document):
    with pytest.raises(TypeError, match=rf"Document 1 is .* of type {type(document).__name__}; a document must be a"):
        number_tokens(["tea", document], analyzer=str.split)


@pytest.mark.parametrize("token", [3, None, b"tea", ["tea"]])
def test_a_token_of_a_wrong_type_is_an_error_with_the_index_of_its_document(token):
    with pytest.raises(TypeError, match=rf"Document 1 has the token .* of type {type(token).__name__}; tokens must"):
        number_tokens(["tea", ["cup", token]], analyzer=str.split)


def test_require_neighbors_refuses_documents_of_one_token():
    lonely = Corpus(np.array([0, 1], dtype=np.int32), np.array([0, 1, 1, 2]))
    with pytest.raises(ValueError, match="No two words occur together in 3 documents; give longer documents"):
        require_neighbors(lonely)
    with pytest.raises(ValueError, match="in 0 documents"):
        require_neighbors(Corpus(np.array([], dtype=np.int32), np.array([0])))
    pair = Corpus(np.array([0, 1], dtype=np.int32), np.array([0, 0, 2]))
    assert require_neighbors(pair) is pair


@pytest.mark.parametrize("n_cached", [1, 7, 1 << 18])
def test_each_document_of_a_word_is_counted_once(n_cached, monkeypatch):
    monkeypatch.setattr(corpus_module, "_CACHED_TOKENS", n_cached)
    rng = np.random.default_rng(0)
    documents = [rng.integers(0, 6, rng.integers(0, 9)) for _ in range(40)] + [[], []]
    offsets = np.cumsum([0, *map(len, documents)])
    corpus = Corpus(np.concatenate(documents).astype(np.int32), offsets)
    expected = [sum(word in document for document in documents) for word in range(7)]
    assert count_documents(corpus, 7).tolist() == expected
