"""Neighbors that are computed in advance, at a few stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..._array_api import unit_rows
from ..._typing import AnyFloatArray, Float32Array, Int64Array
from ._arrays import packed

N_STAGES = 12
N_NEIGHBORS = 10
_BLOCK = 1024  # words whose cosines with all words are held at once


def staged_neighbors(times: Sequence[float], vectors: Iterator[AnyFloatArray]) -> dict[str, Any]:
    """Return each word's nearest words at each time, given the vectors of shape (n_words, n_components) at each."""
    found = [_nearest(unit_rows(np.asarray(each, dtype=np.float32))) for each in vectors]
    rows, cosines = (np.stack(parts) for parts in zip(*found, strict=True))
    return {
        "times": [float(time) for time in times],
        "nWords": rows.shape[1],
        "nNeighbors": rows.shape[2],
        "rows": packed(rows, "<i4"),
        "cosines": packed(cosines),
    }


def _nearest(units: Float32Array) -> tuple[Int64Array, Float32Array]:
    """Return the nearest rows of each row and their cosines, both of shape (n_words, n_neighbors)."""
    n_neighbors = min(N_NEIGHBORS, len(units) - 1)
    rows = np.empty((len(units), n_neighbors), dtype=np.int64)
    cosines = np.empty(rows.shape, dtype=np.float32)
    for first in range(0, len(units), _BLOCK):
        block = units[first : first + _BLOCK] @ units.T
        block[np.arange(len(block)), first + np.arange(len(block))] = -np.inf  # a word is not its own neighbor
        nearest = np.argsort(-block, axis=1, kind="stable")[:, :n_neighbors]
        rows[first : first + _BLOCK] = nearest
        cosines[first : first + _BLOCK] = np.take_along_axis(block, nearest, axis=1)
    return rows, cosines
