"""Documentation of the parameters that several estimators share, written once."""

from __future__ import annotations

import inspect
import re
from typing import TypeVar

Class = TypeVar("Class", bound=type)

TYPES_AND_TEXTS = {
    "window": ("int", """Maximum distance between the two words of a pair (tokens)."""),
    "window_weighting": (
        '{"linear", "uniform", "harmonic"}',
        """Weight of a pair by its distance, see `sk_w2v.cooccurrence.count_cooccurrences`. "linear" is word2vec's;
        "harmonic" windows of twice the width hold about as many pairs, and more distant ones.""",
    ),
    "negative": (
        "int",
        """Number of noise words per pair: shifts pointwise mutual information down by its logarithm.""",
    ),
    "noise_exponent": ("float", """Exponent of the word frequencies in the distribution of noise words."""),
    "subsample": (
        "float",
        """Share of all tokens above which a word's tokens are dropped at random before windows are formed; 0 drops
        none.""",
    ),
    "combine": (
        '{"word", "context", "sum", "average"}',
        """Which of the trained vectors, or which combination of both, `embedding_` holds.""",
    ),
    "vectorizer": (
        "CountVectorizer or None",
        """How documents that are str become tokens: by the analyzer of this
        `sklearn.feature_extraction.text.CountVectorizer`, that is by its `lowercase`, `strip_accents`,
        `token_pattern`, `tokenizer`, `stop_words`, `analyzer`, `ngram_range`, `input` and `encoding`. None is
        ``CountVectorizer()``. Set or search a parameter as ``vectorizer__token_pattern``. Documents that are sequences
        of tokens are used as they are.""",
    ),
    "min_count": ("int", """Minimum number of occurrences for a word to be kept."""),
    "max_features": ("int or None", """Maximum number of words, the most frequent ones; None keeps all."""),
    "pooling": (
        '{"sif", "mean", "sum", "max", "tfidf", "usif"}',
        """How `transform` combines the vectors of a document's words; see `sk_w2v.pooling`. "sif" averages their
        directions by smooth inverse frequency. Use "mean" when frequent words carry the class, as in short questions
        ("who", "how many"): "sif" gives them little weight.""",
    ),
    "norm": (
        '{"l2"} or None',
        """"l2" scales each document vector to length one, as `TfidfVectorizer` does, so that a regularized classifier
        with default settings can use it: without scaling, averages are so short that it underfits. None keeps the
        lengths, which `sk_w2v.CommonComponentRemover` and sums of vectors need.""",
    ),
    "oov": (
        '{"ignore", "error"}',
        """What `transform` does with words outside of the vocabulary: ignore them, or raise a ValueError that names
        some.""",
    ),
    "backend": (
        '{"auto", "cpu", "cuda", "reference"}',
        """Which kernels to use: Numba's, an NVIDIA GPU's (see `docs/gpu.md`), or plain NumPy's; "auto" is Numba's.""",
    ),
    "memory": (
        "str, object with the joblib.Memory interface or None",
        """Where to cache the steps of `fit`, so that a search counts each fold once. A callable is recognized by its
        code and by what the code refers to, a file by its path, size and times. joblib stores results as pickle files,
        and reading a pickle file can run any code: use a folder that only people you trust can write to.""",
    ),
    "n_jobs": (
        "int or None",
        """Number of threads; -1 uses all processors. None is 1, unless in a `joblib.parallel_config` context. The
        result does not depend on it.""",
    ),
    "verbose": ("bool or int", """Whether to print progress messages."""),
}


def document_shared_parameters(cls: Class) -> Class:
    """Replace each line ``{name}`` of a class's docstring by the documentation of that shared parameter.

    The default comes from the class's own `__init__`.
    """
    if cls.__doc__ is not None:  # python -OO has none
        parameters = inspect.signature(cls).parameters

        def documented(match: re.Match[str]) -> str:
            name = match.group(1)
            kind, text = TYPES_AND_TEXTS[name]
            return f"    {name} : {kind}, default={_shown(parameters[name].default)}\n        {text}"

        cls.__doc__ = re.sub(r"^    \{(\w+)\}$", documented, cls.__doc__, flags=re.MULTILINE)
    return cls


def _shown(default: object) -> str:
    """Return a default as numpydoc shows it: strings in double quotes."""
    return f'"{default}"' if isinstance(default, str) else repr(default)
