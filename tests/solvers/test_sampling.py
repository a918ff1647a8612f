"""How many products a pass makes, whatever the window and the lengths of documents."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from solver_runs import train

from sk_w2v._backends.randomness import epoch_stream
from sk_w2v._backends.skipgrams import skip_gram_pairs, skip_gram_windows
from sk_w2v.corpus import Corpus
from sk_w2v.solvers._sampling import Sampling, expected_products, make_sampling

WIDE = [60, 10**9, 10**400]


def corpus_of(lengths: list[int], n_words: int = 4) -> Corpus:
    """Return documents of some lengths, whose words come in turn."""
    ids = np.arange(sum(lengths), dtype=np.int32) % n_words
    return Corpus(ids, np.cumsum([0, *lengths], dtype=np.int64))


def sampling_for(corpus: Corpus, n_words: int = 4, *, window: int = 3, subsample: float = 0.0) -> Sampling:
    counts = np.bincount(corpus.ids, minlength=n_words)
    longest = int(np.diff(corpus.offsets).max())
    return make_sampling(
        counts, counts / counts.sum(), window=window, negative=2, subsample=subsample, longest_document=longest
    )


def pairs_of(corpus: Corpus, sampling: Sampling, epoch: int = 0) -> np.ndarray:
    """Return the words in the middle of all pairs of an epoch."""
    centers, _ = skip_gram_pairs(
        corpus.ids, corpus.offsets, keep_w=sampling.keep, reach_o=sampling.reach, stream=epoch_stream(0, epoch)
    )
    return corpus.ids[centers]


# --- expected products ---------------------------------------------------------------------------


@given(st.lists(st.integers(0, 12), min_size=1).filter(any))
def test_windows_of_whole_documents_meet_all_other_tokens(lengths):
    corpus = corpus_of(lengths)
    words, contexts = expected_products(corpus, sampling_for(corpus, window=10**9))
    partners = np.repeat(np.array(lengths) - 1, lengths)
    expected = 3 * np.bincount(corpus.ids, partners, minlength=4) / len(corpus.ids)
    np.testing.assert_allclose(words, expected, atol=1e-6)
    assert contexts.sum() == pytest.approx(words.sum(), abs=1e-6)


@pytest.mark.parametrize("window", [1, 5, 60])
@pytest.mark.parametrize("subsample", [0.0, 0.01])
def test_expected_products_are_those_made_at_the_ends_of_documents_too(window, subsample):
    corpus = corpus_of([1, 2, 3, 7, 20, 50, 0] * 40)
    sampling = sampling_for(corpus, window=window, subsample=subsample)
    made = np.mean([len(pairs_of(corpus, sampling, epoch)) for epoch in range(20)]) / len(corpus.ids)
    # 20 epochs of 3,320 tokens, of which subsampling keeps a quarter: a standard error below 1 in 50
    assert expected_products(corpus, sampling)[0].sum() / 3 == pytest.approx(made, rel=0.07)


def test_a_text_that_subsampling_takes_nearly_all_of_makes_hardly_a_product():
    corpus = corpus_of([5] * 10)
    words, contexts = expected_products(corpus, sampling_for(corpus, subsample=1e-300))
    assert np.all((words > 0) & (words < 1e-15))
    assert np.all((contexts > 0) & (contexts < 1e-15))


def test_words_of_longer_documents_take_part_in_more_products():
    ids = np.array([0, 1] * 10 + [2, 3] * 10, dtype=np.int32)
    corpus = Corpus(ids, np.array([*range(0, 21, 2), 40]))
    words, _ = expected_products(corpus, sampling_for(corpus, window=10**9))
    np.testing.assert_allclose(words, 3 * np.array([1, 1, 19, 19]) / 4, rtol=1e-6)


@pytest.mark.parametrize("n_replicas", [1, 2, 5])
def test_a_text_without_pairs_leaves_the_vectors_alone(n_replicas):
    corpus = corpus_of([1, 0, 1, 1, 1])
    begin = np.ones((4, 3), np.float32)
    with pytest.warns(UserWarning, match="no pair of words"):
        trained = train(corpus, sampling_for(corpus), begin, max_iter=1, n_replicas=n_replicas)
    assert np.array_equal(trained.words, begin)


# --- wide windows --------------------------------------------------------------------------------


@pytest.mark.parametrize("window", WIDE)
def test_a_table_of_reaches_is_as_long_as_the_longest_document(window):
    corpus = corpus_of([3, 9, 1])
    reach = sampling_for(corpus, window=window).reach
    np.testing.assert_allclose(reach / 2.0**32, 1 - np.arange(8) / float(min(window, 10**300)), rtol=1e-9)


def test_a_window_that_is_too_wide_for_a_table_is_refused():
    counts = np.array([3, 2])
    with pytest.raises(ValueError, match=r"window of 1000000000 tokens .* lower window, or give longest_document"):
        make_sampling(counts, counts / 5, window=10**9, negative=1, subsample=0.0)


@pytest.mark.parametrize("n_replicas", [1, 3])
def test_a_window_trains_as_one_that_just_holds_the_documents(n_replicas):
    corpus = corpus_of([6, 1, 30, 2, 8] * 5)
    counts = np.bincount(corpus.ids)
    trained = []
    for longest in (30, None, 10_000):
        sampling = make_sampling(
            counts, counts / counts.sum(), window=10_000, negative=2, subsample=0.1, longest_document=longest
        )
        begin = np.random.RandomState(0).standard_normal((4, 3)).astype(np.float32)
        trained.append(train(corpus, sampling, begin, max_iter=2, n_replicas=n_replicas))
    for other in trained[1:]:
        assert np.array_equal(trained[0].words, other.words)
        assert trained[0].losses == other.losses


def test_some_pairs_of_windows_are_found_without_the_others():
    corpus = corpus_of([5, 0, 9, 1, 14])
    sampling = sampling_for(corpus, window=6, subsample=0.1)
    draws = {"keep_w": sampling.keep, "reach_o": sampling.reach, "stream": epoch_stream(1, 0)}
    windows = skip_gram_windows(corpus.ids, corpus.offsets, **draws)
    centers, neighbors = skip_gram_pairs(corpus.ids, corpus.offsets, **draws)
    assert windows.n_pairs == len(centers) > 10
    some = np.arange(3, len(centers), 4)
    for found, of_all in zip(windows.pairs(some), (centers, neighbors), strict=True):
        assert np.array_equal(found, of_all[some])
