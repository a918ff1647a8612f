"""Inline markup of reStructuredText: roles, links, citations, emphasis, formulas."""

import re

INTERPRETED = re.compile(r"(?::([\w:+-]+):)?(`{1,2})([^`\n]+)\2_{0,2}")  # :role:`text`
TITLED_TARGET = re.compile(r"(.+?)\s*<[^<>]*>")  # title <target>
WORDLESS_ROLES = frozenset({"math", "math:numref", "doi", "arxiv", "pep"})
LABEL_ROLES = frozenset({"ref", "doc"})

SUBSTITUTIONS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in [
        (r"\[[\w ,&.:/+#*-]{1,40}\]_(?!\w)", ""),  # citations
        (r"https?://[^\s>]+|(?:doi|DOI|arXiv):\s?\S+", ""),
        (r"\$[^$\n]{1,200}\$", ""),
        (r"%\(\w+\)s|\$\{\w+\}", ""),  # placeholders of templates
        (r"\\[A-Za-z]*", ""),  # commands of TeX, escapes
        # Lookbehinds follow the star, because a search for a pattern that begins with one is slow.
        (r"(\*{1,2})(?<!\w\*)(?<!\w\*\*)(?=[\w'\"])([^*\n]+)(?<=\S)\1(?!\w)", r"\2"),  # *emphasis*
        (r"\*\*(?<!\S\*\*)(?=\w)|\*(?<!\S\*)(?=\w)", ""),  # *args
        (r"[(<][ ,;]*[)>]", ""),  # brackets that became empty
        (r"`", ""),  # unmatched
        (r" {2,}", " "),
        (r" (?=[.,;:)])", ""),
    ]
)


def strip_inline_markup(text: str) -> str:
    """Return the visible text, without formulas, citations and addresses.

    Parameters
    ----------
    text : str
        Paragraphs, each on one line.

    Returns
    -------
    plain : str
        The same paragraphs; one that consisted of markup only becomes an empty line.

    Examples
    --------
    >>> strip_inline_markup("See :func:`~numpy.linalg.svd` and ``rank`` [1]_.")
    'See svd and rank.'
    """
    text = INTERPRETED.sub(_visible_text, text)
    for pattern, replacement in SUBSTITUTIONS:
        text = pattern.sub(replacement, text)
    return text


def _visible_text(interpreted: re.Match[str]) -> str:
    """Return the visible text of one role, link or piece of code."""
    role, ticks, text = interpreted.groups()
    titled = TITLED_TARGET.fullmatch(text) if ticks == "`" else None
    if role in WORDLESS_ROLES:
        return ""
    if titled:
        return titled[1]
    if role in LABEL_ROLES:
        return ""
    return text.rpartition(".")[2] if text.startswith("~") else text.removeprefix("!")
