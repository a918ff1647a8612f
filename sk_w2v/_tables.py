"""Tables of results, as text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any


class Table(list[dict[str, Any]]):
    """A list of rows that prints as a table, in a notebook too, and makes a `pandas.DataFrame`."""

    def __repr__(self) -> str:
        """Return the rows as lines."""
        return text_table(self)

    def _repr_html_(self) -> str:
        """Return the rows as a table of HTML."""
        return html_table(self)


def text_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows with the same keys as lines of aligned columns below a header.

    Examples
    --------
    >>> print(text_table([{"word": "tea", "score": 0.123456}, {"word": "coffee", "score": 1}]))
    word    score
    tea     0.123
    coffee      1
    """
    if not rows:
        return "(no rows)"
    columns = [[name, *(cell(row[name]) for row in rows)] for name in rows[0]]
    numeric = [not isinstance(rows[0][name], (str, tuple)) for name in rows[0]]
    padded = [
        [text.rjust(width) if right else text.ljust(width) for text in column]
        for column, right in zip(columns, numeric, strict=True)
        for width in [max(map(len, column))]
    ]
    return "\n".join("  ".join(line).rstrip() for line in zip(*padded, strict=True))


def html_table(rows: Sequence[Mapping[str, Any]], *, caption: str = "") -> str:
    """Return rows with the same keys as a table of HTML.

    Examples
    --------
    >>> html_table([{"word": "<tea>"}])
    '<table><thead><tr><th>word</th></tr></thead><tbody><tr><td>&lt;tea&gt;</td></tr></tbody></table>'
    """
    head = "".join(f"<th>{escape(str(name))}</th>" for name in (rows[0] if rows else ()))
    lines = ("<tr>" + "".join(f"<td>{escape(cell(value))}</td>" for value in row.values()) + "</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def cell(value: Any) -> str:
    """Return a value as short text: numbers to three digits, several words with spaces."""
    if isinstance(value, (tuple, list)):
        return " ".join(map(str, value))
    if value is None or value != value:  # NaN
        return "-"
    return number(value) if isinstance(value, float) else str(value)


def counted(n: int, singular: str, plural: str | None = None) -> str:
    """Return a number of things as text.

    Examples
    --------
    >>> counted(1, "category", "categories"), counted(2, "word")
    ('1 category', '2 words')
    """
    return f"{n} {singular if n == 1 else plural or singular + 's'}"


def shortened(text: str, n_characters: int) -> str:
    """Return a text of at most so many characters, with three dots if it was longer.

    Examples
    --------
    >>> shortened("a long line of text", 10)
    'a long ...'
    """
    return text if len(text) <= n_characters else text[: n_characters - 3] + "..."


def number(value: float) -> str:
    """Return a number with three digits or more, without an exponent if it is of ordinary size.

    Examples
    --------
    >>> [number(value) for value in (0.12345, 1.0, 14583.2, 1e-9)]
    ['0.123', '1', '14,583', '1e-09']
    """
    if 0.001 <= abs(value) < 1:
        return f"{value:.3f}"
    return f"{value:,.0f}" if 100 <= abs(value) < 1e9 else f"{value:.3g}"
