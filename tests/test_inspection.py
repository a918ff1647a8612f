"""Concepts: the ends of the eigen-directions, in the order of learning."""

import numpy as np
import pytest

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import make_planted_corpus
from sk_w2v.inspection import concepts


@pytest.fixture(scope="module")
def corpus():
    return make_planted_corpus(n_documents=1500, random_state=0)


@pytest.fixture(scope="module")
def embedder(corpus):
    return SpectralEmbedder(n_components=6).fit(corpus.data)


def test_concepts_come_in_the_order_of_learning(embedder):
    found = concepts(embedder, n_concepts=6)
    times = [concept.learning_time for concept in found]
    assert times == sorted(times)
    assert [concept.eigenvalue for concept in found] == embedder.eigenvalues_.tolist()


def test_words_at_an_end_have_the_outermost_entries_of_that_sign(embedder):
    entries = dict(zip(embedder.words_, embedder.embedding_[:, 1], strict=True))
    concept = concepts(embedder, n_concepts=2, n_words=4, min_count=1)[1]
    assert [entries[word] for word in concept.high] == sorted(entries.values(), reverse=True)[:4]
    assert [entries[word] for word in concept.low] == sorted(entries.values())[:4]


def test_rare_words_are_not_shown(embedder):
    threshold = int(np.median(embedder.word_counts_))
    counts = dict(zip(embedder.words_, embedder.word_counts_, strict=True))
    for concept in concepts(embedder, min_count=threshold):
        assert all(counts[word] >= threshold for word in concept.high + concept.low)


def test_no_more_concepts_than_components(embedder):
    assert len(concepts(embedder, n_concepts=100)) == embedder.n_components_


def test_first_direction_tells_the_strongest_planted_concept_from_the_rest(corpus, embedder):
    first = concepts(embedder, n_concepts=1, n_words=5)[0]
    planted = set(corpus.concepts[0])
    # One end is the concept of the largest planted strength; a few of its words may be beaten by chance.
    assert max(len(planted & set(first.high)), len(planted & set(first.low))) >= 4
