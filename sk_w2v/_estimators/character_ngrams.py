"""Character n-grams of words as rows of a sparse matrix, by hashes, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from .._typing import AnyArray, Int64Array

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, so that every character keeps all of its bits
CHARACTERS_AT_ONCE = 1 << 20


def ngram_blocks(words: Sequence[str], lengths: Sequence[int]) -> Iterator[tuple[Int64Array, AnyArray]]:
    """Yield the (word, hash) of each n-gram, block by block; words are padded by spaces, as ``char_wb`` pads them.

    A word of many characters takes several blocks.
    """
    pieces = [word.split() for word in words]
    sizes = [len(piece) + 2 for parts in pieces for piece in parts]
    if not sizes:
        return
    text = "".join([f" {piece} " for parts in pieces for piece in parts])
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    ends = np.repeat(np.cumsum(sizes), sizes)  # where the piece of each character ends
    of_piece = np.repeat(np.arange(len(words)), [len(parts) for parts in pieces])
    rows = np.repeat(of_piece, sizes)
    for start in range(0, len(codes), CHARACTERS_AT_ONCE):
        stop = min(start + CHARACTERS_AT_ONCE, len(codes))
        yield _hashes(codes, ends, rows, start, stop, lengths)


def _hashes(
    codes: AnyArray, ends: AnyArray, rows: AnyArray, start: int, stop: int, lengths: Sequence[int]
) -> tuple[Int64Array, AnyArray]:
    """Return the words and hashes of the n-grams whose first character is in ``start:stop``."""
    places = np.arange(start, stop)
    hashes = np.zeros(len(places), dtype=np.uint64)
    found_rows, found_hashes = [], []
    for n in range(1, max(lengths) + 1):
        inside = places + n <= ends[places]
        places, hashes = places[inside], hashes[inside]
        hashes = (hashes + codes[places + n - 1] + np.uint64(1)) * MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
        if n in lengths:
            found_rows.append(rows[places])
            found_hashes.append(hashes)
    return np.concatenate(found_rows), np.concatenate(found_hashes)


def frequent_ngrams(words: Sequence[str], lengths: Sequence[int], min_df: int) -> AnyArray:
    """Return the sorted hashes of the n-grams in at least `min_df` words, of shape (n_ngrams,)."""
    pairs = [_distinct(rows, hashes) for rows, hashes in ngram_blocks(words, lengths)]
    if not pairs:
        return np.zeros(0, dtype=np.uint64)
    _, hashes = _distinct(*(np.concatenate(parts) for parts in zip(*pairs, strict=True)))
    ngrams, n_words = np.unique(hashes, return_counts=True)
    return ngrams[n_words >= min_df]


def _distinct(rows: Int64Array, hashes: AnyArray) -> tuple[Int64Array, AnyArray]:
    """Return each (word, hash) once."""
    order = np.lexsort((hashes, rows))
    rows, hashes = rows[order], hashes[order]
    is_first = np.ones(len(rows), dtype=bool)
    is_first[1:] = (rows[1:] != rows[:-1]) | (hashes[1:] != hashes[:-1])
    return rows[is_first], hashes[is_first]


def ngram_matrix(words: Sequence[str], lengths: Sequence[int], ngrams: AnyArray) -> sparse.csr_array:
    """Return how often each word has each of the n-grams, as float32 of shape (n_words, n_ngrams)."""
    shape = (len(words), len(ngrams))
    matrix = sparse.csr_array(shape, dtype=np.float32)
    for rows, hashes in ngram_blocks(words, lengths) if len(ngrams) else ():
        columns = np.searchsorted(ngrams, hashes).clip(max=len(ngrams) - 1)
        known = ngrams[columns] == hashes
        ones = np.ones(np.count_nonzero(known), dtype=np.float32)
        matrix = matrix + sparse.csr_array((ones, (rows[known], columns[known])), shape=shape)
    return matrix
