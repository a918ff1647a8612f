"""Vectors of unknown words, from the character n-grams that they share with known words."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_array, check_is_fitted

from .._typing import AnyArray, AnyFloatArray, Float32Array, Float64Array, UInt64Array
from .base import BaseEmbedder
from .character_ngrams import frequent_ngrams, ngram_matrix
from .ridge import ridge
from .site import LinkedMixin
from .state import check_state

WORDS_AT_ONCE = 1 << 14


class SubwordInducer(LinkedMixin, BaseEstimator):
    """Learn vectors of character n-grams from word vectors, so that unknown words get vectors.

    A word's vector is the sum of the vectors of its n-grams, which are fitted to the directions of known words' vectors
    by ridge regression, weighted by frequency. It uses the finished vectors alone and needs no text.

    Parameters
    ----------
    ngram_range : tuple (min_n, max_n), default=(3, 6)
        Lengths of n-grams (characters), with a space at both ends of a word, as in ``CountVectorizer(analyzer=
        "char_wb")``. Case is kept.
    min_df : int, default=3
        Minimum number of known words that contain an n-gram.
    alpha : float, default=10.0
        Strength of the ridge penalty. More shrinks rare n-grams more.
    frequency_exponent : float, default=0.25
        A word of `n` tokens weighs ``n**frequency_exponent``, divided by the mean; 0 weights all words alike.
    tol : float, default=0.03
        Stop the conjugate gradients when the residual is this share of the one at the start.
    max_iter : int, default=100
        Maximum number of their iterations.

    Attributes
    ----------
    ngram_hashes_ : uint64 array of shape (n_ngrams,)
        The n-grams, as sorted hashes.
    ngram_vectors_ : float32 array of shape (n_ngrams, n_components_)
        Their vectors.
    n_components_ : int
        Length of the vectors.
    n_iter_ : int
        Iterations of the conjugate gradients.

    See Also
    --------
    SpectralEmbedder.infer_word_vectors : Vectors of unknown words from the text around them.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import SubwordInducer
    >>> words = ["walking", "talking", "walked", "talked"]
    >>> vectors = np.array([[1, 0], [1, 0], [0, 1], [0, 1]])
    >>> inducer = SubwordInducer(min_df=1, alpha=0.1).fit(words, vectors)
    >>> int(inducer.transform(["stalking"]).argmax())
    0
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "ngram_range": [tuple, list],
        "min_df": [Interval(Integral, 1, None, closed="left")],
        "alpha": [Interval(Real, 0, None, closed="neither")],
        "frequency_exponent": [Interval(Real, 0, None, closed="left")],
        "tol": [Interval(Real, 0, 1, closed="neither")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        ngram_range: tuple[int, int] = (3, 6),
        *,
        min_df: int = 3,
        alpha: float = 10.0,
        frequency_exponent: float = 0.25,
        tol: float = 0.03,
        max_iter: int = 100,
    ) -> None:
        self.ngram_range = ngram_range
        self.min_df = min_df
        self.alpha = alpha
        self.frequency_exponent = frequency_exponent
        self.tol = tol
        self.max_iter = max_iter

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> SubwordInducer:
        """Learn the vectors of the n-grams.

        Parameters
        ----------
        X : fitted embedder, or iterable of str
            An embedder brings its vectors and counts. Otherwise the words.
        y : array of shape (n_words, n_components), or None
            The words' vectors; None for an embedder.
        sample_weight : array of shape (n_words,), or None
            The words' counts (tokens). None uses an embedder's, and weights all words alike if there are none.

        Returns
        -------
        self

        Raises
        ------
        TypeError
            If X is neither an embedder nor words.
        ValueError
            If words, vectors and counts do not match or are not finite, or no n-gram occurs in `min_df` words.

        Warns
        -----
        ConvergenceWarning
            If `max_iter` was reached before `tol`.
        """
        lengths = self._lengths()
        words, vectors, counts = _training_set(X, y, sample_weight)
        ngrams = frequent_ngrams(words, lengths, self.min_df)
        if not len(ngrams):
            raise ValueError(
                f"No n-gram of ngram_range={self.ngram_range} occurs in min_df={self.min_df} of the {len(words)} "
                "words; lower min_df, or give more words."
            )
        directions, length = _directions(vectors)
        coefficients, n_iter, residual = ridge(
            ngram_matrix(words, lengths, ngrams),
            directions,
            _weights(counts, self.frequency_exponent),
            alpha=self.alpha,
            tol=self.tol,
            max_iter=self.max_iter,
        )
        if residual > self.tol:
            warnings.warn(
                f"Conjugate gradients stopped at max_iter={self.max_iter} with a residual of {residual:.2g}, above "
                f"tol={self.tol}; raise max_iter or alpha.",
                ConvergenceWarning,
                stacklevel=3,
            )
        fitted = {
            "ngram_hashes_": ngrams,
            "ngram_vectors_": coefficients * np.float32(length),
            "n_components_": vectors.shape[1],
            "n_iter_": n_iter,
            "_fitted_lengths": lengths,
        }
        self.__dict__.update(fitted)
        return self

    def transform(self, X: Iterable[str]) -> Float32Array:
        """Return the vectors of words, known or not, from their n-grams alone.

        Parameters
        ----------
        X : iterable of str
            Words.

        Returns
        -------
        float32 array of shape (n_words_given, n_components_)

        Raises
        ------
        TypeError
            If X is not an iterable of str.

        Warns
        -----
        UserWarning
            If words have none of the n-grams; their vectors are zeros.
        """
        check_is_fitted(self)
        self._check_state()
        words = _check_words(X)
        vectors = np.zeros((len(words), self.n_components_), dtype=np.float32)
        without: list[str] = []
        for start in range(0, len(words), WORDS_AT_ONCE):
            some = words[start : start + WORDS_AT_ONCE]
            matrix = ngram_matrix(some, self._fitted_lengths, self.ngram_hashes_)
            vectors[start : start + len(some)] = matrix @ self.ngram_vectors_
            without += [some[row] for row in np.flatnonzero(np.diff(matrix.indptr) == 0)]
        if without:
            warnings.warn(
                f"{len(without):,} of {len(words):,} words have none of the {len(self.ngram_hashes_):,} n-grams and "
                f"get zeros, such as {[word[:30] for word in without[:5]]}.",
                UserWarning,
                stacklevel=2,
            )
        return vectors

    def _lengths(self) -> list[int]:
        """Return the lengths of the n-grams, or raise an error."""
        range_ = tuple(self.ngram_range)
        if len(range_) != 2 or not all(isinstance(n, Integral) for n in range_) or not 1 <= range_[0] <= range_[1]:
            raise ValueError(f"ngram_range={self.ngram_range!r}; give (min_n, max_n) with 1 <= min_n <= max_n.")
        return list(range(int(range_[0]), int(range_[1]) + 1))

    def _check_state(self) -> None:
        """Raise an error if the fitted attributes do not match."""
        expected = (len(self.ngram_hashes_), self.n_components_)
        if self.ngram_vectors_.shape != expected or self.ngram_hashes_.dtype != np.uint64:
            raise ValueError(
                f"The fitted attributes of this SubwordInducer are inconsistent: ngram_vectors_ of shape "
                f"{self.ngram_vectors_.shape}, not {expected}. Fit again, or load a file that was not modified."
            )

    ngram_hashes_: UInt64Array
    ngram_vectors_: Float32Array
    n_components_: int
    n_iter_: int
    _fitted_lengths: list[int]


def _training_set(X: Any, y: Any, sample_weight: Any) -> tuple[list[str], AnyFloatArray, Float64Array]:
    """Return the words, their vectors and their counts, of an embedder or as given."""
    if isinstance(X, BaseEmbedder):
        if y is not None:
            raise ValueError(f"{type(X).__name__} brings its own vectors; leave y out, or give words instead.")
        check_state(X)
        X, y, counts = X.words_.tolist(), X.embedding_, X.word_counts_
        sample_weight = counts if sample_weight is None else sample_weight
    elif y is None:
        raise ValueError("Words without vectors; give a fitted embedder, or the words' vectors as y.")
    words = _check_words(X)
    vectors = check_array(y, dtype=[np.float32, np.float64], input_name="y")
    counts = np.zeros(len(words)) if sample_weight is None else _check_counts(sample_weight)
    if not len(words) == len(vectors) == len(counts):
        raise ValueError(
            f"{len(words)} words, {len(vectors)} vectors and {len(counts)} counts; give one for each word."
        )
    return words, vectors, counts


def _check_counts(counts: Any) -> Float64Array:
    """Return counts as finite numbers that are not negative."""
    checked: Float64Array = check_array(counts, dtype=np.float64, ensure_2d=False, input_name="sample_weight")
    if checked.ndim != 1 or np.any(checked < 0):
        raise ValueError("sample_weight has negative numbers or is not one-dimensional; give one count for each word.")
    return checked


def _check_words(words: Any) -> list[str]:
    """Return words as a list of str, or raise an error."""
    if isinstance(words, str | bytes) or not isinstance(words, Iterable):
        raise TypeError(
            f"X is {type(words).__name__}; give a fitted embedder or several words, such as ['tea', 'cup']."
        )
    words = list(words)
    wrong = next((word for word in words if not isinstance(word, str)), None)
    if wrong is not None or None in words:
        raise TypeError(f"Words have to be str; X holds {wrong!r} of type {type(wrong).__name__}.")
    return words


def _directions(vectors: AnyFloatArray) -> tuple[AnyFloatArray, float]:
    """Return vectors of length one, zeros for zeros, and the median length of the others."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    directions = vectors / np.where(lengths > 0, lengths, 1)[:, np.newaxis]
    return directions, float(np.median(lengths[lengths > 0])) if np.any(lengths > 0) else 0.0


def _weights(counts: AnyArray, exponent: float) -> Float64Array:
    """Return the words' weights, with mean one."""
    powers = np.maximum(counts, 1.0) ** exponent  # a word that the documents lack counts as one token
    weights: Float64Array = powers / powers.mean()
    return weights
