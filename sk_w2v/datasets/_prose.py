"""Extraction of the prose of a docstring in numpydoc's reStructuredText."""

import inspect
import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from ._markup import strip_inline_markup

# Sections that only list names.
DROPPED_SECTIONS = frozenset({"references", "reference", "see also", "methods", "functions"})
# Sections of items, each of which may begin with a type instead of a name.
ITEM_SECTIONS = frozenset(
    {"parameters", "other parameters", "arguments", "attributes", "options"}
    | {"returns", "yields", "receives", "raises", "warns"}
)
# Directives that contain prose; others contain formulas, code, figures or version numbers.
PROSE_DIRECTIVES = frozenset({"note", "warning", "admonition", "attention", "caution", "important", "hint", "tip"})

SIGNATURE = re.compile(
    r"\A(?:.{0,500}?\n--\n\s*)?"  # from functions in C
    r"(?:[\w.]+\([^()]*(?:\([^()]*\)[^()]*)*\)[^\n]*\n\n)?",  # a first line written by hand
    re.DOTALL,
)
CONTINUATION = re.compile(r"\\\n\s*")
CHOICE = re.compile(r"^([\w ,*]+ : )[^\n{`]*\{[^{}]*\}", re.MULTILINE)  # may be longer than a line
UNDERLINE = re.compile(r"\s*([-=~^\"*#+])\1{2,}\s*")
LISTING = re.compile(r">>>|In \[\d+\]:|=+\s+=|-{2,}\s+-|\+[-=]+\+|\|.*\|$")
DIRECTIVE = re.compile(r"\.\.(?:\s*([\w-]+)::)?(?:\s+(.*))?")
BULLET = re.compile(r"\s*(?:[-*+•]|\(?(?:\d{1,2}|[ivx]{1,4}|[a-z]|#)[.)])\s+")
NAMES = r"\s*([\w.*\\]+(?:\s*,\s*[\w.*\\]+)*)"
TYPED_ITEM = re.compile(NAMES + r"\s+:(?:\s.*)?")
SECTION_ITEM = re.compile(NAMES + r"\s*(?::.*)?")
WORD = re.compile(r"[A-Za-z]{2,}")

MIN_LETTERS = 0.6  # share of the characters; English has about 0.8 and formulas half of that
NO_BLOCK = 10_000  # an indent that no line exceeds


def extract_prose(docstring: str) -> str:
    r"""Return the sentences of a docstring, one paragraph per line.

    Signatures, doctests, code, tables, formulas, headings, types, reference lists and cross-reference markup are
    removed. Sentences and the names of parameters are kept.

    Parameters
    ----------
    docstring : str
        Docstring from the source, indented or not.

    Returns
    -------
    prose : str
        Paragraphs joined by newlines; empty if the docstring contains no sentence.

    Examples
    --------
    >>> extract_prose('''Return the cosine of an angle.
    ...
    ... Parameters
    ... ----------
    ... angle : float
    ...     The angle, in :term:`radians`.
    ... ''')
    'Return the cosine of an angle.\nangle: The angle, in radians.'
    """
    text = SIGNATURE.sub("", CONTINUATION.sub(" ", inspect.cleandoc(docstring)))
    lines = _without_blocks(CHOICE.sub(r"\1choice", text).splitlines())
    items = (_introduce_items(title, body) for title, body in _kept_sections(lines))
    plain = strip_inline_markup("\n".join(_paragraphs(chain.from_iterable(items))))
    return "\n".join(filter(_is_prose, map(str.strip, plain.split("\n"))))


def _without_blocks(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines outside of doctests, tables, literal blocks and directives without prose."""
    block_indent = NO_BLOCK  # lines indented deeper belong to a dropped block
    in_listing = False
    for line in lines:
        text, indent = line.strip(), _indent(line)
        in_listing = bool(text) and (in_listing or LISTING.match(text) is not None)
        if text and indent <= block_indent:
            block_indent = NO_BLOCK
        if in_listing or indent > block_indent:
            continue
        prose, opens_block = _open_block(text)
        if opens_block:
            block_indent = indent
        yield " " * indent + prose


def _open_block(text: str) -> tuple[str, bool]:
    """Return the prose of a line, and whether a block without prose follows it."""
    directive = DIRECTIVE.fullmatch(text) if text.startswith("..") else None
    if directive is None:
        is_literal = text.endswith("::")
        return (text.rstrip(": ") + ":" if is_literal else text), is_literal
    if directive[1] in PROSE_DIRECTIVES:
        return directive[2] or "", False
    return "", True


def _kept_sections(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield (lower-case title, lines) of each section that is not a list of names."""
    title = ""
    body: list[str] = []
    for line, following in pairwise([*lines, "", "---"]):  # a last heading ends the last section
        if UNDERLINE.fullmatch(line):
            continue
        if UNDERLINE.fullmatch(following):
            if title not in DROPPED_SECTIONS:
                yield title, [*body, ""]
            title, body = line.strip(" :").lower(), []
        else:
            body.append(line)


def _introduce_items(title: str, body: list[str]) -> Iterator[str]:
    """Yield the lines of a section, with `name : type` shortened to the name in a separate paragraph."""
    for line, following in pairwise([*body, ""]):
        starts_item = title in ITEM_SECTIONS and line[:1].strip() != ""
        item = (SECTION_ITEM if starts_item else TYPED_ITEM).fullmatch(line)
        if not (item or starts_item):
            yield line
        elif _indent(following) > _indent(line):
            yield from ["", f"{item[1]}:"] if item else [""]
        elif not (starts_item and TYPED_ITEM.fullmatch(line)):
            yield line


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Yield each run of lines, and each entry of a bulleted list, as one line."""
    paragraph: list[str] = []
    for line in lines:
        bullet = BULLET.match(line)
        if bullet or not line.strip():
            yield " ".join(paragraph)
            paragraph = []
        paragraph.append(line[bullet.end() if bullet else 0 :].strip())
    yield " ".join(paragraph)


def _is_prose(paragraph: str) -> bool:
    """Tell whether a paragraph is prose, and not names or an unmarked formula."""
    n_letters = sum(map(len, WORD.findall(paragraph)))
    return " " in paragraph and n_letters >= MIN_LETTERS * len(paragraph)


def _indent(line: str) -> int:
    """Count the leading spaces of a line."""
    return len(line) - len(line.lstrip())
