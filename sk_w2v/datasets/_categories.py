"""Words and the categories that people assigned to them."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

from .._tables import counted, html_table
from .._typing import ObjectArray
from ._lines import malformed, numbered_lines, split_fields

CATEGORY_FORM = "a line is a word and its category, separated by a tab, semicolon, comma or spaces"


@dataclass(frozen=True, eq=False, repr=False)
class WordCategories:
    """Words, each with the category that people assigned to it.

    Attributes
    ----------
    words : ndarray of shape (n_words,), object
        The words, as str.
    categories : ndarray of shape (n_words,), object
        The category of each word, as str.

    See Also
    --------
    read_categories : Read them from a file.
    sk_w2v.metrics.categorization_purity : Evaluate vectors by them.

    Examples
    --------
    >>> import numpy as np
    >>> len(WordCategories(np.array(["tea", "pen"], dtype=object), np.array(["drink", "tool"], dtype=object)))
    2
    """

    words: ObjectArray
    categories: ObjectArray

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.words)

    def __repr__(self) -> str:
        """Return the numbers of words and categories."""
        categories = counted(len(set(self.categories)), "category", "categories")
        return f"WordCategories({counted(len(self), 'word')} in {categories})"

    def _repr_html_(self) -> str:
        """Return a row for each category, with its words."""
        rows = [
            {"category": name, "words": tuple(self.words[self.categories == name])}
            for name in dict.fromkeys(self.categories)
        ]
        return html_table(rows, caption=repr(self))


def read_categories(path: str | os.PathLike[str], *, lowercase: bool = False) -> WordCategories:
    r"""Read words and their categories, one word and its category per line.

    They are separated by a tab, semicolon, comma or spaces (the first of these that occurs in the line). Blank lines
    and lines that begin with ``#`` are skipped.

    Parameters
    ----------
    path : str or path-like
        A text file, in UTF-8.
    lowercase : bool, default=False
        Whether to convert the words, but not the names of categories, to lower case.

    Returns
    -------
    WordCategories

    Raises
    ------
    ValueError
        If a line is not a word and a category, if the file contains none, or if it is compressed or not in UTF-8.
    OSError
        If the file cannot be read.

    See Also
    --------
    load_docstring_categories : Categories of words of the bundled documentation.
    sk_w2v.metrics.categorization_purity : Evaluate vectors by them.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.datasets import read_categories
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "words.tsv")
    ...     _ = path.write_text("tea\tdrink\npen\ttool\n", encoding="utf-8")
    ...     read_categories(path).categories.tolist()
    ['drink', 'tool']
    """
    rows = []
    for number, line in numbered_lines(path):
        if line[0] == "#":
            continue
        fields = split_fields(line)
        if len(fields) != 2 or not all(fields):
            raise ValueError(malformed(path, number, line, CATEGORY_FORM))
        rows.append(fields)
    if not rows:
        raise ValueError(f"{os.fspath(path)} contains no words; {CATEGORY_FORM}.")
    words = [word.lower() if lowercase else word for word, _ in rows]
    return WordCategories(np.array(words, dtype=object), np.array([category for _, category in rows], dtype=object))
