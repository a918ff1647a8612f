"""Encoding documents as one flat array of word ids and the offset of each document."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import ModuleType
from typing import Any

import numpy as np

from .._backends import get_backend
from .._backends.characters import DOCUMENT_END, encode_document
from .._progress import advance
from ..io import LineDocuments
from ._analyzers import Analyzer, PatternAnalyzer
from ._corpus import Corpus, select_words
from ._tokens import tokens_of

BLOCK_BYTES = 1 << 22  # of text that is tokenized at once
DOCUMENTS_PER_STEP = 1 << 10  # of progress, where documents are read one by one


@dataclass(frozen=True, eq=False)
class NumberedDocuments:
    """Documents read by `number_tokens`, before a vocabulary is chosen.

    Attributes
    ----------
    corpus : Corpus
    words : list of str
        The word of each id.

    See Also
    --------
    number_tokens : Read documents.

    Examples
    --------
    >>> numbered = NumberedDocuments(*number_tokens(["a cup of tea"], analyzer=str.split))
    >>> numbered.words
    ['a', 'cup', 'of', 'tea']
    """

    corpus: Corpus
    words: list[str]


def number_tokens(
    documents: Iterable[Any], *, analyzer: Analyzer, backend: ModuleType | None = None, n_jobs: int = 1
) -> tuple[Corpus, list[str]]:
    """Read the documents once, numbering words as they appear; return the ids and the word of each number.

    Parameters
    ----------
    documents : iterable of str or of sequences of str
        `analyzer` splits texts into tokens; sequences of tokens are used unchanged.
    analyzer : callable
        str -> sequence of str. The backend runs a `PatternAnalyzer` itself.
    backend : module or None
        See `sk_w2v._backends`; None selects the fastest.
    n_jobs : int
        Number of threads; the result does not depend on it.

    Raises
    ------
    TypeError
        If a document is neither a str nor a sequence of str.
    ValueError
        If there are no documents.

    See Also
    --------
    encode_documents : The same with a given vocabulary.
    build_vocabulary : Choose the words to keep.

    Examples
    --------
    >>> corpus, words = number_tokens(["a b a", ["c", "a"]], analyzer=str.split)
    >>> words, corpus.ids.tolist(), corpus.offsets.tolist()
    (['a', 'b', 'c'], [0, 1, 0, 2, 0], [0, 3, 5])
    """
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__  # a new word gets the next number
    corpus = _read(documents, analyzer, numbers.__getitem__, backend=backend, n_jobs=n_jobs)
    if corpus.n_documents == 0:
        raise ValueError("X holds no documents; give at least one.")
    return corpus, list(numbers)


def encode_documents(
    documents: Iterable[Any],
    rows: Mapping[str, int],
    *,
    analyzer: Analyzer,
    backend: ModuleType | None = None,
    n_jobs: int = 1,
) -> Corpus:
    """Return the documents as rows of a vocabulary; unknown words are left out.

    `rows` maps each known word to its row; the other parameters and errors are those of `number_tokens`.

    See Also
    --------
    number_tokens : The same without a vocabulary.
    select_words : Apply a vocabulary afterwards.

    Examples
    --------
    >>> corpus = encode_documents(["a cup of tea", "tea"], {"tea": 0, "cup": 1}, analyzer=str.split)
    >>> corpus.ids.tolist(), corpus.offsets.tolist()
    ([1, 0, 0], [0, 2, 3])
    """
    known = defaultdict(lambda: -1, rows)
    return select_words(_read(documents, analyzer, known.__getitem__, backend=backend, n_jobs=n_jobs))


def _read(
    documents: Iterable[Any],
    analyzer: Analyzer,
    number: Callable[[str], int],
    *,
    backend: ModuleType | None,
    n_jobs: int,
) -> Corpus:
    """Return the number of each token and the offsets; tokens with negative numbers may be missing or not.

    The current stage of the fit advances by the bytes of `LineDocuments`, and by documents otherwise.
    """
    ids, offsets = array("i"), array("q", [0])
    if isinstance(analyzer, PatternAnalyzer):
        are_lines, sizes = isinstance(documents, LineDocuments), list[int]()
        blocks, documents = _leading_blocks(documents)
        blocks = _measured(blocks, sizes)
        parts = _read_blocks(blocks, analyzer, number, backend=backend or get_backend(), n_jobs=n_jobs)
        for part, n_bytes in zip(parts, sizes, strict=False):  # `sizes` grows meanwhile
            offsets.frombytes((part.offsets[1:] + len(ids)).tobytes())
            ids.frombytes(part.ids.tobytes())
            advance(n_bytes if are_lines else part.n_documents)
    for index, document in enumerate(documents, start=len(offsets) - 1):
        ids.extend(map(number, tokens_of(document, index, analyzer)))
        offsets.append(len(ids))
        if index % DOCUMENTS_PER_STEP == DOCUMENTS_PER_STEP - 1:
            advance(DOCUMENTS_PER_STEP)
    return Corpus(np.frombuffer(ids, dtype=np.int32), np.frombuffer(offsets, dtype=np.int64))


def _measured(blocks: Iterable[bytes], sizes: list[int]) -> Iterator[bytes]:
    """Yield the blocks, and add the size of each to the list (bytes)."""
    for block in blocks:
        sizes.append(len(block))
        yield block


def _leading_blocks(documents: Iterable[Any]) -> tuple[Iterator[bytes], Iterable[Any]]:
    """Return the leading documents that are str, as blocks of bytes, and the documents after them.

    The blocks must be consumed before the other documents.
    """
    if isinstance(documents, LineDocuments):
        lines = (text.encode("utf-8", "surrogatepass") for text in documents.blocks())
        return (block.replace(b"\n", DOCUMENT_END) for block in lines), ()
    waiting, first_other = iter(documents), list[Any]()

    def blocks() -> Iterator[bytes]:
        block = bytearray()
        for document in waiting:
            if not isinstance(document, str):
                first_other.append(document)
                break
            block += encode_document(document)
            if len(block) >= BLOCK_BYTES:
                yield bytes(block)
                block.clear()
        if block:
            yield bytes(block)

    return blocks(), chain(first_other, waiting)


def _read_blocks(
    blocks: Iterable[bytes],
    analyzer: PatternAnalyzer,
    number: Callable[[str], int],
    *,
    backend: ModuleType,
    n_jobs: int,
) -> Iterator[Corpus]:
    """Yield the numbered tokens of each block, without stop words and negative numbers."""
    rows = np.empty(0, dtype=np.int32)
    how = {"token_pattern": analyzer.token_pattern, "lowercase": analyzer.lowercase}
    for new_words, ids, offsets in backend.tokenize_blocks(blocks, **how, n_jobs=n_jobs):
        numbers = [-1 if word in analyzer.stop_words else number(word) for word in new_words]
        rows = np.append(rows, np.array(numbers, dtype=np.int32))
        yield select_words(Corpus(ids, offsets), rows)
