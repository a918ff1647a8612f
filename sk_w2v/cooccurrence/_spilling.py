"""Counting within a memory budget: runs of rows are counted one after another and appended to files on disk.

The files have no name, so the system deletes them when the arrays are no longer used, or when the process ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import FileIO
from mmap import ACCESS_READ, mmap
from tempfile import TemporaryFile, gettempdir

import numpy as np

from .._numbers import count_ids
from .._typing import AnyArray, Int32Array, Int64Array
from ..corpus import Corpus

Rows = tuple[int, int]
CsrArrays = tuple[Int64Array, Int32Array, Int64Array]

# While pairs are counted, a pair may be stored twice, in the piece that counted it and in the run of all pieces: 12
# bytes each. For each token, `count_pairs` stores its position and the reach of its window to both sides.
BYTES_PER_PAIR = 24
# Arrays of one number per word that planning and counting need, in addition to the dense row of each thread.
ARRAYS_OVER_WORDS = 12


def bytes_per_token(n_tokens: int, window: int) -> int:
    """Return the memory for the position of a token while pairs are counted (bytes)."""
    return (4 if n_tokens < 2**31 else 8) + 2 * np.min_scalar_type(window).itemsize


def runs_within(memory_budget: int, corpus: Corpus, *, n_words: int, window: int, n_jobs: int) -> list[Rows]:
    """Return runs of rows, ``(first, last + 1)``, each of which can be counted within the budget.

    Parameters
    ----------
    memory_budget : int
        Bytes.
    window : int
        Maximum distance between the tokens of a pair that occurs (tokens).

    Raises
    ------
    ValueError
        If the budget is too small for the largest row.
    """
    tokens_w = count_ids(corpus.ids, n_words)
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
    """Count one run after another, append each to files on disk, and return the CSR arrays of all rows.

    Parameters
    ----------
    count_rows : callable
        Maps (first, last + 1) to the indptr, indices and counts of these rows.

    Returns
    -------
    indptr, indices, counts : int64 (n_words + 1,), int32 (n_pairs,) and int64 (n_pairs,) arrays
        Indices and counts are mapped from files and read-only.

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


def _nameless_file() -> FileIO:
    """Open a file without a name, or raise an error that says how to set its folder."""
    try:
        return TemporaryFile(buffering=0)
    except OSError as error:
        raise OSError(
            error.errno,
            f"{error.strerror}: cannot create a file for counts; set TMPDIR to a writable folder, or raise "
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
    """Return the content of a file as a read-only array, which stays valid after the file is closed."""
    if file.tell() == 0:
        return np.empty(0, dtype)  # an empty file cannot be mapped
    return np.frombuffer(memoryview(mmap(file.fileno(), 0, access=ACCESS_READ)), dtype)
