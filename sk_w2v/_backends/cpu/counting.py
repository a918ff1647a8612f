"""Counting pairs of tokens, one row of the matrix at a time.

The corpus is first sorted by word (where does each word stand?). A row is then the sum, over a word's places, of
their windows: it is added up exactly, in 64-bit integers, in one dense row that stays in the cache, and read out in
order through a bitmap of the columns touched. Rows are independent, so threads share nothing, the matrix comes out
symmetric and sorted, and nothing larger than the result and one index of the corpus is ever stored.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from .threads import even_pieces, run_in_threads

Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]

PIECES_PER_JOB = 16  # so that an uneven piece does not leave the other threads idle


def count_pairs(
    ids_t: Int32Array,
    offsets_d: Int64Array,
    weights_o: Int64Array,
    *,
    n_words: int,
    n_jobs: int = 1,
) -> tuple[Int64Array, Int32Array, Int64Array]:
    """Count the pairs of tokens of one window; see ``reference.count_pairs``."""
    places = _places_by_word(ids_t, offsets_d, n_words)
    pieces = [
        (first, end, ids_t, offsets_d, weights_o, *places, n_words)
        for first, end in even_pieces(places[0], PIECES_PER_JOB * n_jobs)
    ]
    rows = run_in_threads(_count_rows, pieces, n_jobs=n_jobs)
    return _join_rows(rows)


def _join_rows(
    pieces: list[tuple[Int64Array, Int32Array, Int64Array]],
) -> tuple[Int64Array, Int32Array, Int64Array]:
    """Concatenate runs of rows into one CSR matrix, giving each piece back once it is copied."""
    lengths = np.concatenate([lengths for lengths, _, _ in pieces])
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    indices, counts = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.int64)
    end = len(counts)
    while pieces:
        _, columns, sums = pieces.pop()
        indices[end - len(columns) : end], counts[end - len(columns) : end] = columns, sums
        end -= len(columns)
    return indptr, indices, counts


@numba.njit(nogil=True, cache=True)
def _places_by_word(ids_t, offsets_d, n_words):
    """Return where each word stands: row starts (n_words + 1,), positions and documents (n_tokens,)."""
    starts_w = np.zeros(n_words + 1, np.int64)
    for word in ids_t:
        starts_w[word + 1] += 1
    starts_w = np.cumsum(starts_w)
    next_w = starts_w[:-1].copy()
    position_p = np.empty(len(ids_t), np.int64)
    document_p = np.empty(len(ids_t), np.int64)
    for document in range(len(offsets_d) - 1):
        for position in range(offsets_d[document], offsets_d[document + 1]):
            place = next_w[ids_t[position]]
            next_w[ids_t[position]] += 1
            position_p[place] = position
            document_p[place] = document
    return starts_w, position_p, document_p


@numba.njit(nogil=True, cache=True)
def _count_rows(first, end, ids_t, offsets_d, weights_o, starts_w, position_p, document_p, n_words):
    """Count the rows first, ..., end - 1; return their lengths, columns and counts."""
    window = len(weights_o)
    row_w = np.zeros(n_words, np.int64)
    touched = np.zeros((n_words + 63) // 64, np.uint64)
    lengths = np.zeros(end - first, np.int64)
    columns, counts = np.empty(1 << 12, np.int32), np.empty(1 << 12, np.int64)
    filled = 0
    for word in range(first, end):
        for place in range(starts_w[word], starts_w[word + 1]):
            position, document = position_p[place], document_p[place]
            for other in range(max(offsets_d[document], position - window), position):
                column = ids_t[other]
                row_w[column] += weights_o[position - other - 1]
                touched[column >> 6] |= np.uint64(1) << np.uint64(column & 63)
            for other in range(position + 1, min(offsets_d[document + 1], position + window + 1)):
                column = ids_t[other]
                row_w[column] += weights_o[other - position - 1]
                touched[column >> 6] |= np.uint64(1) << np.uint64(column & 63)
        if filled + n_words > len(columns):  # room for a full row
            columns, counts = _longer(columns, filled, n_words), _longer(counts, filled, n_words)
        before = filled
        filled = _move_row(row_w, touched, columns, counts, filled)
        lengths[word - first] = filled - before
    return lengths, columns[:filled].copy(), counts[:filled].copy()


@numba.njit(nogil=True, cache=True)
def _longer(array, filled, needed):
    """Return a copy of `array` with room for `needed` more entries and for doubling."""
    longer = np.empty(2 * filled + needed, array.dtype)
    longer[:filled] = array[:filled]
    return longer


@numba.njit(nogil=True, cache=True)
def _move_row(row_w, touched, columns, counts, filled):
    """Append the touched columns of the dense row, in order, and clear it; return the new length."""
    for block in range(len(touched)):
        bits = touched[block]
        if bits:
            for column in range(block << 6, min((block << 6) + 64, len(row_w))):
                if row_w[column]:
                    columns[filled] = column
                    counts[filled] = row_w[column]
                    filled += 1
                    row_w[column] = 0
            touched[block] = 0
    return filled
