"""Word pairs rated by people, and their reader."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass

import numpy as np

from .._tables import counted, html_table
from .._typing import Float64Array, ObjectArray
from ._lines import malformed, numbered_lines, split_fields

_N_SHOWN = 5  # pairs in a notebook
PAIR_FORM = "a pair is two words and a number, as in the first line, separated by tabs, semicolons, commas or spaces"


@dataclass(frozen=True, eq=False, repr=False)
class SimilarityPairs:
    """Pairs of words, with their similarity as rated by people.

    Attributes
    ----------
    words : ndarray of shape (n_pairs, 2), object
        The two words of each pair, as str.
    ratings : ndarray of shape (n_pairs,), float64
        Mean rating of each pair, on the scale of its source (often 0 to 10).

    See Also
    --------
    read_similarity : Read them from a file.
    sk_w2v.metrics.similarity_correlation : Evaluate vectors by them.

    Examples
    --------
    >>> import numpy as np
    >>> words = np.array([["tiger", "cat"]], dtype=object)
    >>> len(SimilarityPairs(words, ratings=np.array([7.35])))
    1
    """

    words: ObjectArray
    ratings: Float64Array

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.words)

    def __repr__(self) -> str:
        """Return the number of pairs and the range of the ratings."""
        rated = f", rated from {self.ratings.min():g} to {self.ratings.max():g}" if len(self) else ""
        return f"SimilarityPairs({counted(len(self), 'pair')}{rated})"

    def _repr_html_(self) -> str:
        """Return a row for each of the first pairs."""
        first = zip(self.words[:_N_SHOWN], self.ratings[:_N_SHOWN].tolist(), strict=True)
        rows = [{"left": left, "right": right, "rating": rating} for (left, right), rating in first]
        return html_table(rows, caption=f"{self!r}, the first {len(rows)}")


def read_similarity(path: str | os.PathLike[str], *, lowercase: bool = False) -> SimilarityPairs:
    r"""Read word pairs rated by people, as in WordSim-353, SimLex-999, SimVerb-3500, MEN or RW.

    A line is two words and a number, separated by tabs, semicolons, commas or spaces (the first of these that occurs in
    the line outside of quotes). Blank lines, lines that begin with ``#`` and a header, that is a first line that names
    the columns, are skipped. Quotes around a field are removed.

    The rating is the first number after the words. Any columns may follow it, such as ratings by single persons, and
    are ignored. Columns between the words and the rating must be named by a header, or be the part of speech in
    capitals, as in SimVerb-3500.

    Parameters
    ----------
    path : str or path-like
        A text file, in UTF-8.
    lowercase : bool, default=False
        Whether to convert the words to lower case.

    Returns
    -------
    pairs : SimilarityPairs
        The pairs and their ratings in the order of the file.

    Raises
    ------
    ValueError
        If a line is not two words and a finite number, or has the number in another column than the first pair; if a
        header names other columns before the words; if the file contains no pair, or is compressed or not in UTF-8.
    OSError
        If the file cannot be read.

    See Also
    --------
    read_analogies, read_categories : Read other evaluation sets.
    load_docstring_similarity : Rated pairs of words of the bundled documentation.
    sk_w2v.metrics.similarity_correlation : Evaluate vectors by rated pairs.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.datasets import read_similarity
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "pairs.csv")
    ...     _ = path.write_text("first,second,rating\ntiger,cat,7.35\n", encoding="utf-8")
    ...     pairs = read_similarity(path)
    >>> pairs.words.tolist(), pairs.ratings.tolist()
    ([['tiger', 'cat']], [7.35])
    """
    lines = [(number, line) for number, line in numbered_lines(path) if line[0] != "#"]
    header = split_fields(lines[0][1]) if lines else []
    has_header = _is_header(header)
    if has_header and not _names_words_first(header):
        raise ValueError(f"{os.fspath(path)} has the columns {header}; put those of the two words first.")
    rows = [(number, line, split_fields(line)) for number, line in lines[has_header:]]
    if not rows:
        raise ValueError(f"{os.fspath(path)} contains no pairs; {PAIR_FORM}.")
    width, rating = len(rows[0][2]), _rating_column(rows[0][2], names_columns=has_header)
    for number, line, fields in rows:
        if not _is_pair(fields, rating, width):
            raise ValueError(malformed(path, number, line, PAIR_FORM))
    words = [[word.lower() if lowercase else word for word in fields[:2]] for _, _, fields in rows]
    ratings = np.array([float(fields[rating]) for _, _, fields in rows])
    return SimilarityPairs(words=np.array(words, dtype=object), ratings=ratings)


def _rating_column(fields: list[str], *, names_columns: bool) -> int:
    """Return the column of the rating, which is the first number after the words, else the third column."""
    numbers = [column for column in range(2, len(fields)) if math.isfinite(_to_float(fields[column]))]
    rating = numbers[0] if numbers else 2
    return rating if names_columns or all(map(_is_part_of_speech, fields[2:rating])) else 2


def _is_part_of_speech(field: str) -> bool:
    """Tell whether a field is a tag such as N or ADJ, and not a word."""
    return len(field) <= 4 and field.isascii() and field.isalpha() and field.isupper()


def _is_pair(fields: list[str], rating: int, width: int) -> bool:
    """Tell whether a line has two words, a rating in its column, and the columns of the first pair."""
    has_columns = len(fields) == width or (len(fields) > rating and width > rating + 1)
    return has_columns and len(fields) > rating and all(fields[:2]) and math.isfinite(_to_float(fields[rating]))


def _is_header(fields: list[str]) -> bool:
    """Tell whether a first line names at least three columns; its only numbers may be those of raters: 1, 2, 3."""
    numbers = [field for field in fields[2:] if math.isfinite(_to_float(field))]
    names_people = len(numbers) > 1 and numbers == [str(person) for person in range(1, len(numbers) + 1)]
    is_named = len(fields) >= 3 and all(fields[:3]) and fields[2][0].isalpha()
    return is_named and fields[2].lower() not in {"nan", "inf", "infinity"} and (not numbers or names_people)


def _names_words_first(header: list[str]) -> bool:
    """Tell whether the first two columns are the words, if a header names any columns of words."""
    called_words = [column for column, name in enumerate(header) if re.match("word ?[12ab]?$", name, re.IGNORECASE)]
    return called_words in ([], [0, 1])


def _to_float(field: str) -> float:
    """Return a field as a number, or NaN."""
    try:
        return float(field)
    except ValueError:
        return math.nan
