"""How documents become tokens: by a CountVectorizer's analyzer, or by a backend that follows it on bytes."""

from __future__ import annotations

from copy import copy
from typing import Any

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils._param_validation import validate_parameter_constraints

from .._backends.characters import RUNS
from ..corpus import Analyzer, PatternAnalyzer

# Parameters of a CountVectorizer that choose columns, not tokens, and the embedder's parameter to use instead.
INSTEAD = {
    "min_df": "min_count",
    "max_df": "stop_words of the vectorizer",
    "max_features": "max_features of the embedder",
    "vocabulary": "select of a Cooccurrence",
    "binary": "nothing: pairs are counted, not documents",
}
# Of patterns that leave out short tokens, those that keep them.
SHORTEST_RUNS = {r"(?u)\b\w\w+\b": r"(?u)\b\w+\b", r"\b\w\w+\b": r"\b\w+\b"}

_STEPS = ("build_analyzer", "build_preprocessor", "build_tokenizer", "decode")


def build_analyzer(vectorizer: CountVectorizer) -> Analyzer:
    """Return the function that makes tokens of a document, CountVectorizer's own.

    Raises
    ------
    ValueError
        If the vectorizer has a parameter that has no meaning here, or no way to find tokens.
    """
    _check_parameters(vectorizer)
    if _is_pattern_alone(vectorizer):
        stop_words = vectorizer.get_stop_words() or frozenset()
        vectorizer.build_analyzer()  # warns if stop words are not split as the documents are
        return PatternAnalyzer(vectorizer.token_pattern, lowercase=vectorizer.lowercase, stop_words=stop_words)
    analyzer: Analyzer = vectorizer.build_analyzer()
    return analyzer


def validate(vectorizer: Any) -> None:
    """Raise an error that names a parameter of a vectorizer whose value is out of its range."""
    if isinstance(vectorizer, CountVectorizer):
        parameters = vectorizer.get_params(deep=False)
        constraints = vectorizer._parameter_constraints
        validate_parameter_constraints(constraints, parameters, caller_name=type(vectorizer).__name__)


def build_gapless_analyzer(vectorizer: CountVectorizer) -> tuple[Analyzer, int]:
    """Return an analyzer that keeps stop words and short tokens, and the length of tokens that are not short."""
    pattern = vectorizer.token_pattern
    gapless = copy(vectorizer)
    gapless.stop_words = None
    if vectorizer.analyzer != "word" or vectorizer.tokenizer is not None or pattern not in RUNS:
        return build_analyzer(gapless), 1
    gapless.token_pattern = SHORTEST_RUNS.get(pattern, pattern)
    return build_analyzer(gapless), RUNS[pattern][1]


def pattern_of(vectorizer: CountVectorizer | None) -> str | None:
    """Return the pattern that finds tokens, if one does."""
    if vectorizer is None:
        return str(CountVectorizer().token_pattern)
    finds = vectorizer.analyzer == "word" and vectorizer.tokenizer is None
    return vectorizer.token_pattern if finds else None


def lowercases(vectorizer: CountVectorizer | None) -> bool:
    """Tell whether the vectorizer puts text in lower case."""
    if vectorizer is None:
        return True
    return bool(vectorizer.lowercase and vectorizer.preprocessor is None and not callable(vectorizer.analyzer))


def _check_parameters(vectorizer: CountVectorizer) -> None:
    """Refuse parameters that would be ignored."""
    defaults = CountVectorizer()
    for name, instead in INSTEAD.items():
        value = getattr(vectorizer, name)
        if value is not getattr(defaults, name) and value != getattr(defaults, name):
            raise ValueError(f"The vectorizer has {name}={value!r:.60}, which chooses columns; use {instead} instead.")
    if vectorizer.analyzer == "word" and vectorizer.tokenizer is None and vectorizer.token_pattern is None:
        raise ValueError(
            "The vectorizer has token_pattern=None and tokenizer=None, which leaves str without tokens; give one."
        )


def _is_pattern_alone(vectorizer: Any) -> bool:
    """Tell whether tokens are the matches of a pattern that backends can follow, perhaps in lower case."""
    own = any(getattr(type(vectorizer), name) is not getattr(CountVectorizer, name) for name in _STEPS)
    settings = (vectorizer.analyzer, vectorizer.preprocessor, vectorizer.tokenizer, vectorizer.strip_accents)
    return (
        not own
        and settings == ("word", None, None, None)
        and tuple(vectorizer.ngram_range) == (1, 1)
        and vectorizer.token_pattern in RUNS
    )
