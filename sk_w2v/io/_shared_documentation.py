"""Documentation of the parameters and errors that several readers or writers share, written once."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import indent
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

VECTORS = """\
vectors : array of shape (n_words, n_components) or None, default=None
    The vector of each word; stored as float32."""

DUPLICATES = """\
duplicates : {"error", "first"}, default="error"
    What to do with repeated words, which some published files have: raise an error, or keep the first vector of each
    word and warn about the number of dropped ones."""

MAX_WORDS = """\
max_words : int or None, default=None
    Maximum number of words to read from the beginning of the file, with repeated words counted; None reads all."""

DECODE_ERROR = """\
decode_error : {"strict", "ignore", "replace"}, default="strict"
    What to do with bytes of a word that are not UTF-8: raise an error, drop them, or insert U+FFFD."""

TEXTS = {
    "to_text_file": f"""\
path : str or os.PathLike
    The file. A name that ends in ``.gz``, ``.bz2`` or ``.xz`` compresses it.
words : iterable of str of length n_words, fitted embedder or WordVectors
    Distinct words without spaces and line breaks. For a fitted embedder or `WordVectors`, leave out `vectors`.
{VECTORS}""",
    "vectors": VECTORS,
    "duplicates": DUPLICATES,
    "max_words": MAX_WORDS,
    "words_to_read": f"{MAX_WORDS}\n{DECODE_ERROR}\n{DUPLICATES}",
    "replacement": """\
An existing file is replaced when the new one is complete on the disk, and its mode is kept. Pipes and devices are
written to directly.""",
    "write_errors": """\
TypeError
    If vectors are given twice or not at all.
ValueError
    If a word is empty, repeated or contains a character that the format cannot store; if there is not one vector for
    each word; if a number is not finite; or if the name has the ending of another kind of compressed file.
sklearn.exceptions.NotFittedError
    If the embedder is not fitted.""",
}


def with_shared_documentation(function: Function) -> Function:
    """Replace each line ``{name}`` of a function's docstring by the shared text of that name."""
    if function.__doc__ is not None:  # python -OO has none

        def documented(match: re.Match[str]) -> str:
            return indent(TEXTS[match[2]], match[1])

        function.__doc__ = re.sub(r"(?m)^( *)\{(\w+)\}$", documented, function.__doc__)
    return function
