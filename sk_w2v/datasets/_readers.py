"""Files of analogy questions and of word pairs that people have rated."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

SEPARATORS = ("\t", ";", ",", None)  # None stands for any run of spaces

QUESTION_FORM = "a question is four words separated by spaces, a section begins with `: name`"
PAIR_FORM = "a pair is two words and a number, separated by tabs, semicolons, commas or spaces"


@dataclass(frozen=True, eq=False)
class AnalogyQuestions:
    """Questions "a is to b as c is to which word?", with their answers.

    Attributes
    ----------
    words : ndarray of shape (n_questions, 4), object
        The words a, b, c and the answer of each question, as str.
    categories : ndarray of shape (n_questions,), object
        The name of the section that each question stands in, as str.

    Examples
    --------
    >>> import numpy as np
    >>> words = np.array([["man", "king", "woman", "queen"]], dtype=object)
    >>> len(AnalogyQuestions(words, categories=np.array(["royalty"], dtype=object)))
    1
    """

    words: npt.NDArray[np.object_]
    categories: npt.NDArray[np.object_]

    def __len__(self) -> int:
        """Return the number of questions."""
        return len(self.words)


@dataclass(frozen=True, eq=False)
class SimilarityPairs:
    """Pairs of words, with the similarity that people see in them.

    Attributes
    ----------
    words : ndarray of shape (n_pairs, 2), object
        The two words of each pair, as str.
    ratings : ndarray of shape (n_pairs,), float64
        Mean human rating of each pair, in the units of its source (often from 0 to 10).

    Examples
    --------
    >>> import numpy as np
    >>> words = np.array([["tiger", "cat"]], dtype=object)
    >>> len(SimilarityPairs(words, ratings=np.array([7.35])))
    1
    """

    words: npt.NDArray[np.object_]
    ratings: npt.NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.words)


def read_analogies(path: str | os.PathLike[str], *, lowercase: bool = False) -> AnalogyQuestions:
    r"""Read analogy questions in the format of Google's ``questions-words.txt``.

    A line holds the four words of a question, separated by spaces; a line ``: name`` begins
    a section; blank lines are skipped.

    Parameters
    ----------
    path : str or path-like
        A text file, in UTF-8.
    lowercase : bool, default=False
        Whether to put the words (not the names of sections) in lower case.

    Returns
    -------
    questions : AnalogyQuestions
        The questions in the order of the file. Those before the first section have the
        category ``""``.

    Raises
    ------
    ValueError
        If a line is neither a question nor the beginning of a section, if the file holds no
        question, or if it is not in UTF-8.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.datasets import read_analogies
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "questions.txt")
    ...     _ = path.write_text(": capitals\nAthens Greece Oslo Norway\n", encoding="utf-8")
    ...     questions = read_analogies(path, lowercase=True)
    >>> questions.words.tolist(), questions.categories.tolist()
    ([['athens', 'greece', 'oslo', 'norway']], ['capitals'])
    """
    category = ""
    questions: list[list[str]] = []
    categories: list[str] = []
    for number, line in numbered_lines(path):
        if line.startswith(":") and line != ":":
            category = line.removeprefix(":").strip()
        elif len(line.split()) == 4:
            questions.append((line.lower() if lowercase else line).split())
            categories.append(category)
        else:
            raise ValueError(malformed(path, number, line, QUESTION_FORM))
    if not questions:
        raise ValueError(f"{os.fspath(path)} holds no question; {QUESTION_FORM}.")
    return AnalogyQuestions(words=np.array(questions, dtype=object), categories=np.array(categories, dtype=object))


def read_similarity(path: str | os.PathLike[str], *, lowercase: bool = False) -> SimilarityPairs:
    r"""Read word pairs that people have rated, as in WordSim-353 or SimLex-999.

    A line holds two words and a number, separated by tabs, semicolons, commas or spaces (the
    first of these that occurs in the line). Blank lines and lines that begin with ``#`` are
    skipped, and so is a header: a first line of three names.

    Parameters
    ----------
    path : str or path-like
        A text file, in UTF-8.
    lowercase : bool, default=False
        Whether to put the words in lower case.

    Returns
    -------
    pairs : SimilarityPairs
        The pairs and their ratings in the order of the file.

    Raises
    ------
    ValueError
        If a line is not two words and a finite number, if the file holds no pair, or if it is
        not in UTF-8.

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
    if lines and _is_header(split_fields(lines[0][1])):
        lines = lines[1:]
    if not lines:
        raise ValueError(f"{os.fspath(path)} holds no pair; {PAIR_FORM}.")
    pairs = []
    for number, line in lines:
        fields = split_fields(line)
        if not _is_pair(fields):
            raise ValueError(malformed(path, number, line, PAIR_FORM))
        pairs.append(fields)
    words = [[word.lower() if lowercase else word for word in pair[:2]] for pair in pairs]
    return SimilarityPairs(words=np.array(words, dtype=object), ratings=np.array([float(pair[2]) for pair in pairs]))


def numbered_lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without outer spaces) of the lines that are not blank."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{os.fspath(path)} is not in UTF-8 (see byte {error.start}); save it in UTF-8.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.strip()


def split_fields(line: str) -> list[str]:
    """Split a line at the first kind of separator that it holds."""
    separator = next(each for each in SEPARATORS if each is None or each in line)
    return [field.strip() for field in line.split(separator)]


def _is_pair(fields: list[str]) -> bool:
    """Tell whether the fields of a line are two words and a finite number."""
    return len(fields) == 3 and all(fields) and math.isfinite(_to_float(fields[2]))


def _is_header(fields: list[str]) -> bool:
    """Tell whether the fields of a first line name three columns."""
    return len(fields) == 3 and all(fields) and fields[2][0].isalpha() and not _is_pair(fields)


def _to_float(field: str) -> float:
    """Return the number that a field spells, or NaN."""
    try:
        return float(field)
    except ValueError:
        return math.nan


def malformed(path: str | os.PathLike[str], number: int, line: str, form: str) -> str:
    """Return the message on a line that does not follow its file's format."""
    return f"{os.fspath(path)}, line {number}: cannot read {line!r}; {form}."
