"""From documents to numbers: one flat array of word ids, and where each document begins."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Analyzer = Callable[[str], Sequence[str]]


@dataclass(frozen=True, eq=False)
class Corpus:
    """Documents as word ids, one after another; unknown words are left out.

    Attributes
    ----------
    ids : int32 array of shape (n_tokens,)
        The word of each token, a row of the vocabulary.
    offsets : int64 array of shape (n_documents + 1,)
        Document `d` is ``ids[offsets[d]:offsets[d + 1]]``.
    """

    ids: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]

    @property
    def n_documents(self) -> int:
        """Number of documents, empty ones included."""
        return len(self.offsets) - 1


def number_tokens(documents: Iterable[Any], *, analyzer: Analyzer) -> tuple[Corpus, list[str]]:
    """Read the documents once, numbering words as they appear; return the ids and the word of each number.

    Parameters
    ----------
    documents : iterable of str or of sequences of str
        Texts are split into tokens by `analyzer`; sequences of tokens are taken as they are.
    analyzer : callable
        str -> sequence of str.

    Raises
    ------
    TypeError
        If a document is neither a str nor a sequence of str.
    ValueError
        If there are no documents.

    Examples
    --------
    >>> corpus, words = number_tokens(["a b a", ["c", "a"]], analyzer=str.split)
    >>> words, corpus.ids.tolist(), corpus.offsets.tolist()
    (['a', 'b', 'c'], [0, 1, 0, 2, 0], [0, 3, 5])
    """
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__  # a new word gets the next number
    corpus = _read(documents, analyzer, numbers.__getitem__)
    if corpus.n_documents == 0:
        raise ValueError("X holds no documents; give at least one.")
    return corpus, list(numbers)


def encode_documents(documents: Iterable[Any], rows: Mapping[str, int], *, analyzer: Analyzer) -> Corpus:
    """Return the documents as rows of a vocabulary; unknown words are left out.

    `rows` maps each known word to its row; the other parameters and errors are those of `number_tokens`.
    """
    known = defaultdict(lambda: -1, rows)
    return select_words(_read(documents, analyzer, known.__getitem__))


def select_words(corpus: Corpus, rows: npt.NDArray[np.integer[Any]] | None = None) -> Corpus:
    """Give each word a new number, ``rows[id]``, and leave out the tokens whose number is below 0.

    `rows` is an array of shape (n_words,); None keeps the numbers. Windows then reach across what is left out, as in
    word2vec.
    """
    ids = corpus.ids if rows is None else rows.astype(np.int32)[corpus.ids]
    known = ids >= 0
    known_before = np.concatenate([[0], np.cumsum(known)])
    return Corpus(ids[known], known_before[corpus.offsets])


def require_neighbours(corpus: Corpus) -> Corpus:
    """Return the corpus, or say that no document holds two tokens."""
    if np.max(np.diff(corpus.offsets), initial=0) < 2:
        raise ValueError(
            f"No two words stand together in {corpus.n_documents} documents; give longer documents or a lower "
            "min_count."
        )
    return corpus


def _read(documents: Iterable[Any], analyzer: Analyzer, number: Callable[[str], int]) -> Corpus:
    """Return every token's number and where each document begins."""
    ids, offsets = array("i"), array("q", [0])
    for index, document in enumerate(documents):
        ids.extend(map(number, _tokens(document, index, analyzer)))
        offsets.append(len(ids))
    return Corpus(np.array(ids, dtype=np.int32), np.array(offsets, dtype=np.int64))


def _tokens(document: Any, index: int, analyzer: Analyzer) -> Sequence[str]:
    """Return one document's tokens, or say what is wrong with it."""
    if isinstance(document, str):
        return analyzer(document)
    if isinstance(document, bytes) or not isinstance(document, Sequence | np.ndarray):
        raise TypeError(
            f"Document {index} is {document!r:.60} of type {type(document).__name__}; "
            "a document must be a str or a sequence of str tokens."
        )
    for token in document:
        if not isinstance(token, str):
            raise TypeError(
                f"Document {index} has the token {token!r:.60} of type {type(token).__name__}; "
                "tokens must be str (numbers can be turned into str first)."
            )
    return document  # type: ignore[return-value]  # checked: a sequence of str
