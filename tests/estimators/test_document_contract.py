"""What an estimator of documents owes its callers, beyond scikit-learn's checks."""

from __future__ import annotations

import pickle
from copy import deepcopy

import numpy as np
import pytest
from sklearn.base import clone

from sk_w2v.datasets import make_planted_corpus
from sk_w2v.factorization import _eigenpairs as factorization

UNKNOWN = ["", "unheard words", "zyx"]


def fitted_arrays(embedder):
    """Return the fitted attributes that are arrays."""
    return {name: value for name, value in vars(embedder).items() if isinstance(value, np.ndarray)}


def assert_same_fit(left, right):
    """Compare all fitted arrays, to the last bit."""
    left, right = fitted_arrays(left), fitted_arrays(right)
    assert left.keys() == right.keys()
    for name in left:
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)


def test_fit_returns_self(embedder, documents):
    assert embedder.fit(documents) is embedder


def test_fit_twice_gives_the_same(embedder, documents):
    once = clone(embedder).fit(documents)
    assert_same_fit(once, embedder.fit(documents).fit(documents))


def test_a_second_fit_replaces_the_first(embedder, documents):
    once = clone(embedder).fit(documents)
    assert_same_fit(once, embedder.fit(documents[:80]).fit(documents))


def test_fit_does_not_change_the_parameters_or_the_documents(embedder, documents):
    parameters, documents_before = deepcopy(embedder.get_params()), list(documents)
    embedder.fit(documents)
    assert embedder.get_params() == parameters
    assert documents == documents_before


def test_a_clone_has_the_parameters_and_no_fitted_attributes(fitted):
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert not [name for name in vars(copy) if name.endswith("_")]


def test_one_random_state_gives_one_result(embedder, documents):
    left, right = (clone(embedder).set_params(random_state=3).fit(documents) for _ in range(2))
    assert_same_fit(left, right)


def test_a_random_state_instance_gives_what_its_seed_gives(embedder, documents):
    by_seed = clone(embedder).set_params(random_state=3).fit(documents)
    by_instance = clone(embedder).set_params(random_state=np.random.RandomState(3)).fit(documents)
    assert_same_fit(by_seed, by_instance)


def test_the_vectors_depend_on_the_random_state(sgns, documents):
    left, right = (clone(sgns).set_params(random_state=seed).fit(documents) for seed in (0, 1))
    assert not np.array_equal(left.embedding_, right.embedding_)


def test_the_closed_form_does_not_depend_on_the_random_state(spectral, documents):
    left, right = (clone(spectral).set_params(random_state=seed).fit(documents) for seed in (0, 1))
    assert_same_fit(left, right)


@pytest.mark.parametrize("n_jobs", [2, 3, -1])
def test_the_closed_form_does_not_depend_on_the_number_of_threads(spectral, n_jobs, monkeypatch):
    monkeypatch.setattr(factorization, "DENSE_UP_TO", 0)  # so that the iterative solver is used, too
    many_words = make_planted_corpus(400, n_words_per_concept=60, random_state=0).data
    spectral.set_params(n_components=2, min_count=1)
    alone = clone(spectral).fit(many_words)
    assert np.all(alone.residuals_ > 0)
    assert_same_fit(alone, spectral.set_params(n_jobs=n_jobs).fit(many_words))


def test_transform_gives_a_float32_row_for_each_document(fitted, documents):
    vectors = fitted.transform(documents[:7])
    assert vectors.shape == (7, fitted.n_components_)
    assert vectors.dtype == np.float32
    assert np.all(np.isfinite(vectors))


def test_no_documents_give_no_rows(fitted):
    assert fitted.transform([]).shape == (0, fitted.n_components_)


def test_transform_does_not_depend_on_batching(fitted, documents):
    together = fitted.transform(documents)
    batches = [fitted.transform(documents[start : start + 17]) for start in range(0, len(documents), 17)]
    np.testing.assert_array_equal(together, np.concatenate(batches))


def test_transform_does_not_depend_on_the_order_of_documents(fitted, documents):
    order = np.random.default_rng(0).permutation(len(documents))
    shuffled = fitted.transform([documents[i] for i in order])
    np.testing.assert_array_equal(fitted.transform(documents)[order], shuffled)


def test_transform_writes_neither_to_the_embedder_nor_to_its_input(fitted, documents):
    token_lists = [document.split() for document in documents]
    before, input_before = pickle.dumps(vars(fitted)), deepcopy(token_lists)
    fitted.transform(token_lists)
    fitted.score(token_lists)
    assert pickle.dumps(vars(fitted)) == before
    assert token_lists == input_before


@pytest.mark.parametrize("make", [list, iter, np.array], ids=["list", "iterator", "array"])
def test_fit_transform_is_fit_and_then_transform(embedder, documents, make):
    expected = clone(embedder).fit(documents).transform(documents)
    np.testing.assert_array_equal(embedder.fit_transform(make(documents)), expected)


def test_a_pickled_embedder_works_as_before(fitted, documents):
    restored = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(restored.transform(documents), fitted.transform(documents))
    assert restored.score(documents) == fitted.score(documents)
    assert restored.most_similar("concept0_word0") == fitted.most_similar("concept0_word0")


@pytest.mark.parametrize("pooling", ["sif", "mean", "sum"])
def test_documents_without_known_words_give_zeros_and_one_warning(embedder, documents, pooling):
    fitted = embedder.set_params(pooling=pooling).fit(documents)
    with pytest.warns(UserWarning, match="3 of 5 documents hold no word of the vocabulary") as warned:
        vectors = fitted.transform([documents[0], *UNKNOWN, documents[1]])
    assert len(warned) == 1
    np.testing.assert_array_equal(vectors[1:4], 0)
    np.testing.assert_array_equal(vectors[[0, 4]], fitted.transform(documents[:2]))


def test_the_warning_points_at_the_caller(fitted):
    with pytest.warns(UserWarning, match="1 of 1 documents hold no word") as warned:
        fitted.transform([""])
    assert warned[0].filename == __file__


def test_unknown_words_are_ignored(fitted, documents):
    np.testing.assert_array_equal(fitted.transform([f"unheard {documents[0]} words"]), fitted.transform([documents[0]]))


@pytest.mark.parametrize(("pooling", "pool"), [("mean", np.mean), ("sum", np.sum)])
def test_a_document_is_the_mean_or_the_sum_of_its_words(embedder, documents, pooling, pool):
    words = ["concept0_word0", "common0", "common0"]
    fitted = embedder.set_params(pooling=pooling, norm=None).fit(documents)
    expected = pool(fitted.get_word_vectors(words), axis=0)
    # rtol: a handful of float32 roundings
    np.testing.assert_allclose(fitted.transform([words])[0], expected, rtol=1e-5)


def test_empty_documents_among_others_do_not_change_the_fit(embedder, documents):
    with_empty = [document for full in documents for document in ("", full)]
    assert_same_fit(clone(embedder).fit(documents), embedder.fit(with_empty))


def test_a_document_of_one_word_has_the_direction_of_the_word(fitted):
    vector, word_vector = fitted.transform(["common3"])[0], fitted.get_word_vectors("common3")
    lengths = np.linalg.norm(vector) * np.linalg.norm(word_vector)
    assert vector @ word_vector / lengths == pytest.approx(1, abs=1e-6)  # some float32 roundings


def test_fitted_attributes_agree_with_each_other(fitted, documents):
    n_words = len(fitted.words_)
    assert fitted.embedding_.shape == (n_words, fitted.n_components_)
    assert fitted.embedding_.dtype == np.float32
    assert fitted.vocabulary_ == {word: row for row, word in enumerate(fitted.words_)}
    assert fitted.word_counts_.sum() == sum(len(document.split()) for document in documents)
    assert np.all(np.diff(fitted.word_counts_) <= 0)
    assert fitted.backend_ == "cpu"


def test_min_count_and_max_features_choose_the_words(embedder, documents):
    everything = clone(embedder).fit(documents)
    fewest = int(everything.word_counts_[10])
    frequent = clone(embedder).set_params(min_count=fewest).fit(documents)
    assert frequent.words_.tolist() == everything.words_[everything.word_counts_ >= fewest].tolist()
    first_ten = clone(embedder).set_params(max_features=10).fit(documents)
    assert first_ten.words_.tolist() == everything.words_[:10].tolist()


@pytest.mark.parametrize("held_out", [list, iter, lambda documents: [document.split() for document in documents]])
def test_score_tells_held_out_text_from_chance(embedder, documents, held_out):
    embedder.fit(documents[:140])
    # 0.61 for both; the standard error is about 0.01, of 60 documents
    assert 0.57 < embedder.score(held_out(documents[140:])) < 0.65


def test_score_ignores_the_order_of_documents(fitted, documents):
    assert fitted.score(documents) == fitted.score(documents[::-1])


def test_nothing_is_printed_without_verbose(embedder, documents, capsys):
    embedder.fit(documents).transform(documents)
    assert capsys.readouterr().out == ""
    embedder.set_params(verbose=1).fit(documents)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 3
    assert all(line.startswith(f"[{type(embedder).__name__}] ") for line in lines)
