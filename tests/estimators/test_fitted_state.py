"""The fitted state: set as a whole or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from sk_w2v import CommonComponentRemover, EmbeddingUnion, SGNSEmbedder, SpectralEmbedder
from sk_w2v._estimators import sgns, spectral, union

FEW = ["w0 w1 w2 w3 w4 w5"] * 5
MANY = [" ".join(f"w{index}" for index in range(first, first + 20)) for first in range(0, 200, 5)]

EMBEDDERS = {
    "sgns": (SGNSEmbedder(4, min_count=1, max_iter=1, n_replicas=1, subsample=0, random_state=0), sgns, "postprocess"),
    "spectral": (SpectralEmbedder(4, min_count=1, target="ppmi", window=2), spectral, "learning_times"),
    "union": (
        EmbeddingUnion([("only", SpectralEmbedder(3, min_count=1, target="ppmi", window=2))]),
        union,
        "normalize",
    ),
}


def same_state(before, after):
    return before.keys() == after.keys() and all(before[name] is after[name] for name in before)


@pytest.mark.parametrize("kind", EMBEDDERS)
@pytest.mark.filterwarnings("ignore:n_components=")
def test_an_interrupt_while_results_are_stored_leaves_the_earlier_fit(kind, monkeypatch):
    embedder, module, late = EMBEDDERS[kind]
    embedder.fit(MANY)
    before = dict(vars(embedder))

    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, late, interrupted)
    with pytest.raises(KeyboardInterrupt):
        embedder.fit(FEW)
    assert same_state(before, vars(embedder))


def test_a_fit_that_is_refused_leaves_the_embedder_unfitted_or_as_it_was():
    embedder = SpectralEmbedder(1, min_count=1)
    with pytest.raises(ValueError, match="no positive eigenvalue"):
        embedder.fit([["tea", "cup"]] * 9)
    with pytest.raises(NotFittedError):
        embedder.transform(["tea"])
    before = dict(vars(embedder.fit(["tea cup tea pot", "pen ink pen paper"] * 3)))
    with pytest.raises(ValueError, match="no positive eigenvalue"):
        embedder.fit([["tea", "cup"]] * 9)
    assert same_state(before, vars(embedder))


def test_a_remover_that_cannot_be_fitted_stays_as_it_was(monkeypatch):
    vectors = np.random.default_rng(0).standard_normal((9, 3))
    remover = CommonComponentRemover().fit(vectors)
    before = dict(vars(remover))

    def failing(*arguments):
        raise np.linalg.LinAlgError("no eigenvalues")

    monkeypatch.setattr(np.linalg, "eigh", failing)
    with pytest.raises(np.linalg.LinAlgError):
        remover.fit(vectors[:, :2])
    assert same_state(before, vars(remover))
    assert remover.transform(vectors).shape == (9, 3)
