"""Allocate cache-line-aligned, padded rows, so that no vector load touches two cache lines."""

from __future__ import annotations

import math

import numpy as np

from .._typing import AnyFloatArray, Float32Array

LINE_BYTES = 64
LINE_FLOATS = LINE_BYTES // 4


def aligned_zeros(shape: tuple[int, ...]) -> Float32Array:
    """Return float32 zeros that start at a cache line; the last axis must be a multiple of `LINE_FLOATS`."""
    size = math.prod(shape)
    memory = np.zeros(size + LINE_FLOATS, np.float32)
    first = -memory.ctypes.data % LINE_BYTES // 4
    return memory[first : first + size].reshape(shape)


def aligned_rows(vectors_wd: AnyFloatArray) -> Float32Array:
    """Return a copy with aligned rows, padded with zeros to shape (n_words, width)."""
    n_words, n_components = vectors_wd.shape
    rows = aligned_zeros((n_words, padded_width(n_components)))
    rows[:, :n_components] = vectors_wd
    return rows


def padded_width(n_components: int) -> int:
    """Return `n_components` rounded up to a multiple of `LINE_FLOATS`."""
    return -(-n_components // LINE_FLOATS) * LINE_FLOATS
