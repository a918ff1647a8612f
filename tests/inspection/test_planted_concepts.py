"""Both models, from text to vectors, on text whose concepts are known."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import make_planted_corpus
from sk_w2v.metrics import subspace_agreement

N_CONCEPTS = 4
N_MODES = N_CONCEPTS - 1

MODELS = {
    "spectral": SpectralEmbedder(N_MODES, random_state=0),
    # All words of a small vocabulary are frequent: subsampling would leave little.
    "sgns": SGNSEmbedder(8, window=16, subsample=0, learning_rate=0.05, random_state=0),
}


@pytest.fixture(scope="module")
def corpus():
    """Documents about four concepts of eight words each, the strongest concept first."""
    return make_planted_corpus(1000, n_concepts=N_CONCEPTS, n_words_per_concept=8, n_common_words=20, random_state=0)


@pytest.fixture(scope="module")
def models(corpus):
    """Each of the models, fitted."""
    return {name: clone(model).fit(corpus.data) for name, model in MODELS.items()}


def rows_of(model, words):
    """Return the words' vectors."""
    return model.get_word_vectors(list(words))


@pytest.mark.parametrize("name", list(MODELS))
def test_the_nearest_words_of_a_concept_s_word_are_of_the_same_concept(models, corpus, name):
    for concept in corpus.concepts:
        nearest = [other for word in concept for other, _ in models[name].most_similar(word, n=3)]
        assert np.mean([other in concept for other in nearest]) > 0.95


@pytest.mark.parametrize("name", list(MODELS))
def test_documents_lie_nearest_to_the_mean_of_their_concept_s_words(models, corpus, name):
    means = np.stack([rows_of(models[name], concept).mean(axis=0) for concept in corpus.concepts])
    vectors = models[name].transform(corpus.data)
    cosines = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)) @ (
        means / np.linalg.norm(means, axis=1, keepdims=True)
    ).T
    assert np.mean(cosines.argmax(axis=1) == corpus.target) > 0.9  # chance is 0.25


@pytest.mark.parametrize("mode", range(N_MODES))
def test_each_leading_eigen_direction_tells_one_concept_from_the_next(models, corpus, mode):
    spectral = models["spectral"]
    this, following = (rows_of(spectral, corpus.concepts[concept])[:, mode] for concept in (mode, mode + 1))
    # All words of the one are on one side of zero, all words of the other on the other.
    assert np.sign(this).tolist() == [np.sign(this[0])] * 8
    assert np.sign(following).tolist() == [-np.sign(this[0])] * 8
    common = rows_of(spectral, corpus.common_words)[:, mode]
    assert np.abs(common).mean() < 0.5 * min(np.abs(this).mean(), np.abs(following).mean())


def test_there_are_as_many_modes_as_differences_of_concepts(corpus):
    eigenvalues = SpectralEmbedder(N_MODES + 3).fit(corpus.data).eigenvalues_
    # Behind the modes comes the noise of a finite corpus, which is flat.
    assert eigenvalues[N_MODES - 1] > 3 * eigenvalues[N_MODES]
    assert eigenvalues[N_MODES] < 1.5 * eigenvalues[N_MODES + 1]


def test_stronger_concepts_are_learned_earlier(models, corpus):
    spectral = models["spectral"]
    times = spectral.learning_times_
    assert np.all(np.diff(times) > 0)
    for n_learned, time in enumerate([times[0] / 2, *(times[:-1] + times[1:]) / 2, 2 * times[-1]]):
        early = clone(spectral).set_params(time=time).fit(corpus.data)
        squared = np.sum(early.embedding_.astype(float) ** 2, axis=0)
        assert np.sum(squared > spectral.eigenvalues_ / 2) == n_learned


def test_the_trained_model_has_learned_the_modes_of_the_closed_form(models):
    spectral, sgns = models["spectral"], models["sgns"]
    assert spectral.words_.tolist() == sgns.words_.tolist()
    # Eight random directions of 52 would hold 0.15 of any other.
    assert subspace_agreement(sgns.embedding_, spectral.embedding_) > 0.95
