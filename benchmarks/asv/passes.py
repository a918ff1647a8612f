"""One pass of each trained model: an epoch of stochastic gradient descent, a sweep of least squares."""

from __future__ import annotations

from sk_w2v import ALSEmbedder, SGNSEmbedder
from sk_w2v.cooccurrence import Cooccurrence, count_cooccurrences
from sk_w2v.datasets import make_planted_corpus

from .stages import CORPUS, WINDOW


class Passes:
    """Fits of one pass, for two lengths of the vectors, from random vectors."""

    params = (50, 200)
    param_names = ("n_components",)
    timeout = 300

    def setup_cache(self) -> tuple[list[str], Cooccurrence]:
        """Make the text and its counts, and compile the kernels."""
        documents = list(make_planted_corpus(**CORPUS).data)
        for model in (SGNSEmbedder, ALSEmbedder):
            model(10, max_iter=1, init="random", random_state=0).fit(documents[:500])
        corpus, vocabulary = ALSEmbedder().read_corpus(documents)
        return documents, count_cooccurrences(corpus, vocabulary, **WINDOW)

    def time_epoch(self, made: tuple[list[str], Cooccurrence], n_components: int) -> None:
        """Time an epoch of skip-gram with negative sampling over the documents, reading included."""
        SGNSEmbedder(n_components, max_iter=1, random_state=0).fit(made[0])

    def time_sweep(self, made: tuple[list[str], Cooccurrence], n_components: int) -> None:
        """Time a sweep of alternating least squares over ready counts."""
        ALSEmbedder(n_components, max_iter=1, init="random", random_state=0).fit(made[1])
