"""The model fitted by least squares: word2vec's weights, no gradient steps."""

from __future__ import annotations

from functools import partial
from numbers import Real
from typing import Any, ClassVar

from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions

from .._compat import with_callbacks
from ..cooccurrence import Cooccurrence
from ..solvers import alternating_least_squares, run_passes
from .docstrings import document_shared_parameters
from .trained import TrainedEmbedder


@document_shared_parameters
class ALSEmbedder(TrainedEmbedder):
    """Word vectors by alternating least squares on co-occurrence counts, with word2vec's weights.

    Minimizes the second-order expansion of word2vec's loss, a weighted factorization of M*, by sweeps over words and
    contexts from the closed form, as implicit-feedback recommenders do [1]_. There is no learning rate, and five
    sweeps suffice. The defaults are the best settings found on Wikipedia, see `docs/benchmarks.md`.

    Parameters
    ----------
    n_components : int, default=100
        Length of the vectors.
    loss : {"quartic", "logistic"}, default="quartic"
        Loss of the observed pairs: "quartic" is the second-order expansion of word2vec's loss; "logistic" is that loss
        itself, replaced by a quadratic upper bound before each half-sweep. All other pairs have the quartic loss.
    weight_exponent : float, default=0.8
        Exponent of a pair's weight: 1 is word2vec's weighting, 0 weights all pairs equally. Values below 1 give rare
        words more weight; the optimum of each pair is unchanged.
    alpha : float, default=0.0
        Ridge penalty, as a share of each row's background weight.
    init : {"spectral", "random"} or array of shape (n_words, n_components) or (2, n_words, n_components), \
            default="spectral"
        Initial vectors: the closed form of the same counts, random vectors, or an array whose rows are those of
        `words_`; two arrays are words and contexts. "spectral" uses M* with ``negative=1`` and ``noise_exponent=1``,
        whatever the values of this estimator are: on Wikipedia that start scores better in word similarity (.720
        against .704 on WordSim-353) and within one point on analogies.
    {window}
    {window_weighting}
    {negative}
    {noise_exponent}
    {subsample}
    max_iter : int, default=5
        Maximum number of sweeps over words and contexts.
    tol : float or None, default=None
        Stop after a sweep that lowers the loss by less than this share of it; None makes all sweeps.
    {combine}
    center : bool, default=True
        Whether to subtract the mean vector from `embedding_`.
    {vectorizer}
    {min_count}
    {max_features}
    {pooling}
    {norm}
    {oov}
    {backend}
    {memory}
    {n_jobs}
    random_state : int, RandomState instance or None, default=None
        Seed of the eigen-solver's start; with ``init="random"``, of the initial vectors.
    {verbose}

    Attributes
    ----------
    embedding_ : float32 array of shape (n_words, n_components_)
        The word vectors, after `combine` and `center`.
    input_embedding_, context_embedding_ : float32 arrays of shape (n_words, n_components_)
        Word and context vectors as trained.
    {words_}
    {vocabulary_}
    {word_counts_}
    loss_curve_ : list of float, of length n_iter_
        Expected loss of a pair with its noise words (nats), with the ridge, after each sweep.
    n_iter_ : int
        Number of sweeps.
    {n_components_}
    {backend_}

    See Also
    --------
    SpectralEmbedder : The closed form under uniform weights, which ``init="spectral"`` starts from.
    SGNSEmbedder : word2vec's training, by stochastic gradient descent.
    sk_w2v.solvers.alternating_least_squares : The solver.

    References
    ----------
    .. [1] Hu, Koren, Volinsky (2008), "Collaborative filtering for implicit feedback datasets".

    Examples
    --------
    >>> from sk_w2v import ALSEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = ALSEmbedder(4, subsample=0).fit(documents)
    >>> embedder.transform(documents).shape
    (300, 4)
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **TrainedEmbedder._parameter_constraints,
        "weight_exponent": [Interval(Real, 0, 1, closed="both")],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "init": [StrOptions({"spectral", "random"}), "array-like"],
        "center": ["boolean"],
        "memory": [str, HasMethods(["cache"]), None],
    }
    _start_tol = 0.02  # small, since a few sweeps do not correct the start

    def __init__(
        self,
        n_components: int = 100,
        *,
        loss: str = "quartic",
        weight_exponent: float = 0.8,
        alpha: float = 0.0,
        init: Any = "spectral",
        window: int = 20,
        window_weighting: str = "harmonic",
        negative: int = 5,
        noise_exponent: float = 0.7,
        subsample: float = 1e-4,
        max_iter: int = 5,
        tol: float | None = None,
        combine: str = "word",
        center: bool = True,
        vectorizer: Any = None,
        min_count: int = 5,
        max_features: int | None = None,
        pooling: str = "sif",
        norm: str | None = "l2",
        oov: str = "ignore",
        backend: str = "auto",
        memory: Any = None,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
    ) -> None:
        self.n_components = n_components
        self.loss = loss
        self.weight_exponent = weight_exponent
        self.alpha = alpha
        self.init = init
        self.window = window
        self.window_weighting = window_weighting
        self.negative = negative
        self.noise_exponent = noise_exponent
        self.subsample = subsample
        self.max_iter = max_iter
        self.tol = tol
        self.combine = combine
        self.center = center
        self.vectorizer = vectorizer
        self.min_count = min_count
        self.max_features = max_features
        self.pooling = pooling
        self.norm = norm
        self.oov = oov
        self.backend = backend
        self.memory = memory
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    @with_callbacks
    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> ALSEmbedder:
        """Count word pairs and minimize their expected loss.

        Callbacks (`set_callbacks`, with scikit-learn 1.9 or newer) are called at the beginning and end of each stage.
        After each sweep, the task "pass", they get an embedder in the state that stopping there would leave.

        Parameters
        ----------
        X : iterable of str or of sequences of str, or Cooccurrence
            Documents, or ready counts; counts come with their vocabulary.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        TypeError
            If X or one of its documents has a wrong type.
        ValueError
            If no words are left, no two words co-occur, or `init` has the wrong shape.
        """
        rng = check_random_state(self.random_state)
        n_stages = self._n_counting_stages(X) + self._n_starting_stages() + 1 + self.max_iter
        with self._telling(X, y, n_stages=n_stages) as tasks:
            counts: Cooccurrence = self._counts(X).value
            sweeps = self._descend_counts(alternating_least_squares, counts, rng, alpha=self.alpha)
            on_pass = partial(self._end_pass, tasks, counts.vocabulary)
            trained = run_passes(sweeps, max_iter=self.max_iter, tol=self.tol, on_pass=on_pass)
            return self._store(counts.vocabulary, trained)
