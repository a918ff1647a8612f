"""The closed-form model: counts, target, eigenpairs; no training."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from copy import copy
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from joblib import Memory
from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions
from sklearn.utils.validation import check_memory

from .._backends import backend_name, get_backend
from .._numbers import row_sums
from ..cooccurrence import WINDOW_WEIGHTINGS, Cooccurrence, check_cooccurrence, count_cooccurrences, require_pairs
from ..corpus import Vocabulary
from ..dynamics import gradient_flow, learning_times, squared_singular_values
from ..factorization import Eigenpairs, positive_eigenpairs, top_eigenpairs
from ..metrics._held_out import row_products
from ..targets import TARGETS, make_target, noise_distribution
from .base import BaseEmbedder
from .memory_keys import documents_key, parameters_key
from .new_words import new_word_vectors, require_company
from .state import check_shapes, check_state

FloatArray = npt.NDArray[np.float64]

MIN_REMEMBERED = 256  # eigenpairs kept in a memory: they serve every search over fewer components

MemoryKey = tuple[str, str]  # digests of the documents and of the parameters
NOT_IN_KEYS = ["X", "embedder", "n_jobs"]  # arguments that a memory leaves out: `key` stands for them

# Parameters that the eigenpairs do not depend on, and further ones that the counts do not.
NOT_IN_FACTORS = ("time", "init_scale", "eigenvalue_power", "pooling", "norm", "oov", "memory", "n_jobs")
_OF_FACTORS_ALONE = ("n_components", "target", "negative", "noise_exponent", "tol", "max_iter", "random_state")
NOT_IN_COUNTS = NOT_IN_FACTORS + _OF_FACTORS_ALONE


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
    eigenvalue_power : float, default=0.5
        The vectors are ``V Lambda ** eigenvalue_power``. 0.5 is the least-squares solution; a smaller power gives the
        rarer concepts of the later components more say in cosines, 0 the same as the first.
    window : int, default=20
        Greatest distance of a pair of words (tokens). The paper's is 16, with linear weights.
    window_weighting : {"linear", "uniform", "harmonic"}, default="harmonic"
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
    memory : str, object with the joblib.Memory interface or None, default=None
        Where to keep counts and eigenpairs, so that a search over `n_components`, `time`, `init_scale`,
        `eigenvalue_power`, `target` or `pooling` counts each fold once and factorises it once for each target. At least
        256 eigenpairs are then computed, the next power of two above that if `n_components` is larger, and the first
        ones used. A callable is recognized by its code and by what the code refers to, a file by its path, size and
        times. joblib keeps results as pickle files, and reading a pickle file can run any code: use a folder that only
        people you trust can write to.
    n_jobs : int or None, default=None
        Threads, for kernels and dense algebra alike, -1 for all processors; the result is the same for any
        number. None is 1, unless in a `joblib.parallel_config` context.
    memory_budget : int or None, default=None
        Memory that counting may take (bytes); counts beyond it go to disk, see `count_cooccurrences`. The target
        made of them stays in memory: 4 bytes a pair.
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
    pair_frequencies_ : float64 array of shape (n_words,)
        Each word's share of the counted pairs; words that were added later have none.
    target_squared_norm_ : float
        Sum of the squares of the target's entries, of which the first `n` components explain ``sum(eigenvalues_**2)``.
    eigenvalues_ : float64 array of shape (n_components_,)
        Eigenvalues of the target, falling.
    learning_times_ : float64 array of shape (n_components_,)
        When the flow has learnt half of each mode.
    residuals_ : float64 array of shape (n_components_,)
        Relative residual of each eigenpair.
    n_iter_ : int
        Block products that the eigen-solver took; 1 if the target was small enough for a dense one.
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
        "eigenvalue_power": [Interval(Real, 0, None, closed="left")],
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
        eigenvalue_power: float = 0.5,
        window: int = 20,
        window_weighting: str = "harmonic",
        negative: int = 1,
        noise_exponent: float = 1.0,
        tol: float = 0.02,
        max_iter: int = 200,
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
        self.eigenvalue_power = eigenvalue_power
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
        self.input = input
        self.encoding = encoding
        self.decode_error = decode_error
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
        X = self._files(X)
        memory = check_memory(self.memory)
        if self.memory is not None and isinstance(X, Iterator):
            X = list(X)  # what cannot be read twice cannot be recognised either
        embedder = self._without(NOT_IN_FACTORS, n_components=self._n_computed())
        vocabulary, frequencies, squared_norm, top = memory.cache(_factorise, ignore=[*NOT_IN_KEYS, "memory"])(
            X, embedder, memory=memory, n_jobs=self._n_threads(), key=self._memory_key(X, embedder)
        )
        pairs = positive_eigenpairs(top, self.n_components, tol=self.tol)
        self._report(f"{len(pairs.eigenvalues)} eigenpairs in {pairs.n_iter} block products")
        return self._store(vocabulary, pairs, pair_frequencies_=frequencies, target_squared_norm_=squared_norm)

    def _memory_key(self, X: Any, embedder: SpectralEmbedder) -> MemoryKey | None:
        """Return what a result is kept under: digests of the documents and of the parameters."""
        if self.memory is None:
            return None
        return documents_key(X), parameters_key(embedder.get_params())

    def _n_computed(self) -> int:
        """Return how many eigenpairs to compute: with a memory as many as serve a whole search."""
        if self.memory is None:
            return self.n_components
        return max(MIN_REMEMBERED, 1 << (self.n_components - 1).bit_length())

    def _without(self, names: tuple[str, ...], **parameters: Any) -> SpectralEmbedder:
        """Return an unfitted copy in which the named parameters have their defaults, so that it can be a key."""
        defaults = SpectralEmbedder().get_params()
        kept = {name: defaults[name] if name in names else value for name, value in self.get_params().items()}
        return SpectralEmbedder(**{**kept, **parameters})

    def _store(self, vocabulary: Vocabulary, pairs: Eigenpairs, **others: Any) -> SpectralEmbedder:
        """Set the fitted attributes: the eigenpairs, the vectors they give at `time`, and others."""
        with np.errstate(over="ignore"):  # which `_in_float32` reports
            embedding = gradient_flow(
                pairs.eigenvalues,
                pairs.eigenvectors,
                time=self.time,
                init_scale=self.init_scale,
                eigenvalue_power=self.eigenvalue_power,
            )
        self._store_words(
            vocabulary,
            _in_float32(embedding, self.eigenvalue_power),
            backend_name(get_backend(self.backend)),
            eigenvalues_=pairs.eigenvalues,
            residuals_=pairs.residuals,
            n_iter_=pairs.n_iter,
            learning_times_=learning_times(pairs.eigenvalues, init_scale=self.init_scale),
            **others,
        )
        return self

    def truncate(self, n_components: int) -> SpectralEmbedder:
        """Return a fitted embedder of the first `n_components` components, as if fitted with that number.

        Components are nested, so that nothing is computed.

        Parameters
        ----------
        n_components : int
            At most `n_components_`.

        Returns
        -------
        SpectralEmbedder

        Raises
        ------
        ValueError
            If there are not so many components.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> from sk_w2v.datasets import make_planted_corpus
        >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
        >>> embedder.truncate(2).embedding_.shape[1]
        2
        """
        check_shapes(self)
        if not 1 <= n_components <= self.n_components_:
            raise ValueError(f"n_components={n_components} is not between 1 and n_components_={self.n_components_}.")
        truncated = copy(self).set_params(n_components=n_components)
        truncated.n_components_ = n_components
        truncated.embedding_ = self.embedding_[:, :n_components].copy()
        for name in ("eigenvalues_", "residuals_", "learning_times_"):
            setattr(truncated, name, getattr(self, name)[:n_components].copy())
        return truncated

    def at_time(self, time: float | None) -> SpectralEmbedder:
        """Return a fitted embedder at another time of the flow, as if fitted with it; None is the end.

        The eigenpairs stay, so that nothing is computed but the components' lengths. Later times than that of `fit`
        are as good as earlier ones.

        Parameters
        ----------
        time : float or None
            At least 0, in the flow's own unit.

        Returns
        -------
        SpectralEmbedder

        Raises
        ------
        ValueError
            If the time is negative or NaN.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> from sk_w2v.datasets import make_planted_corpus
        >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
        >>> early = embedder.at_time(embedder.learning_times_[0])
        >>> round(float(np.sum(early.embedding_[:, 0] ** 2) / embedder.eigenvalues_[0]), 3)
        0.5
        """
        check_shapes(self)
        if time is not None and not time >= 0:
            raise ValueError(f"time={time} is before the start; give a number that is at least 0, or None for the end.")
        then, now = (
            squared_singular_values(self.eigenvalues_, time=each, init_scale=self.init_scale)
            for each in (time, self.time)
        )
        moved = copy(self).set_params(time=time)
        moved.embedding_ = (self.embedding_ * (then / now) ** self.eigenvalue_power).astype(np.float32)
        return moved

    def infer_word_vectors(self, words: Iterable[str], documents: Any) -> npt.NDArray[np.float32]:
        """Return vectors of words, known or not, by the company they keep in the documents.

        A word's row ``m`` of the target, from its pairs with the words of `fit`, gives the vector ``m W / Lambda``
        (Nyström). For one of these and the documents of `fit` it is its own vector, to the eigenpairs' residual.

        Parameters
        ----------
        words : iterable of str
        documents : iterable of str or of sequences of str
            Text that uses the words.

        Returns
        -------
        float32 array of shape (n_words_given, n_components_)

        Raises
        ------
        ValueError
            If a word never stands near a known one, or the target is a callable.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> embedder = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> kettle, tea, pen = embedder.infer_word_vectors(["kettle", "tea", "pen"], ["kettle tea cup", "pen ink"])
        >>> bool(kettle @ tea > 0 > kettle @ pen)
        True
        """
        check_state(self)
        asked = list(words)
        vectors, _, lonely = new_word_vectors(self, asked, documents)
        require_company(asked, lonely, n_allowed=0)
        return vectors

    def add_words(self, documents: Any, words: Iterable[str] | None = None) -> SpectralEmbedder:
        """Add the vectors of new words to the vocabulary, by the company they keep in the documents.

        Eigenpairs, and the vectors of the words that are known, stay as they are.

        Parameters
        ----------
        documents : list of str or of sequences of str
            Text that uses the words; it is read twice, a generator once.
        words : iterable of str or None
            The words to add, those that are known passed over; None adds every unknown word that occurs `min_count`
            times in the documents.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there is nothing to add, no word ever stands near a known one, or the target is a callable.

        Warns
        -----
        UserWarning
            If some words never stand near a known one; these are not added.
        """
        check_state(self)
        documents = list(documents) if isinstance(documents, Iterator) else documents
        asked = self._encode(documents)[1].words if words is None else words
        new = [word for word in dict.fromkeys(asked) if word not in self.vocabulary_]
        if not new:
            raise ValueError("No word to add: all are in the vocabulary, or too rare; lower min_count or name words.")
        vectors, counts, lonely = new_word_vectors(self, new, documents)
        if lonely:
            warnings.warn(
                f"{len(lonely)} of {len(new)} words are not added, such as {lonely[:5]}: no known word stands near "
                "them in the documents.",
                UserWarning,
                stacklevel=2,
            )
        without = set(lonely)
        kept = np.array([word not in without for word in new])
        words_ = np.concatenate([self.words_, np.array(new, dtype=object)[kept]])
        vocabulary = Vocabulary(words_, np.concatenate([self.word_counts_, counts[kept]]))
        self._store_words(vocabulary, np.concatenate([self.embedding_, vectors[kept]]), self.backend_)
        return self

    def _factors(self) -> npt.NDArray[np.float32]:
        """Return ``V diag(s)``, whose products estimate the target, whatever power the vectors have."""
        squared = squared_singular_values(self.eigenvalues_, time=self.time, init_scale=self.init_scale)
        return (self.embedding_ * squared ** (0.5 - self.eigenvalue_power)).astype(np.float32)

    def _estimate_pmi(
        self, rows: npt.NDArray[np.integer[Any]], columns: npt.NDArray[np.integer[Any]]
    ) -> npt.NDArray[np.float64]:
        """Return each pair's product, undone of the noise exponent: PMI to first order, up to a constant."""
        factors = self._factors()
        products = row_products(factors, factors, rows, columns)
        frequencies = noise_distribution(self.word_counts_)
        noise = noise_distribution(self.word_counts_, noise_exponent=self.noise_exponent)
        lift = noise / frequencies  # n / p   (n_words,)
        return products + np.log((lift[rows] + lift[columns]) / 2)


def _in_float32(vectors: FloatArray, eigenvalue_power: float) -> npt.NDArray[np.float32]:
    """Return the vectors in float32, or say that they leave its range."""
    with np.errstate(over="ignore", under="ignore"):
        narrow = vectors.astype(np.float32)
    if not (np.all(np.isfinite(narrow)) and np.all(np.any(narrow, axis=0))):
        raise ValueError(
            f"eigenvalue_power={eigenvalue_power} takes lengths of components out of the range of float32; use a power "
            "between 0 and 1, or not far above."
        )
    return narrow


def _factorise(
    X: Any, embedder: SpectralEmbedder, *, memory: Memory, n_jobs: int, key: MemoryKey | None
) -> tuple[Vocabulary, FloatArray, float, Eigenpairs]:
    """Return the words, their shares of all pairs, the target's squared norm and its top eigenpairs."""
    of_counts = embedder._without(NOT_IN_COUNTS)
    count_key = None if key is None else (key[0], parameters_key(of_counts.get_params()))
    cooccurrence = memory.cache(_count, ignore=NOT_IN_KEYS)(X, of_counts, n_jobs=n_jobs, key=count_key)
    embedder._report(f"{cooccurrence.counts.nnz} pairs of {len(cooccurrence.vocabulary)} words counted")
    target = make_target(
        embedder.target, cooccurrence, negative=embedder.negative, noise_exponent=embedder.noise_exponent
    )
    pairs = top_eigenpairs(
        target,
        embedder.n_components,
        tol=embedder.tol,
        max_iter=embedder.max_iter,
        random_state=check_random_state(embedder.random_state),
        backend=get_backend(embedder.backend),
        n_jobs=n_jobs,
    )
    frequencies = noise_distribution(row_sums(cooccurrence.counts))
    return cooccurrence.vocabulary, frequencies, target.squared_norm(), pairs


def _count(X: Any, embedder: SpectralEmbedder, *, n_jobs: int, key: MemoryKey | None) -> Cooccurrence:
    """Count the documents' pairs of words, or check counts that are there already."""
    if isinstance(X, Cooccurrence):
        return check_cooccurrence(X)
    corpus, vocabulary = embedder._encode(X, n_jobs=n_jobs)
    embedder._report(f"{len(corpus.ids)} tokens of {len(vocabulary)} words encoded")
    cooccurrence = count_cooccurrences(
        corpus,
        vocabulary,
        window=embedder.window,
        window_weighting=embedder.window_weighting,
        memory_budget=embedder.memory_budget,
        backend=get_backend(embedder.backend),
        n_jobs=n_jobs,
    )
    return require_pairs(cooccurrence)
