"""Analogies, similarities and categories of the words of the bundled documentation, so that no download is needed."""

from __future__ import annotations

import numpy as np

from ._analogies import AnalogyQuestions
from ._categories import WordCategories
from ._similarity import SimilarityPairs

_RELATIONS = {
    "plural": "array arrays matrix matrices vector vectors point points sample samples feature features value values "
    "column columns row rows eigenvalue eigenvalues cluster clusters tree trees axis axes",
    "opposite": "minimum maximum min max argmin argmax lower upper left right first last smallest largest "
    "increasing decreasing true false",
    "inverse transform": "fft ifft dct idct dst idst rfft irfft fftn ifftn",
    "activity": "fit fitting train training test testing cluster clustering sample sampling sort sorting",
    "type of length": "int8 int16 int16 int32 int32 int64 float32 float64",
}

_RATINGS = {
    9.5: "gaussian normal  maximum max  row column  csr csc  fft ifft  svd eigenvalues",
    8: "matrix array  mean median  euclidean manhattan  legendre chebyshev  lower upper  classifier regressor",
    6: "tree forest  ridge lasso  precision recall  poisson binomial  integer float  cosine distance",
    3: "vector string  sample axis  kurtosis matrix  spline filter  boolean regression  window fit",
    1: "legendre classifier  csr skewness  dct lasso  string eigenvalues  recall fft  forest int32",
}

_CATEGORIES = {
    "sparse format": "csr csc coo bsr dia dok lil",
    "data type": "int8 int32 int64 float32 float64 uint8",
    "distance": "euclidean manhattan cosine hamming jaccard",
    "distribution": "normal uniform poisson binomial gaussian",
    "factorization": "cholesky qr svd lu eigh",
    "polynomial": "legendre chebyshev hermite laguerre",
    "transform": "fft ifft dct dst rfft",
}


def load_docstring_analogies() -> AnalogyQuestions:
    """Return analogies of the words of `load_docstrings`, written for this package.

    All pairs of a relation are combined in both orders: min is to max as argmin is to argmax.

    See Also
    --------
    load_docstrings : The text.
    sk_w2v.metrics.analogy_accuracy : The share of analogies answered.

    Examples
    --------
    >>> questions = load_docstring_analogies()
    >>> questions.words[0].tolist(), str(questions.categories[0])
    (['array', 'arrays', 'matrix', 'matrices'], 'plural')
    """
    words, categories = [], []
    for relation, listed in _RELATIONS.items():
        pairs = _in_twos(listed)
        for first in pairs:
            others = [second for second in pairs if len({*first, *second}) == 4]
            words += [[*first, *second] for second in others]
            categories += [relation] * len(others)
    return AnalogyQuestions(np.array(words, dtype=object), np.array(categories, dtype=object))


def load_docstring_similarity() -> SimilarityPairs:
    """Return pairs of words of `load_docstrings`, rated from 0 to 10 by the authors of this package.

    The set is small with few raters. It separates good from bad models, but not two good ones.

    See Also
    --------
    load_docstrings : The text.
    sk_w2v.metrics.similarity_correlation : The correlation with the ratings.

    Examples
    --------
    >>> pairs = load_docstring_similarity()
    >>> pairs.words[0].tolist(), float(pairs.ratings[0])
    (['gaussian', 'normal'], 9.5)
    """
    rated = [(pair, rating) for rating, listed in _RATINGS.items() for pair in _in_twos(listed)]
    words = np.array([pair for pair, _ in rated], dtype=object)
    return SimilarityPairs(words, np.array([rating for _, rating in rated], dtype=float))


def load_docstring_categories() -> WordCategories:
    """Return words of `load_docstrings` and the kind of thing that each word names.

    See Also
    --------
    load_docstrings : The text.
    sk_w2v.metrics.categorization_purity : The share of words that clusters of vectors put with their category.

    Examples
    --------
    >>> categories = load_docstring_categories()
    >>> str(categories.words[0]), str(categories.categories[0])
    ('csr', 'sparse format')
    """
    listed = [(word, category) for category, words in _CATEGORIES.items() for word in words.split()]
    words, categories = np.array(listed, dtype=object).T
    return WordCategories(words, categories)


def _in_twos(listed: str) -> list[tuple[str, str]]:
    """Return consecutive pairs of the words of a list."""
    words = listed.split()
    return list(zip(words[::2], words[1::2], strict=True))
