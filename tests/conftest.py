"""What several test files share: a small corpus of planted concepts, and both embedders fit for it."""

from __future__ import annotations

from importlib.util import find_spec

import hypothesis
import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.cooccurrence import Cooccurrence
from sk_w2v.corpus import Vocabulary
from sk_w2v.datasets import make_planted_corpus
from sk_w2v.solvers._pair_weights import uniform_weights, word2vec_weights
from sk_w2v.targets import noise_distribution

# An example may have to wait for a kernel's compilation.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

# Each learns the planted concepts well within a second: `subsample=0`, since all words of a small vocabulary are
# frequent, and half of the text would be lost.
EMBEDDERS = {
    "spectral": SpectralEmbedder(n_components=4, random_state=0),
    "sgns": SGNSEmbedder(n_components=8, subsample=0, learning_rate=0.05, random_state=0),
}


def pytest_collection_modifyitems(items):
    """Skip the example of recording a run where scikit-learn has no callbacks."""
    if find_spec("sklearn.callback") is None:
        for item in items:
            if item.name == "sk_w2v.dynamics.RunRecorder":
                item.add_marker(pytest.mark.skip(reason="callbacks came with scikit-learn 1.9"))


@pytest.fixture(scope="session", autouse=True)
def one_blas_thread():
    """Keep BLAS to one thread: on small matrices more of them wait for each other most of the time."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def planted():
    """A corpus of three concepts: its documents in `data`, the concept of each in `target`."""
    return make_planted_corpus(
        200, n_concepts=3, n_words_per_concept=8, n_common_words=12, document_length=25, random_state=0
    )


@pytest.fixture(scope="session")
def documents(planted):
    """The planted documents as list of str, to be read only."""
    return planted.data


@pytest.fixture(params=EMBEDDERS)
def embedder(request):
    """Either embedder, not fitted."""
    return clone(EMBEDDERS[request.param])


@pytest.fixture
def spectral():
    """A SpectralEmbedder, not fitted."""
    return clone(EMBEDDERS["spectral"])


@pytest.fixture
def sgns():
    """A SGNSEmbedder, not fitted."""
    return clone(EMBEDDERS["sgns"])


@pytest.fixture
def fitted(embedder, documents):
    """Either embedder, fitted to the planted documents."""
    return embedder.fit(documents)


@pytest.fixture(scope="session")
def counted():
    """Symmetric counts of twelve words, of which some are zero."""
    n_words = 12
    rng = np.random.default_rng(0)
    counts = rng.integers(1, 50, (n_words, n_words)) * (rng.random((n_words, n_words)) < 0.4)
    counts = counts + counts.T + np.diag(np.ones(n_words, int))
    words = np.array([f"w{i}" for i in range(n_words)], dtype=object)
    return Cooccurrence(sparse.csr_array(counts), Vocabulary(words, counts.sum(axis=1)))


@pytest.fixture(scope="session")
def weights_of(counted):
    """A function from a weighting's name to the pair weights of the counted words."""

    def made(weighting, *, negative=3):
        if weighting == "tempered":  # between the other two
            return made("word2vec", negative=negative).tempered(0.5)
        if weighting == "uniform":
            return uniform_weights(counted, negative=negative, noise_exponent=0.75)
        rng = np.random.default_rng(1)
        noise = noise_distribution(rng.uniform(1, 9, len(counted.vocabulary)))
        return word2vec_weights(
            counted, negative=negative, noise=noise, keep=rng.uniform(0.2, 1, len(counted.vocabulary))
        )

    return made
