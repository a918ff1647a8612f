"""Concepts: the ends of the eigen-directions, in the order of learning."""

import numpy as np
import pytest

from sk_w2v import SGNSEmbedder, SpectralEmbedder
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


def test_scores_are_entries_over_their_root_mean_square(embedder):
    column = embedder.embedding_[:, 1] / np.sqrt(np.mean(embedder.embedding_[:, 1] ** 2))
    concept = concepts(embedder, n_concepts=2, n_words=3, min_count=1)[1]
    np.testing.assert_allclose(concept.high_scores, [column[embedder.vocabulary_[word]] for word in concept.high], 1e-5)
    np.testing.assert_allclose(concept.low_scores, [column[embedder.vocabulary_[word]] for word in concept.low], 1e-5)
    assert min(concept.high_scores) > 0 > max(concept.low_scores)


def test_shares_are_of_the_target_or_of_a_given_norm(embedder):
    shares = [concept.share for concept in concepts(embedder)]
    explained = np.sum(embedder.eigenvalues_**2)
    assert sum(shares) == pytest.approx(explained / embedder.target_squared_norm_)
    assert sum(concept.share for concept in concepts(embedder, squared_norm=explained)) == pytest.approx(1)
    norm = 10 * np.sum(embedder.eigenvalues_**2)
    assert sum(concept.share for concept in concepts(embedder, squared_norm=norm)) == pytest.approx(0.1)


def test_neither_time_nor_power_changes_concepts(corpus, embedder):
    other = SpectralEmbedder(n_components=6, time=0.05, eigenvalue_exponent=0.2).fit(corpus.data)
    for left, right in zip(concepts(embedder), concepts(other), strict=True):
        assert left.high == right.high
        assert left.low == right.low


def test_trained_models_have_concepts_matched_to_the_closed_form_s(corpus, embedder):
    sgns = SGNSEmbedder(n_components=6, subsample=0, max_iter=10, random_state=0).fit(corpus.data)
    alone, matched = concepts(sgns), concepts(sgns, reference=embedder)
    singular_values = np.linalg.svd(sgns.embedding_ - sgns.embedding_.mean(axis=0), compute_uv=False)
    np.testing.assert_allclose([concept.eigenvalue for concept in alone], singular_values**2, rtol=1e-4)
    assert all(concept.match is None and np.isnan(concept.learning_time) for concept in alone)
    best = max(matched, key=lambda concept: concept.overlap)
    assert best.overlap > 0.7
    assert best.learning_time == embedder.learning_times_[best.match]
    # With the reference's sign, its ends are the reference's ends.
    theirs = concepts(embedder)[best.match]
    assert len({*best.high} & {*theirs.high}) + len({*best.low} & {*theirs.low}) >= 8


def test_a_model_s_own_modes_match_themselves(embedder):
    matched = concepts(embedder, reference=embedder)
    assert [concept.match for concept in matched] == list(range(6))
    assert min(concept.overlap for concept in matched) == pytest.approx(1, abs=1e-5)
    assert [concept.high for concept in matched] == [concept.high for concept in concepts(embedder)]


def test_the_mean_of_trained_vectors_is_no_concept_unless_asked_for(corpus):
    sgns = SGNSEmbedder(n_components=6, subsample=0, max_iter=10, random_state=0).fit(corpus.data)
    assert concepts(sgns, center=False, min_count=1)[0].low == ()  # all words are at one end
    assert all(concept.high and concept.low for concept in concepts(sgns, min_count=1))
    singular_values = np.linalg.svd(sgns.embedding_, compute_uv=False)
    np.testing.assert_allclose([each.eigenvalue for each in concepts(sgns, center=False)], singular_values**2, 1e-4)


def test_a_closed_form_is_not_centered(embedder):
    assert [each.high_scores for each in concepts(embedder)] == [
        each.high_scores for each in concepts(embedder, center=False)
    ]


def test_concepts_print_a_line_each_and_a_table_in_a_notebook(embedder):
    found = concepts(embedder, n_concepts=2, n_words=5)
    first, second = repr(found).splitlines()
    assert first.startswith("Concept(eigenvalue ")
    assert all(word in second for word in (*found[1].high[:3], *found[1].low[:3]))
    html = found._repr_html_()
    assert html.count("<tr>") == 3
    assert found[0].high[4] in html
