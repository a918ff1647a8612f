"""Wrong input gets an error that says what was given and what to give, or a warning with the numbers."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse
from sklearn.exceptions import NotFittedError

from sk_w2v import Cooccurrence, SGNSEmbedder, SpectralEmbedder, Target, Vocabulary

NO_COLLECTION = {
    "a str": ("one text", "X is one str, 'one text'; give a list of documents, such as [text]"),
    "bytes": (b"one text", "X is one bytes, b'one text'; give a list of documents"),
    "None": (None, "X is of type NoneType; give a list, array or Series"),
    "a number": (3, "X is of type int; give a list, array or Series"),
    "a dict": ({"name": "text"}, "X is of type dict; give a list, array or Series"),
    "a pandas DataFrame": (pd.DataFrame({"text": ["a b"]}), "X is a DataFrame of 2 dimensions; give one column"),
    "a polars DataFrame": (pl.DataFrame({"text": ["a b"]}), "X is a DataFrame of 2 dimensions; give one column"),
    "a 2-D array of numbers": (np.zeros((3, 2)), "X is a ndarray of 2 dimensions; give one column"),
    "a 2-D array of str": (np.array([["a b"], ["c d"]]), "give one column of documents, such as frame['text']"),
    "a 0-D array": (np.array("text"), "X is a ndarray of 0 dimensions; give one column"),
    "a sparse array": (sparse.csr_array(np.eye(3)), "X is a sparse csr_array of numbers; give the documents"),
    "a sparse matrix": (sparse.coo_matrix(np.eye(3)), "X is a sparse coo_matrix of numbers; give the documents"),
    "a 1-D sparse array": (sparse.coo_array(np.ones(3)), "X is a sparse coo_array of numbers; give the documents"),
}

NO_DOCUMENTS = {
    "an int": (["a b", 3], "Document 1 is 3 of type int; a document must be a str or a sequence of str"),
    "None": ([None, "a b"], "Document 0 is None of type NoneType; .*fillna"),
    "NaN": (["a b", float("nan")], "Document 1 is nan of type float; .*fillna"),
    "NaN of float32": (["a b", np.float32("nan")], "Document 1 is .* of type float32; .*fillna"),
    "a record": ([{"text": "a b"}], "a document must be a str or a sequence of str tokens, such as record['text'] of"),
    "a token in bytes": ([[b"a"]], "Document 0 has the token b'a' of type bytes; tokens must be str"),
    "a dict": ([{"a": 1}], "Document 0 is {'a': 1} of type dict"),
    "a set": ([{"a"}], "Document 0 is {'a'} of type set"),
    "an int token": ([["a", 3]], "Document 0 has the token 3 of type int; tokens must be str (numbers can be turned"),
    "a NaN token": ([["a", float("nan")]], "Document 0 has the token nan of type float; tokens must be str"),
    "a list as token": ([[["a"]]], "Document 0 has the token ['a'] of type list; tokens must be str"),
    "an array of numbers": (np.ones(2), f"Document 0 is {np.float64(1)!r} of type float64"),
    "a missing value of pandas objects": (pd.Series(["a b", None], dtype=object), "Document 1 is None .*fillna"),
    "a missing value of pandas strings": (pd.Series(["a b", pd.NA], dtype="string"), "Document 1 is <NA> .*fillna"),
    "a missing value of polars": (pl.Series(["a b", None]), "Document 1 is None of type NoneType; .*fillna"),
}

NO_WORDS = {
    "an empty list": ([], "X holds no documents; give at least one"),
    "an empty array": (np.array([], dtype=object), "X holds no documents; give at least one"),
    "an exhausted generator": (iter([]), "X holds no documents; give at least one"),
    "empty documents": (["", ""], "The documents hold no words; give at least one document with words"),
    "documents without tokens": ([[], []], "The documents hold no words"),
    "rare words": (["tea cup tea"], "min_count=5 leaves no word: the most frequent of 2 words occurs 2 times; lower"),
    "documents of one word": (["tea"] * 9, "No two .*words .*(occur|stand) together.* longer documents"),
}


def text(message):
    """Return the pattern of a message that is to be found as it is."""
    return message if ".*" in message else re.escape(message)


def vocabulary(*, n_words=3, counts=None):
    """Return a vocabulary of a few words."""
    words = np.array([f"word{i}" for i in range(n_words)], dtype=object)
    return Vocabulary(words, np.full(n_words, 9) if counts is None else np.array(counts))


@pytest.mark.parametrize("case", NO_COLLECTION)
def test_fit_refuses_what_is_not_a_column_of_documents(embedder, case):
    X, message = NO_COLLECTION[case]
    with pytest.raises(TypeError, match=text(message)):
        embedder.fit(X)


@pytest.mark.parametrize("case", NO_COLLECTION)
def test_transform_refuses_what_is_not_a_column_of_documents(fitted, case):
    X, message = NO_COLLECTION[case]
    for method in (fitted.transform, fitted.score):
        with pytest.raises(TypeError, match=text(message)):
            method(X)


@pytest.mark.parametrize("case", NO_DOCUMENTS)
def test_fit_refuses_an_invalid_document_and_names_its_number(embedder, case):
    X, message = NO_DOCUMENTS[case]
    with pytest.raises(TypeError, match=text(message)):
        embedder.fit(X)


@pytest.mark.parametrize("case", NO_DOCUMENTS)
def test_transform_refuses_an_invalid_document(fitted, case):
    X, message = NO_DOCUMENTS[case]
    with pytest.raises(TypeError, match=text(message)):
        fitted.transform(X)


@pytest.mark.parametrize("case", NO_WORDS)
def test_a_corpus_without_words_or_pairs_is_refused(embedder, case):
    X, message = NO_WORDS[case]
    with pytest.raises(ValueError, match=text(message)):
        embedder.fit(X)


@pytest.mark.parametrize(
    ("parameter", "value", "range_said"),
    [
        ("n_components", 0, "an int in the range [1, inf). Got 0"),
        ("n_components", 2.5, "an int in the range [1, inf). Got 2.5"),
        ("window", 0, "an int in the range [1, inf). Got 0"),
        ("negative", 0, "an int in the range [1, inf). Got 0"),
        ("min_count", 0, "an int in the range [1, inf). Got 0"),
        ("max_features", 0, "an int in the range [1, inf) or None. Got 0"),
        ("max_iter", 0, "an int in the range [1, inf). Got 0"),
        ("init_scale", 0.0, "a float in the range (0.0, inf). Got 0.0"),
        ("noise_exponent", -1.0, "a float in the range [0.0, inf). Got -1.0"),
        ("pooling", "median", "a str among {"),
        ("backend", "gpu", "a str among {"),
        ("vectorizer__stop_words", "german", "a str among {'english'}"),
        ("vectorizer__tokenizer", "split", "a callable or None. Got 'split'"),
        ("vectorizer__preprocessor", "lower", "a callable or None. Got 'lower'"),
        ("random_state", "chance", "Got 'chance'"),
    ],
)
def test_a_parameter_out_of_its_range_is_named(embedder, documents, parameter, value, range_said):
    name = parameter.removeprefix("vectorizer__")
    with pytest.raises(ValueError, match=f"The '{name}' parameter of .*{re.escape(range_said)}"):
        embedder.set_params(**{parameter: value}).fit(documents)


@pytest.mark.parametrize(
    ("parameter", "value"), [("target", "pmii"), ("window_weighting", "flat"), ("time", -1.0), ("tol", -1.0)]
)
def test_a_spectral_parameter_out_of_its_range_is_named(spectral, documents, parameter, value):
    with pytest.raises(ValueError, match=f"The '{parameter}' parameter of SpectralEmbedder .* Got {value!r}"):
        spectral.set_params(**{parameter: value}).fit(documents)


@pytest.mark.parametrize(("parameter", "value"), [("learning_rate", -0.1), ("learning_rate", 0), ("subsample", -1.0)])
def test_a_training_parameter_out_of_its_range_is_named(sgns, documents, parameter, value):
    with pytest.raises(ValueError, match=f"The '{parameter}' parameter of SGNSEmbedder .* Got {value!r}"):
        sgns.set_params(**{parameter: value}).fit(documents)


def test_a_vectorizer_without_pattern_and_tokenizer_is_refused(embedder, documents):
    with pytest.raises(ValueError, match="tokenizer=None, so that str cannot be split; set one of them"):
        embedder.set_params(vectorizer__token_pattern=None).fit(documents)


@pytest.mark.parametrize("embedder_class", [SpectralEmbedder, SGNSEmbedder])
def test_methods_before_fit_raise_not_fitted(embedder_class, documents):
    embedder = embedder_class()
    for call in (
        lambda: embedder.transform(documents),
        lambda: embedder.score(documents),
        lambda: embedder.get_word_vectors("tea"),
        lambda: embedder.most_similar("tea"),
        lambda: embedder.most_similar(np.ones(3)),
        lambda: embedder.analogy("tea", "cup", "pen"),
        lambda: embedder.get_feature_names_out(),
    ):
        with pytest.raises(NotFittedError, match=f"This {embedder_class.__name__} instance is not fitted yet"):
            call()


def test_unknown_words_are_all_named(fitted):
    unknown = r"Not in the vocabulary of 36 words: \['zyx', 'xyz'\]; use words of `vocabulary_`, or fit"
    with pytest.raises(KeyError, match=unknown):
        fitted.get_word_vectors(["zyx", "common0", "xyz"])
    with pytest.raises(KeyError, match=unknown):
        fitted.analogy("zyx", "common0", "xyz")
    with pytest.raises(KeyError, match=r"Not in the vocabulary of 36 words: \['zyx'\]"):
        fitted.most_similar("zyx")
    with pytest.raises(KeyError, match=r"Not in the vocabulary of 36 words: \['zyx'\]"):
        fitted.get_word_vectors("zyx")


@pytest.mark.parametrize("vector", [np.ones(3), np.ones((2, 2)), 1.0])
def test_neighbors_of_a_vector_of_another_shape_are_refused(fitted, vector):
    shape = re.escape(str(np.shape(vector)))
    with pytest.raises(ValueError, match=rf"shape {shape} .* give a word, or {fitted.n_components_} finite numbers"):
        fitted.most_similar(vector)


def test_neighbors_of_a_vector_that_is_not_finite_are_refused(fitted):
    with pytest.raises(ValueError, match="numbers that are not finite; give a word, or"):
        fitted.most_similar(np.full(fitted.n_components_, np.nan))


def test_asking_for_fewer_than_one_neighbor_is_refused(fitted):
    with pytest.raises(ValueError, match="n=0 is less than 1; use n >= 1"):
        fitted.most_similar("common0", n=0)
    with pytest.raises(ValueError, match="n=-1 is less than 1; use n >= 1"):
        fitted.analogy("common0", "common1", "common2", n=-1)


@pytest.mark.parametrize("X", [[], [""], ["unheard words"], ["common0"], [["common0"], ["common1"]]])
def test_score_needs_a_pair_of_known_words(fitted, X):
    with pytest.raises(ValueError, match="X holds no two known words near each other; score needs documents"):
        fitted.score(X)


def test_more_components_than_positive_eigenvalues_are_a_warning_with_both_numbers(spectral, documents):
    spectral.set_params(n_components=1000)
    with pytest.warns(
        UserWarning, match=r"n_components=1000, but the target has only \d+ positive eigenvalues"
    ) as told:
        spectral.fit(documents)
    assert len(told) == 1
    assert f"the embedding has n_components_={spectral.n_components_}." in str(told[0].message)
    assert spectral.embedding_.shape[1] == len(spectral.eigenvalues_) == spectral.n_components_ < 1000
    assert spectral.get_feature_names_out().shape == (spectral.n_components_,)
    assert np.all(spectral.eigenvalues_ > 0)


def test_independent_words_have_no_positive_eigenvalue(spectral):
    with pytest.raises(ValueError, match=r"The target has no positive eigenvalue .* give more text, a wider window"):
        spectral.fit([["tea", "cup"]] * 9)


def test_training_that_diverges_says_at_what_rate(sgns, documents):
    sgns.set_params(learning_rate=1e4)
    with pytest.raises(FloatingPointError, match=r"whose learning rate began at 1e\+04; lower learning_rate"):
        sgns.fit(documents)


def test_subsampling_that_leaves_no_pairs_warns(sgns):
    # each word is a quarter of the text, of which subsample=1e-6 keeps one token in 500
    sgns.set_params(subsample=1e-6, min_count=1)
    with pytest.warns(UserWarning, match="no pair of words in a sample of 4 tokens.* lower subsample") as told:
        sgns.fit(["tea cup pen ink"])
    assert len(told) == 1
    assert np.all(np.isfinite(sgns.embedding_))


BAD_COUNTS = {
    "negative": ([[0, -1, 0], [-1, 0, 1], [0, 1, 0]], "negative numbers, infinity or NaN; give counts >= 0"),
    "NaN": ([[0, np.nan, 0], [np.nan, 0, 1], [0, 1, 0]], "negative numbers, infinity or NaN; give counts >= 0"),
    "infinite": ([[0, np.inf, 0], [np.inf, 0, 1], [0, 1, 0]], "negative numbers, infinity or NaN; give counts >= 0"),
    "not symmetric": ([[0, 1, 0], [2, 0, 1], [0, 1, 0]], "not symmetric; give counts + counts.T"),
    "of too few words": ([[0, 1], [1, 0]], "have shape (2, 2) for 3 words; give (3, 3)"),
    "not square": ([[0, 1, 2]], "have shape (1, 3) for 3 words; give (3, 3)"),
    "all zero": (np.zeros((3, 3)), "No two of the 3 words occur together; .* counts that are not all zero"),
}


@pytest.mark.parametrize("case", BAD_COUNTS)
def test_counts_that_cannot_be_used_are_refused(embedder, case):
    counts, message = BAD_COUNTS[case]
    with pytest.raises(ValueError, match=text(message)):
        embedder.fit(Cooccurrence(sparse.csr_array(np.array(counts, dtype=float)), vocabulary()))


@pytest.mark.parametrize("word_counts", [[9, 9, 0], [9, 9, -1], [9, 9, np.nan]])
def test_counts_need_a_vocabulary_that_was_counted(embedder, word_counts):
    cooccurrence = Cooccurrence(sparse.csr_array(np.ones((3, 3))), vocabulary(counts=word_counts))
    with pytest.raises(ValueError, match="for 3 words; give one positive count for each word"):
        embedder.fit(cooccurrence)


def test_counts_need_a_vocabulary_of_different_words(embedder):
    repeating = Vocabulary(np.array(["tea", "cup", "tea"], dtype=object), np.array([9, 9, 9]))
    with pytest.raises(ValueError, match="Only 2 of 3 words differ; give each word one row"):
        embedder.fit(Cooccurrence(sparse.csr_array(np.ones((3, 3))), repeating))


def test_counts_are_refused_as_documents(fitted):
    counts = Cooccurrence(sparse.csr_array(np.ones((3, 3))), vocabulary())
    with pytest.raises(TypeError, match="X is of type Cooccurrence; give a list, array or Series of documents"):
        fitted.transform(counts)
    with pytest.raises(ValueError, match="of 3 other words than the 36 of `words_`; count with this vocabulary"):
        fitted.score(counts)


BAD_TARGETS = {
    "another shape": (np.eye(2), ValueError, "target gave shape (2, 2); return (36, 36)"),
    "one dimension": (np.ones(36), ValueError, "target gave shape (36,); return (36, 36)"),
    "not symmetric": (np.triu(np.ones((36, 36))), ValueError, "not symmetric; return (M + M.T) / 2"),
    "NaN": (np.full((36, 36), np.nan), ValueError, "target gave infinity or NaN; return finite numbers"),
    "infinite background": (
        Target(sparse.csr_array(np.eye(36)), background=-np.inf),
        ValueError,
        "target gave infinity or NaN; return finite numbers",
    ),
    "complex": (1j * np.eye(36), ValueError, "target gave complex numbers; return real ones"),
    "None": (None, TypeError, "target gave a NoneType; return a Target, an array or a sparse array"),
    "a number": (3.0, TypeError, "target gave a float; return a Target, an array or a sparse array"),
    "nothing positive": (-np.eye(36), ValueError, "The target has no positive eigenvalue (the largest is -1)"),
    "zero": (np.zeros((36, 36)), ValueError, "The target has no positive eigenvalue (the largest is 0)"),
}


@pytest.mark.parametrize("case", BAD_TARGETS)
def test_the_result_of_a_target_function_is_checked(spectral, documents, case):
    made, error, message = BAD_TARGETS[case]
    with pytest.raises(error, match=text(message)):
        spectral.set_params(target=lambda cooccurrence, **options: made).fit(documents)
