"""Every form in which documents can come gives the same fit."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v.cooccurrence import Cooccurrence, count_cooccurrences
from sk_w2v.corpus import build_vocabulary, number_tokens, select_words


def object_array(items):
    """Return a one-dimensional object array, whatever the items are."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


STRING_FORMS = {
    "tuple": tuple,
    "generator": iter,
    "NumPy str array": np.array,
    "NumPy object array": object_array,
    "pandas Series": pd.Series,
    "pandas object Series": lambda documents: pd.Series(documents, dtype=object),
    "pandas string Series": lambda documents: pd.Series(documents, dtype="string"),
    "pandas Series with another index": lambda documents: pd.Series(documents, index=range(len(documents), 0, -1)),
    "pandas categorical Series": lambda documents: pd.Series(documents, dtype="category"),
    "polars Series": lambda documents: pl.Series("text", documents),
}

TOKEN_FORMS = {
    "list of lists": list,
    "list of tuples": lambda documents: [tuple(tokens) for tokens in documents],
    "list of str arrays": lambda documents: [np.array(tokens) for tokens in documents],
    "list of object arrays": lambda documents: [object_array(tokens) for tokens in documents],
    "generator of lists": iter,
    "object array of lists": object_array,
    "pandas Series of lists": pd.Series,
    "polars Series of lists": lambda documents: pl.Series("tokens", documents),
}


def assert_same_words_and_vectors(left, right):
    """Compare two fits, to the last bit."""
    assert left.vocabulary_ == right.vocabulary_
    np.testing.assert_array_equal(left.word_counts_, right.word_counts_)
    np.testing.assert_array_equal(left.embedding_, right.embedding_)


def tokenize(documents):
    """Split documents as CountVectorizer does."""
    return [CountVectorizer().build_analyzer()(document) for document in documents]


@pytest.mark.parametrize("form", STRING_FORMS)
def test_all_forms_of_strings_give_one_fit_and_one_transform(embedder, documents, form):
    make = STRING_FORMS[form]
    from_list = clone(embedder).fit(documents)
    embedder.fit(make(documents))
    assert_same_words_and_vectors(embedder, from_list)
    np.testing.assert_array_equal(embedder.transform(make(documents)), from_list.transform(documents))
    assert embedder.score(make(documents[:30])) == from_list.score(documents[:30])


@pytest.mark.parametrize("form", TOKEN_FORMS)
def test_all_forms_of_tokens_give_the_fit_of_their_strings(embedder, documents, form):
    make, token_lists = TOKEN_FORMS[form], tokenize(documents)
    from_strings = clone(embedder).fit(documents)
    embedder.fit(make(token_lists))
    assert_same_words_and_vectors(embedder, from_strings)
    np.testing.assert_array_equal(embedder.transform(make(token_lists)), from_strings.transform(documents))


def test_strings_and_tokens_can_be_mixed(embedder, documents):
    mixed = [document.split() if i % 2 else document for i, document in enumerate(documents)]
    assert_same_words_and_vectors(clone(embedder).fit(mixed), embedder.fit(documents))


def test_tokens_are_taken_as_they_are(embedder):
    token_lists = [["I", "said:"] * 3, ["tea", "TEA"] * 3, ["New York", ""] * 3]
    embedder.set_params(n_components=1, min_count=1, vectorizer__stop_words=["tea"]).fit(token_lists)
    assert set(embedder.vocabulary_) == {token for tokens in token_lists for token in tokens}


# How CountVectorizer is asked to tokenize, and so the embedders.
TOKENIZING = {
    "by default": {},
    "with case": {"lowercase": False},
    "by a pattern": {"token_pattern": r"[a-z]+"},
    "by a group of a pattern": {"token_pattern": r"(\w)\w+"},
    "by a tokenizer": {"tokenizer": str.split, "token_pattern": None},
    "with a preprocessor": {"preprocessor": lambda text: text.replace("é", "e").upper()},
    "without English stop words": {"stop_words": "english"},
    "without a list of stop words": {"stop_words": ["tea", "cup"]},
    "without accents": {"strip_accents": "unicode"},
    "by pairs of words": {"ngram_range": (1, 2)},
    "by parts of words": {"analyzer": "char_wb", "ngram_range": (2, 3)},
    "by a function": {"analyzer": str.split},
    "by all of them": {
        "tokenizer": str.split,
        "token_pattern": None,
        "preprocessor": str.upper,
        "lowercase": False,
        "stop_words": ["TEA"],
    },
}

TEXTS = [
    "Tea in a Café: the cup of TEA, and 2 more cups.",
    "A cup of coffee (no tea!) in the other café",
    "pen and ink; ink and paper -- the PEN, an ink-stained paper",
    "Paper, pen. Paper? Pen!",
] * 2


@pytest.mark.parametrize("how", TOKENIZING)
def test_tokenizing_parameters_mean_what_they_mean_in_count_vectorizer(embedder, how):
    vectorizer = CountVectorizer(**TOKENIZING[how])
    embedder.set_params(n_components=1, min_count=1, vectorizer=clone(vectorizer)).fit(TEXTS)
    totals = vectorizer.fit_transform(TEXTS).sum(axis=0)
    expected = dict(zip(vectorizer.get_feature_names_out(), np.asarray(totals).ravel(), strict=True))
    assert dict(zip(embedder.words_, embedder.word_counts_, strict=True)) == expected


def test_a_tokenizer_is_used_without_a_warning_that_the_pattern_is_not(embedder, documents):
    embedder.set_params(vectorizer__tokenizer=str.split).fit(documents)  # a warning would be an error here
    assert embedder.vocabulary_ == clone(embedder).set_params(vectorizer=None).fit(documents).vocabulary_


def test_max_features_keeps_the_words_that_count_vectorizer_keeps(embedder, documents):
    n_kept = 9
    totals = Counter(token for tokens in tokenize(documents) for token in tokens).most_common(n_kept + 1)
    assert totals[-1][1] < totals[-2][1]  # or the last place would be a matter of taste
    embedder.set_params(max_features=n_kept).fit(documents)
    assert set(embedder.vocabulary_) == set(CountVectorizer(max_features=n_kept).fit(documents).vocabulary_)


def count(documents, *, window, window_weighting="linear"):
    """Count documents by the stages, without an embedder."""
    numbered, words = number_tokens(documents, analyzer=CountVectorizer().build_analyzer())
    vocabulary = build_vocabulary(dict(zip(words, np.bincount(numbered.ids).tolist(), strict=True)))
    corpus = select_words(numbered, vocabulary.lookup(words))
    return count_cooccurrences(corpus, vocabulary, window=window, window_weighting=window_weighting)


def test_ready_counts_give_the_closed_form_of_their_documents(spectral, documents):
    from_documents = clone(spectral).fit(documents)
    spectral.fit(count(documents, window=spectral.window, window_weighting=spectral.window_weighting))
    assert_same_words_and_vectors(spectral, from_documents)
    np.testing.assert_array_equal(spectral.eigenvalues_, from_documents.eigenvalues_)


@pytest.mark.parametrize("make", [sparse.csr_array, sparse.coo_array, sparse.csc_matrix])
def test_ready_counts_may_be_of_any_unit_and_sparse_format(spectral, documents, make):
    from_documents = clone(spectral).fit(documents)
    exact = count(documents, window=spectral.window, window_weighting=spectral.window_weighting)
    spectral.fit(replace(exact, counts=make(exact.counts * exact.unit), unit=1.0))
    # rtol: of the target, which is kept in float32
    np.testing.assert_allclose(spectral.eigenvalues_, from_documents.eigenvalues_, rtol=1e-6)


def test_fitting_does_not_change_ready_counts(embedder, documents):
    cooccurrence = count(documents, window=5)
    before = cooccurrence.counts.copy()
    embedder.fit(cooccurrence)
    assert (cooccurrence.counts != before).nnz == 0


def test_training_on_ready_counts_learns_what_their_documents_teach(sgns, documents):
    from_documents = clone(sgns).fit(documents)
    sgns.fit(count(documents, window=sgns.window))
    assert sgns.vocabulary_ == from_documents.vocabulary_
    assert np.all(np.isfinite(sgns.embedding_))
    assert sgns.loss_curve_[-1] < sgns.loss_curve_[0]
    # 0.61 from documents; drawn pairs lose nothing but chance
    assert sgns.score(documents) == pytest.approx(from_documents.score(documents), abs=0.02)


def test_a_graph_is_counts_whose_words_are_its_nodes(embedder):
    # two rings of six nodes, with one edge between them
    nodes = [f"{side}{i}" for side in "ab" for i in range(6)]
    edges = [(6 * side + i, 6 * side + (i + 1) % 6) for side in range(2) for i in range(6)] + [(0, 6)]
    rows, columns = np.transpose(edges)
    adjacency = sparse.coo_array((np.full(len(edges), 100.0), (rows, columns)), shape=(12, 12))
    adjacency = adjacency + adjacency.T
    degrees = adjacency.sum(axis=1).astype(np.int64)
    vocabulary = build_vocabulary(dict(zip(nodes, degrees.tolist(), strict=True)))
    order = [nodes.index(word) for word in vocabulary.words]
    counts = sparse.csr_array(adjacency.tocsr()[order][:, order])
    embedder.set_params(n_components=2).fit(Cooccurrence(counts, vocabulary))
    assert sorted(embedder.words_) == sorted(nodes)
    assert np.all(np.isfinite(embedder.embedding_))


def test_held_out_counts_score_like_their_documents(fitted, documents):
    held_out = [document for document in documents[:50] if document]
    numbered, words = number_tokens(held_out, analyzer=str.split)
    vocabulary = build_vocabulary(dict(zip(fitted.words_, fitted.word_counts_.tolist(), strict=True)))
    cooccurrence = count_cooccurrences(select_words(numbered, vocabulary.lookup(words)), vocabulary, window=5)
    assert fitted.score(cooccurrence) == fitted.score(held_out)
