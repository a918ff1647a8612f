"""Vectors for words that the closed form was not fitted with."""

import numpy as np
import pytest

from sk_w2v import SpectralEmbedder

# The vectors follow from the eigenpairs, which the dense solver finds in float64 and which are stored in float32.
ROUNDING = {"rtol": 1e-3, "atol": 1e-4}


@pytest.mark.parametrize("parameters", [{}, {"time": 0.05}, {"noise_exponent": 0.75, "negative": 2}, {"window": 3}])
@pytest.mark.parametrize("target", ["mstar", "ppmi", "sppmi", "pmi"])
def test_inferring_a_known_word_from_the_documents_of_fit_gives_its_vector(documents, target, parameters):
    embedder = SpectralEmbedder(n_components=3, target=target, random_state=0, **parameters).fit(documents)
    inferred = embedder.infer_word_vectors(embedder.words_, documents)
    np.testing.assert_allclose(inferred, embedder.embedding_, **ROUNDING)


def test_an_inferred_vector_is_close_to_the_fitted_one(planted):
    word = planted.concepts[0][1]
    whole = SpectralEmbedder(n_components=3, random_state=0).fit(planted.data)
    documents = [[token for token in text.split() if token != word] for text in planted.data]
    without = SpectralEmbedder(n_components=3, random_state=0).fit(documents)
    (vector,) = without.infer_word_vectors([word], planted.data)
    neighbors = [other for other, _ in without.most_similar(vector, n=3)]
    assert set(neighbors) <= set(planted.concepts[0])
    assert word not in without.vocabulary_
    assert word in whole.vocabulary_


def test_added_words_support_all_queries(planted):
    word = planted.concepts[0][1]
    documents = [[token for token in text.split() if token != word] for text in planted.data]
    embedder = SpectralEmbedder(n_components=3, random_state=0).fit(documents)
    n_words, before = len(embedder.words_), embedder.embedding_.copy()
    assert embedder.add_words(planted.data) is embedder
    assert embedder.words_[n_words:].tolist() == [word]
    assert embedder.word_counts_[-1] == sum(text.split().count(word) for text in planted.data)
    assert np.array_equal(embedder.embedding_[:n_words], before)
    assert {other for other, _ in embedder.most_similar(word, n=3)} <= set(planted.concepts[0])
    assert np.any(embedder.transform([[word]]))
    # Added words have no part in what comes after them.
    known = embedder.words_[:n_words]
    np.testing.assert_allclose(embedder.infer_word_vectors(known, documents), before, **ROUNDING)


def test_only_the_given_words_are_added(planted):
    words = planted.concepts[0][1:3]
    documents = [[token for token in text.split() if token not in words] for text in planted.data]
    embedder = SpectralEmbedder(n_components=3, random_state=0).fit(documents)
    embedder.add_words(planted.data, [words[1], embedder.words_[0]])
    assert words[1] in embedder.vocabulary_
    assert words[0] not in embedder.vocabulary_


def test_adding_no_new_word_is_an_error(documents):
    embedder = SpectralEmbedder(n_components=3, random_state=0).fit(documents)
    with pytest.raises(ValueError, match="No word to add: all are in the vocabulary, or too rare"):
        embedder.add_words(documents)


def test_the_error_names_a_word_without_known_neighbors(documents):
    embedder = SpectralEmbedder(n_components=3, random_state=0).fit(documents)
    with pytest.raises(ValueError, match=r"No known word co-occurs with \['kettle'\] in the documents"):
        embedder.infer_word_vectors(["kettle"], ["kettle alone"])


def test_words_without_known_neighbors_are_not_added(planted):
    word = planted.concepts[0][1]
    documents = [[token for token in text.split() if token != word] for text in planted.data]
    embedder = SpectralEmbedder(n_components=3, random_state=0).fit(documents)
    alone = SpectralEmbedder(n_components=3, random_state=0).fit(documents).add_words(planted.data, [word])
    more = [*planted.data, *(["kettle lid"] * 5), "hob"]
    with pytest.warns(
        UserWarning, match=r"2 of 3 words are not added, such as \['kettle', 'lid'\]: they co-occur with no known word"
    ) as told:
        embedder.add_words(iter(more))
    assert len(told) == 1
    assert embedder.words_.tolist() == alone.words_.tolist()
    np.testing.assert_array_equal(embedder.embedding_, alone.embedding_)
    with pytest.raises(
        ValueError, match=r"No known word co-occurs with \['kettle', 'lid'\] in the documents \(2 of 2 words"
    ):
        embedder.add_words(more, ["kettle", "lid"])
    assert embedder.words_.tolist() == alone.words_.tolist()


def test_new_words_need_documents_with_pairs_of_known_words(documents):
    embedder = SpectralEmbedder(n_components=3, random_state=0).fit(documents)
    with pytest.raises(ValueError, match="hold no pair of known words, which new words are compared with"):
        embedder.add_words([f"kettle {embedder.words_[0]}"], ["kettle"])


def test_new_words_need_a_named_target(documents):
    def identity(cooccurrence, *, negative, noise_exponent):
        return np.eye(len(cooccurrence.vocabulary))

    embedder = SpectralEmbedder(n_components=3, target=identity, random_state=0).fit(documents)
    with pytest.raises(ValueError, match="has no formula for new words; use one of"):
        embedder.infer_word_vectors([embedder.words_[0]], documents)
