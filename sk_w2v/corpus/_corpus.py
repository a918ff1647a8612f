"""Corpora of word ids: their words and documents are counted, selected and split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from .._backends.addresses import are_ends, are_rows
from .._numbers import count_ids
from .._typing import AnyIntArray, Int32Array, Int64Array

_CACHED_TOKENS = 1 << 18  # converted from documents to words at once, within the cache


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
    sk_w2v.cooccurrence.count_cooccurrences : Count the pairs of words of a corpus.

    Examples
    --------
    >>> corpus = Corpus(ids=np.array([0, 1, 0], dtype=np.int32), offsets=np.array([0, 2, 3]))
    >>> corpus.n_documents
    2
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
            If an id is not a row of the vocabulary, or the offsets do not split the ids into documents.
        """
        if not are_rows(self.ids, n_words):
            raise ValueError(
                f"The corpus has ids that are not rows of a vocabulary of {n_words} words; encode the documents with "
                "this vocabulary."
            )
        if not are_ends(self.offsets, len(self.ids)):
            raise ValueError(
                f"The offsets do not split {len(self.ids)} tokens into documents; they must start at 0, not decrease, "
                "and end with the number of tokens."
            )
        return Corpus(np.ascontiguousarray(self.ids, np.int32), np.ascontiguousarray(self.offsets, np.int64))


def count_words(corpus: Corpus, n_words: int) -> Int64Array:
    """Return the number of tokens of each word, of shape (n_words,).

    Raises
    ------
    ValueError
        If the corpus does not fit the number of words, as in `Corpus.checked`.

    See Also
    --------
    count_documents : Count the documents that contain each word.
    build_vocabulary : Make a vocabulary from counts.

    Examples
    --------
    >>> count_words(Corpus(np.array([0, 1, 0]), np.array([0, 2, 3])), 3).tolist()
    [2, 1, 0]
    """
    return count_ids(corpus.checked(n_words).ids, n_words)


def count_documents(corpus: Corpus, n_words: int) -> Int64Array:
    """Return the number of documents that contain each word, of shape (n_words,).

    Raises
    ------
    ValueError
        If the corpus does not fit the number of words, as in `Corpus.checked`.

    See Also
    --------
    count_words : Count the tokens of each word.

    Examples
    --------
    >>> count_documents(Corpus(np.array([0, 1, 0, 0]), np.array([0, 2, 4])), 2).tolist()
    [2, 1]
    """
    corpus = corpus.checked(n_words)
    counts = np.zeros(n_words, dtype=np.int64)
    first = 0
    while first < corpus.n_documents:
        within = np.searchsorted(corpus.offsets, corpus.offsets[first] + _CACHED_TOKENS, side="right")
        last = max(first + 1, int(within) - 1)
        starts = corpus.offsets[first : last + 1]
        ids = corpus.ids[starts[0] : starts[-1]]
        bags = sparse.csr_array((np.ones(len(ids), np.int8), ids, starts - starts[0]), shape=(last - first, n_words))
        by_word = bags.tocsc()  # the documents of a word, in order
        by_word.sum_duplicates()
        counts += np.diff(by_word.indptr)
        first = last
    return counts


def select_words(corpus: Corpus, rows: AnyIntArray | None = None) -> Corpus:
    """Renumber the words to ``rows[id]`` and drop the tokens whose new number is negative.

    `rows` is an array of shape (n_words,); None keeps the numbers. Windows later span dropped tokens, as in word2vec.

    See Also
    --------
    build_vocabulary : Choose the words to keep.

    Examples
    --------
    >>> corpus = Corpus(np.array([0, 1, 0], dtype=np.int32), np.array([0, 2, 3]))
    >>> selected = select_words(corpus, np.array([-1, 0]))
    >>> selected.ids.tolist(), selected.offsets.tolist()
    ([0], [0, 1, 1])
    """
    ids = corpus.ids if rows is None else rows.astype(np.int32)[corpus.checked(len(rows)).ids]
    left_out = np.flatnonzero(ids < 0)
    if len(left_out) == 0:
        return Corpus(ids, corpus.offsets)
    return Corpus(np.delete(ids, left_out), corpus.offsets - np.searchsorted(left_out, corpus.offsets))


def require_neighbors(corpus: Corpus) -> Corpus:
    """Return the corpus, or raise ValueError if no document has two tokens.

    See Also
    --------
    sk_w2v.cooccurrence.require_pairs : The same for counts.

    Examples
    --------
    >>> require_neighbors(Corpus(np.array([0, 1], dtype=np.int32), np.array([0, 2]))).n_documents
    1
    """
    if np.max(np.diff(corpus.offsets), initial=0) < 2:
        raise ValueError(
            f"No two words occur together in {corpus.n_documents} documents; give longer documents or a lower "
            "min_count."
        )
    return corpus


def split_corpus(corpus: Corpus, fraction: float, *, random_state: np.random.RandomState) -> tuple[Corpus, Corpus]:
    """Hold out a random share of the documents; return the kept and the held-out documents, in their order.

    Raises
    ------
    ValueError
        If a part has no document.

    See Also
    --------
    sk_w2v.selection.select_dimension : Uses halves of the documents.

    Examples
    --------
    >>> corpus = Corpus(np.array([0, 1, 0, 2], dtype=np.int32), np.array([0, 1, 2, 3, 4]))
    >>> kept, held_out = split_corpus(corpus, 0.25, random_state=np.random.RandomState(0))
    >>> kept.n_documents, held_out.n_documents
    (3, 1)
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
