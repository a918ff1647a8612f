"""Analyzers: functions that split a text into tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Analyzer = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class PatternAnalyzer:
    r"""An analyzer that backends run over many documents at once; its defaults are CountVectorizer's.

    Attributes
    ----------
    token_pattern : str
        A regular expression, one of `RUNS` in `sk_w2v._backends.characters`.
    lowercase : bool
        Whether to convert documents to lower case first.
    stop_words : frozenset of str
        Tokens to leave out.

    See Also
    --------
    number_tokens, encode_documents : Read documents with an analyzer.

    Examples
    --------
    >>> PatternAnalyzer(r"\b\w+\b", stop_words=frozenset({"of"}))("A cup of tea")
    ['a', 'cup', 'tea']
    """

    token_pattern: str
    lowercase: bool = True
    stop_words: frozenset[str] = frozenset()

    def __call__(self, text: str) -> list[str]:
        """Return the tokens of a document."""
        tokens = re.findall(self.token_pattern, text.lower() if self.lowercase else text)
        return [token for token in tokens if token not in self.stop_words]
