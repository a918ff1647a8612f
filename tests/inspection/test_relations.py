"""Relations: difference vectors against what random ones would give."""

from __future__ import annotations

import numpy as np
import pytest

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import make_planted_corpus
from sk_w2v.inspection import relation_spectrum
from sk_w2v.inspection._relations import bulk_median, difference_spectrum, signal_to_noise


def gaussian(n: int, rank: int, *, signal: float = 0.0, seed: int = 0) -> np.ndarray:
    """Return n vectors of variance 1 around a mean of squared length `signal`."""
    differences = np.random.default_rng(seed).standard_normal((n, rank))
    differences[:, 0] += np.sqrt(signal)
    return differences


@pytest.mark.parametrize(("n", "rank"), [(2000, 200), (1000, 900), (300, 1200)])
def test_median_is_that_of_a_random_matrix(n, rank):
    _, singular_values, _ = np.linalg.svd(gaussian(n, rank) / np.sqrt(n), full_matrices=False)
    assert bulk_median(rank / n) == pytest.approx(np.median(singular_values**2), rel=0.02)  # of a few hundred values


@pytest.mark.parametrize(("n", "rank"), [(400, 100), (100, 100), (100, 300)])
def test_no_spike_in_random_differences(n, rank):
    spectra = [difference_spectrum(gaussian(n, rank, seed=seed)) for seed in range(20)]
    _, noise, edges, spikes, snr, _ = (np.array(each, dtype=object) for each in zip(*spectra, strict=True))
    assert np.mean(noise.astype(float)) == pytest.approx(1, rel=0.05)
    # Tracy and Widom: the largest eigenvalue is a little below the edge on average, by about n^(-2/3).
    assert 0.9 < np.mean((spikes / edges).astype(float)) < 1
    assert max(snr) < 2 * np.sqrt(rank / n)


@pytest.mark.parametrize(("n", "rank", "signal"), [(400, 100, 4.0), (100, 100, 6.0), (100, 300, 12.0)])
def test_ratio_of_a_planted_signal_is_found_with_its_direction(n, rank, signal):
    found = [difference_spectrum(gaussian(n, rank, signal=signal, seed=seed)) for seed in range(20)]
    # Equal lengths take away a share signal / (rank + signal) of it, and the mean of 20 leaves a scatter of percents.
    assert np.mean([snr for *_, snr, _ in found]) == pytest.approx(signal, rel=0.2)
    assert min(alignment for *_, alignment in found) > 0.9


def test_signal_to_noise_undoes_what_the_bulk_adds_to_a_spike():
    for ratio in (0.1, 1.0, 3.0):
        for signal in (1.1 * np.sqrt(ratio), 5.0, 50.0):
            assert signal_to_noise((1 + signal) * (1 + ratio / signal), ratio) == pytest.approx(signal)
        assert signal_to_noise((1 + np.sqrt(ratio)) ** 2, ratio) == 0


@pytest.fixture(scope="module")
def corpus():
    return make_planted_corpus(n_documents=2000, random_state=0)


@pytest.fixture(scope="module")
def embedder(corpus):
    return SpectralEmbedder(12).fit(corpus.data)


def test_words_of_two_concepts_differ_by_the_concepts(corpus, embedder):
    pairs = list(zip(corpus.concepts[0], corpus.concepts[2], strict=True))
    found = relation_spectrum(embedder, pairs)
    assert found.has_spike
    assert found.n_pairs == len(pairs)
    assert np.all(np.diff(found.eigenvalues) <= 0)
    assert found.ranks[-1] == 12
    # The planted concepts are in the first five modes, and nothing else is.
    assert found.mode_shares.sum() == pytest.approx(1)
    assert found.mode_shares[:5].sum() > 0.9


def test_pairs_of_words_of_one_concept_lead_nowhere(corpus, embedder):
    words = corpus.common_words
    found = relation_spectrum(embedder, zip(words[:25], words[25:], strict=True))
    related = relation_spectrum(embedder, zip(corpus.concepts[0], corpus.concepts[2], strict=True))
    assert found.snr[-1] < related.snr[-1] / 4


def test_the_other_direction_is_the_same_relation(corpus, embedder):
    there = relation_spectrum(embedder, zip(corpus.concepts[0], corpus.concepts[1], strict=True), ranks=[3, 6])
    back = relation_spectrum(embedder, zip(corpus.concepts[1], corpus.concepts[0], strict=True), ranks=[3, 6])
    for name in ("ranks", "eigenvalues", "spikes", "snr", "alignments", "mode_shares"):
        np.testing.assert_allclose(getattr(there, name), getattr(back, name), rtol=1e-9)


def test_neither_time_nor_power_changes_the_spectrum_but_what_carries_the_difference(corpus, embedder):
    pairs = list(zip(corpus.concepts[0], corpus.concepts[2], strict=True))
    end, early = (relation_spectrum(each, pairs) for each in (embedder, embedder.at_time(0.05)))
    np.testing.assert_allclose(early.eigenvalues, end.eigenvalues, rtol=1e-4)
    assert not np.allclose(early.mode_shares, end.mode_shares)


def test_trained_models_have_relations(corpus):
    sgns = SGNSEmbedder(8, subsample=0, max_iter=10, random_state=0).fit(corpus.data)
    assert relation_spectrum(sgns, zip(corpus.concepts[0], corpus.concepts[2], strict=True)).has_spike


def test_unknown_pairs_are_counted_and_too_few_refused(corpus, embedder):
    pairs = [
        *zip(corpus.concepts[0][:6], corpus.concepts[1][:6], strict=True),
        ("unicorn", "horn"),
        ("horn", "unicorn"),
    ]
    assert relation_spectrum(embedder, pairs).coverage == 0.75
    with pytest.raises(ValueError, match="3 of the 5 pairs have both words"):
        relation_spectrum(embedder, pairs[3:])


@pytest.mark.parametrize("ranks", [[], [1, 2], [3, 3], [13]])
def test_ranks_that_are_none_are_refused(ranks, corpus, embedder):
    with pytest.raises(ValueError, match="do not increase from 2 to at most the model's 12 components"):
        relation_spectrum(embedder, zip(corpus.concepts[0], corpus.concepts[1], strict=True), ranks=ranks)


def test_one_component_has_no_bulk(corpus, embedder):
    with pytest.raises(ValueError, match="1 component, and a spectrum needs at least 2"):
        relation_spectrum(embedder.truncate(1), zip(corpus.concepts[0], corpus.concepts[1], strict=True))
