"""Tokenizing with a CountVectorizer's analyzer, or with a backend that implements its pattern on bytes."""

from __future__ import annotations

from copy import copy
from typing import Any

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils._param_validation import validate_parameter_constraints

from .._backends.characters import RUNS
from ..corpus import Analyzer, PatternAnalyzer

# Parameters of a CountVectorizer that select columns, not tokens, and what to use instead.
REPLACEMENTS = {
    "min_df": "min_count",
    "max_df": "stop_words of the vectorizer",
    "max_features": "max_features of the embedder",
    "vocabulary": "select of a Cooccurrence",
    "binary": "no replacement: embedders count pairs, not documents",
}
# For patterns that skip short tokens, the patterns that keep them.
SHORTEST_RUNS = {r"(?u)\b\w\w+\b": r"(?u)\b\w+\b", r"\b\w\w+\b": r"\b\w+\b"}

_STEPS = ("build_analyzer", "build_preprocessor", "build_tokenizer", "decode")


def build_analyzer(vectorizer: CountVectorizer) -> Analyzer:
    """Return the function that splits a document into tokens: the analyzer of the CountVectorizer.

    Raises
    ------
    ValueError
        If the vectorizer has a parameter that does not apply here, or no tokenizer and no pattern.
    """
    _check_parameters(vectorizer)
    if _uses_only_a_pattern(vectorizer):
        stop_words = vectorizer.get_stop_words() or frozenset()
        vectorizer.build_analyzer()  # warns if stop words are not split as the documents are
        return PatternAnalyzer(vectorizer.token_pattern, lowercase=vectorizer.lowercase, stop_words=stop_words)
    analyzer: Analyzer = vectorizer.build_analyzer()
    return analyzer


def validate_vectorizer(vectorizer: Any) -> None:
    """Raise an error if a parameter of the vectorizer has an invalid value."""
    if isinstance(vectorizer, CountVectorizer):
        parameters = vectorizer.get_params(deep=False)
        constraints = vectorizer._parameter_constraints
        validate_parameter_constraints(constraints, parameters, caller_name=type(vectorizer).__name__)


def build_gapless_analyzer(vectorizer: CountVectorizer) -> tuple[Analyzer, int]:
    """Return an analyzer that keeps stop words and short tokens, and the minimum length of other tokens."""
    pattern = vectorizer.token_pattern
    gapless = copy(vectorizer)
    gapless.stop_words = None
    if vectorizer.analyzer != "word" or vectorizer.tokenizer is not None or pattern not in RUNS:
        return build_analyzer(gapless), 1
    gapless.token_pattern = SHORTEST_RUNS.get(pattern, pattern)
    return build_analyzer(gapless), RUNS[pattern][1]


def pattern_of(vectorizer: CountVectorizer | None) -> str | None:
    """Return the token pattern, or None if the vectorizer does not use one."""
    if vectorizer is None:
        return str(CountVectorizer().token_pattern)
    finds = vectorizer.analyzer == "word" and vectorizer.tokenizer is None
    return vectorizer.token_pattern if finds else None


def lowercases(vectorizer: CountVectorizer | None) -> bool:
    """Return whether the vectorizer converts text to lower case."""
    if vectorizer is None:
        return True
    return bool(vectorizer.lowercase and vectorizer.preprocessor is None and not callable(vectorizer.analyzer))


def _check_parameters(vectorizer: CountVectorizer) -> None:
    """Raise an error if a parameter would be ignored."""
    defaults = CountVectorizer()
    for name, instead in REPLACEMENTS.items():
        value = getattr(vectorizer, name)
        if value is not getattr(defaults, name) and value != getattr(defaults, name):
            raise ValueError(f"The vectorizer has {name}={value!r:.60}, which selects columns; use {instead} instead.")
    if vectorizer.analyzer == "word" and vectorizer.tokenizer is None and vectorizer.token_pattern is None:
        raise ValueError(
            "The vectorizer has token_pattern=None and tokenizer=None, so that str cannot be split; set one of them."
        )


def _uses_only_a_pattern(vectorizer: Any) -> bool:
    """Return whether tokens are the matches of a pattern that backends implement, with or without lower case."""
    overridden = any(getattr(type(vectorizer), name) is not getattr(CountVectorizer, name) for name in _STEPS)
    settings = (vectorizer.analyzer, vectorizer.preprocessor, vectorizer.tokenizer, vectorizer.strip_accents)
    return (
        not overridden
        and settings == ("word", None, None, None)
        and tuple(vectorizer.ngram_range) == (1, 1)
        and vectorizer.token_pattern in RUNS
    )
