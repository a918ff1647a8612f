"""The trained model: word2vec's skip-gram with negative sampling."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from functools import partial
from numbers import Integral, Real
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions

from .._backends import backend_name, get_backend
from .._compat import CallbackSupportMixin, with_callbacks
from ..cooccurrence import (
    WINDOW_WEIGHTINGS,
    Cooccurrence,
    check_cooccurrence,
    count_cooccurrences,
    longest_document,
    require_pairs,
    sample_pairs,
    window_weights,
)
from ..corpus import Corpus, Vocabulary, require_neighbours, select_words, split_corpus
from ..losses import LOSSES
from ..metrics._held_out import row_products
from ..postprocessing import COMBINATIONS, postprocess
from ..solvers import (
    Pass,
    TrainedVectors,
    alternating_least_squares,
    constant_rate,
    gradient_descent,
    linear_decay,
    run_passes,
    stochastic_gradient_descent,
)
from ..solvers._expected_loss import PairWeights, uniform_weights, word2vec_weights
from ..solvers._sampling import Sampling, keep_probabilities, make_sampling
from ..targets import noise_distribution
from .base import BaseEmbedder
from .initialization import START_TOL, starting_vectors
from .state import check_state

FloatArray = npt.NDArray[np.float32]
EndPass = Callable[[Vocabulary, TrainedVectors], bool]


class SGNSEmbedder(CallbackSupportMixin, BaseEmbedder):
    """word2vec: skip-gram with negative sampling, trained by stochastic gradient descent.

    Each word is predicted from each word of a window around it, against a few noise words [1]_. Words and contexts have
    vectors of their own; `embedding_` holds the words'.

    Parameters
    ----------
    n_components : int, default=100
        Length of the vectors.
    loss : {"logistic", "quartic"}, default="logistic"
        word2vec's own, ``log(1 + exp(-x))`` of a pair's product ``x``, or its second order at 0, which the theory of
        `SpectralEmbedder` is exact for.
    weighting : {"word2vec", "uniform"}, default="word2vec"
        What pairs weigh in the expected loss: as often as training meets them, or all alike (not with
        ``solver="sgd"``).
    weight_exponent : float, default=1.0
        Power of a pair's weight in word2vec's weighting (not with ``solver="sgd"``): between 1, word2vec's own, and 0,
        all alike. Below 1 rare words have more of a say; what each pair's product would best be stays as it is.
    tied : bool, default=False
        Whether words and contexts share their vectors.
    init : {"auto", "random", "spectral"} or array of shape (n_words, n_components) or (2, n_words, n_components), \
            default="auto"
        Where to begin: at random, at the closed form of the same counts, or at given vectors (two arrays are of words
        and contexts), whose rows are those of `words_`. "auto" is "spectral" for ``solver="als"``, or else "random".
    init_scale : float, default=0.03
        Root-mean-square length of random word vectors at the start, which is also about the singular value that
        every mode starts with; with ``solver="sgd"`` context vectors start at zero. word2vec's own is
        ``1 / sqrt(12 * n_components)``.
    solver : {"sgd", "gd", "als"}, default="sgd"
        Stochastic gradient descent on the text, word by word; or on the expected loss that the counts give gradient
        descent with all pairs at once, the experiment of the theory, for up to 20,000 words (see `sk_w2v.descent`); or
        alternating least squares, which needs a few sweeps (see `sk_w2v.alternating`).
    alpha : float, default=0.0
        Ridge of ``solver="als"``: a share of each row's background weight.
    window : int, default=5
        Widest window, in tokens to each side; each token draws its own, so that on average pairs count as
        `window_weighting` says.
    window_weighting : {"linear", "uniform", "harmonic"}, default="linear"
        What a pair counts for by its distance, see `count_cooccurrences`: "linear" is word2vec's. "harmonic" windows of
        twice the width hold about as many pairs, and further ones.
    negative : int, default=5
        Noise words of each pair.
    share_noise : bool, default=True
        Whether the pairs of a window share their noise words, which makes ``solver="sgd"`` faster, or each draws its
        own, as in word2vec's original algorithm.
    noise_exponent : float, default=0.75
        Power of the word frequencies that noise words are drawn by.
    subsample : float, default=1e-3
        Share of all tokens above which a word's tokens are dropped at random before windows are drawn; 0 drops none.
    learning_rate : float, default=0.025
        Step of the first token; it falls linearly to nearly zero. With ``solver="gd"`` the step of each pass, see
        `sk_w2v.descent`.
    max_iter : int, default=5
        Passes over the documents (epochs), steps (``solver="gd"``), or sweeps over words and contexts ("als").
    tol : float or None, default=None
        Stop after a pass that lowers the loss by less than this share of it; None makes all passes.
    validation_fraction : float, default=0.0
        Share of the documents that ``solver="sgd"`` does not train on; their loss decides on `tol` then.
    warm_start : bool, default=False
        Whether another `fit` goes on from the vectors of the last one, as far as words are known, with the learning
        rate from its beginning. An interrupted fit leaves the vectors of its last whole pass then; else it leaves none.
    combine : {"word", "context", "sum", "average"}, default="word"
        Which of the trained vectors `embedding_` holds, or what of both.
    center : bool, default=False
        Whether to subtract the mean vector from `embedding_`.
    n_removed : int, default=0
        Principal components to take out of `embedding_` after that, the largest ones.
    lowercase, preprocessor, tokenizer, token_pattern, stop_words
        How a str is split into tokens, as in `sklearn.feature_extraction.text.CountVectorizer`. Documents that are
        sequences of tokens are taken as they are.
    input : {"content", "filename"}, default="content"
        Whether documents are given themselves, or as the paths of files that hold one each. For a file of one document
        a line, give a `sk_w2v.io.LineDocuments`.
    encoding : str, default="utf-8"
        Encoding of documents that are bytes, and of files that are given by path.
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes in them that the encoding does not allow: raise an error, leave them out, or put U+FFFD.
    min_count : int, default=5
        Fewest occurrences of a word of the vocabulary.
    max_features : int or None, default=None
        Largest number of words, the most frequent ones; None keeps all.
    pooling : {"sif", "mean", "sum", "max", "tfidf", "usif"}, default="sif"
        How `transform` makes one vector of a document's words: their directions averaged by smooth inverse frequency,
        or the vectors' mean or sum; see `sk_w2v.pooling`.
        Use "mean" when frequent words carry the class, as in short questions ("who", "how many"): the default gives
        them little weight.
    norm : {"l2"} or None, default="l2"
        "l2" scales each document vector to length one, as `TfidfVectorizer` does, so that a regularized classifier with
        default settings can use it: without scaling, averages are so short that it underfits. None keeps the lengths,
        which `sk_w2v.CommonComponentRemover` and sums of vectors need.
    oov : {"ignore", "error"}, default="ignore"
        What `transform` does about words that it does not know: pass them over, or raise a ValueError that names some.
    backend : {"auto", "cpu", "cuda", "reference"}, default="auto"
        Which kernels to use: Numba's, an NVIDIA GPU's (see `docs/gpu.md`), or plain NumPy's; "auto" takes Numba's.
    n_replicas : int, "auto" or None, default="auto"
        Copies of the vectors that ``solver="sgd"`` trains apart, each by one thread at a time on text of its own, and
        brings together many times a pass: what comes out depends on their number, and not on `n_jobs`. "auto" is 2 for
        texts that are long for their vocabulary (150 tokens a word at a window of 5), and else 1, which takes token
        after token on one thread. More copies than two let more threads work, and cost some quality. None is one copy
        that all threads update without locks: no two runs are the same. A GPU has one copy, too.
    n_jobs : int or None, default=None
        Threads, for kernels and dense algebra alike, -1 for all processors. None is 1, unless in a
        `joblib.parallel_config` context.
    random_state : int, RandomState instance or None, default=None
        Start and all draws. With an int the result is the same from run to run (but for ``n_replicas=None`` with more
        than one thread).
    verbose : bool or int, default=0
        Whether to print a line for each epoch.

    Attributes
    ----------
    embedding_ : float32 array of shape (n_words, n_components_)
        The word vectors, combined and centred as asked for.
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
        Loss of a pair with its noise words (nats) after each pass: of ``solver="sgd"`` on a fixed sample of training
        pairs, of the others expected over all pairs, with the ridge.
    validation_loss_ : list of float
        The same on documents that were held out; empty if none were.
    n_iter_ : int
        Passes made.
    n_components_ : int
        Length of the vectors.
    backend_ : str
        The backend used.

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
        **BaseEmbedder._parameter_constraints,
        "loss": [StrOptions(LOSSES.keys())],
        "weighting": [StrOptions({"word2vec", "uniform"})],
        "weight_exponent": [Interval(Real, 0, 1, closed="both")],
        "tied": ["boolean"],
        "init": [StrOptions({"auto", "random", "spectral"}), "array-like"],
        "window_weighting": [StrOptions(set(WINDOW_WEIGHTINGS))],
        "solver": [StrOptions({"sgd", "gd", "als"})],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left"), None],
        "validation_fraction": [Interval(Real, 0, 1, closed="left")],
        "warm_start": ["boolean"],
        "combine": [StrOptions(set(COMBINATIONS))],
        "center": ["boolean"],
        "n_removed": [Interval(Integral, 0, None, closed="left")],
        "subsample": [Interval(Real, 0, None, closed="left")],
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
        weight_exponent: float = 1.0,
        tied: bool = False,
        init: Any = "auto",
        init_scale: float = 0.03,
        solver: str = "sgd",
        alpha: float = 0.0,
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
        center: bool = False,
        n_removed: int = 0,
        lowercase: bool = True,
        preprocessor: Any = None,
        tokenizer: Any = None,
        token_pattern: str | None = r"(?u)\b\w\w+\b",
        stop_words: Any = None,
        input: str = "content",
        encoding: str = "utf-8",
        decode_error: str = "strict",
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
        self.weight_exponent = weight_exponent
        self.tied = tied
        self.init = init
        self.init_scale = init_scale
        self.solver = solver
        self.alpha = alpha
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
        self.center = center
        self.n_removed = n_removed
        self.lowercase = lowercase
        self.preprocessor = preprocessor
        self.tokenizer = tokenizer
        self.token_pattern = token_pattern
        self.stop_words = stop_words
        self.input = input
        self.encoding = encoding
        self.decode_error = decode_error
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
        context = self._init_callback_context(max_subtasks=self.max_iter)
        context.call_on_fit_task_begin(estimator=self, X=X, y=y)
        backend, rng = get_backend(self.backend), check_random_state(self.random_state)
        fit_to = self._fit_text if self.solver == "sgd" else self._fit_counts
        vocabulary, trained = fit_to(X, backend, rng, partial(self._end_pass, context, X, y))
        self._store(vocabulary, trained)
        context.call_on_fit_task_end(estimator=self, X=X, y=y)
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
        vocabulary, backend = Vocabulary(self.words_, self.word_counts_), get_backend(self.backend)
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
            backend=backend,
            n_jobs=self._n_threads(),
            n_replicas=self.n_replicas,
        )
        trained = run_passes(passes, max_iter=1)
        self._store(vocabulary, replace(trained, losses=[*self.loss_curve_, *trained.losses]))
        return self

    def _encode_for_known_words(self, X: Any) -> Corpus:
        """Read further documents as rows of the fitted vocabulary, and say how many words are not in it."""
        numbered, words = self._number(X)
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

    def _end_pass(self, context: Any, X: Any, y: Any, vocabulary: Vocabulary, trained: TrainedVectors) -> bool:
        """Tell of a pass; return whether a callback asks to stop."""
        self._report(f"pass {len(trained.losses)}: loss {trained.losses[-1]:.4f}")
        if self.warm_start:
            self._store(vocabulary, trained)  # what an interrupt leaves

        def as_if_stopped() -> dict[str, Any]:
            return dict(vars(copy(self)._store(vocabulary, trained)))

        one_pass = context.subcontext(task_name="pass")
        one_pass.call_on_fit_task_begin(estimator=self, X=X, y=y)
        stop = one_pass.call_on_fit_task_end(estimator=self, X=X, y=y, reconstruction_attributes=as_if_stopped)
        return bool(stop)

    def _store(self, vocabulary: Vocabulary, trained: TrainedVectors) -> SGNSEmbedder:
        """Set the fitted attributes, of arrays that training may go on to write to."""
        words = trained.words.copy()
        contexts = words if self.tied else trained.contexts.copy()
        embedding = postprocess(words, contexts, combine=self.combine, center=self.center, n_removed=self.n_removed)
        self._store_words(
            vocabulary,
            embedding,
            backend_name(get_backend(self.backend)),
            input_embedding_=words,
            context_embedding_=contexts,
            loss_curve_=list(trained.losses),
            validation_loss_=list(trained.validation_losses),
            n_iter_=len(trained.losses),
        )
        return self

    def _check_parameters(self, X: Any) -> None:
        """Refuse parameters that do not go together."""
        if self.solver == "sgd" and self.weighting == "uniform":
            raise ValueError(
                'weighting="uniform" with solver="sgd": the pairs of the text come with word2vec\'s weights; use '
                'solver="als", or SpectralEmbedder, which solves the uniform quartic loss exactly.'
            )
        if self.solver == "sgd" and self.weight_exponent != 1:
            raise ValueError(
                f'weight_exponent={self.weight_exponent} with solver="sgd": the pairs of the text come with their own '
                'weights; use 1, or solver="als".'
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
        if self.n_removed >= self.n_components:
            raise ValueError(f"n_removed={self.n_removed} leaves nothing of n_components={self.n_components}.")

    def _fit_text(
        self, X: Any, backend: ModuleType, rng: np.random.RandomState, end_pass: EndPass
    ) -> tuple[Vocabulary, TrainedVectors]:
        """Train by stochastic gradient descent on text, or on pairs drawn from counts with a window of 1."""
        validation = None
        if isinstance(X, Cooccurrence):
            ready = check_cooccurrence(X)
            corpus, vocabulary, window = sample_pairs(ready, random_state=rng), ready.vocabulary, 1
            counts: Callable[[], Cooccurrence] = lambda: ready  # noqa: E731 - one of two
        else:
            corpus, vocabulary = self._encode(X)
            if self.validation_fraction:
                corpus, validation = split_corpus(corpus, self.validation_fraction, random_state=rng)
            require_neighbours(corpus)
            window, counts = self.window, partial(self._count, corpus, vocabulary, backend)
        words, contexts = self._start("random", counts, vocabulary, backend, rng)
        passes = stochastic_gradient_descent(
            corpus,
            self._sampling(corpus, vocabulary, window),
            words,
            contexts,
            loss=self.loss,
            tied=self.tied,
            learning_rates=linear_decay(self.learning_rate, self.max_iter),
            validation=validation,
            seed=int(rng.randint(2**31 - 1)),
            backend=backend,
            n_jobs=self._n_threads(),
            n_replicas=self.n_replicas,
        )
        return vocabulary, run_passes(
            passes, max_iter=self.max_iter, tol=self.tol, on_pass=partial(end_pass, vocabulary)
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

    def _fit_counts(
        self, X: Any, backend: ModuleType, rng: np.random.RandomState, end_pass: EndPass
    ) -> tuple[Vocabulary, TrainedVectors]:
        """Descend the expected loss, by gradient steps or by least squares."""
        if isinstance(X, Cooccurrence):
            cooccurrence = check_cooccurrence(X)
        else:
            corpus, vocabulary = self._encode(X)
            cooccurrence = self._count(require_neighbours(corpus), vocabulary, backend)
        default = "spectral" if self.solver == "als" else "random"
        words, contexts = self._start(default, lambda: cooccurrence, cooccurrence.vocabulary, backend, rng)
        if contexts is None:  # zero is where no word can leave from
            contexts = self._start("random", lambda: cooccurrence, cooccurrence.vocabulary, backend, rng)[0]
        solver: Callable[..., Iterator[Pass]] = (
            partial(gradient_descent, learning_rate=self.learning_rate, n_jobs=self._n_threads())
            if self.solver == "gd"
            else partial(alternating_least_squares, alpha=self.alpha, n_jobs=self._n_threads())
        )
        passes = solver(self._weights(cooccurrence), words, contexts, loss=self.loss, tied=self.tied, backend=backend)
        return cooccurrence.vocabulary, run_passes(
            passes, max_iter=self.max_iter, tol=self.tol, on_pass=partial(end_pass, cooccurrence.vocabulary)
        )

    def _start(
        self,
        default: str,
        count: Callable[[], Cooccurrence],
        vocabulary: Vocabulary,
        backend: ModuleType,
        rng: np.random.RandomState,
    ) -> tuple[FloatArray, FloatArray | None]:
        """Return word and context vectors to begin with; in a warm start known words keep theirs."""
        words, contexts = starting_vectors(
            default if isinstance(self.init, str) and self.init == "auto" else self.init,
            count,
            len(vocabulary),
            self.n_components,
            init_scale=self.init_scale,
            tol=START_TOL[self.solver],
            random_state=rng,
            backend=backend,
            n_jobs=self._n_threads(),
        )
        if self.warm_start and hasattr(self, "vocabulary_"):
            check_state(self)
            known = Vocabulary(self.words_, self.word_counts_).lookup(vocabulary.words)
            contexts = np.zeros_like(words) if contexts is None else contexts
            words[known >= 0] = self.input_embedding_[known[known >= 0]]
            contexts[known >= 0] = self.context_embedding_[known[known >= 0]]
        return words, contexts

    def _count(self, corpus: Corpus, vocabulary: Vocabulary, backend: ModuleType) -> Cooccurrence:
        """Count pairs by the weight that random windows give them on average."""
        counted = count_cooccurrences(
            corpus,
            vocabulary,
            window=self.window,
            window_weighting=self.window_weighting,
            backend=backend,
            n_jobs=self._n_threads(),
        )
        return require_pairs(counted)

    def _weights(self, cooccurrence: Cooccurrence) -> PairWeights:
        """Return what each pair weighs in the expected loss."""
        if self.weighting == "uniform":
            return uniform_weights(cooccurrence, negative=self.negative, noise_exponent=self.noise_exponent)
        counts = cooccurrence.vocabulary.counts
        weights = word2vec_weights(
            cooccurrence,
            negative=self.negative,
            noise=noise_distribution(counts, noise_exponent=self.noise_exponent),
            keep=keep_probabilities(noise_distribution(counts), subsample=self.subsample),
        )
        return weights.tempered(self.weight_exponent)

    def _estimate_pmi(
        self, rows: npt.NDArray[np.integer[Any]], columns: npt.NDArray[np.integer[Any]]
    ) -> npt.NDArray[np.float64]:
        """Return each pair's product, undone of noise and subsampling: PMI (to first order) up to a constant."""
        products = row_products(self.input_embedding_, self.context_embedding_, rows, columns)
        frequencies = noise_distribution(self.word_counts_)
        lift = noise_distribution(self.word_counts_, noise_exponent=self.noise_exponent) / frequencies  # n / p
        if self.weighting == "word2vec":
            lift = lift / keep_probabilities(frequencies, subsample=self.subsample)
        if self.tied or self.weighting == "uniform":  # noise is of both words alike
            return products + np.log((lift[rows] + lift[columns]) / 2)
        return products + np.log(lift[columns])
