"""Encode documents as one flat array of word ids and the offset of each document."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import ModuleType
from typing import Any

import numpy as np
from scipy import sparse

from .._backends import get_backend
from .._backends.addresses import are_ends, are_rows
from .._backends.characters import DOCUMENT_END, encode_document
from .._typing import AnyArray, AnyIntArray, Int32Array, Int64Array
from ..io import LineDocuments

Analyzer = Callable[[str], Sequence[str]]

BLOCK_BYTES = 1 << 22  # of text that is split at once
BLOCK_TOKENS = 1 << 20  # that are counted at once
_CACHED_TOKENS = 1 << 18  # that are turned from documents to words at once, within the cache


@dataclass(frozen=True)
class PatternAnalyzer:
    r"""An analyzer that backends run over many documents at once; its defaults are CountVectorizer's.

    Attributes
    ----------
    token_pattern : str
        A regular expression, one of `RUNS` in `sk_w2v._backends.characters`.
    lowercase : bool
        Whether to convert documents to lower case first.
    stop_words : frozenset of str
        Tokens to leave out.

    Examples
    --------
    >>> PatternAnalyzer(r"\b\w+\b", stop_words=frozenset({"of"}))("A cup of tea")
    ['a', 'cup', 'tea']
    """

    token_pattern: str
    lowercase: bool = True
    stop_words: frozenset[str] = frozenset()

    def __call__(self, text: str) -> list[str]:
        """Return the tokens of a document."""
        tokens = re.findall(self.token_pattern, text.lower() if self.lowercase else text)
        return [token for token in tokens if token not in self.stop_words]


@dataclass(frozen=True, eq=False)
class Corpus:
    """Documents as word ids, concatenated; unknown words are left out.

    Attributes
    ----------
    ids : int32 array of shape (n_tokens,)
        The word of each token, a row of the vocabulary.
    offsets : int64 array of shape (n_documents + 1,)
        Document `d` is ``ids[offsets[d]:offsets[d + 1]]``.

    See Also
    --------
    encode_documents : Make a corpus with a given vocabulary.
    number_tokens : Make a corpus and find its words.
    """

    ids: Int32Array
    offsets: Int64Array

    @property
    def n_documents(self) -> int:
        """Number of documents, empty ones included."""
        return len(self.offsets) - 1

    def checked(self, n_words: int) -> Corpus:
        """Validate the corpus for a vocabulary of `n_words` and return it in the kernels' dtypes.

        Raises
        ------
        ValueError
            If an id is not a row of the vocabulary, or the offsets do not cut the ids into documents.
        """
        if not are_rows(self.ids, n_words):
            raise ValueError(
                f"The corpus has ids that are not rows of a vocabulary of {n_words} words; encode the documents with "
                "this vocabulary."
            )
        if not are_ends(self.offsets, len(self.ids)):
            raise ValueError(
                f"The offsets do not cut {len(self.ids)} tokens into documents; they must begin with 0, never fall and "
                "end with the number of tokens."
            )
        return Corpus(np.ascontiguousarray(self.ids, np.int32), np.ascontiguousarray(self.offsets, np.int64))


@dataclass(frozen=True, eq=False)
class NumberedDocuments:
    """Documents read by `number_tokens`, before a vocabulary is chosen.

    Attributes
    ----------
    corpus : Corpus
    words : list of str
        The word of each id.
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
    """
    known = defaultdict(lambda: -1, rows)
    return select_words(_read(documents, analyzer, known.__getitem__, backend=backend, n_jobs=n_jobs))


def count_words(corpus: Corpus, n_words: int) -> Int64Array:
    """Return the number of tokens of each word, of shape (n_words,)."""
    corpus = corpus.checked(n_words)
    counts = np.zeros(n_words, dtype=np.int64)
    for start in range(0, len(corpus.ids), BLOCK_TOKENS):  # bincount makes a copy of twice the size
        counts += np.bincount(corpus.ids[start : start + BLOCK_TOKENS], minlength=n_words)
    return counts


def count_documents(corpus: Corpus, n_words: int) -> Int64Array:
    """Return the number of documents that contain each word, of shape (n_words,)."""
    corpus = corpus.checked(n_words)
    counts = np.zeros(n_words, dtype=np.int64)
    first = 0
    while first < corpus.n_documents:
        within = np.searchsorted(corpus.offsets, corpus.offsets[first] + _CACHED_TOKENS, side="right")
        last = max(first + 1, int(within) - 1)
        starts = corpus.offsets[first : last + 1]
        ids = corpus.ids[starts[0] : starts[-1]]
        bags = sparse.csr_array((np.ones(len(ids), np.int8), ids, starts - starts[0]), shape=(last - first, n_words))
        by_word = bags.tocsc()  # a word's documents, in order
        by_word.sum_duplicates()
        counts += np.diff(by_word.indptr)
        first = last
    return counts


def select_words(corpus: Corpus, rows: AnyIntArray | None = None) -> Corpus:
    """Renumber the words to ``rows[id]`` and drop the tokens whose new number is negative.

    `rows` is an array of shape (n_words,); None keeps the numbers. Windows later span dropped tokens, as in word2vec.
    """
    ids = corpus.ids if rows is None else rows.astype(np.int32)[corpus.checked(len(rows)).ids]
    left_out = np.flatnonzero(ids < 0)
    if len(left_out) == 0:
        return Corpus(ids, corpus.offsets)
    return Corpus(np.delete(ids, left_out), corpus.offsets - np.searchsorted(left_out, corpus.offsets))


def require_neighbors(corpus: Corpus) -> Corpus:
    """Return the corpus, or raise ValueError if no document has two tokens."""
    if np.max(np.diff(corpus.offsets), initial=0) < 2:
        raise ValueError(
            f"No two words stand together in {corpus.n_documents} documents; give longer documents or a lower "
            "min_count."
        )
    return corpus


def split_corpus(corpus: Corpus, fraction: float, *, random_state: np.random.RandomState) -> tuple[Corpus, Corpus]:
    """Return random documents to keep and a share `fraction` of them to hold out, each part in its order.

    Raises
    ------
    ValueError
        If a part has no document.
    """
    n_held = round(fraction * corpus.n_documents)
    if not 0 < n_held < corpus.n_documents:
        raise ValueError(
            f"validation_fraction={fraction} of {corpus.n_documents} documents leaves a part empty; give more "
            "documents or another fraction."
        )
    held = np.zeros(corpus.n_documents, dtype=bool)
    held[random_state.permutation(corpus.n_documents)[:n_held]] = True
    lengths = np.diff(corpus.offsets)
    of_token = np.repeat(held, lengths)
    kept, out = (
        Corpus(corpus.ids[tokens], np.concatenate([[0], np.cumsum(lengths[documents])]))
        for tokens, documents in ((~of_token, ~held), (of_token, held))
    )
    return kept, out


def _read(
    documents: Iterable[Any],
    analyzer: Analyzer,
    number: Callable[[str], int],
    *,
    backend: ModuleType | None,
    n_jobs: int,
) -> Corpus:
    """Return every token's number and where each document begins; numbers below 0 may be left out or not."""
    ids, offsets = array("i"), array("q", [0])
    if isinstance(analyzer, PatternAnalyzer):
        blocks, documents = _leading_blocks(documents)
        for part in _read_blocks(blocks, analyzer, number, backend=backend or get_backend(), n_jobs=n_jobs):
            offsets.frombytes((part.offsets[1:] + len(ids)).tobytes())
            ids.frombytes(part.ids.tobytes())
    for index, document in enumerate(documents, start=len(offsets) - 1):
        ids.extend(map(number, _tokens(document, index, analyzer)))
        offsets.append(len(ids))
    return Corpus(np.frombuffer(ids, dtype=np.int32), np.frombuffer(offsets, dtype=np.int64))


def _leading_blocks(documents: Iterable[Any]) -> tuple[Iterator[bytes], Iterable[Any]]:
    """Return blocks of the str that the documents begin with, and the documents from the first other one on.

    The others can be read when the blocks have been.
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
    """Yield each block's tokens by number, without those of stop words and of numbers below 0."""
    rows = np.empty(0, dtype=np.int32)
    how = {"token_pattern": analyzer.token_pattern, "lowercase": analyzer.lowercase}
    for new_words, ids, offsets in backend.tokenize_blocks(blocks, **how, n_jobs=n_jobs):
        numbers = [-1 if word in analyzer.stop_words else number(word) for word in new_words]
        rows = np.append(rows, np.array(numbers, dtype=np.int32))
        yield select_words(Corpus(ids, offsets), rows)


def _tokens(document: Any, index: int, analyzer: Analyzer) -> Sequence[str]:
    """Return one document's tokens, or raise an error if it is invalid."""
    if isinstance(document, str):
        return _split(document, index, analyzer)
    if isinstance(document, bytes) or not isinstance(document, Sequence | np.ndarray):
        raise TypeError(f"Document {index} is {document!r:.60} of type {type(document).__name__}{_advice(document)}")
    _require_str(document, f"Document {index} has the token")
    return document  # type: ignore[return-value]  # checked: a sequence of str


def _split(text: str, index: int, analyzer: Analyzer) -> Sequence[str]:
    """Return the tokens of a text, or raise an error if a user's tokenizer returns invalid ones."""
    try:
        tokens = analyzer(text)
    except Exception as error:
        error.add_note(f"Document {index} was being split into tokens.")
        raise
    if isinstance(tokens, str | bytes) or not isinstance(tokens, Iterable):
        raise TypeError(
            f"Document {index} was split into {tokens!r:.60} of type {type(tokens).__name__}; a tokenizer must return "
            "a list of str."
        )
    tokens = tokens if isinstance(tokens, Sequence) else list(tokens)
    _require_str(tokens, f"The tokenizer gave document {index} the token")
    return tokens


def _require_str(tokens: Sequence[Any] | AnyArray, where: str) -> None:
    """Raise TypeError if a token is not a str."""
    if set(map(type, tokens)) <= {str}:
        return
    for token in tokens:
        if not isinstance(token, str):
            raise TypeError(
                f"{where} {token!r:.60} of type {type(token).__name__}; tokens must be str (numbers can be turned into "
                "str first: [str(token) for token in document])."
            )


def _advice(document: Any) -> str:
    """Return advice on how to fix an invalid document."""
    wanted = "; a document must be a str or a sequence of str tokens"
    if _is_missing(document):
        return f"{wanted}. Fill missing texts with empty ones, as frame['text'].fillna(\"\") does, or leave them out."
    if isinstance(document, Mapping):
        return f"{wanted}, such as record['text'] of each record."
    if hasattr(document, "as_py"):
        return f"{wanted}. Give the pyarrow column itself."
    return f"{wanted}."


def _is_missing(document: Any) -> bool:
    """Tell whether a document is None, NaN or one of pandas' missing values."""
    is_nan = isinstance(document, float | np.floating) and document != document
    return document is None or is_nan or type(document).__name__ in ("NAType", "NaTType")
