"""Counting within a budget of memory: some rows at a time, each run of them moved to disk.

The files never have a name, or lose it at once where the system cannot do without: the system takes them back with
the last use of the arrays, or with the process, however that ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import FileIO
from mmap import ACCESS_READ, mmap
from tempfile import TemporaryFile, gettempdir

import numpy as np

from .._typing import AnyArray, Int32Array, Int64Array
from ..corpus import Corpus

Rows = tuple[int, int]
CsrArrays = tuple[Int64Array, Int32Array, Int64Array]

# While counts are made, a pair may stand in the piece that counted it and in the run that joins the pieces: 12 bytes
# each. A token has its position and the reach of its window to either side, in the types that `count_pairs` takes.
BYTES_PER_PAIR = 24
# Arrays of one number a word that planning and counting hold, besides each thread's dense row.
ARRAYS_OVER_WORDS = 12
FEWEST_TOKENS_AT_ONCE = 1 << 16


def bytes_per_token(n_tokens: int, window: int) -> int:
    """Return what the place of a token takes while pairs are counted."""
    return (4 if n_tokens < 2**31 else 8) + 2 * np.min_scalar_type(window).itemsize


def runs_within(memory_budget: int, corpus: Corpus, *, n_words: int, window: int, n_jobs: int) -> list[Rows]:
    """Cut the rows into runs, ``(first, last + 1)``, that can be counted in so much memory.

    Parameters
    ----------
    memory_budget : int
        Bytes.
    window : int
        Greatest distance of a pair that there is (tokens).

    Raises
    ------
    ValueError
        If the budget is too small for the largest row.
    """
    tokens_w = count_tokens(corpus.ids, n_words)
    most_w = np.minimum(2 * window * tokens_w, n_words)  # no row is longer
    bytes_w = BYTES_PER_PAIR * most_w + bytes_per_token(len(corpus.ids), window) * tokens_w
    fixed = 8 * (ARRAYS_OVER_WORDS + n_jobs) * n_words
    if memory_budget < fixed + np.max(bytes_w, initial=0):
        raise ValueError(
            f"memory_budget={memory_budget} is too small for the largest of {n_words} rows of counts; give at least "
            f"{fixed + int(np.max(bytes_w))} bytes, or fewer words or threads."
        )
    ends, runs = np.concatenate([[0], np.cumsum(bytes_w)]), [(0, 0)]
    while runs[-1][1] < n_words:
        first = runs[-1][1]
        runs.append((first, int(np.searchsorted(ends, ends[first] + memory_budget - fixed, side="right")) - 1))
    return runs[1:]


def count_runs(count_rows: Callable[[Rows], CsrArrays], runs: Iterable[Rows]) -> CsrArrays:
    """Count run after run and put them one behind the other on disk; return the CSR arrays of all rows.

    Parameters
    ----------
    count_rows : callable
        (first, last + 1) -> indptr, indices, counts of these rows.

    Returns
    -------
    indptr, indices, counts : int64 (n_words + 1,), int32 (n_pairs,) and int64 (n_pairs,) arrays
        The last two are mapped from files, and read-only.

    Raises
    ------
    OSError
        If the disk is full, or there is no folder for temporary files.
    """
    lengths = [np.zeros(1, np.int64)]
    with _nameless_file() as all_indices, _nameless_file() as all_counts:
        for rows in runs:
            indptr, indices, counts = count_rows(rows)
            lengths.append(np.diff(indptr))
            _append(all_indices, indices)
            _append(all_counts, counts)
            del indptr, indices, counts  # before the next run is counted
        return np.cumsum(np.concatenate(lengths)), _mapped(all_indices, np.int32), _mapped(all_counts, np.int64)


def count_tokens(ids_t: Int32Array, n_words: int) -> Int64Array:
    """Return the occurrences of each word, of shape (n_words,); `bincount` alone would copy all ids to 64 bits."""
    tokens_w, at_once = np.zeros(n_words, np.int64), max(FEWEST_TOKENS_AT_ONCE, n_words)
    for start in range(0, len(ids_t), at_once):
        tokens_w += np.bincount(ids_t[start : start + at_once], minlength=n_words)
    return tokens_w


def _nameless_file() -> FileIO:
    """Open a file that goes with its last use, or say where none can be made."""
    try:
        return TemporaryFile(buffering=0)
    except OSError as error:
        raise OSError(
            error.errno,
            f"{error.strerror}: no file for counts can be made; set TMPDIR to a folder that can be written, or raise "
            "memory_budget",
        ) from error


def _append(file: FileIO, array: AnyArray) -> None:
    """Write an array at the end of a file."""
    rest = array.view(np.uint8).data
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError as error:
        raise OSError(
            error.errno,
            f"{error.strerror} for counts in {gettempdir()}; set TMPDIR to a folder with more room, or raise "
            "memory_budget",
        ) from error


def _mapped(file: FileIO, dtype: type[np.generic]) -> AnyArray:
    """Return what a file holds as a read-only array that outlives the file's handle."""
    if file.tell() == 0:
        return np.empty(0, dtype)  # which cannot be mapped
    return np.frombuffer(memoryview(mmap(file.fileno(), 0, access=ACCESS_READ)), dtype)
