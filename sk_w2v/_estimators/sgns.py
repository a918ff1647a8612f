"""The trained model: word2vec's skip-gram with negative sampling."""

from __future__ import annotations

import warnings
from collections import ChainMap
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from .._backends import get_backend
from .._compat import with_callbacks
from .._typing import Float32Array
from ..cooccurrence import (
    Cooccurrence,
    check_cooccurrence,
    count_cooccurrences,
    longest_document,
    require_pairs,
    sample_pairs,
    window_weights,
)
from ..corpus import Corpus, Vocabulary, require_neighbors, select_words, split_corpus
from ..solvers import (
    COUNT_SOLVERS,
    Pass,
    constant_rate,
    linear_decay,
    run_passes,
    stochastic_gradient_descent,
)
from ..solvers._expected_loss import PairWeights, uniform_weights
from ..solvers._sampling import Sampling, make_sampling
from ..targets import noise_distribution
from .docstrings import document_shared_parameters
from .state import check_state
from .trained import TrainedEmbedder

START_TOL = 0.1  # largest residual of the closed form's eigenpairs to begin with


@document_shared_parameters
class SGNSEmbedder(TrainedEmbedder):
    """word2vec: skip-gram with negative sampling, trained by gradient descent.

    Predicts each word from each word of a window around it, against a few noise words [1]_. Words and contexts are
    untied: each word has a vector of either kind.

    Parameters
    ----------
    n_components : int, default=100
        Length of the vectors.
    loss : {"logistic", "quartic"}, default="logistic"
        word2vec's own loss, ``log(1 + exp(-x))`` of a pair's product ``x``, or its second-order expansion at 0, for
        which the theory of `SpectralEmbedder` is exact; see `sk_w2v.losses`.
    weighting : {"word2vec", "uniform"}, default="word2vec"
        Weights of the pairs in the expected loss: by how often training meets them, or all alike (not with
        ``solver="sgd"``).
    tied : bool, default=False
        Whether words and contexts share their vectors.
    init : {"random", "spectral"} or array of shape (n_words, n_components) or (2, n_words, n_components), \
            default="random"
        Initial vectors: random, the closed form of the same counts, or given; two arrays are words and contexts, whose
        rows are those of `words_`. "spectral" starts from M* with one noise word per pair and frequencies as they are,
        whatever `negative` and `noise_exponent` are, as in `ALSEmbedder`.
    init_scale : float, default=0.03
        Scale of the random initial word vectors: their root-mean-square length, which is also about the singular value
        of every mode at the start. With ``solver="sgd"`` context vectors start at zero. word2vec's own is
        ``1 / sqrt(12 * n_components)``.
    solver : {"sgd", "gd"} or callable, default="sgd"
        "sgd" is stochastic gradient descent on the text, word by word. "gd" is full-batch gradient descent on the
        expected loss, the experiment of the theory, for up to 20,000 words. A callable is a solver of the expected loss
        as in `docs/how_to/add_a_solver.md`.
    {window}
        Each token draws its own width, so that pairs count on average as `window_weighting` says.
    {window_weighting}
    {negative}
    share_noise : bool, default=True
        Whether the pairs of a window share their noise words, which makes ``solver="sgd"`` faster, or each pair draws
        its own, as in word2vec's original algorithm.
    {noise_exponent}
    {subsample}
    learning_rate : float, default=0.025
        Initial learning rate; it decreases linearly to nearly zero. With ``solver="gd"`` the constant step size, see
        `sk_w2v.solvers.gradient_descent`.
    max_iter : int, default=5
        Maximum number of passes: epochs over the documents, or gradient steps.
    tol : float or None, default=None
        Stop after a pass that lowers the loss by less than this share of it; None makes all passes.
    validation_fraction : float, default=0.0
        Share of the documents to hold out from ``solver="sgd"``; `tol` then applies to their loss.
    warm_start : bool, default=False
        Whether `fit` continues from the vectors of the previous fit, for the words that it knew, with the learning rate
        from its beginning. An interrupted fit then leaves the vectors of its last whole pass, else the estimator as it
        was.
    {combine}
    {vectorizer}
    {min_count}
    {max_features}
    {pooling}
    {norm}
    {oov}
    {backend}
    n_replicas : int, "auto" or None, default="auto"
        Number of model replicas that ``solver="sgd"`` trains in parallel on disjoint chunks of text and merges
        periodically. The result depends on `n_replicas`, not on `n_jobs`. "auto" is 2 for texts that are long for their
        vocabulary (150 tokens a word at a window of 5), else 1, which trains token after token on one thread. More than
        two let more threads work and cost some quality. None is one set of vectors that all threads update without
        locks: no two runs are the same. A GPU has one set, too.
    {n_jobs}
    random_state : int, RandomState instance or None, default=None
        Seed of the initial vectors and of all draws. With an int the result is reproducible (unless ``n_replicas=None``
        with more than one thread).
    {verbose}

    Attributes
    ----------
    embedding_ : float32 array of shape (n_words, n_components_)
        The word vectors, combined as asked for.
    input_embedding_, context_embedding_ : float32 arrays of shape (n_words, n_components_)
        Word and context vectors as trained: ``input_embedding_[i] @ context_embedding_[j]`` estimates pointwise mutual
        information, shifted.
    words_ : object array of shape (n_words,)
        The word of each row, most frequent first.
    vocabulary_ : dict of str to int
        The row of each word.
    word_counts_ : int64 array of shape (n_words,)
        Occurrences in the documents (tokens).
    loss_curve_ : list of float, of length n_iter_
        Loss of a pair with its noise words (nats) after each pass: on a fixed sample of training pairs for
        ``solver="sgd"``, else in expectation over all pairs.
    validation_loss_ : list of float
        The same on held-out documents; empty if there are none.
    n_iter_ : int
        Number of passes.
    n_components_ : int
        Length of the vectors.
    backend_ : str
        The backend used.

    See Also
    --------
    SpectralEmbedder : What training converges to under uniform weights, in closed form.
    ALSEmbedder : The expected loss by least squares, with no learning rate.

    References
    ----------
    .. [1] Mikolov, Sutskever, Chen, Corrado, Dean (2013), "Distributed representations of words and phrases and their
       compositionality", arXiv 1310.4546.

    Examples
    --------
    >>> from sk_w2v import SGNSEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = SGNSEmbedder(n_components=4, random_state=0).fit(documents)
    >>> embedder.transform(documents).shape
    (300, 4)
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **TrainedEmbedder._parameter_constraints,
        "init_scale": [Interval(Real, 0, None, closed="neither")],
        "weighting": [StrOptions({"word2vec", "uniform"})],
        "tied": ["boolean"],
        "init": [StrOptions({"random", "spectral"}), "array-like"],
        "solver": [StrOptions(ChainMap[str, Any]({"sgd": None}, COUNT_SOLVERS).keys()), callable],
        "validation_fraction": [Interval(Real, 0, 1, closed="left")],
        "warm_start": ["boolean"],
        "share_noise": ["boolean"],
        "n_replicas": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"}), None],
        "learning_rate": [Interval(Real, 0, None, closed="neither")],
    }

    def __init__(
        self,
        n_components: int = 100,
        *,
        loss: str = "logistic",
        weighting: str = "word2vec",
        tied: bool = False,
        init: Any = "random",
        init_scale: float = 0.03,
        solver: Any = "sgd",
        window: int = 5,
        window_weighting: str = "linear",
        negative: int = 5,
        share_noise: bool = True,
        noise_exponent: float = 0.75,
        subsample: float = 1e-3,
        learning_rate: float = 0.025,
        max_iter: int = 5,
        tol: float | None = None,
        validation_fraction: float = 0.0,
        warm_start: bool = False,
        combine: str = "word",
        vectorizer: Any = None,
        min_count: int = 5,
        max_features: int | None = None,
        pooling: str = "sif",
        norm: str | None = "l2",
        oov: str = "ignore",
        backend: str = "auto",
        n_replicas: Any = "auto",
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
    ) -> None:
        self.n_components = n_components
        self.loss = loss
        self.weighting = weighting
        self.tied = tied
        self.init = init
        self.init_scale = init_scale
        self.solver = solver
        self.window = window
        self.window_weighting = window_weighting
        self.negative = negative
        self.share_noise = share_noise
        self.noise_exponent = noise_exponent
        self.subsample = subsample
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.tol = tol
        self.validation_fraction = validation_fraction
        self.warm_start = warm_start
        self.combine = combine
        self.vectorizer = vectorizer
        self.min_count = min_count
        self.max_features = max_features
        self.pooling = pooling
        self.norm = norm
        self.oov = oov
        self.backend = backend
        self.n_replicas = n_replicas
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    @with_callbacks
    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> SGNSEmbedder:
        """Train on the documents.

        Callbacks (`set_callbacks`, with scikit-learn 1.9 or newer) are told of each pass, and get an embedder as if
        training had stopped there.

        Parameters
        ----------
        X : iterable of str or of sequences of str, or Cooccurrence
            Documents. With ``solver="sgd"``, pairs are drawn from ready counts by their weight, as many as were
            counted, and take the place of text; their windows are those that were counted with.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        TypeError
            If X or one of its documents is of a wrong type.
        ValueError
            If no words are left, no two words stand together, `init` does not fit the words, or parameters do not go
            together.
        FloatingPointError
            If training diverges.
        """
        self._check_parameters(X)
        rng = check_random_state(self.random_state)
        with self._told_to_callbacks(X, y) as end_pass:
            vocabulary, passes = self._text_passes(X, rng) if self.solver == "sgd" else self._count_passes(X, rng)
            trained = run_passes(passes, max_iter=self.max_iter, tol=self.tol, on_pass=partial(end_pass, vocabulary))
            self._store(vocabulary, trained)
        return self

    def partial_fit(self, X: Any, y: Any = None) -> SGNSEmbedder:
        """Make one more pass over further documents, by the words that are known, at a steady learning rate.

        Parameters
        ----------
        X : iterable of str or of sequences of str
            Documents. The first ones, if the embedder is not fitted, are fitted to, with all passes, and choose the
            words.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If `solver` is not "sgd", whose passes alone are over documents, or the documents hold no two known words
            together.

        Warns
        -----
        UserWarning
            If the documents hold words that are not known; these are passed over.
        """
        if self.solver != "sgd":
            raise ValueError(
                f'partial_fit with solver={self.solver!r}: use solver="sgd", or add up counts and fit again.'
            )
        if not hasattr(self, "vocabulary_"):
            fitted: SGNSEmbedder = self.fit(X, y)
            return fitted
        check_state(self)
        vocabulary = Vocabulary(self.words_, self.word_counts_)
        corpus = self._encode_for_known_words(X)
        passes = stochastic_gradient_descent(
            corpus,
            self._sampling(corpus, vocabulary, self.window),
            self.input_embedding_,
            self.context_embedding_,
            loss=self.loss,
            tied=self.tied,
            learning_rates=constant_rate(self.learning_rate),
            seed=int(check_random_state(self.random_state).randint(2**31 - 1)) + self.n_iter_,
            n_replicas=self.n_replicas,
            **self._computing(),
        )
        trained = run_passes(passes, max_iter=1)
        self._store(vocabulary, replace(trained, losses=[*self.loss_curve_, *trained.losses]))
        return self

    def _encode_for_known_words(self, X: Any) -> Corpus:
        """Read further documents as rows of the fitted vocabulary, and say how many words are not in it."""
        numbered, words = self.number_tokens(X)
        rows = np.array([self.vocabulary_.get(word, -1) for word in words], dtype=np.int64)
        corpus = select_words(numbered, rows)
        new = [word for word, row in zip(words, rows, strict=True) if row < 0]
        passed_over = (
            f"{len(new)} of {len(words)} words, {len(numbered.ids) - len(corpus.ids)} of {len(numbered.ids)} tokens, "
            f"are not in the vocabulary, which the first call chose, such as {new[:5]}"
        )
        if np.max(np.diff(corpus.offsets), initial=0) < 2:
            raise ValueError(
                f"No two known words stand together in {corpus.n_documents} documents: {passed_over}. Give documents "
                "that use the known words, or fit to all documents at once."
            )
        if new:
            warnings.warn(f"partial_fit passes words over: {passed_over}.", UserWarning, stacklevel=3)
        return corpus

    def _check_parameters(self, X: Any) -> None:
        """Refuse parameters that do not go together."""
        if self.solver == "sgd" and self.weighting == "uniform":
            raise ValueError(
                'weighting="uniform" with solver="sgd": the pairs of the text come with word2vec\'s weights; use '
                'solver="gd", or SpectralEmbedder, which solves the uniform quartic loss exactly.'
            )
        if self.warm_start and hasattr(self, "n_components_") and self.n_components_ != self.n_components:
            raise ValueError(
                f"warm_start with n_components={self.n_components} after a fit of {self.n_components_}: vectors cannot "
                "change their length; clone the estimator, or set warm_start=False."
            )
        if (self.solver != "sgd" or isinstance(X, Cooccurrence)) and self.validation_fraction:
            raise ValueError(
                f"validation_fraction={self.validation_fraction} needs documents to hold out; with counts, or with "
                f"solver={self.solver!r}, which counts them all, use 0."
            )

    def _text_passes(self, X: Any, rng: np.random.RandomState) -> tuple[Vocabulary, Iterator[Pass]]:
        """Return stochastic gradient descent on text, or on pairs drawn from counts with a window of 1."""
        validation = None
        if isinstance(X, Cooccurrence):
            ready = check_cooccurrence(X)
            corpus, vocabulary, window = sample_pairs(ready, random_state=rng), ready.vocabulary, 1
            counts: Callable[[], Cooccurrence] = lambda: ready  # noqa: E731 - one of two
        else:
            corpus, vocabulary = self.read_corpus(X)
            if self.validation_fraction:
                corpus, validation = split_corpus(corpus, self.validation_fraction, random_state=rng)
            require_neighbors(corpus)
            window, counts = self.window, partial(self._count, corpus, vocabulary)
        words, contexts = self._start(counts, vocabulary, rng)
        return vocabulary, stochastic_gradient_descent(
            corpus,
            self._sampling(corpus, vocabulary, window),
            words,
            contexts,
            loss=self.loss,
            tied=self.tied,
            learning_rates=linear_decay(self.learning_rate, self.max_iter),
            validation=validation,
            seed=int(rng.randint(2**31 - 1)),
            n_replicas=self.n_replicas,
            **self._computing(),
        )

    def _sampling(self, corpus: Corpus, vocabulary: Vocabulary, window: int) -> Sampling:
        """Return how pairs and noise words are drawn."""
        weights, unit = window_weights(window, self.window_weighting, longest_document=longest_document(corpus))
        return make_sampling(
            vocabulary.counts,
            noise_distribution(vocabulary.counts, noise_exponent=self.noise_exponent),
            window=weights * unit,
            negative=self.negative,
            subsample=self.subsample,
            share_noise=self.share_noise,
        )

    def _count_passes(self, X: Any, rng: np.random.RandomState) -> tuple[Vocabulary, Iterator[Pass]]:
        """Return a descent of the expected loss."""
        cooccurrence = self._counts(X).value
        words, contexts = self._start(lambda: cooccurrence, cooccurrence.vocabulary, rng)
        if contexts is None:  # zero is where no word can leave from
            contexts = self._start(lambda: cooccurrence, cooccurrence.vocabulary, rng)[0]
        solver = COUNT_SOLVERS.get(self.solver, self.solver)
        return cooccurrence.vocabulary, solver(
            self._weights(cooccurrence),
            words,
            contexts,
            loss=self.loss,
            tied=self.tied,
            learning_rate=self.learning_rate,
            **self._computing(),
        )

    def _start(
        self, count: Callable[[], Cooccurrence], vocabulary: Vocabulary, rng: np.random.RandomState
    ) -> tuple[Float32Array, Float32Array | None]:
        """Return the initial word and context vectors; in a warm start known words keep theirs."""
        words, contexts = self._initial_vectors(self.init, count, vocabulary, rng, tol=START_TOL)
        if self.warm_start and hasattr(self, "vocabulary_"):
            check_state(self)
            known = Vocabulary(self.words_, self.word_counts_).lookup(vocabulary.words)
            contexts = np.zeros_like(words) if contexts is None else contexts
            words[known >= 0] = self.input_embedding_[known[known >= 0]]
            contexts[known >= 0] = self.context_embedding_[known[known >= 0]]
        return words, contexts

    def _count(self, corpus: Corpus, vocabulary: Vocabulary) -> Cooccurrence:
        """Count pairs by the weight that random windows give them on average."""
        counted = count_cooccurrences(
            corpus,
            vocabulary,
            window=self.window,
            window_weighting=self.window_weighting,
            backend=get_backend(self.backend),
            n_jobs=self._n_threads(),
        )
        return require_pairs(counted)

    def _weights(self, cooccurrence: Cooccurrence) -> PairWeights:
        """Return the weight of each pair in the expected loss."""
        if self.weighting == "uniform":
            return uniform_weights(cooccurrence, negative=self.negative, noise_exponent=self.noise_exponent)
        return super()._weights(cooccurrence)
