"""The tokens of one document, and errors about invalid documents and tokenizers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .._typing import AnyArray
from ._analyzers import Analyzer


def tokens_of(document: Any, index: int, analyzer: Analyzer) -> Sequence[str]:
    """Return one document's tokens, or raise an error if it is invalid."""
    if isinstance(document, str):
        return _split(document, index, analyzer)
    if isinstance(document, bytes) or not isinstance(document, Sequence | np.ndarray):
        raise TypeError(f"Document {index} is {document!r:.60} of type {type(document).__name__}{_advice(document)}")
    _require_str(document, f"Document {index} has the token")
    return document  # type: ignore[return-value]  # checked: a sequence of str


def _split(text: str, index: int, analyzer: Analyzer) -> Sequence[str]:
    """Return the tokens of a text, or raise an error if a user's tokenizer returns invalid ones."""
    try:
        tokens = analyzer(text)
    except Exception as error:
        error.add_note(f"Document {index} was being split into tokens.")
        raise
    if isinstance(tokens, str | bytes) or not isinstance(tokens, Iterable):
        raise TypeError(
            f"Document {index} was split into {tokens!r:.60} of type {type(tokens).__name__}; a tokenizer must return "
            "a list of str."
        )
    tokens = tokens if isinstance(tokens, Sequence) else list(tokens)
    _require_str(tokens, f"The tokenizer gave document {index} the token")
    return tokens


def _require_str(tokens: Sequence[Any] | AnyArray, where: str) -> None:
    """Raise TypeError if a token is not a str."""
    if set(map(type, tokens)) <= {str}:
        return
    for token in tokens:
        if not isinstance(token, str):
            raise TypeError(
                f"{where} {token!r:.60} of type {type(token).__name__}; tokens must be str (numbers can be turned into "
                "str first: [str(token) for token in document])."
            )


def _advice(document: Any) -> str:
    """Return advice on how to fix an invalid document."""
    wanted = "; a document must be a str or a sequence of str tokens"
    if _is_missing(document):
        return f"{wanted}. Fill missing texts with empty ones, as frame['text'].fillna(\"\") does, or leave them out."
    if isinstance(document, Mapping):
        return f"{wanted}, such as record['text'] of each record."
    if hasattr(document, "as_py"):
        return f"{wanted}. Give the pyarrow column itself."
    return f"{wanted}."


def _is_missing(document: Any) -> bool:
    """Tell whether a document is None, NaN or one of pandas' missing values."""
    is_nan = isinstance(document, float | np.floating) and document != document
    return document is None or is_nan or type(document).__name__ in ("NAType", "NaTType")
