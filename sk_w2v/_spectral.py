"""The closed-form model: counts, target, eigenpairs; no training."""

from __future__ import annotations

from numbers import Real
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from ._backends import backend_name, get_backend
from ._base import BaseEmbedder
from .cooccurrence import (
    WINDOW_WEIGHTINGS,
    Cooccurrence,
    check_cooccurrence,
    count_cooccurrences,
    require_pairs,
)
from .dynamics import gradient_flow, learning_times
from .factorization import Eigenpairs, positive_eigenpairs
from .heldout import row_products
from .targets import TARGETS, make_target, noise_distribution
from .vocabulary import Vocabulary


class SpectralEmbedder(BaseEmbedder):
    """Word vectors that word2vec's training converges to, computed in closed form.

    The word vectors are ``V sqrt(Lambda)``, the largest eigenpairs of a matrix made from co-occurrence counts. With
    the default target ``M* = 2 (P - kQ) / (P + kQ)`` this is the least point of word2vec's quartic loss under uniform
    weights [1]_. Components are in the order in which gradient descent would learn them; `time` stops it on the way.

    Parameters
    ----------
    n_components : int, default=100
        Length of the vectors.
    target : {"mstar", "ppmi", "sppmi", "pmi"} or callable, default="mstar"
        The matrix that is factorised; see `sk_w2v.targets`. A callable takes a `Cooccurrence` and the keywords
        `negative` and `noise_exponent`, and returns a `Target` or a symmetric array or sparse array of shape
        (n_words, n_words).
    time : float or None, default=None
        Time of the gradient flow, in its own unit: a mode of eigenvalue ``lambda`` grows as ``exp(lambda t)`` at
        first. None is the end.
    init_scale : float, default=0.03
        Root-mean-square length of the word vectors that the flow starts from, which is also the singular value that
        every mode starts with. It matters for `time` and `learning_times_` alone.
    window : int, default=16
        Greatest distance of a pair of words (tokens).
    window_weighting : {"linear", "uniform", "harmonic"}, default="linear"
        What a pair counts for by its distance; see `count_cooccurrences`.
    negative : int, default=1
        Noise words for each pair: shifts pointwise mutual information down by its logarithm.
    noise_exponent : float, default=1.0
        Power of the word frequencies that noise words are drawn by.
    tol : float, default=0.02
        Largest relative residual of an eigenpair, ``|M v - lambda v| / lambda``.
    max_iter : int, default=200
        Most block products of the eigen-solver.
    lowercase, preprocessor, tokenizer, token_pattern, stop_words
        How a str is split into tokens, as in `sklearn.feature_extraction.text.CountVectorizer`. Documents that are
        sequences of tokens are taken as they are.
    min_count : int, default=5
        Fewest occurrences of a word of the vocabulary.
    max_features : int or None, default=None
        Largest number of words, the most frequent ones; None keeps all.
    pooling : {"sif", "mean", "sum"}, default="sif"
        How `transform` makes one vector of a document's words: their directions averaged by smooth inverse frequency,
        or the vectors' mean or sum; see `sk_w2v.pooling`.
    backend : {"auto", "cpu", "reference"}, default="auto"
        Which kernels to use: Numba's or plain NumPy's; "auto" takes the fastest.
    n_jobs : int or None, default=None
        Threads, -1 for all processors; the result is the same for any number. None is 1, unless in a
        `joblib.parallel_config` context.
    random_state : int, RandomState instance or None, default=None
        Start of the eigen-solver, which decides nothing but the last digits.
    verbose : bool or int, default=0
        Whether to print a line for each stage.

    Attributes
    ----------
    embedding_ : float32 array of shape (n_words, n_components_)
        The word vectors.
    words_ : object array of shape (n_words,)
        The word of each row, most frequent first.
    vocabulary_ : dict of str to int
        The row of each word.
    word_counts_ : int64 array of shape (n_words,)
        Occurrences in the documents (tokens).
    eigenvalues_ : float64 array of shape (n_components_,)
        Eigenvalues of the target, falling.
    learning_times_ : float64 array of shape (n_components_,)
        When the flow has learnt half of each mode.
    residuals_ : float64 array of shape (n_components_,)
        Relative residual of each eigenpair.
    n_components_ : int
        Components found: fewer than asked for if the target has fewer positive eigenvalues, with a warning.
    backend_ : str
        The backend used.

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
        "target": [StrOptions(set(TARGETS)), callable],
        "time": [Interval(Real, 0, None, closed="left"), None],
        "window_weighting": [StrOptions(set(WINDOW_WEIGHTINGS))],
        "tol": [Interval(Real, 0, None, closed="left")],
    }

    def __init__(
        self,
        n_components: int = 100,
        *,
        target: Any = "mstar",
        time: float | None = None,
        init_scale: float = 0.03,
        window: int = 16,
        window_weighting: str = "linear",
        negative: int = 1,
        noise_exponent: float = 1.0,
        tol: float = 0.02,
        max_iter: int = 200,
        lowercase: bool = True,
        preprocessor: Any = None,
        tokenizer: Any = None,
        token_pattern: str | None = r"(?u)\b\w\w+\b",
        stop_words: Any = None,
        min_count: int = 5,
        max_features: int | None = None,
        pooling: str = "sif",
        backend: str = "auto",
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
    ) -> None:
        self.n_components = n_components
        self.target = target
        self.time = time
        self.init_scale = init_scale
        self.window = window
        self.window_weighting = window_weighting
        self.negative = negative
        self.noise_exponent = noise_exponent
        self.tol = tol
        self.max_iter = max_iter
        self.lowercase = lowercase
        self.preprocessor = preprocessor
        self.tokenizer = tokenizer
        self.token_pattern = token_pattern
        self.stop_words = stop_words
        self.min_count = min_count
        self.max_features = max_features
        self.pooling = pooling
        self.backend = backend
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> SpectralEmbedder:
        """Count the documents' word pairs and factorise the target they give.

        Parameters
        ----------
        X : iterable of str or of sequences of str, or Cooccurrence
            Documents. Ready counts are taken with the vocabulary they come with.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        TypeError
            If X or one of its documents is of a wrong type.
        ValueError
            If no words are left, no two words stand together, or the target has no positive eigenvalue.
        """
        backend = get_backend(self.backend)
        cooccurrence = self._count(X, backend)
        target = make_target(self.target, cooccurrence, negative=self.negative, noise_exponent=self.noise_exponent)
        self._report(f"target made: {target.deviations.nnz} observed pairs")
        eigenpairs = positive_eigenpairs(
            target,
            self.n_components,
            tol=self.tol,
            max_iter=self.max_iter,
            random_state=check_random_state(self.random_state),
            backend=backend,
            n_jobs=self._n_threads(),
        )
        self._report(f"{len(eigenpairs.eigenvalues)} eigenpairs, {eigenpairs.n_products} products")
        return self._store(cooccurrence.vocabulary, eigenpairs, backend_name(backend))

    def _count(self, X: Any, backend: ModuleType) -> Cooccurrence:
        """Count the documents' pairs of words, or check counts that are there already."""
        if isinstance(X, Cooccurrence):
            return check_cooccurrence(X)
        corpus, vocabulary = self._encode(X)
        self._report(f"{len(corpus.ids)} tokens of {len(vocabulary)} words encoded")
        return require_pairs(
            count_cooccurrences(
                corpus,
                vocabulary,
                window=self.window,
                window_weighting=self.window_weighting,
                backend=backend,
                n_jobs=self._n_threads(),
            )
        )

    def _store(self, vocabulary: Vocabulary, pairs: Eigenpairs, backend: str) -> SpectralEmbedder:
        """Set the fitted attributes: the eigenpairs, and the vectors they give at `time`."""
        embedding = gradient_flow(pairs.eigenvalues, pairs.eigenvectors, time=self.time, init_scale=self.init_scale)
        self.eigenvalues_ = pairs.eigenvalues
        self.residuals_ = pairs.residuals
        self.learning_times_ = learning_times(pairs.eigenvalues, init_scale=self.init_scale)
        self._store_words(vocabulary, embedding.astype(np.float32), backend)
        return self

    def _estimate_pmi(
        self, rows: npt.NDArray[np.integer[Any]], columns: npt.NDArray[np.integer[Any]]
    ) -> npt.NDArray[np.float64]:
        """Return each pair's product, undone of the noise exponent: PMI to first order, up to a constant."""
        products = row_products(self.embedding_, self.embedding_, rows, columns)
        frequencies = noise_distribution(self.word_counts_)
        noise = noise_distribution(self.word_counts_, noise_exponent=self.noise_exponent)
        lift = noise / frequencies  # n / p   (n_words,)
        return products + np.log((lift[rows] + lift[columns]) / 2)
