"""Counting pairs of tokens, one row of the matrix at a time.

The positions of the corpus are first sorted by word. A row is then the sum of the windows around a word's positions. It
is added up exactly, in 64-bit integers, in one dense row that stays in the cache. Flags mark the touched blocks of
columns, through which the row is read in order. Rows are independent, so threads share nothing, and the matrix is
symmetric and sorted. Nothing larger than the result and one index of the corpus is stored.

The positions of a word are scattered over the corpus. So windows are prefetched some positions ahead, and are read from
a copy of the corpus with 16-bit ids if those suffice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..._typing import AnyIntArray, Int32Array, Int64Array
from ..aligned import LINE_BYTES
from .compiling import kernel
from .prefetching import prefetch
from .threads import call, even_pieces, run_in_threads

Piece = tuple[AnyIntArray, AnyIntArray, AnyIntArray]

PIECES_PER_JOB = 16  # so that no thread is idle for long at the end
PAIRS_PER_PIECE = 1 << 22  # so that the buffer of a piece stays small: 50 MB
TOKENS_PER_PIECE = 1 << 22  # sorted in one call, which an interrupt waits for
_PLACES_AHEAD = 16
NOTHING: Piece = (np.empty(0, np.int64),) * 3
_BLOCK_SHIFT = 3  # one flag for 8 columns: a cache line of the dense row


def count_pairs(
    ids_t: Int32Array,
    offsets_d: Int64Array,
    weights_o: Int64Array,
    *,
    n_words: int,
    rows: tuple[int, int] | None = None,
    n_jobs: int = 1,
) -> tuple[Int64Array, Int32Array, Int64Array]:
    """Count the pairs of tokens of one window; see ``reference.count_pairs``."""
    rows = rows or (0, n_words)
    weights_o = weights_o[: max(1, int(np.max(np.diff(offsets_d), initial=1)) - 1)]  # no pair is farther apart
    tokens_w = np.zeros(n_words, np.int64)
    for start in range(0, len(ids_t), TOKENS_PER_PIECE):
        call(_count_tokens, ids_t[start : start + TOKENS_PER_PIECE], tokens_w)
    tokens_w = tokens_w[rows[0] : rows[1]]
    starts_w = np.concatenate([[0], np.cumsum(tokens_w)])
    places = _places_by_word(ids_t, offsets_d, len(weights_o), rows, starts_w)
    compact_t = ids_t.astype(np.uint16) if n_words <= 1 << 16 else ids_t
    most_w = np.minimum(2 * len(weights_o) * tokens_w, n_words)  # no row is longer
    pieces = [
        (first, end, int(most_w[first:end].sum()), compact_t, weights_o, starts_w, *places, n_words)
        for first, end in _row_pieces(2 * len(weights_o) * tokens_w + most_w, n_words, n_jobs)
    ]
    sizes = [starts_w[end] - starts_w[first] for first, end, *_ in pieces]  # (tokens)
    counted = run_in_threads(_count_piece, pieces, n_jobs=n_jobs, sizes=sizes)
    del places, pieces, compact_t
    return _join_rows(counted, n_jobs)


def _row_pieces(work_w: Int64Array, n_words: int, n_jobs: int) -> list[tuple[int, int]]:
    """Cut rows into runs of little work (pairs), but of more than it takes to allocate a dense row."""
    ends = np.concatenate([[0], np.cumsum(work_w)])
    n_pieces = int(ends[-1]) // max(PAIRS_PER_PIECE, 16 * n_words)
    return even_pieces(ends, max(PIECES_PER_JOB * n_jobs, n_pieces))


def _places_by_word(
    ids_t: Int32Array, offsets_d: Int64Array, window: int, rows: tuple[int, int], starts_w: Int64Array
) -> tuple[AnyIntArray, AnyIntArray, AnyIntArray]:
    """Return the positions of the words of `rows`, and how far their windows reach to the left and to the right."""
    position_p = np.empty(starts_w[-1], np.int32 if len(ids_t) < 2**31 else np.int64)
    left_p, right_p = np.empty((2, starts_w[-1]), np.min_scalar_type(window))
    next_w = starts_w[:-1].copy()
    for first, end in even_pieces(offsets_d, len(ids_t) // TOKENS_PER_PIECE + 1):
        call(_sort_places, first, end, ids_t, offsets_d, window, *rows, next_w, position_p, left_p, right_p)
    return position_p, left_p, right_p


def _count_piece(*arguments: Any) -> Piece:
    """Count a run of rows; return their lengths, columns and counts in the narrowest types."""
    lengths, columns, counts = _count_rows(*arguments)
    return lengths, columns, counts.astype(np.min_scalar_type(counts.max(initial=0)))


def _join_rows(pieces: list[Piece], n_jobs: int) -> tuple[Int64Array, Int32Array, Int64Array]:
    """Concatenate runs of rows into one CSR matrix; free each piece once it is copied."""
    indptr = np.cumsum(np.concatenate([np.zeros(1, np.int64), *(lengths for lengths, _, _ in pieces)]))
    indices, counts = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.int64)
    ends = np.cumsum([len(columns) for _, columns, _ in pieces])

    def move(index: int) -> None:
        _, columns, sums = pieces[index]
        pieces[index] = NOTHING
        filled = slice(ends[index] - len(columns), ends[index])
        indices[filled], counts[filled] = columns, sums

    run_in_threads(move, [(index,) for index in range(len(pieces))], n_jobs=n_jobs)
    return indptr, indices, counts


@kernel
def _count_tokens(ids_t, tokens_w):
    """Count the occurrences of each word; `numpy.bincount` would copy the ids to 64 bits."""
    for word in ids_t:
        tokens_w[word] += 1


@kernel
def _sort_places(
    first_document, end_document, ids_t, offsets_d, window, first_row, end_row, next_w, position_p, left_p, right_p
):
    """Store the positions of the words of a run of rows in some documents, sorted by word; `next_w` is where to."""
    for document in range(first_document, end_document):
        first, end = offsets_d[document], offsets_d[document + 1]
        for position in range(first, end):
            word = ids_t[position]
            if first_row <= word < end_row:
                place = next_w[word - first_row]
                next_w[word - first_row] += 1
                position_p[place] = position
                left_p[place] = min(window, position - first)
                right_p[place] = min(window, end - 1 - position)


@kernel
def _count_rows(first, end, most_pairs, ids_t, weights_o, starts_w, position_p, left_p, right_p, n_words):
    """Count the rows first, ..., end - 1; return their lengths, columns and counts."""
    n_blocks = ((n_words >> _BLOCK_SHIFT) & ~7) + 8  # flags are read eight at a time
    row_w = np.zeros(n_blocks << _BLOCK_SHIFT, np.int64)
    touched = np.zeros(n_blocks, np.uint8)
    lengths = np.zeros(end - first, np.int64)
    columns, counts = np.empty(most_pairs + 1, np.int32), np.empty(most_pairs + 1, np.int64)
    filled = 0
    for word in range(first, end):
        for place in range(starts_w[word], starts_w[word + 1]):
            _prefetch_window(ids_t, min(place + _PLACES_AHEAD, len(position_p) - 1), position_p, left_p, right_p)
            position = np.int64(position_p[place])
            for other in range(position - left_p[place], position):
                column = ids_t[other]
                row_w[column] += weights_o[position - other - 1]
                touched[column >> _BLOCK_SHIFT] = 1
            for other in range(position + 1, position + 1 + right_p[place]):
                column = ids_t[other]
                row_w[column] += weights_o[other - position - 1]
                touched[column >> _BLOCK_SHIFT] = 1
        before = filled
        filled = _move_row(row_w, touched, columns, counts, filled)
        lengths[word - first] = filled - before
    return lengths, columns[:filled].astype(ids_t.dtype), counts[:filled]


@kernel
def _prefetch_window(ids_t, place, position_p, left_p, right_p):
    """Prefetch the cache lines of the window around a position."""
    position = np.int64(position_p[place])
    last = position + right_p[place]
    for token in range(position - left_p[place], last, LINE_BYTES // ids_t.itemsize):
        prefetch(ids_t, token)
    prefetch(ids_t, last)


@kernel
def _move_row(row_w, touched, columns, counts, filled):
    """Append the touched columns of the dense row in order, and clear it; return the new length."""
    eight_flags = touched.view(np.uint64)
    for eight in range(len(eight_flags)):
        if eight_flags[eight]:
            for block in range(8 * eight, 8 * eight + 8):
                if touched[block]:
                    for column in range(block << _BLOCK_SHIFT, (block + 1) << _BLOCK_SHIFT):
                        columns[filled] = column
                        counts[filled] = row_w[column]  # overwritten by the next one if zero
                        filled += row_w[column] != 0
                        row_w[column] = 0
            eight_flags[eight] = 0
    return filled
