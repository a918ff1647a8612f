"""The closed-form model: counts, target, eigenpairs; no training."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import _fit_context
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions

from .._backends import backend_name, get_backend
from .._compat import with_callbacks
from .._typing import Float32Array, Float64Array
from ..cooccurrence import WINDOW_WEIGHTINGS
from ..corpus import Vocabulary
from ..dynamics import gradient_flow, learning_times
from ..factorization import Eigenpairs, positive_eigenpairs
from ..targets import TARGETS
from .base import BaseEmbedder
from .docstrings import document_shared_parameters
from .factorizing import Factors, factorize
from .flow import FlowMixin
from .new_words import NewWordsMixin
from .steps import Step

MIN_REMEMBERED = 256  # eigenpairs kept in a memory: they serve every search over fewer components


@document_shared_parameters
class SpectralEmbedder(FlowMixin, NewWordsMixin, BaseEmbedder):
    """Closed-form solution of word2vec's training, from a matrix factorization.

    The word vectors are ``V sqrt(Lambda)``, where ``V`` and ``Lambda`` are the largest eigenpairs of a matrix of
    co-occurrence statistics, the target. With the default target ``M* = 2 (P - kQ) / (P + kQ)`` they minimize
    word2vec's quartic loss under uniform weights [1]_. Components are in the order in which gradient descent learns
    them; `time` stops it early.

    Parameters
    ----------
    n_components : int, default=100
        Length of the vectors.
    target : {"mstar", "ppmi", "sppmi", "pmi"} or callable, default="mstar"
        The matrix to factorize; see `sk_w2v.targets`. A callable takes a `Cooccurrence` and the keywords `negative` and
        `noise_exponent` and returns a `Target` or a symmetric array or sparse array of shape (n_words, n_words).
    time : float or None, default=None
        Time ``t`` at which to stop the gradient flow: at first, a mode with eigenvalue ``lambda`` grows as
        ``exp(lambda t)``. None is the converged solution.
    init_scale : float, default=0.03
        Scale of the initial vectors. Affects only `time` and `learning_times_`.
    eigenvalue_exponent : float, default=0.5
        The vectors are ``V Lambda ** eigenvalue_exponent``. 0.5 is the least-squares solution; smaller values give more
        weight in cosines to later components, which are rarer concepts.
    {window}
    {window_weighting}
    {negative}
    {noise_exponent}
    tol : float, default=0.02
        Maximum relative residual of an eigenpair, ``|M v - lambda v| / lambda``.
    max_iter : int, default=200
        Maximum number of block iterations of the eigen-solver.
    {vectorizer}
    {min_count}
    {max_features}
    {pooling}
    {norm}
    {oov}
    {backend}
    {memory}
        With `memory`, at least 256 eigenpairs are computed (for larger `n_components`, the next power of two), so that
        one factorization serves a search over `n_components`, `time`, `init_scale` and `eigenvalue_exponent`.
    {n_jobs}
    memory_budget : int or None, default=None
        Memory that counting may use (bytes). Counts that exceed it are written to disk, see
        `sk_w2v.cooccurrence.count_cooccurrences`. The target is kept in memory: 4 bytes per pair of words.
    random_state : int, RandomState instance or None, default=None
        Seed of the eigen-solver's start; affects only the last digits.
    {verbose}

    Attributes
    ----------
    embedding_ : float32 array of shape (n_words, n_components_)
        The word vectors.
    {words_}
    {vocabulary_}
    {word_counts_}
    pair_frequencies_ : float64 array of shape (n_words,)
        Each word's share of the counted pairs. Words that `add_words` added have none.
    target_squared_norm_ : float
        Sum of the squares of the target's entries, of which the first ``n`` components explain
        ``sum(eigenvalues_[:n]**2)``.
    eigenvalues_ : float64 array of shape (n_components_,)
        Eigenvalues of the target in descending order.
    learning_times_ : float64 array of shape (n_components_,)
        Time at which the flow has learned half of each mode.
    residuals_ : float64 array of shape (n_components_,)
        Relative residual of each eigenpair.
    n_iter_ : int
        Number of block iterations of the eigen-solver; 1 if a dense solver was used, as for small targets.
    n_components_ : int
        Number of components. If fewer than `n_components` eigenvalues are positive, `fit` warns and keeps those.
    {backend_}

    See Also
    --------
    ALSEmbedder : word2vec's weighting, by least squares from this closed form.
    SGNSEmbedder : word2vec trained by stochastic gradient descent.
    sk_w2v.targets : The targets.
    sk_w2v.dynamics : The theory of the gradient flow.

    References
    ----------
    .. [1] Karkada, Simon, Bahri, DeWeese (2025), "Closed-form training dynamics reveal learned features and linear
       structure in word2vec-like models", arXiv 2502.09863.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> documents = make_planted_corpus(n_documents=300, random_state=0).data
    >>> embedder = SpectralEmbedder(n_components=4).fit(documents)
    >>> embedder.transform(documents).shape
    (300, 4)
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **BaseEmbedder._parameter_constraints,
        "init_scale": [Interval(Real, 0, None, closed="neither")],
        "target": [StrOptions(TARGETS.keys()), callable],
        "time": [Interval(Real, 0, None, closed="left"), None],
        "eigenvalue_exponent": [Interval(Real, 0, None, closed="left")],
        "window_weighting": [StrOptions(set(WINDOW_WEIGHTINGS))],
        "tol": [Interval(Real, 0, None, closed="left")],
        "memory": [str, HasMethods(["cache"]), None],
        "memory_budget": [Interval(Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        n_components: int = 100,
        *,
        target: Any = "mstar",
        time: float | None = None,
        init_scale: float = 0.03,
        eigenvalue_exponent: float = 0.5,
        window: int = 20,
        window_weighting: str = "harmonic",
        negative: int = 1,
        noise_exponent: float = 1.0,
        tol: float = 0.02,
        max_iter: int = 200,
        vectorizer: Any = None,
        min_count: int = 5,
        max_features: int | None = None,
        pooling: str = "sif",
        norm: str | None = "l2",
        oov: str = "ignore",
        backend: str = "auto",
        memory: Any = None,
        n_jobs: int | None = None,
        memory_budget: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
    ) -> None:
        self.n_components = n_components
        self.target = target
        self.time = time
        self.init_scale = init_scale
        self.eigenvalue_exponent = eigenvalue_exponent
        self.window = window
        self.window_weighting = window_weighting
        self.negative = negative
        self.noise_exponent = noise_exponent
        self.tol = tol
        self.max_iter = max_iter
        self.vectorizer = vectorizer
        self.min_count = min_count
        self.max_features = max_features
        self.pooling = pooling
        self.norm = norm
        self.oov = oov
        self.backend = backend
        self.memory = memory
        self.n_jobs = n_jobs
        self.memory_budget = memory_budget
        self.random_state = random_state
        self.verbose = verbose

    @with_callbacks
    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> SpectralEmbedder:
        """Count word pairs and factorize the target.

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
            If no words are left, no two words co-occur, or the target has no positive eigenvalue.
        """
        with self._telling(X, y, n_stages=self._n_counting_stages(X) + 2):
            counts = self._counts(X, memory_budget=self.memory_budget)
            factors: Factors = self._factorized(counts).value
            pairs = positive_eigenpairs(factors.pairs, self.n_components, tol=self.tol)
            return self._store(
                factors.vocabulary,
                pairs,
                pair_frequencies_=factors.frequencies,
                target_squared_norm_=factors.squared_norm,
            )

    def _factorized(self, counts: Step) -> Step:
        """Return the step from counts to the target's eigenpairs; its value is `Factors`."""
        return Step(
            "find eigenpairs",
            factorize,
            (counts,),
            {
                "target": self.target,
                "negative": self.negative,
                "noise_exponent": self.noise_exponent,
                "n_components": self._n_computed(),
                "tol": self.tol,
                "max_iter": self.max_iter,
                "random_state": self.random_state,
                "backend": self.backend,
            },
            {"n_jobs": self._n_threads()},
            counts.memory,
        )

    def _n_computed(self) -> int:
        """Return the number of eigenpairs to compute: with `memory`, enough for a whole search."""
        if self.memory is None:
            return self.n_components
        return max(MIN_REMEMBERED, 1 << (self.n_components - 1).bit_length())

    def _store(self, vocabulary: Vocabulary, pairs: Eigenpairs, **others: Any) -> SpectralEmbedder:
        """Set the fitted attributes: the eigenpairs, the vectors at `time`, and others."""
        with np.errstate(over="ignore"):  # `_in_float32` raises an error
            embedding = gradient_flow(
                pairs.eigenvalues,
                pairs.eigenvectors,
                time=self.time,
                init_scale=self.init_scale,
                eigenvalue_exponent=self.eigenvalue_exponent,
            )
        self._store_words(
            vocabulary,
            _in_float32(embedding, self.eigenvalue_exponent),
            backend_name(get_backend(self.backend)),
            eigenvalues_=pairs.eigenvalues,
            residuals_=pairs.residuals,
            n_iter_=pairs.n_iter,
            learning_times_=learning_times(pairs.eigenvalues, init_scale=self.init_scale),
            **others,
        )
        return self


def _in_float32(vectors: Float64Array, eigenvalue_exponent: float) -> Float32Array:
    """Return the vectors in float32, or raise an error if they exceed its range."""
    with np.errstate(over="ignore", under="ignore"):
        narrow = vectors.astype(np.float32)
    if not (np.all(np.isfinite(narrow)) and np.all(np.any(narrow, axis=0))):
        raise ValueError(
            f"eigenvalue_exponent={eigenvalue_exponent} scales components beyond the range of float32; use a value "
            "between 0 and 1, or slightly above."
        )
    return narrow
