"""What a numpydoc docstring says about each parameter, shortened to one sentence."""

from __future__ import annotations

import inspect
import re
from typing import Any

SECTION = re.compile(r"^Parameters\n-+\n(.*?)(?=^\w[\w ]*\n-{3,}$|\Z)", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"^(\w+(?:, \w+)*) ?:[^\n]*(?:\n[ ]{8,}\S[^\n]*)*?\n((?:[ ]{4}[^\n]*\n?|\n)*)", re.MULTILINE)


def parameter_sentences(documented: Any) -> dict[str, str]:
    """Return the first sentence about each parameter of a class.

    Parameters
    ----------
    documented : class
        With a docstring in the format of numpydoc; ``python -OO`` leaves none.

    Returns
    -------
    dict of str to str
    """
    section = SECTION.search((inspect.getdoc(documented) or "") + "\n")
    entries = ENTRY.findall(section[1]) if section else []
    return {name: first_sentence(text) for names, text in entries for name in names.split(", ")}


def first_sentence(text: str) -> str:
    """Return the first sentence of a paragraph in reStructuredText, as plain text."""
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    plain = re.sub(r" ?\[\d+\]_|:\w+:(?=`)|`", "", paragraph)
    return re.split(r"(?<=\.) (?=[A-Z\"'])", plain, maxsplit=1)[0].rstrip(".")
