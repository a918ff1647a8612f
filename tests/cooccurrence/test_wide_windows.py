"""Windows wider than any document cost what the documents cost, and counts are exact or an error."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sk_w2v import ALSEmbedder, SpectralEmbedder, Vocabulary
from sk_w2v._backends import BACKENDS, get_backend
from sk_w2v.cooccurrence import WINDOW_WEIGHTINGS, count_cooccurrences, window_weights
from sk_w2v.corpus import Corpus

WORDS = Vocabulary(np.array(["tea", "cup", "pen"], dtype=object), np.array([4, 3, 2]))
CORPUS = Corpus(np.array([0, 1, 0, 2, 1, 0, 1, 0, 2], dtype=np.int32), np.array([0, 5, 5, 9]))
DOCUMENTS = ["tea cup tea pot", "pen ink pen paper"] * 5
WIDE = [1000, 10**9, sys.maxsize, 10**30]


@pytest.mark.parametrize("window", WIDE)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_window_of_whole_documents_counts_every_pair(backend, window):
    wide = count_cooccurrences(
        CORPUS, WORDS, window=window, window_weighting="linear", backend=get_backend(backend), n_jobs=10**9
    )
    just = count_cooccurrences(CORPUS, WORDS, window=4, window_weighting="uniform")
    np.testing.assert_allclose((wide.counts * wide.unit).toarray(), just.counts.toarray(), rtol=4 / 1000)


@pytest.mark.parametrize("window_weighting", WINDOW_WEIGHTINGS)
@given(window=st.integers(1, 2**70), longest=st.integers(0, 30))
def test_shorter_documents_use_the_first_weights_of_the_window(window_weighting, window, longest):
    units, unit = window_weights(window, window_weighting, longest_document=longest)
    assert len(units) == min(window, max(1, longest - 1))
    distances = np.arange(1, len(units) + 1)
    expected = {"uniform": np.ones(len(units)), "linear": 1 - (distances - 1) / window, "harmonic": 1 / distances}
    np.testing.assert_allclose(units * unit, expected[window_weighting], atol=1e-9)


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(WINDOW_WEIGHTINGS))
def test_omitting_unreachable_distances_changes_no_weight(window, longest, window_weighting):
    units, unit = window_weights(window, window_weighting)
    first, same = window_weights(window, window_weighting, longest_document=longest)
    assert first.tolist() == units[: len(first)].tolist()
    assert unit == same


@pytest.mark.parametrize(
    "embedder",
    [
        SpectralEmbedder(1, min_count=1, max_iter=10**9, n_jobs=10**9),
        ALSEmbedder(1, min_count=1, n_jobs=10**9),
    ],
)
@pytest.mark.parametrize("window", [10**9, sys.maxsize])
def test_estimators_accept_windows_of_whole_documents(embedder, window):
    assert embedder.set_params(window=window).fit(DOCUMENTS).embedding_.shape == (6, 1)


def test_counts_that_might_not_fit_are_refused():
    corpus = Corpus(np.zeros(100_000, np.int32), np.array([0, 100_000]))
    with pytest.raises(OverflowError, match=r"window of 99999 tokens might not fit .* occurs 100000 times"):
        count_cooccurrences(corpus, WORDS, window=10**9)
