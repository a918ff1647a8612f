"""Documentation of the parameters and attributes that several estimators share, written once."""

from __future__ import annotations

import inspect
import re
from textwrap import indent
from typing import TypeVar

Class = TypeVar("Class", bound=type)

PARAMETERS = {
    "window": ("int", """Maximum distance between the two words of a pair (tokens)."""),
    "window_weighting": (
        '{"linear", "uniform", "harmonic"}',
        """Weight of a pair by its distance, see `sk_w2v.cooccurrence.count_cooccurrences`. "linear" is word2vec's.
        "harmonic" lets twice the `window` count about the same number of pairs, more distant ones among them.""",
    ),
    "negative": (
        "int",
        """Number of noise words per pair. Shifts pointwise mutual information down by ``log(negative)``.""",
    ),
    "noise_exponent": ("float", """Exponent of the word frequencies in the distribution of noise words."""),
    "subsample": (
        "float",
        """Threshold, as a share of all tokens: words that are more frequent lose tokens at random before windows are
        formed. 0 keeps all tokens.""",
    ),
    "combine": (
        '{"word", "context", "sum", "average"}',
        """Which of the trained vectors, or which combination of them, `embedding_` holds.""",
    ),
    "vectorizer": (
        "CountVectorizer or None",
        """The `sklearn.feature_extraction.text.CountVectorizer` whose analyzer splits documents of type str into
        tokens. Its `lowercase`, `strip_accents`, `token_pattern`, `tokenizer`, `stop_words`, `analyzer`, `ngram_range`,
        `input` and `encoding` apply. None is ``CountVectorizer()``. Set or search a parameter as
        ``vectorizer__token_pattern``. Documents that are sequences of tokens are not changed.""",
    ),
    "min_count": ("int", """Minimum number of occurrences for a word to be kept."""),
    "max_features": ("int or None", """Maximum number of words; the most frequent are kept. None keeps all."""),
    "pooling": (
        '{"sif", "mean", "sum", "max", "tfidf", "usif"}',
        """How `transform` combines the vectors of a document's words; see `sk_w2v.pooling`. "sif" averages unit
        vectors, weighted by smooth inverse frequency. Use "mean" when frequent words carry the class, as in short
        questions ("who", "how many"): "sif" gives them little weight.""",
    ),
    "norm": (
        '{"l2"} or None',
        """"l2" scales each document vector to unit length, as `TfidfVectorizer` does. A regularized classifier with
        default settings needs this: unscaled averages are so short that it underfits. None keeps the lengths, which
        `sk_w2v.CommonComponentRemover` and sums of vectors need.""",
    ),
    "oov": (
        '{"ignore", "error"}',
        """What `transform` does with out-of-vocabulary words: ignore them, or raise a ValueError that names some.""",
    ),
    "backend": (
        '{"auto", "cpu", "cuda", "reference"}',
        """Which kernels to use: "cpu" (Numba), "cuda" (an NVIDIA GPU, see `docs/gpu.md`) or "reference" (NumPy only).
        "auto" is "cpu".""",
    ),
    "memory": (
        "str, object with the joblib.Memory interface or None",
        """Where to cache the steps of `fit`, so that a search counts each fold once. The cache recognizes a callable by
        its code and the code that it refers to, and a file by its path, size and times. joblib stores results as pickle
        files, and reading a pickle file can run arbitrary code: use a folder that only people you trust can write
        to.""",
    ),
    "n_jobs": (
        "int or None",
        """Number of threads; -1 uses all processors. None is 1, unless in a `joblib.parallel_config` context. The
        result does not depend on it.""",
    ),
    "verbose": (
        "bool or int",
        """Whether to print each stage of `fit`, with its total, seconds and an estimate of the rest.""",
    ),
}
ATTRIBUTES = {
    "words_": ("object array of shape (n_words,)", """The word of each row, in descending order of frequency."""),
    "vocabulary_": ("dict of str to int", """The row of each word."""),
    "word_counts_": (
        "int64 array of shape (n_words,)",
        """Occurrences in the documents of `fit` (tokens).""",
    ),
    "n_components_": ("int", """Length of the vectors."""),
    "backend_": ("str", """The backend used."""),
}


def document_shared_parameters(cls: Class) -> Class:
    """Replace each line ``{name}`` of a class's docstring by the documentation of that parameter or attribute.

    The default of a parameter is that of the class's `__init__`.
    """
    if cls.__doc__ is not None:  # python -OO has none
        parameters = inspect.signature(cls).parameters

        def documented(match: re.Match[str]) -> str:
            indentation, name = match.groups()
            kind, text = ATTRIBUTES.get(name) or PARAMETERS[name]
            default = "" if name in ATTRIBUTES else f", default={_format_default(parameters[name].default)}"
            entry = f"{name} : {kind}{default}\n{indent(inspect.cleandoc(text), '    ')}"
            return indent(entry, indentation)

        # Any indentation: Python 3.13 removes that of a docstring.
        cls.__doc__ = re.sub(r"^( *)\{(\w+)\}$", documented, cls.__doc__, flags=re.MULTILINE)
    return cls


def _format_default(default: object) -> str:
    """Return a default in numpydoc's notation: strings in double quotes."""
    return f'"{default}"' if isinstance(default, str) else repr(default)
