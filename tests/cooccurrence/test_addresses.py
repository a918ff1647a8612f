"""What kernels use as addresses is checked where it comes in: ids, offsets and the indices of sparse arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from sk_w2v import ALSEmbedder, SpectralEmbedder
from sk_w2v._backends.noise import alias_table
from sk_w2v.cooccurrence import Cooccurrence, count_cooccurrences, sample_pairs
from sk_w2v.corpus import Corpus, Vocabulary, count_documents, count_words, select_words
from sk_w2v.factorization import top_eigenpairs
from sk_w2v.metrics import explained_share, held_out_loss
from sk_w2v.pooling import bag_of_words
from sk_w2v.solvers import alternating_least_squares, constant_rate, gradient_descent, stochastic_gradient_descent
from sk_w2v.solvers._expected_loss import expected_loss
from sk_w2v.solvers._sampling import make_sampling
from sk_w2v.targets import TARGETS, Target, make_target

N_WORDS = 4
VECTORS = np.ones((N_WORDS, 3), np.float32)
IDS = np.array([0, 1, 2, 3, 1, 0], np.int32)
OFFSETS = np.array([0, 3, 6])


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary(np.array([f"w{index}" for index in range(N_WORDS)], dtype=object), np.full(N_WORDS, 9))


@pytest.fixture(scope="module")
def sampling():
    counts = np.full(N_WORDS, 9)
    return make_sampling(counts, counts / counts.sum(), window=2, negative=2, subsample=0)


def train(corpus, sampling, words=VECTORS, contexts=None):
    next(stochastic_gradient_descent(corpus, sampling, words, contexts, learning_rates=constant_rate(0.1)))


def uses_of_ids(vocabulary, sampling):
    return {
        "count_cooccurrences": lambda corpus: count_cooccurrences(corpus, vocabulary, window=2),
        "within a budget": lambda corpus: count_cooccurrences(corpus, vocabulary, window=2, memory_budget=10**6),
        "count_words": lambda corpus: count_words(corpus, N_WORDS),
        "count_documents": lambda corpus: count_documents(corpus, N_WORDS),
        "select_words": lambda corpus: select_words(corpus, np.arange(N_WORDS)),
        "bag_of_words": lambda corpus: bag_of_words(corpus, N_WORDS),
        "training": lambda corpus: train(corpus, sampling),
    }


@pytest.mark.parametrize("wrong", [N_WORDS, -1, 10**9, -(10**9)])
def test_ids_of_another_vocabulary_are_an_error(wrong, vocabulary, sampling):
    corpus = Corpus(np.where(np.arange(6) == 4, wrong, IDS).astype(np.int32), OFFSETS)
    for use in uses_of_ids(vocabulary, sampling).values():
        with pytest.raises(ValueError, match="ids that are not rows of a vocabulary of 4 words"):
            use(corpus)


@pytest.mark.parametrize("offsets", [[0, 3, 7], [0, 10**9, 6], [1, 3, 6], [0, 3], [], [-9, 3, 6]], ids=str)
def test_invalid_offsets_are_refused(offsets, vocabulary, sampling):
    corpus = Corpus(IDS, np.array(offsets, dtype=np.int64))
    for use in uses_of_ids(vocabulary, sampling).values():
        with pytest.raises(ValueError, match="offsets do not split 6 tokens into documents"):
            use(corpus)


def test_counts_do_not_depend_on_the_type_and_layout_of_ids(vocabulary):
    counts = count_cooccurrences(Corpus(IDS, OFFSETS), vocabulary, window=2).counts.toarray()
    for ids in (IDS.astype(np.int64), IDS.astype(np.uint8), np.repeat(IDS, 2)[::2]):
        other = count_cooccurrences(Corpus(ids, OFFSETS.astype(np.int32)), vocabulary, window=2).counts.toarray()
        assert np.array_equal(counts, other)


def damaged(counts):
    """Yield counts whose arrays do not fit each other, in each way that they may not."""
    for name, place, value in [
        ("indices", 1, N_WORDS),
        ("indices", 1, 500_000_000),
        ("indices", 0, -1),
        ("indptr", 1, 10**8),
        ("indptr", 2, -5),
        ("indptr", 0, 1),
    ]:
        for form in ("csr", "csc"):
            matrix = counts.asformat(form).copy()
            getattr(matrix, name)[place] = value
            yield matrix
    coo = counts.tocoo().copy()
    coo.col[0] = 10**8
    yield coo


USES_OF_COUNTS = {
    "SpectralEmbedder": lambda counts: SpectralEmbedder(2).fit(counts),
    "ALSEmbedder": lambda counts: ALSEmbedder(2).fit(counts),
    "add": lambda counts: counts + counts,
    "select": lambda counts: counts.select(["w1", "w0"]),
    "sample_pairs": lambda counts: sample_pairs(counts, random_state=np.random.RandomState(0)),
    "held_out_loss": lambda counts: held_out_loss(VECTORS, VECTORS, counts),
    "save": lambda counts: counts.save("/dev/null/never"),
    **{name: lambda counts, name=name: make_target(name, counts) for name in TARGETS},
}


@pytest.mark.parametrize("use", USES_OF_COUNTS)
def test_damaged_counts_are_an_error(use, vocabulary):
    good = count_cooccurrences(Corpus(IDS, OFFSETS), vocabulary, window=2)
    for matrix in damaged(good.counts):
        with pytest.raises(ValueError, match="counts are damaged"):
            USES_OF_COUNTS[use](replace(good, counts=matrix))


def test_damaged_targets_and_weights_are_an_error(counted, weights_of):
    n_words = len(counted.vocabulary)
    target, vectors = make_target("mstar", counted), np.ones((n_words, 2), np.float32)
    beyond = target.deviations.copy()
    beyond.indices = np.where(np.arange(len(beyond.indices)) == 3, 10**8, beyond.indices).astype(np.int32)
    for use in (lambda each: top_eigenpairs(each, 2), lambda each: explained_share(vectors, vectors, each)):
        with pytest.raises(ValueError, match="target's deviations are damaged"):
            use(Target(beyond, target.background))
    with pytest.raises(ValueError, match="target's deviations are damaged"):
        make_target(lambda counts, **options: beyond, counted)
    weights = weights_of("word2vec")
    for solve in (
        lambda weights, vectors: next(alternating_least_squares(weights, vectors, vectors)),
        lambda weights, vectors: next(gradient_descent(weights, vectors, vectors)),
        lambda weights, vectors: expected_loss(weights, vectors, vectors),
    ):
        with pytest.raises(ValueError, match="weights are damaged"):
            solve(replace(weights, indices=weights.indices + 10**8), vectors)
        with pytest.raises(ValueError, match=rf"do not fit {n_words} words"):
            solve(weights, vectors[:3])


def test_vectors_or_noise_of_another_vocabulary_are_refused(sampling):
    corpus = Corpus(IDS, OFFSETS)
    for words, contexts in [(VECTORS[:2], None), (VECTORS, VECTORS[:2]), (VECTORS, VECTORS[:, :1].copy())]:
        with pytest.raises(ValueError, match="do not fit 4 words"):
            train(corpus, sampling, words, contexts)
    table = alias_table(np.full(N_WORDS, 1 / N_WORDS))
    beyond = table._replace(alternatives=table.alternatives + 10**8)
    for noise in (beyond, alias_table(np.full(9, 1 / 9))):
        with pytest.raises(ValueError, match="noise is not drawn from 4 words"):
            train(corpus, replace(sampling, noise=noise))


def test_unused_space_after_the_entries_is_ignored(vocabulary):
    counts = count_cooccurrences(Corpus(IDS, OFFSETS), vocabulary, window=2).counts
    roomy = counts.copy()
    roomy.data, roomy.indices = np.append(roomy.data, 7), np.append(roomy.indices, 1)
    assert roomy.nnz < len(roomy.data)
    added = Cooccurrence(roomy, vocabulary) + Cooccurrence(counts, vocabulary)
    assert sparse.issparse(added.counts)
    assert np.array_equal(added.counts.toarray(), 2 * counts.toarray())
