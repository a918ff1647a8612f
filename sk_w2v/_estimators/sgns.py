"""The trained model: word2vec's skip-gram with negative sampling."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator
from functools import partial
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from .._compat import with_callbacks
from ..cooccurrence import Cooccurrence
from ..corpus import Vocabulary
from ..solvers import COUNT_SOLVERS, Pass, run_passes
from ..solvers._pair_weights import PairWeights, uniform_weights
from .docstrings import document_shared_parameters
from .progress import n_reading_stages
from .text_training import TextTrainedEmbedder
from .trained import TrainedEmbedder


@document_shared_parameters
class SGNSEmbedder(TextTrainedEmbedder):
    """word2vec: skip-gram with negative sampling, trained by gradient descent.

    Distinguishes each word of a window around a token from a few noise words [1]_. By default words and contexts are
    untied: each word has a word vector and a context vector.

    Parameters
    ----------
    n_components : int, default=100
        Length of the vectors.
    loss : {"logistic", "quartic"}, default="logistic"
        "logistic" is word2vec's loss, ``log(1 + exp(-x))`` of a pair's product ``x``. "quartic" is its second-order
        expansion at 0, for which the theory of `SpectralEmbedder` is exact. See `sk_w2v.losses`.
    weighting : {"word2vec", "uniform"}, default="word2vec"
        Weights of the pairs in the expected loss: "word2vec" weights a pair by its frequency in training, "uniform"
        weights all pairs equally (not with ``solver="sgd"``).
    tied : bool, default=False
        Whether words and contexts share their vectors.
    init : {"random", "spectral"} or array of shape (n_words, n_components) or (2, n_words, n_components), \
            default="random"
        Initial vectors: random vectors, the closed form of the same counts, or an array whose rows are those of
        `words_`; two arrays are words and contexts. "spectral" uses M* with ``negative=1`` and ``noise_exponent=1``,
        whatever the values of this estimator are, as in `ALSEmbedder`.
    init_scale : float, default=0.03
        Scale of the random initial word vectors: their root-mean-square length, which is also approximately the
        initial singular value of every mode. With ``solver="sgd"`` context vectors start at zero. word2vec uses
        ``1 / sqrt(12 * n_components)``.
    solver : {"sgd", "gd"} or callable, default="sgd"
        "sgd" is stochastic gradient descent on the text, token by token. "gd" is full-batch gradient descent on the
        expected loss, to test the theory, for up to 20,000 words. A callable is a solver of the expected loss; see
        `docs/how_to/add_a_solver.md`.
    {window}
        Each token draws a random width, such that pairs have the weights of `window_weighting` on average.
    {window_weighting}
    {negative}
    share_noise : bool, default=True
        Whether the pairs of a window share their noise words, which makes ``solver="sgd"`` faster. False draws new ones
        for each pair, as in word2vec's original algorithm.
    {noise_exponent}
    {subsample}
    learning_rate : float, default=0.025
        Initial learning rate, which decreases linearly to nearly zero. With ``solver="gd"`` it is the constant step
        size, see `sk_w2v.solvers.gradient_descent`.
    max_iter : int, default=5
        Maximum number of passes: epochs over the documents, or gradient steps.
    tol : float or None, default=None
        Stop after a pass that lowers the loss by less than this share of it; None makes all passes.
    validation_fraction : float, default=0.0
        Share of the documents to hold out from ``solver="sgd"``; `tol` then applies to their loss.
    warm_start : bool, default=False
        Whether `fit` starts from the vectors of the previous fit, for the words that it knew; the learning rate starts
        at `learning_rate` again. An interrupted fit then keeps the vectors of its last complete pass. Without
        `warm_start` it leaves the estimator unchanged.
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
        vocabulary (150 tokens a word at a window of 5), else 1, which trains on one thread. More than two replicas use
        more threads and cost some quality. With None, all threads update one set of vectors without locks, so that runs
        differ. A GPU also trains one set of vectors.
    {n_jobs}
    random_state : int, RandomState instance or None, default=None
        Seed of the initial vectors and of all random draws. With an int the result is reproducible, unless
        ``n_replicas=None`` with more than one thread.
    {verbose}

    Attributes
    ----------
    embedding_ : float32 array of shape (n_words, n_components_)
        The word vectors, after `combine`.
    input_embedding_, context_embedding_ : float32 arrays of shape (n_words, n_components_)
        Word and context vectors as trained: ``input_embedding_[i] @ context_embedding_[j]`` estimates pointwise mutual
        information, shifted by a constant.
    {words_}
    {vocabulary_}
    {word_counts_}
    loss_curve_ : list of float, of length n_iter_
        Loss of a pair with its noise words (nats) after each pass: the mean over a fixed sample of training pairs for
        ``solver="sgd"``, else the expectation over all pairs.
    validation_loss_ : list of float
        The same on the held-out documents; empty if ``validation_fraction=0``.
    n_iter_ : int
        Number of passes.
    {n_components_}
    {backend_}

    See Also
    --------
    SpectralEmbedder : What training converges to under uniform weights, in closed form.
    ALSEmbedder : Minimize the expected loss by least squares, without a learning rate.
    sk_w2v.solvers : The solvers.

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
    _start_tol = 0.1  # training corrects the start

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

        Callbacks (`set_callbacks`, with scikit-learn 1.9 or newer) are called at the beginning and end of each stage.
        After each pass, the task "pass", they get an embedder in the state that stopping there would leave.

        Parameters
        ----------
        X : iterable of str or of sequences of str, or Cooccurrence
            Documents, or ready counts. With ``solver="sgd"`` and counts, training uses a random sample of pairs in
            proportion to the counts, of the same total number; `window` then has no effect.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        TypeError
            If X or one of its documents has a wrong type.
        ValueError
            If no words are left, no two words co-occur, `init` has the wrong shape, or parameters contradict each
            other.
        FloatingPointError
            If training diverges.
        """
        self._check_parameters(X)
        rng = check_random_state(self.random_state)
        with self._telling(X, y, n_stages=self._n_stages_before(X) + self.max_iter) as tasks:
            vocabulary, passes = self._text_passes(X, rng) if self.solver == "sgd" else self._count_passes(X, rng)
            on_pass = partial(self._end_pass, tasks, vocabulary)
            trained = run_passes(passes, max_iter=self.max_iter, tol=self.tol, on_pass=on_pass)
            self._store(vocabulary, trained)
        return self

    def _n_stages_before(self, X: Any) -> int:
        """Return the number of stages before the first pass."""
        n_starting = self._n_starting_stages()
        if self.solver != "sgd":
            return self._n_counting_stages(X) + n_starting + 1
        counts_text = n_starting > 0 and not isinstance(X, Cooccurrence)
        return n_reading_stages(X) + isinstance(X, Cooccurrence) + counts_text + n_starting

    def _check_parameters(self, X: Any) -> None:
        """Raise an error if parameters contradict each other."""
        if self.solver == "sgd" and self.weighting == "uniform":
            raise ValueError(
                'weighting="uniform" with solver="sgd": pairs sampled from text have word2vec\'s weights; use '
                'solver="gd", or SpectralEmbedder, which solves the uniform quartic loss exactly.'
            )
        if self.warm_start and hasattr(self, "n_components_") and self.n_components_ != self.n_components:
            raise ValueError(
                f"warm_start with n_components={self.n_components} after a fit of {self.n_components_}: the length of "
                "vectors cannot change; clone the estimator, or set warm_start=False."
            )
        if (self.solver != "sgd" or isinstance(X, Cooccurrence)) and self.validation_fraction:
            raise ValueError(
                f"validation_fraction={self.validation_fraction} needs documents to hold out; with counts or "
                f"solver={self.solver!r}, use 0."
            )

    def _count_passes(self, X: Any, rng: np.random.RandomState) -> tuple[Vocabulary, Iterator[Pass]]:
        """Return the vocabulary, and a descent of the expected loss."""
        counts = self._counts(X).value
        solver = COUNT_SOLVERS.get(self.solver, self.solver)
        return counts.vocabulary, self._descend_counts(
            solver, counts, rng, tied=self.tied, learning_rate=self.learning_rate
        )

    def _weights(self, cooccurrence: Cooccurrence) -> PairWeights:
        """Return the weight of each pair in the expected loss."""
        if self.weighting == "uniform":
            return uniform_weights(cooccurrence, negative=self.negative, noise_exponent=self.noise_exponent)
        return super()._weights(cooccurrence)
