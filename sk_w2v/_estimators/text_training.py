"""Stochastic gradient descent on text: the passes of `fit` and of `partial_fit`."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple, Self

import numpy as np
from sklearn.utils import check_random_state

from .._progress import Stage
from .._typing import Float32Array
from ..cooccurrence import Cooccurrence, check_cooccurrence, longest_document, sample_pairs, window_weights
from ..corpus import Corpus, Vocabulary, require_neighbors, select_words, split_corpus
from ..solvers import Pass, constant_rate, linear_decay, run_passes, stochastic_gradient_descent
from ..solvers._sampling import Sampling, make_sampling
from ..targets import noise_distribution
from .counting import count_corpus_pairs
from .state import check_state
from .trained import TrainedEmbedder


class TextTrainedEmbedder(TrainedEmbedder):
    """A trained embedder that can read the text token by token; a subclass has `fit` and its parameters."""

    solver: Any
    window: int
    window_weighting: str
    negative: int
    share_noise: bool
    learning_rate: float
    max_iter: int
    validation_fraction: float
    n_replicas: Any

    def partial_fit(self, X: Any, y: Any = None) -> Self:
        """Make one more pass over further documents, at a constant learning rate.

        The vocabulary does not change.

        Parameters
        ----------
        X : iterable of str or of sequences of str
            Documents. If the embedder is not fitted, this calls `fit`, which makes all passes and chooses the
            vocabulary.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If `solver` is not "sgd", the only one that reads documents, or no two known words co-occur.

        Warns
        -----
        UserWarning
            If the documents hold out-of-vocabulary words, which are ignored.

        See Also
        --------
        fit : Train with all passes.

        Examples
        --------
        >>> from sk_w2v import SGNSEmbedder
        >>> embedder = SGNSEmbedder(2, min_count=1, subsample=0).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> embedder.partial_fit(["cup tea"]).n_iter_
        6
        """
        if self.solver != "sgd":
            raise ValueError(
                f'partial_fit with solver={self.solver!r}: use solver="sgd", or add up counts and fit again.'
            )
        if not hasattr(self, "vocabulary_"):
            fitted: Self = self.fit(X, y)
            return fitted
        check_state(self)
        vocabulary = Vocabulary(self.words_, self.word_counts_)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1)) + self.n_iter_
        start = (self.input_embedding_, self.context_embedding_)
        with self._printing():
            with Stage("read documents"):
                numbered, words = self.number_tokens(X)
            text = text_of_known_words(numbered, words, vocabulary, window=self.window)
            passes = self._descend_text(text, start, rates=constant_rate(self.learning_rate), seed=seed)
            trained = run_passes(passes, max_iter=1)
        return self._store(vocabulary, replace(trained, losses=[*self.loss_curve_, *trained.losses]))

    def _text_passes(self, X: Any, rng: np.random.RandomState) -> tuple[Vocabulary, Iterator[Pass]]:
        """Return the vocabulary, and stochastic gradient descent on documents or on pairs drawn from counts."""
        text = self._training_text(X, rng)
        start = self._start(lambda: self._count_text(text), text.vocabulary, rng)
        rates = linear_decay(self.learning_rate, self.max_iter)
        return text.vocabulary, self._descend_text(text, start, rates=rates, seed=int(rng.randint(2**31 - 1)))

    def _training_text(self, X: Any, rng: np.random.RandomState) -> TrainingText:
        """Return the text to train on."""
        if isinstance(X, Cooccurrence):
            with Stage("draw pairs"):
                return text_of_counts(X, random_state=rng)
        corpus, vocabulary = self.read_corpus(X)
        share = self.validation_fraction
        return text_of_corpus(corpus, vocabulary, window=self.window, validation_fraction=share, random_state=rng)

    def _count_text(self, text: TrainingText) -> Cooccurrence:
        """Return the counts that the text was drawn from, or count it with the average weights of random windows."""
        if text.counts is not None:
            return text.counts
        return count_corpus_pairs(
            text.corpus,
            text.vocabulary,
            window=text.window,
            window_weighting=self.window_weighting,
            backend=self.backend,
            n_jobs=self._n_threads(),
        )

    def _descend_text(
        self,
        text: TrainingText,
        start: tuple[Float32Array, Float32Array | None],
        *,
        rates: Iterable[tuple[float, float]],
        seed: int,
    ) -> Iterator[Pass]:
        """Return stochastic gradient descent on the text from initial word and context vectors."""
        return stochastic_gradient_descent(
            text.corpus,
            self._sampling(text),
            *start,
            loss=self.loss,
            tied=self.tied,
            learning_rates=rates,
            validation=text.validation,
            seed=seed,
            n_replicas=self.n_replicas,
            **self._computing(),
        )

    def _sampling(self, text: TrainingText) -> Sampling:
        """Return how pairs and noise words are drawn."""
        longest = longest_document(text.corpus)
        weights, unit = window_weights(text.window, self.window_weighting, longest_document=longest)
        return make_sampling(
            text.vocabulary.counts,
            noise_distribution(text.vocabulary.counts, noise_exponent=self.noise_exponent),
            window=weights * unit,
            negative=self.negative,
            subsample=self.subsample,
            share_noise=self.share_noise,
        )


class TrainingText(NamedTuple):
    """What stochastic gradient descent reads.

    Attributes
    ----------
    corpus : Corpus
    vocabulary : Vocabulary
    window : int
        Maximum distance between the two words of a pair (tokens).
    validation : Corpus or None
        Held-out documents.
    counts : Cooccurrence or None
        The counts that the corpus was drawn from.
    """

    corpus: Corpus
    vocabulary: Vocabulary
    window: int
    validation: Corpus | None = None
    counts: Cooccurrence | None = None


def text_of_counts(cooccurrence: Cooccurrence, *, random_state: np.random.RandomState) -> TrainingText:
    """Return pairs drawn from counts by their weight, as documents of two words."""
    counts = check_cooccurrence(cooccurrence)
    return TrainingText(sample_pairs(counts, random_state=random_state), counts.vocabulary, window=1, counts=counts)


def text_of_corpus(
    corpus: Corpus,
    vocabulary: Vocabulary,
    *,
    window: int,
    validation_fraction: float,
    random_state: np.random.RandomState,
) -> TrainingText:
    """Return the corpus, without a share of its documents that is held out."""
    validation = None
    if validation_fraction:
        corpus, validation = split_corpus(corpus, validation_fraction, random_state=random_state)
    require_neighbors(corpus)
    return TrainingText(corpus, vocabulary, window, validation)


def text_of_known_words(numbered: Corpus, words: list[str], vocabulary: Vocabulary, *, window: int) -> TrainingText:
    """Return further documents as rows of a vocabulary, and warn of the words that it does not hold.

    Parameters
    ----------
    numbered : Corpus
        The documents, as numbers of `words`.
    words : list of str
    vocabulary : Vocabulary
    window : int

    Raises
    ------
    ValueError
        If no two known words occur in one document.
    """
    rows = vocabulary.lookup(words)
    corpus = select_words(numbered, rows)
    new = [word for word, row in zip(words, rows, strict=True) if row < 0]
    unknown = (
        f"{len(new)} of {len(words)} words, {len(numbered.ids) - len(corpus.ids)} of {len(numbered.ids)} tokens, are "
        f"not in the vocabulary, which the first call chose, such as {new[:5]}"
    )
    if np.max(np.diff(corpus.offsets), initial=0) < 2:
        raise ValueError(
            f"No two known words co-occur in {corpus.n_documents} documents: {unknown}. Give documents that use the "
            "known words, or fit to all documents at once."
        )
    if new:
        warnings.warn(f"partial_fit ignores unknown words: {unknown}.", UserWarning, stacklevel=3)
    return TrainingText(corpus, vocabulary, window)
