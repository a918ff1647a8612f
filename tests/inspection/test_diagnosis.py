"""Diagnosis: each cause constructed on purpose, and each tested remedy checked by an independent fit."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from sk_w2v import EmbeddingUnion, PretrainedEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v.inspection import Remedy, diagnose_analogy
from sk_w2v.io import WordVectors

SIZES = (24, 16, 11, 8, 6, 4)  # of the kinds, in words: the more words, the larger the eigenvalue


def make_documents(n_documents=2500):
    """Return documents in which a thing of kind k at place p stands with words of its kind and of its place."""
    rng = np.random.default_rng(0)
    documents = []
    for _ in range(n_documents):
        kind, place = rng.integers(6), rng.integers(2)
        kinds = [f"kind{kind}_{rng.integers(SIZES[kind])}" for _ in range(4)]
        places = [f"place{place}_{rng.integers(4)}" for _ in range(4)]
        documents.append(" ".join(rng.permutation([*kinds, *places, f"thing_{kind}_{place}"])))
    return [*documents, *["rare0 rare1 kind0_0 kind0_1"] * 6, *["rare2 rare3 kind1_0 kind1_1"] * 6]


ANALOGY = ("thing_4_0", "thing_4_1", "thing_1_0", "thing_1_1")


@pytest.fixture(scope="module")
def documents():
    return make_documents()


@pytest.fixture(scope="module")
def fuller(documents):
    return SpectralEmbedder(10, init_scale=1e-6).fit(documents)


def answer(embedder, words):
    return embedder.analogy(*words[:3], n=1)[0][0]


def done(remedy, embedder, documents):
    """Return a new fit with the remedy's change."""
    return clone(embedder).set_params(**{remedy.parameter: remedy.value}).fit(documents)


def test_an_answered_analogy_is_said_to_be(fuller):
    found = diagnose_analogy(fuller, *ANALOGY)
    assert answer(fuller, ANALOGY) == ANALOGY[3]
    assert found.verdict == "answered"
    assert found.numbers["place"] == 1
    assert found.remedies == ()


def test_unknown_words_are_named_with_what_would_make_them_known(fuller):
    found = diagnose_analogy(fuller, "thing_0_0", "unicorn", "thing_1_0", "horn")
    assert found.verdict == "unknown word"
    assert "unicorn, horn" in found.explanation
    assert found.remedies[0] == Remedy("min_count", 1, tested=False)
    assert found.numbers["counts"]["unicorn"] == 0 < found.numbers["counts"]["thing_0_0"]


def test_too_few_components_are_told_from_a_fuller_model(fuller, documents):
    few = fuller.truncate(3)
    assert answer(few, ANALOGY) != ANALOGY[3]
    found = diagnose_analogy(few, *ANALOGY, fuller=fuller)
    assert found.verdict == "not yet learned: rank"
    remedy = found.remedies[0]
    assert remedy.parameter == "n_components"
    assert remedy.tested
    assert answer(done(remedy, few, documents), ANALOGY) == ANALOGY[3]
    one_less = Remedy("n_components", remedy.value - 1, tested=False)  # no smaller one is enough
    assert remedy.value == 4 or answer(done(one_less, few, documents), ANALOGY) != ANALOGY[3]


def test_a_model_stopped_too_early_is_told_when_to_stop(fuller, documents):
    early = fuller.at_time(float(fuller.learning_times_[2]))
    assert answer(early, ANALOGY) != ANALOGY[3]
    found = diagnose_analogy(early, *ANALOGY)
    assert found.verdict == "not yet learned: time"
    later = next(remedy for remedy in found.remedies if remedy.parameter == "time")
    assert later.tested
    assert later.value is None or later.value > early.time
    assert answer(done(later, early, documents), ANALOGY) == ANALOGY[3]


def test_every_tested_remedy_is_right(fuller, documents):
    models = [fuller.truncate(n).at_time(time) for n in (2, 4, 7) for time in (None, float(fuller.learning_times_[4]))]
    n_tested = 0
    for embedder in models:
        for first, second in [(0, 5), (1, 0), (4, 1), (5, 2)]:
            words = (f"thing_{first}_0", f"thing_{first}_1", f"thing_{second}_0", f"thing_{second}_1")
            for remedy in diagnose_analogy(embedder, *words, fuller=fuller).remedies:
                if remedy.tested:
                    assert answer(done(remedy, embedder, documents), words) == words[3], (embedder, words, remedy)
                    n_tested += 1
    assert n_tested >= 10


def test_rare_words_are_blamed_for_what_no_time_or_rank_explains(fuller):
    words = ("rare0", "rare2", "rare1", "kind5_0")
    found = diagnose_analogy(fuller, *words)
    assert found.verdict == "too rare"
    assert "rare0 occurs only 6 times" in found.explanation
    assert Remedy("corpus", "more text with rare0", tested=False) in found.remedies
    assert diagnose_analogy(fuller, *words, rare=6).verdict != "too rare"


def test_words_without_a_relation_are_said_to_have_none(fuller):
    words = ("kind0_0", "place1_2", "kind3_1", "kind5_2")
    found = diagnose_analogy(fuller, *words)
    assert found.verdict == "no linear relation"
    assert found.numbers["direction_place"] > 1
    assert found.remedies[-1].parameter == "corpus"


def test_pairs_add_the_relation_s_signal_to_noise(fuller):
    pairs = [(f"thing_{kind}_0", f"thing_{kind}_1") for kind in range(6)]
    assert diagnose_analogy(fuller, *ANALOGY, pairs=pairs).numbers["snr"] > 0


def test_place_and_margin_are_those_of_the_answers(fuller):
    few = fuller.truncate(3)
    found = diagnose_analogy(few, *ANALOGY)
    ranked = [word for word, _ in few.analogy(*ANALOGY[:3], n=len(few.words_))]
    assert ranked.index(ANALOGY[3]) + 1 == found.numbers["place"]
    assert found.numbers["answer"] == ranked[0]
    assert found.numbers["margin"] > 0


def test_trained_models_are_diagnosed_too(documents):
    sgns = SGNSEmbedder(6, subsample=0, max_iter=3, random_state=0).fit(documents)
    found = diagnose_analogy(sgns, *ANALOGY)
    assert found.verdict
    assert {remedy.parameter for remedy in found.remedies if remedy.tested} <= {"n_components"}


def test_it_prints_words_verdict_numbers_and_changes(fuller):
    lines = str(diagnose_analogy(fuller.truncate(3), *ANALOGY, fuller=fuller)).splitlines()
    assert lines[0].startswith("thing_4_0 : thing_4_1 = thing_1_0 : thing_1_1? not yet learned: rank.")
    assert "tested: answered" in lines[1]


def test_bad_questions_are_refused(fuller, documents):
    with pytest.raises(ValueError, match="are not all different"):
        diagnose_analogy(fuller, *ANALOGY[:3], ANALOGY[0])
    other = SpectralEmbedder(3).fit(documents[:300])
    with pytest.raises(ValueError, match="fuller model has other words"):
        diagnose_analogy(other, *ANALOGY, fuller=fuller)


def test_vectors_from_elsewhere_are_diagnosed_like_those_that_were_fitted(fuller):
    pretrained = PretrainedEmbedder(WordVectors(fuller.words_, fuller.embedding_)).fit()
    found, expected = diagnose_analogy(pretrained, *ANALOGY), diagnose_analogy(fuller, *ANALOGY)
    assert found.verdict == expected.verdict == "answered"
    assert found.numbers["margin"] == pytest.approx(expected.numbers["margin"], abs=1e-5)


def test_unknown_words_of_pretrained_vectors_need_no_min_count(fuller):
    pretrained = PretrainedEmbedder(WordVectors(fuller.words_, fuller.embedding_)).fit()
    found = diagnose_analogy(pretrained, "thing_0_0", "unicorn", "thing_1_0", "thing_1_1")
    assert found.verdict == "unknown word"
    assert {remedy.parameter for remedy in found.remedies} == {"corpus"}


def test_a_failed_analogy_of_a_union_is_diagnosed_without_tests_of_the_flow(documents):
    parts = [("narrow", SpectralEmbedder(2, window=2)), ("wide", SpectralEmbedder(2, window=5))]
    union = EmbeddingUnion(parts).fit(documents)
    found = diagnose_analogy(union, *ANALOGY)
    assert answer(union, ANALOGY) != ANALOGY[3]
    assert found.verdict != "answered"
    assert found.numbers["answer"] == answer(union, ANALOGY)
    assert not {"time", "init_scale", "eigenvalue_exponent"} & {remedy.parameter for remedy in found.remedies}
