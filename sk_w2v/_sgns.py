"""The trained model: word2vec's skip-gram with negative sampling."""

from __future__ import annotations

from numbers import Real
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval

from ._backends import backend_name, get_backend
from ._base import BaseEmbedder
from .cooccurrence import Cooccurrence, check_cooccurrence, sample_pairs
from .corpus import Corpus, require_neighbours
from .heldout import row_products
from .targets import noise_distribution
from .training import initial_vectors, keep_probabilities, make_sampling, train_sgns
from .vocabulary import Vocabulary


class SGNSEmbedder(BaseEmbedder):
    """word2vec: skip-gram with negative sampling, trained by stochastic gradient descent.

    Each word is predicted from each word of a window around it, against a few noise words [1]_. Words and contexts have
    vectors of their own; `embedding_` holds the words'.

    Parameters
    ----------
    n_components : int, default=100
        Length of the vectors.
    init_scale : float, default=0.03
        Root-mean-square length of the random word vectors at the start, which is also about the singular value that
        every mode starts with; context vectors start at zero. word2vec's own is ``1 / sqrt(12 * n_components)``.
    window : int, default=5
        Widest window, in tokens to each side; each token draws its own, from 1 to `window`.
    negative : int, default=5
        Noise words of each window.
    noise_exponent : float, default=0.75
        Power of the word frequencies that noise words are drawn by.
    subsample : float, default=1e-3
        Share of all tokens above which a word's tokens are dropped at random before windows are drawn; 0 drops none.
    learning_rate : float, default=0.025
        Step of the first token; it falls linearly to nearly zero.
    max_iter : int, default=5
        Passes over the documents (epochs).
    lowercase, preprocessor, tokenizer, token_pattern, stop_words
        How a str is split into tokens, as in `sklearn.feature_extraction.text.CountVectorizer`. Documents that are
        sequences of tokens are taken as they are.
    input : {"content", "filename"}, default="content"
        Whether documents are given themselves, or as the paths of files that hold one each. For a file of one document
        a line, give a `sk_w2v.io.LineDocuments`.
    encoding : str, default="utf-8"
        Encoding of the files that are given by path.
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes in them that the encoding does not allow: raise an error, leave them out, or put U+FFFD.
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
        Threads, -1 for all processors. None is 1, unless in a `joblib.parallel_config` context. More than one thread
        updates the vectors without locks: as good, but not the same from run to run.
    random_state : int, RandomState instance or None, default=None
        Start and all draws. With an int and one thread the result is the same from run to run.
    verbose : bool or int, default=0
        Whether to print a line for each epoch.

    Attributes
    ----------
    embedding_ : float32 array of shape (n_words, n_components_)
        The word vectors.
    context_embedding_ : float32 array of shape (n_words, n_components_)
        The context vectors: ``embedding_[i] @ context_embedding_[j]`` estimates pointwise mutual information, shifted.
    words_ : object array of shape (n_words,)
        The word of each row, most frequent first.
    vocabulary_ : dict of str to int
        The row of each word.
    word_counts_ : int64 array of shape (n_words,)
        Occurrences in the documents (tokens).
    loss_curve_ : list of float, of length n_iter_
        Estimated loss of a pair with its noise words after each epoch (nats), on a fixed sample of training pairs.
    n_iter_ : int
        Epochs trained.
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
        "subsample": [Interval(Real, 0, None, closed="left")],
        "learning_rate": [Interval(Real, 0, None, closed="neither")],
    }

    def __init__(
        self,
        n_components: int = 100,
        *,
        init_scale: float = 0.03,
        window: int = 5,
        negative: int = 5,
        noise_exponent: float = 0.75,
        subsample: float = 1e-3,
        learning_rate: float = 0.025,
        max_iter: int = 5,
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
        backend: str = "auto",
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
    ) -> None:
        self.n_components = n_components
        self.init_scale = init_scale
        self.window = window
        self.negative = negative
        self.noise_exponent = noise_exponent
        self.subsample = subsample
        self.learning_rate = learning_rate
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
        self.backend = backend
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> SGNSEmbedder:
        """Train on the documents.

        Parameters
        ----------
        X : iterable of str or of sequences of str, or Cooccurrence
            Documents. From ready counts pairs are drawn by their weight, as many as were counted, and take the place of
            text; their windows are those that were counted with.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        TypeError
            If X or one of its documents is of a wrong type.
        ValueError
            If no words are left, or no two words stand together.
        FloatingPointError
            If training diverges.
        """
        backend = get_backend(self.backend)
        rng = check_random_state(self.random_state)
        corpus, vocabulary, window = self._read(X, rng)
        noise = noise_distribution(vocabulary.counts, noise_exponent=self.noise_exponent)
        sampling = make_sampling(
            vocabulary.counts,
            noise,
            window=window,
            negative=self.negative,
            subsample=self.subsample,
        )
        trained = train_sgns(
            corpus,
            sampling,
            initial_vectors(len(vocabulary), self.n_components, init_scale=self.init_scale, random_state=rng),
            learning_rate=self.learning_rate,
            max_iter=self.max_iter,
            seed=int(rng.randint(2**31 - 1)),
            backend=backend,
            n_jobs=self._n_threads(),
            on_epoch=lambda epoch, loss: self._report(f"epoch {epoch + 1}: loss {loss:.4f}"),
        )
        self.context_embedding_ = trained.contexts
        self.loss_curve_ = trained.losses
        self.n_iter_ = len(trained.losses)
        self._store_words(vocabulary, trained.words, backend_name(backend))
        return self

    def _read(self, X: Any, rng: np.random.RandomState) -> tuple[Corpus, Vocabulary, int]:
        """Return what to train on: text and its window, or pairs drawn from counts and a window of 1."""
        if isinstance(X, Cooccurrence):
            cooccurrence = check_cooccurrence(X)
            return sample_pairs(cooccurrence, random_state=rng), cooccurrence.vocabulary, 1
        corpus, vocabulary = self._encode(X)
        return require_neighbours(corpus), vocabulary, self.window

    def _estimate_pmi(
        self, rows: npt.NDArray[np.integer[Any]], columns: npt.NDArray[np.integer[Any]]
    ) -> npt.NDArray[np.float64]:
        """Return each pair's product, undone of noise and subsampling: PMI up to a constant."""
        products = row_products(self.embedding_, self.context_embedding_, rows, columns)
        frequencies = noise_distribution(self.word_counts_)
        keep = keep_probabilities(frequencies, subsample=self.subsample)
        noise = noise_distribution(self.word_counts_, noise_exponent=self.noise_exponent)
        return products + np.log(noise / (frequencies * keep))[columns]
