"""Counting pairs on the device, for one piece of text and one run of rows at a time.

A piece of text is copied to the device together with the tokens that its windows reach, and its positions are sorted by
word. A run of rows is the sum of the windows around the positions of its words. Frequent words are counted in dense
rows of 64-bit integers. For all others the pairs are listed, sorted and summed. Sums of integers are exact in any
order, so the result equals the reference for any pieces.
"""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from operator import add
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from ..._typing import Int32Array, Int64Array
from .device import Kernels, load_cupy, to_host, within_memory

CsrArrays = tuple[Int64Array, Int32Array, Int64Array]

KERNELS = Kernels("counting")
# Cells of dense rows (0.5 GB), pairs to sort (2.5 GB), or tokens (1 GB, and 2 GB to sort them).
CELLS_AT_ONCE = 1 << 26
FEWEST_CELLS = 1 << 18
DENSE_SHARE = 4  # rows are dense if they may have pairs with a quarter of all words


class TokensOnDevice(NamedTuple):
    """A piece of the corpus as the kernels read it.

    Attributes
    ----------
    ids, document : int32 device arrays of shape (n_tokens,)
        The words of the piece and of the tokens that its windows reach, and the document of each.
    places : int64 device array of shape (n_places,)
        The positions of the piece's tokens, sorted by word.
    starts : int64 array of shape (n_words + 1,)
        Where in `places` the positions of each word begin.
    weights : int64 device array of shape (window,)
    """

    ids: Any
    document: Any
    places: Any
    starts: Int64Array
    weights: Any


def count_pairs(
    ids_t: Int32Array,
    offsets_d: Int64Array,
    weights_o: Int64Array,
    *,
    n_words: int,
    rows: tuple[int, int] | None = None,
    n_jobs: int = 1,
) -> CsrArrays:
    """Count the pairs of tokens of one window; see ``reference.count_pairs``.

    Raises
    ------
    MemoryError
        If the device has too little memory for a small piece of text and one row of counts.
    """
    weights_o = weights_o[: max(1, int(np.max(np.diff(offsets_d), initial=1)) - 1)]  # no pair is farther apart

    def count_pieces(at_once: int) -> CsrArrays:
        pieces = (slice(start, start + at_once) for start in range(0, max(len(ids_t), 1), at_once))
        total = reduce(add, (count_piece(piece, at_once) for piece in pieces))
        return total.indptr.astype(np.int64), total.indices.astype(np.int32), total.data

    def count_piece(piece: slice, most_cells: int) -> sparse.csr_array:
        tokens = _upload(ids_t, offsets_d, weights_o, piece, n_words)
        return _count_runs(tokens, rows or (0, n_words), most_cells)

    return within_memory(count_pieces, CELLS_AT_ONCE, FEWEST_CELLS, "lower max_features")


def _count_runs(tokens: TokensOnDevice, rows: tuple[int, int], most_cells: int) -> sparse.csr_array:
    """Count runs of rows of at most about `most_cells` cells, and concatenate them."""
    n_words, most_pairs_w = len(tokens.starts) - 1, 2 * len(tokens.weights) * np.diff(tokens.starts)
    counted = [
        _count_run(tokens, run, dense=dense, n_words=n_words)
        for *run, dense in _runs(most_pairs_w, rows, n_words, most_cells)
    ]
    lengths, indices, counts = zip(*counted, strict=True)
    indptr = np.cumsum(np.concatenate([np.zeros(1, np.int64), *lengths]))
    return sparse.csr_array(
        (np.concatenate(counts), np.concatenate(indices), indptr), shape=(rows[1] - rows[0], n_words)
    )


def _upload(
    ids_t: Int32Array, offsets_d: Int64Array, weights_o: Int64Array, piece: slice, n_words: int
) -> TokensOnDevice:
    """Copy a piece of the corpus and the tokens that its windows reach to the device; sort its positions by word."""
    xp, window = load_cupy(), len(weights_o)
    before = min(window, piece.start)
    first, end = piece.start - before, min(piece.stop + window, len(ids_t))
    ids = xp.asarray(ids_t[first:end])
    document = xp.searchsorted(xp.asarray(offsets_d[1:]), xp.arange(first, end), side="right").astype(xp.int32)
    own = ids_t[piece]
    places = xp.argsort(ids[before : before + len(own)]) + before
    starts = np.concatenate([[0], np.cumsum(np.bincount(own, minlength=n_words))])
    return TokensOnDevice(ids, document, places, starts, xp.asarray(weights_o))


def _runs(
    most_pairs_w: Int64Array, rows: tuple[int, int], n_words: int, most_cells: int
) -> list[tuple[int, int, bool]]:
    """Cut the rows into runs ``(first, last + 1, dense)`` of one kind and of about `most_cells` cells."""
    most_pairs = most_pairs_w[slice(*rows)]
    dense = DENSE_SHARE * most_pairs >= n_words
    ends = np.cumsum(np.where(dense, n_words, most_pairs)) // most_cells
    changes = np.flatnonzero((np.diff(dense) != 0) | (np.diff(ends) != 0)) + 1
    cuts = [0, *changes.tolist(), len(dense)]
    return [(rows[0] + first, rows[0] + end, bool(dense[first])) for first, end in pairwise(cuts)]


def _count_run(tokens: TokensOnDevice, run: list[int], *, dense: bool, n_words: int) -> CsrArrays:
    """Return lengths, columns and counts of the rows of a run."""
    xp, (first, end) = load_cupy(), run
    places = tokens.places[int(tokens.starts[first]) : int(tokens.starts[end])]
    count = _count_dense if dense else _count_sorted
    cells, sums = count(tokens, places, first, end - first, n_words)
    starts = xp.searchsorted(cells, xp.arange(end - first + 1) * n_words)
    return to_host(xp.diff(starts), np.int64), to_host(cells % n_words, np.int32), to_host(sums, np.int64)


def _count_dense(tokens: TokensOnDevice, places: Any, first: int, n_rows: int, n_words: int) -> tuple[Any, Any]:
    """Return the nonzero cells in order and their sums, by counting in dense rows."""
    xp = load_cupy()
    counts = xp.zeros(n_rows * n_words, dtype=xp.int64)
    KERNELS.launch_over(_most_pairs(tokens, places), "add_pairs", *_arguments(tokens, places, first, n_words), counts)
    cells = xp.flatnonzero(counts)
    return cells, counts[cells]


def _count_sorted(tokens: TokensOnDevice, places: Any, first: int, n_rows: int, n_words: int) -> tuple[Any, Any]:
    """Return the nonzero cells in order and their sums, by sorting the pairs."""
    xp, n_cells = load_cupy(), n_rows * n_words
    cells, weights = (xp.empty(_most_pairs(tokens, places), dtype=xp.int64) for _ in range(2))
    arguments = _arguments(tokens, places, first, n_words)
    KERNELS.launch_over(len(cells), "list_pairs", *arguments, np.int64(n_cells), cells, weights)
    order = xp.argsort(cells)
    cells = cells[order]
    ends = xp.cumsum(weights[order])
    last = xp.flatnonzero(xp.diff(cells, append=xp.asarray([n_cells])))  # of each cell; what is no pair comes last
    sums = ends[last]
    sums[1:] -= ends[last[:-1]]
    return cells[last], sums


def _most_pairs(tokens: TokensOnDevice, places: Any) -> int:
    """Return the largest possible number of pairs of some positions."""
    return len(places) * 2 * len(tokens.weights)


def _arguments(tokens: TokensOnDevice, places: Any, first: int, n_words: int) -> tuple[Any, ...]:
    """Return the first arguments of both kernels."""
    return (
        places,
        np.int64(len(places)),
        tokens.ids,
        tokens.document,
        np.int64(len(tokens.ids)),
        tokens.weights,
        np.int32(len(tokens.weights)),
        np.int64(first),
        np.int64(n_words),
    )
