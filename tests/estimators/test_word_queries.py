"""Familiar verbs of word vectors, for every embedder."""

import copy
import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, normalize
from sklearn.utils import estimator_html_repr

from sk_w2v import ALSEmbedder, EmbeddingUnion, PretrainedEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v.io import WordVectors

A, B, C = "concept0_word0", "concept0_word1", "concept1_word0"


@pytest.fixture(scope="module")
def embedders(documents):
    """A fitted embedder of each kind."""
    spectral = SpectralEmbedder(4).fit(documents)
    return {
        "spectral": spectral,
        "sgns": SGNSEmbedder(4, max_iter=1, random_state=0).fit(documents),
        "als": ALSEmbedder(4, max_iter=1, subsample=0).fit(documents),
        "pretrained": PretrainedEmbedder(WordVectors(spectral.words_, spectral.embedding_)).fit(),
        "union": EmbeddingUnion([("one", SpectralEmbedder(2)), ("two", SpectralEmbedder(3))]).fit(documents),
    }


@pytest.fixture(params=["spectral", "sgns", "als", "pretrained", "union"])
def embedder(embedders, request):
    return embedders[request.param]


@pytest.fixture(scope="module")
def spectral(embedders):
    return embedders["spectral"]


def test_brackets_give_vectors(embedder):
    assert np.array_equal(embedder[A], embedder.get_word_vectors(A))
    assert np.array_equal(embedder[[A, B]], embedder.get_word_vectors([A, B]))
    assert embedder[A, B].shape == (2, embedder.n_components_)


def test_in_and_len_are_of_words(embedder):
    assert A in embedder
    assert "unheard" not in embedder
    assert 0 not in embedder
    assert [A] not in embedder
    assert len(embedder) == len(embedder.words_)


@pytest.mark.parametrize("key", [0, slice(2), None, np.int64(1), 1.5])
def test_what_is_no_word_is_refused_with_what_to_do(spectral, key):
    with pytest.raises(KeyError, match="is no word; give a word or a list of words"):
        spectral[key]


def test_an_embedder_is_not_gone_through_by_rows(spectral):
    with pytest.raises(KeyError, match="the words in order are `words_`"):
        list(spectral)


def test_an_embedder_is_true_before_and_after_fit(spectral):
    assert bool(SpectralEmbedder())
    assert bool(spectral)


def test_an_embedder_without_words_says_that_it_is_not_fitted():
    for ask in (len, lambda each: each["tea"], lambda each: "tea" in each, lambda each: each.similarity("tea", "cup")):
        with pytest.raises(NotFittedError, match="This SpectralEmbedder instance is not fitted yet"):
            ask(SpectralEmbedder())


def test_libraries_do_not_take_an_embedder_for_a_sequence(embedder, documents):
    for each in (embedder, clone(embedder)):
        assert np.array([each, each], dtype=object).shape == (2,)
        assert np.array([each]).shape == (1,)
        assert each.__class__.__name__ in repr(each)
        assert each.__class__.__name__ in estimator_html_repr(make_pipeline(each, Normalizer()))
    for copied in (copy.deepcopy(embedder), pickle.loads(pickle.dumps(embedder))):
        assert len(copied) == len(embedder)


def test_similarity_is_the_cosine_of_words_and_vectors(embedder):
    cosine = float(normalize(embedder[[A]])[0] @ normalize(embedder[[B]])[0])
    assert embedder.similarity(A, B) == pytest.approx(cosine, abs=1e-6)
    assert embedder.similarity(embedder[A], B) == pytest.approx(cosine, abs=1e-6)
    assert embedder.similarity(A, A) == pytest.approx(1, abs=1e-6)


def test_similarity_is_of_two_words(spectral):
    with pytest.raises(TypeError, match="similarity compares two words, and got 3"):
        spectral.similarity([A, B], C)


def test_a_word_s_neighbors_are_ranked_by_cosine_without_the_word(embedder):
    found = embedder.most_similar(A, n=5)
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
    assert A not in dict(found)
    assert found[0][1] == pytest.approx(embedder.similarity(A, found[0][0]), abs=1e-6)


def test_several_words_count_by_their_unit_vectors(embedder):
    units = normalize(embedder[[A, B, C]])
    query = units[0] + units[1] - units[2]
    found = embedder.most_similar([A, B], C, n=3)
    assert found == embedder.most_similar(positive=(A, B), negative=[C], n=3)
    assert {A, B, C}.isdisjoint(dict(found))
    for word, cosine in found:
        assert cosine == pytest.approx(embedder.similarity(query, word), abs=1e-6)


def test_an_analogy_is_a_sum_of_words(embedder):
    found, answers = embedder.most_similar([B, C], A, n=3), embedder.analogy(A, B, C, n=3)
    assert [word for word, _ in found] == [word for word, _ in answers]
    np.testing.assert_allclose([each[1] for each in found], [each[1] for each in answers], atol=1e-6)


def test_words_and_vectors_mix_and_vectors_weigh_by_their_length(spectral):
    heavy = spectral.most_similar([1e4 * spectral[A], C], n=1)
    assert heavy[0][0] == A  # which was not given as a word
    assert heavy[0][1] > 0.999


def test_a_list_of_numbers_is_a_vector(spectral):
    found, expected = spectral.most_similar(spectral[A].tolist(), n=2), spectral.most_similar(spectral[A], n=2)
    assert [word for word, _ in found] == [word for word, _ in expected]
    assert spectral.most_similar([spectral[A], spectral[A]], n=1)[0][0] == A


def test_the_answer_is_among_the_words_given(embedder):
    words = [A, B, C, "common0", B]
    found = embedder.most_similar(A, among=words)
    assert sorted(word for word, _ in found) == sorted({B, C, "common0"})
    whole = dict(embedder.most_similar(A, n=len(embedder)))
    np.testing.assert_allclose([cosine for _, cosine in found], [whole[word] for word, _ in found], atol=1e-6)
    assert embedder.most_similar(A, among=[A]) == []
    assert embedder.most_similar(A, among=[]) == []


def test_the_word_that_does_not_match_is_of_another_concept(spectral):
    assert spectral.doesnt_match([A, C, B, "concept0_word2"]) == C
    assert spectral.doesnt_match(iter([A, C, B, "concept0_word2"])) == C


@pytest.mark.parametrize("words", [[A, B], []])
def test_two_words_cannot_tell_which_does_not_match(spectral, words):
    with pytest.raises(ValueError, match=f"{len(words)} words cannot tell"):
        spectral.doesnt_match(words)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda each: each.most_similar(A, topn=5), "topn=5: the length of the result is n; give n=5"),
        (lambda each: each.most_similar(A, restrict_vocab=5), "unexpected keyword argument 'restrict_vocab'"),
        (lambda each: each.most_similar(b"tea"), "b'tea' of type bytes is no word"),
        (lambda each: each.most_similar({"tea": 1}), "of type dict is no word"),
        (lambda each: each.most_similar([(A, 0.5)]), "neither a word nor a vector; give words as str"),
        (lambda each: each.most_similar([A, None]), "None of type NoneType is neither a word nor a vector"),
        (lambda each: each.most_similar(A, among=B), "among='concept0_word1' is of type str; give a list of words"),
        (lambda each: each.most_similar(A, among=[0]), "among holds 0 of type int; give words as str"),
        (lambda each: each.most_similar(A, n=2.5), "n=2.5 is no number of words; give an int"),
        (lambda each: each.doesnt_match(f"{A} {B} {C}"), "is of type str; give a list of words"),
    ],
)
def test_arguments_of_a_wrong_kind_are_refused_with_what_to_do(spectral, call, message):
    with pytest.raises(TypeError, match=message):
        call(spectral)


def test_a_query_without_words_or_of_words_that_cancel_out_is_refused(spectral):
    with pytest.raises(ValueError, match="neither a positive nor a negative word"):
        spectral.most_similar([])
    with pytest.raises(ValueError, match="add up to zero"):
        spectral.most_similar([A], [A])


def test_negative_words_alone_are_a_query(spectral):
    farthest = spectral.most_similar(None, A, n=1)[0]
    assert farthest[1] == pytest.approx(-spectral.similarity(A, farthest[0]), abs=1e-6)


@pytest.mark.parametrize(
    ("word", "close"), [("comon1", "common1"), ("Common1", "common1"), ("concept0_wrd0", "concept0_word0")]
)
def test_an_unknown_word_is_told_with_close_ones(embedder, word, close):
    for ask in (lambda: embedder[word], lambda: embedder.most_similar(word), lambda: embedder.similarity(A, word)):
        with pytest.raises(KeyError, match=rf"Not in the vocabulary of 36 words: \['{word}'\].* may be .*'{close}'"):
            ask()


def test_words_without_a_close_one_get_no_guess(spectral):
    with pytest.raises(KeyError, match=r"more text\.'?\"?$"):
        spectral["zyx"]
