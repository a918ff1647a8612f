"""When analogies are answered, along the path of one model: the same as asking a model of each rank and time."""

from __future__ import annotations

import numpy as np
import pytest

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import AnalogyQuestions, make_planted_corpus
from sk_w2v.inspection import Emergence, emergence
from sk_w2v.inspection._analogy_paths import answered_along, rank_path
from sk_w2v.metrics import analogy_accuracy, analogy_accuracy_by_category


def make_corpus():
    """Return documents in which each of six things stands with its kind and with one of two places.

    A thing's name says both: ``thing_k_p`` of kind k at place p. So ``thing_0_0`` is to ``thing_0_1`` as ``thing_1_0``
    is to ``thing_1_1``.
    """
    rng = np.random.default_rng(0)
    documents = []
    for _ in range(1500):
        kind, place = rng.integers(6), rng.integers(2)
        context = [f"kind{kind}_{rng.integers(4)}" for _ in range(4)] + [
            f"place{place}_{rng.integers(4)}" for _ in range(4)
        ]
        words = [*context, f"thing_{kind}_{place}"]
        documents.append(" ".join(rng.permutation(words)))
    return documents


def make_questions():
    """Return the questions across places, and some about words that there are not."""
    words = [
        [f"thing_{first}_0", f"thing_{first}_1", f"thing_{second}_0", f"thing_{second}_1"]
        for first in range(6)
        for second in range(6)
        if first != second
    ]
    unknown = [["thing_0_0", "thing_0_1", "unicorn", "horn"]] * 10
    return AnalogyQuestions(
        np.array(words + unknown, dtype=object), np.array(["places"] * 30 + ["myths"] * 10, dtype=object)
    )


@pytest.fixture(scope="module")
def questions():
    return make_questions()


@pytest.fixture(scope="module")
def spectral():
    return SpectralEmbedder(10, init_scale=1e-3).fit(make_corpus())


@pytest.fixture(scope="module")
def found(spectral, questions):
    return emergence(spectral, questions)


def test_at_each_rank_it_is_what_a_truncated_model_answers(spectral, questions, found):
    for rank, accuracy in zip(found.ranks, found.rank_accuracy, strict=True):
        truncated = spectral.truncate(int(rank))
        assert accuracy == analogy_accuracy(truncated.embedding_, truncated.vocabulary_, questions).value
    assert found.rank_accuracy[-1] > 0.5 > found.rank_accuracy[0]  # there is something to see


def test_at_each_time_it_is_what_the_model_of_that_time_answers(spectral, questions, found):
    assert len(found.times) == 50
    for time, accuracy in list(zip(found.times, found.time_accuracy, strict=True))[::7]:
        moved = spectral.at_time(float(time))
        assert accuracy == analogy_accuracy(moved.embedding_, moved.vocabulary_, questions).value


def test_a_model_stopped_on_its_way_has_the_path_of_its_own_ranks_and_the_same_times(spectral, questions, found):
    early = spectral.at_time(float(spectral.learning_times_[4]))
    times = found.times[::10]
    stopped = emergence(early, questions, times=times)
    assert np.array_equal(stopped.by_time, found.by_time[:, ::10])
    assert stopped.rank_accuracy[-1] == analogy_accuracy(early.embedding_, early.vocabulary_, questions).value


def test_trained_models_have_the_path_of_their_singular_directions(questions):
    sgns = SGNSEmbedder(6, subsample=0, learning_rate=0.1, max_iter=10, random_state=0).fit(make_corpus())
    found = emergence(sgns, questions)
    whole = analogy_accuracy(sgns.embedding_, sgns.vocabulary_, questions)
    assert found.rank_accuracy[-1] == whole.value
    left, singular_values, _ = np.linalg.svd(sgns.embedding_, full_matrices=False)
    three = analogy_accuracy((left * singular_values)[:, :3], sgns.vocabulary_, questions)
    assert found.rank_accuracy[2] == three.value
    assert found.times.shape == (0,)
    assert np.all(np.isnan(found.lasting_times))
    with pytest.raises(ValueError, match="SGNSEmbedder has no times of a flow"):
        emergence(sgns, questions, times=[1.0])


def test_few_ranks_give_the_same_answers_as_all(spectral, questions, found):
    some = emergence(spectral, questions, ranks=[2, 5, 9], times=[])
    assert np.array_equal(some.by_rank, found.by_rank[:, [1, 4, 8]])


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_neither_threads_nor_batches_of_questions_change_anything(n_jobs, spectral, questions, found, monkeypatch):
    monkeypatch.setattr(
        "sk_w2v.inspection._analogy_paths.TABLE_SIZE", 4 * len(spectral.words_)
    )  # of four words at a time
    again = emergence(spectral, questions, n_jobs=n_jobs)
    assert np.array_equal(again.by_rank, found.by_rank)
    assert np.array_equal(again.by_time, found.by_time)


def test_random_vectors_with_zeros_among_them_are_answered_as_the_metric_does():
    # A word without a vector at small ranks is nobody's neighbor, and no error.
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((12, 5)).astype(np.float32)
    vectors[3:6, :3] = 0
    rows = np.array([rng.choice(12, 4, replace=False) for _ in range(300)])
    names = np.array([f"w{row}" for row in range(12)], dtype=object)
    questions = AnalogyQuestions(names[rows], np.repeat("", 300))
    answered = answered_along(rank_path(vectors, np.arange(1, 6)), rows, 5, n_words=12)
    for rank in (4, 5):
        accuracy = analogy_accuracy(vectors[:, :rank], {name: row for row, name in enumerate(names)}, questions).value
        assert answered[:, rank - 1].mean() == accuracy


def test_unknown_words_are_left_out_and_said_to_be(found):
    assert found.coverage == 0.75
    assert set(found.categories) == {"places"}


def make_emergence(by_rank):
    """Return an Emergence with these flags and nothing else."""
    by_rank = np.array(by_rank, dtype=bool)
    names = np.array([["a", "b", "c", "d"]] * len(by_rank), dtype=object)
    categories = np.array(["x", "y"] * len(by_rank), dtype=object)[: len(by_rank)]
    n_ranks = by_rank.shape[1]
    return Emergence(
        names, categories, 1.0, np.arange(1, n_ranks + 1), np.zeros(0), by_rank, np.zeros((len(by_rank), 0), bool)
    )


def test_first_and_lasting_ranks():
    found = make_emergence([[0, 1, 0, 1, 1], [0, 0, 0, 0, 0], [1, 1, 1, 1, 0], [1, 1, 1, 1, 1]])
    np.testing.assert_array_equal(found.first_ranks, [2, np.nan, 1, 1])
    np.testing.assert_array_equal(found.lasting_ranks, [4, np.nan, np.nan, 1])


def test_table_has_a_row_for_each_category_in_the_order_of_emergence(spectral, questions):
    table = make_emergence([[0, 0, 1, 1], [1, 1, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1]]).table()
    assert [row["category"] for row in table] == ["x", "y"]
    assert [row["n_questions"] for row in table] == [2, 2]
    assert [row["rank"] for row in table] == [3, 4]
    assert [row["lasting_rank"] for row in table] == [3.5, 4]
    assert np.isnan(table[0]["time"])
    (row,) = emergence(spectral, questions).table()
    scores = analogy_accuracy_by_category(spectral.embedding_, spectral.vocabulary_, questions)
    assert row["accuracy"] == scores["places"].value


@pytest.mark.parametrize("ranks", [[], [0, 1], [3, 2], [5, 11]])
def test_ranks_that_are_none_are_refused(ranks, spectral, questions):
    with pytest.raises(ValueError, match="do not increase from 1 to at most the model's 10 components"):
        emergence(spectral, questions, ranks=ranks)


@pytest.mark.parametrize("times", [[-1.0], [2.0, 1.0], [np.nan]])
def test_times_that_are_none_are_refused(times, spectral, questions):
    with pytest.raises(ValueError, match="are not increasing or below 0"):
        emergence(spectral, questions, times=times)


def test_questions_of_unknown_words_alone_are_refused(questions):
    embedder = SpectralEmbedder(3).fit(make_planted_corpus(100, random_state=0).data)
    with pytest.raises(ValueError, match="None of the 40 questions has all of its words"):
        emergence(embedder, questions)
