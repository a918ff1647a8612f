"""Analogy questions, and their reader."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

from .._tables import counted, html_table
from .._typing import ObjectArray
from ._lines import malformed, numbered_lines

QUESTION_FORM = "a question is four words separated by spaces, a section begins with `: name`"


@dataclass(frozen=True, eq=False, repr=False)
class AnalogyQuestions:
    """Questions "a is to b as c is to which word?", with their answers.

    Attributes
    ----------
    words : ndarray of shape (n_questions, 4), object
        The words a, b, c and the answer of each question, as str.
    categories : ndarray of shape (n_questions,), object
        The name of the section of each question, as str.

    See Also
    --------
    read_analogies : Read them from a file.
    sk_w2v.metrics.analogy_accuracy : Evaluate vectors by them.

    Examples
    --------
    >>> import numpy as np
    >>> words = np.array([["man", "king", "woman", "queen"]], dtype=object)
    >>> len(AnalogyQuestions(words, categories=np.array(["royalty"], dtype=object)))
    1
    """

    words: ObjectArray
    categories: ObjectArray

    def __len__(self) -> int:
        """Return the number of questions."""
        return len(self.words)

    def __repr__(self) -> str:
        """Return the numbers of questions and categories."""
        categories = counted(len(set(self.categories)), "category", "categories")
        return f"AnalogyQuestions({counted(len(self), 'question')} in {categories})"

    def _repr_html_(self) -> str:
        """Return a row for each category: its number of questions, and the first."""
        return html_table(
            [
                {"category": name, "questions": int(members.sum()), "first": tuple(self.words[members][0])}
                for name in dict.fromkeys(self.categories)
                for members in [self.categories == name]
            ],
            caption=repr(self),
        )


def read_analogies(path: str | os.PathLike[str], *, lowercase: bool = False) -> AnalogyQuestions:
    r"""Read analogy questions in the format of Google's ``questions-words.txt``.

    A line is the four words of a question, separated by spaces. A line ``: name`` begins a section. Blank lines are
    skipped.

    Parameters
    ----------
    path : str or path-like
        A text file, in UTF-8.
    lowercase : bool, default=False
        Whether to convert the words, but not the names of sections, to lower case.

    Returns
    -------
    questions : AnalogyQuestions
        The questions in the order of the file. The category of questions before the first section is ``""``.

    Raises
    ------
    ValueError
        If a line is neither a question nor the beginning of a section, if the file contains no question, or if it is
        compressed or not in UTF-8.
    OSError
        If the file cannot be read.

    See Also
    --------
    read_similarity, read_categories : Read other evaluation sets.
    load_docstring_analogies : Analogies of the bundled documentation.
    sk_w2v.metrics.analogy_accuracy : Evaluate vectors by analogies.

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
        raise ValueError(f"{os.fspath(path)} contains no questions; {QUESTION_FORM}.")
    return AnalogyQuestions(words=np.array(questions, dtype=object), categories=np.array(categories, dtype=object))
