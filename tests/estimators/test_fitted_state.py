"""The fitted state: set as a whole or not at all."""

from __future__ import annotations

from copy import copy

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from sk_w2v import CommonComponentRemover, EmbeddingUnion, SGNSEmbedder, SpectralEmbedder
from sk_w2v._estimators import spectral, trained, union

FEW = ["w0 w1 w2 w3 w4 w5"] * 5
MANY = [" ".join(f"w{index}" for index in range(first, first + 20)) for first in range(0, 200, 5)]

EMBEDDERS = {
    "sgns": (
        SGNSEmbedder(4, min_count=1, max_iter=1, n_replicas=1, subsample=0, random_state=0),
        trained,
        "postprocess",
    ),
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


def test_a_failed_fit_leaves_the_embedder_unchanged():
    embedder = SpectralEmbedder(1, min_count=1)
    with pytest.raises(ValueError, match="no positive eigenvalue"):
        embedder.fit([["tea", "cup"]] * 9)
    with pytest.raises(NotFittedError):
        embedder.transform(["tea"])
    before = dict(vars(embedder.fit(["tea cup tea pot", "pen ink pen paper"] * 3)))
    with pytest.raises(ValueError, match="no positive eigenvalue"):
        embedder.fit([["tea", "cup"]] * 9)
    assert same_state(before, vars(embedder))


def test_a_failed_fit_leaves_the_remover_unchanged(monkeypatch):
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


@pytest.fixture(scope="module")
def trained():
    embedder, _, _ = EMBEDDERS["sgns"]
    return clone(embedder).fit(MANY)


@pytest.fixture(scope="module")
def factorized():
    embedder, _, _ = EMBEDDERS["spectral"]
    return clone(embedder).fit(MANY)


def changed(embedder, **attributes):
    other = copy(embedder)
    vars(other).update(attributes)
    return other


def shifted(embedder, by):
    return {word: row + by for word, row in embedder.vocabulary_.items()}


USES = {
    "transform": lambda embedder: embedder.transform(MANY),
    "score": lambda embedder: embedder.score(MANY),
    "get_word_vectors": lambda embedder: embedder.get_word_vectors(["w3"]),
    "most_similar": lambda embedder: embedder.most_similar("w3"),
    "analogy": lambda embedder: embedder.analogy("w3", "w4", "w5"),
}
MISFITS = {
    "fewer vectors": lambda embedder: {"embedding_": embedder.embedding_[:3]},
    "vectors of another length": lambda embedder: {"embedding_": embedder.embedding_[:, :2]},
    "vectors of integers": lambda embedder: {"embedding_": embedder.embedding_.astype(int)},
    "vectors that are no array": lambda embedder: {"embedding_": embedder.embedding_.tolist()},
    "more words": lambda embedder: {"words_": np.append(embedder.words_, "more")},
    "fewer counts": lambda embedder: {"word_counts_": embedder.word_counts_[1:]},
    "rows beyond the vectors": lambda embedder: {"vocabulary_": shifted(embedder, 10**8)},
    "negative rows": lambda embedder: {"vocabulary_": shifted(embedder, -(10**8))},
    "rows of other words": lambda embedder: {"vocabulary_": {w: n for n, w in enumerate(embedder.words_[::-1])}},
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("misfit", MISFITS)
def test_inconsistent_attributes_are_an_error(misfit, use, trained, factorized):
    for embedder in (trained, factorized):
        with pytest.raises(ValueError, match=r"are inconsistent.*Fit again"):
            USES[use](changed(embedder, **MISFITS[misfit](embedder)))


@pytest.mark.parametrize("name", ["input_embedding_", "context_embedding_"])
@pytest.mark.parametrize("cut", [np.s_[:3], np.s_[:, :2]], ids=str)
def test_partial_fit_refuses_vectors_of_inconsistent_shape(name, cut, trained):
    with pytest.raises(ValueError, match=rf"are inconsistent.*{name} of shape"):
        changed(trained, **{name: getattr(trained, name)[cut].copy()}).partial_fit(MANY)


@pytest.mark.parametrize("name", ["eigenvalues_", "residuals_", "learning_times_", "pair_frequencies_"])
def test_a_closed_form_refuses_attributes_of_another_fit(name, factorized):
    other = changed(factorized, **{name: np.repeat(getattr(factorized, name), 2)})
    for use in (lambda: other.truncate(2), lambda: other.at_time(1.0), lambda: other.add_words(["w0 new"], ["new"])):
        with pytest.raises(ValueError, match=rf"are inconsistent.*{name}"):
            use()


def test_the_order_of_the_vocabulary_dict_does_not_matter(factorized):
    reordered = dict(reversed(factorized.vocabulary_.items()))
    other = changed(factorized, vocabulary_=reordered)
    assert np.array_equal(other.transform(MANY), factorized.transform(MANY))
