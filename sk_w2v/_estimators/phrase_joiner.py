"""A transformer that joins the words of a phrase into one token."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin, _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from .._typing import BoolArray, Int64Array
from ..corpus import Corpus, are_adjacent, count_bigrams, first_of_pairs, score_bigrams
from .docstrings import document_shared_parameters
from .documents import DocumentReaderMixin

THRESHOLDS = {"default": 10.0, "npmi": 0.5}


@document_shared_parameters
class PhraseJoiner(  # type: ignore[call-arg]  # the keyword is scikit-learn's, which has no types
    DocumentReaderMixin, ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator, auto_wrap_output_keys=None
):
    """Join words that are adjacent more often than by chance: ``new york`` becomes ``new_york``.

    Takes documents and returns lists of tokens, which an embedder after it in a Pipeline uses without change. Two
    joiners in sequence find phrases of up to four words. Words are not adjacent if the vectorizer skips a word between
    them, such as a stop word or a word of one character: ``bank of america`` does not become ``bank_america``.

    Parameters
    ----------
    min_count : int, default=5
        Minimum number of occurrences of a phrase.
    threshold : float or None, default=None
        Score above which two words are joined; a higher threshold gives fewer phrases. None is 10 for the default
        scoring and 0.5 for "npmi".
    scoring : {"default", "npmi"}, default="default"
        Score of a phrase, as in gensim's Phrases; see `sk_w2v.corpus.score_bigrams`.
    delimiter : str, default="_"
        String between the words of a phrase.
    {vectorizer}
    backend : {"auto", "cpu", "cuda", "reference"}, default="auto"
        Which implementation splits text into tokens; "auto" is "cpu". A GPU is not used.
    n_jobs : int or None, default=None
        Number of threads; -1 uses all processors. The result does not depend on it.

    Attributes
    ----------
    phrases_ : dict of (str, str) to float
        The pairs of words that are joined, and their scores.

    See Also
    --------
    SpectralEmbedder : An embedder to use after it.
    sk_w2v.corpus.score_bigrams : The scores.

    References
    ----------
    Mikolov, Sutskever, Chen, Corrado, Dean (2013), "Distributed representations of words and phrases and their
    compositionality", arXiv 1310.4546.

    Examples
    --------
    >>> from sk_w2v import PhraseJoiner
    >>> documents = ["new york is new", "york is not new york", "we like new york"]
    >>> PhraseJoiner(min_count=1, threshold=1).fit_transform(documents)[0]
    ['new_york', 'is', 'new']
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **DocumentReaderMixin._reading_constraints,
        "min_count": [Interval(Integral, 1, None, closed="left")],
        "threshold": [Interval(Real, None, None, closed="neither"), None],
        "scoring": [StrOptions(set(THRESHOLDS))],
        "delimiter": [str],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        min_count: int = 5,
        *,
        threshold: float | None = None,
        scoring: str = "default",
        delimiter: str = "_",
        vectorizer: Any = None,
        backend: str = "auto",
        n_jobs: int | None = None,
    ) -> None:
        self.min_count = min_count
        self.threshold = threshold
        self.scoring = scoring
        self.delimiter = delimiter
        self.vectorizer = vectorizer
        self.backend = backend
        self.n_jobs = n_jobs

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> PhraseJoiner:
        """Find the phrases of the documents.

        Parameters
        ----------
        X : iterable of str or of sequences of str
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        TypeError
            If X or one of its documents has a wrong type.
        ValueError
            If there are no documents, or a threshold for "npmi" is not between -1 and 1.
        """
        threshold = self._threshold()
        corpus, words, skipped = self._number_with_gaps(X, fitting=True)
        word_counts = np.bincount(corpus.ids[~skipped], minlength=len(words))
        bigrams = count_bigrams(corpus, len(words), left_out=skipped)
        scores = score_bigrams(bigrams, word_counts, scoring=self.scoring, min_count=self.min_count)
        found = np.flatnonzero((scores > threshold) & (bigrams.counts >= self.min_count))
        pairs = zip(bigrams.left[found].tolist(), bigrams.right[found].tolist(), scores[found].tolist(), strict=True)
        self.phrases_ = {(words[left], words[right]): score for left, right, score in pairs}
        return self

    def _threshold(self) -> float:
        threshold = THRESHOLDS[self.scoring] if self.threshold is None else float(self.threshold)
        if self.scoring == "npmi" and not -1 <= threshold <= 1:
            raise ValueError(f"threshold={self.threshold} is not between -1 and 1, the range of scoring='npmi'.")
        return threshold

    def transform(self, X: Any) -> Any:
        """Join the phrases of `fit` wherever they occur, from left to right.

        Parameters
        ----------
        X : iterable of str or of sequences of str, of length n_documents

        Returns
        -------
        list of lists of str, or pandas Series of them, of length n_documents
            A Series with the index of `X` if `X` is a Series.

        Raises
        ------
        TypeError
            If X or one of its documents has a wrong type.
        """
        check_is_fitted(self)
        corpus, words, skipped = self._number_any(X)
        starts, phrases = self._find(corpus, words, skipped)
        ids = corpus.ids.astype(np.int64)
        ids[starts] = len(words) + phrases
        joined = [self.delimiter.join(pair) for pair in self.phrases_]
        removed = np.union1d(starts + 1, np.flatnonzero(skipped))
        tokens = np.array([*words, *joined], dtype=object)[np.delete(ids, removed)].tolist()
        offsets = corpus.offsets - np.searchsorted(removed, corpus.offsets)
        return _with_index_of(X, [tokens[start:end] for start, end in pairwise(offsets)])

    def set_output(self, *, transform: str | None = None) -> PhraseJoiner:
        """Do nothing: the output is lists of tokens, not numbers, whatever container is set.

        Parameters
        ----------
        transform : {"default", "pandas", "polars"} or None, default=None

        Returns
        -------
        self
        """
        if transform not in (None, "default", "pandas", "polars"):
            raise ValueError(f"transform={transform!r} is unknown; use 'default', 'pandas', 'polars' or None.")
        return self

    @property
    def _n_features_out(self) -> int:
        """Return 1: a column of documents."""
        check_is_fitted(self)
        return 1

    def _number_any(self, X: Any) -> tuple[Corpus, list[str], BoolArray]:
        """Return the documents' tokens as numbers, and which ones are skipped; there may be no documents."""
        documents = list(X) if isinstance(X, Iterator) else X
        if hasattr(documents, "__len__") and len(documents) == 0:
            return Corpus(np.empty(0, dtype=np.int32), np.zeros(1, dtype=np.int64)), [], np.zeros(0, dtype=bool)
        return self._number_with_gaps(documents)

    def _find(self, corpus: Corpus, words: list[str], skipped: BoolArray) -> tuple[Int64Array, Int64Array]:
        """Return the positions at which phrases begin, and the index of each phrase."""
        rows = {word: row for row, word in enumerate(words)}
        known = [
            (rows[left] * len(words) + rows[right], index)
            for index, (left, right) in enumerate(self.phrases_)
            if left in rows and right in rows
        ]
        if not known or len(corpus.ids) < 2:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        keys, numbers = np.array(sorted(known), dtype=np.int64).T
        pairs = corpus.ids[:-1].astype(np.int64) * len(words) + corpus.ids[1:]
        places = np.minimum(np.searchsorted(keys, pairs), len(keys) - 1)
        starts = np.flatnonzero(first_of_pairs((keys[places] == pairs) & are_adjacent(corpus, skipped)))
        return starts, numbers[places[starts]]


def _with_index_of(X: Any, documents: list[list[str]]) -> Any:
    """Return the documents as a pandas Series with the index of X, if X is one: pandas joins by index."""
    if not (type(X).__module__.partition(".")[0] == "pandas" and hasattr(X, "iloc")):
        return documents
    from pandas import Series

    return Series(documents, index=X.index, name=X.name, dtype=object)
