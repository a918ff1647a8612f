"""The sample that the loss of training is estimated on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sk_w2v.corpus import Corpus
from sk_w2v.solvers import _sampled_loss as sampled_loss
from sk_w2v.solvers._sampling import make_sampling
from sk_w2v.targets import noise_distribution


@pytest.fixture
def sampled(monkeypatch):
    """A list that fills with the (ids, offsets) of each sample of documents that pairs are drawn from."""
    samples = []
    draw = sampled_loss.skip_gram_windows

    def recording_draw(ids, offsets, **options):
        samples.append((ids, offsets))
        return draw(ids, offsets, **options)

    monkeypatch.setattr(sampled_loss, "skip_gram_windows", recording_draw)
    return samples


def estimate(documents, n_words):
    """Fix a sample of the documents' pairs."""
    ids = np.concatenate(documents).astype(np.int32)
    corpus = Corpus(ids, np.cumsum([0, *map(len, documents)], dtype=np.int64))
    counts = np.bincount(ids, minlength=n_words)
    sampling = make_sampling(counts, noise_distribution(counts), window=2, negative=2, subsample=0)
    return sampled_loss.loss_estimator(corpus, sampling, seed=0)


def test_a_small_corpus_is_sampled_as_a_whole(sampled):
    documents = [[d] * (1 + d % 4) for d in range(50)]
    estimate(documents, n_words=50)
    ((ids, offsets),) = sampled
    pieces = [ids[first:end].tolist() for first, end in pairwise(offsets)]
    assert sorted(pieces) == sorted(documents)


@pytest.mark.parametrize("length", [2, 7, 300])
def test_the_sample_of_a_large_corpus_is_bounded(sampled, monkeypatch, length):
    monkeypatch.setattr(sampled_loss, "LOSS_TOKENS", 100)
    estimate([[d] * length for d in range(400)], n_words=400)
    ((ids, offsets),) = sampled
    assert 100 <= len(ids) < 100 + min(length, 100)
    assert all(len(set(ids[first:end])) == 1 for first, end in pairwise(offsets))


def test_pairs_of_a_loss_stand_in_one_document():
    # Word d stands in document d alone. A pair within a document has the product 10 and hardly any loss; across
    # documents it would be -10, and a quarter of the pairs would be such if windows reached beyond their document.
    loss = estimate([[d] * 5 for d in range(30)], n_words=30)
    words, contexts = np.eye(30, dtype=np.float32), 20 * np.eye(30, dtype=np.float32) - 10
    # What is left: one of two noise words is the word itself once in 15 pairs, for a loss of 10, give or take a fifth.
    assert loss(words, contexts) == pytest.approx(10 / 15, rel=0.5)
