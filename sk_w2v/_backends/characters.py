"""Tokens as runs of characters: the patterns that kernels support, and the characters of their tokens."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from .._typing import Int32Array

# For each pattern: the class of a token's characters, and the minimum length of a token.
RUNS = {
    r"(?u)\b\w\w+\b": (r"\w", 2),
    r"\b\w\w+\b": (r"\w", 2),
    r"(?u)\b\w+\b": (r"\w", 1),
    r"\b\w+\b": (r"\w", 1),
    r"\w+": (r"\w", 1),
    r"\S+": (r"\S", 1),
}

# Follows each document of a block. This byte never occurs in UTF-8 text.
DOCUMENT_END = b"\xff"

# The characters whose lower case is not one fixed character: that of the first has two characters, that of the second
# depends on its context.
IRREGULAR = "İΣ"

# What a character table holds instead of a token's character.
NO_TOKEN, IRREGULAR_CASE = -1, -2


def encode_document(text: str) -> bytes:
    """Return a document as a block. Lone surrogates are kept."""
    return text.encode("utf-8", "surrogatepass") + DOCUMENT_END


def decode_block(block: bytes) -> list[str]:
    """Return the documents of a block."""
    return [document.decode("utf-8", "surrogatepass") for document in block.split(DOCUMENT_END)[:-1]]


@cache
def character_table(characters: str, *, lowercase: bool) -> Int32Array:
    r"""Return what each Unicode character becomes if tokens are runs of one class of characters.

    The classes and the lower case are those of the running Python.

    Parameters
    ----------
    characters : {"\\w", "\\S"}
        The class, a regular expression.
    lowercase : bool
        Whether text is lowercased before it is split.

    Returns
    -------
    int32 array of shape (1114112,)
        The character in the token; NO_TOKEN for a character outside of tokens; IRREGULAR_CASE for a character whose
        lower case depends on the text around it.

    Examples
    --------
    >>> table = character_table(r"\w", lowercase=True)
    >>> chr(table[ord("É")]), int(table[ord("-")])
    ('é', -1)
    """
    every_character = np.arange(0x110000, dtype="<i4")
    text = every_character.tobytes().decode("utf-32-le", "surrogatepass")
    if lowercase:
        text = text.translate(dict.fromkeys(map(ord, IRREGULAR), " ")).lower()
    in_text = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<i4")
    table = np.full(len(every_character), NO_TOKEN, dtype=np.int32)
    for run in re.finditer(f"{characters}+", text):
        table[run.start() : run.end()] = in_text[run.start() : run.end()]
    if lowercase:
        table[list(map(ord, IRREGULAR))] = IRREGULAR_CASE
    return table
