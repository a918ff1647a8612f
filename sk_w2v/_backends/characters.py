"""Tokens as runs of characters: the patterns that kernels can follow, and which characters their tokens are made of."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from .._typing import Int32Array

# Of each pattern: the class of a token's characters, and the fewest of them that make a token.
RUNS = {
    r"(?u)\b\w\w+\b": (r"\w", 2),
    r"\b\w\w+\b": (r"\w", 2),
    r"(?u)\b\w+\b": (r"\w", 1),
    r"\b\w+\b": (r"\w", 1),
    r"\w+": (r"\w", 1),
    r"\S+": (r"\S", 1),
}

# Follows each document of a block of UTF-8 text, in which this byte never occurs.
DOCUMENT_END = b"\xff"

# The characters that have no lower case of one character: of the first it is two, of the second one of two, by what
# stands around it.
IRREGULAR = "İΣ"

# What a table holds in place of a token's character.
NO_TOKEN, IRREGULAR_CASE = -1, -2


def encode_document(text: str) -> bytes:
    """Return a document as a block of its own; lone surrogates are kept."""
    return text.encode("utf-8", "surrogatepass") + DOCUMENT_END


def decode_block(block: bytes) -> list[str]:
    """Return the documents of a block."""
    return [document.decode("utf-8", "surrogatepass") for document in block.split(DOCUMENT_END)[:-1]]


@cache
def character_table(characters: str, *, lowercase: bool) -> Int32Array:
    r"""Return what becomes of each Unicode character where tokens are made of one class of characters.

    The classes and the lower case are those of the running Python.

    Parameters
    ----------
    characters : {"\\w", "\\S"}
        The class, a regular expression.
    lowercase : bool
        Whether text is turned to lower case before it is split.

    Returns
    -------
    int32 array of shape (1114112,)
        The character in the token; NO_TOKEN where a token ends; IRREGULAR_CASE for what must be turned to lower case
        together with the text around it.

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
