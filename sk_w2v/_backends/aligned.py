"""Rows in whole lines of the processor's cache, so that no load of a vector of numbers takes two."""

from __future__ import annotations

import math

import numpy as np

from .._typing import AnyFloatArray, Float32Array

LINE_BYTES = 64
LINE_FLOATS = LINE_BYTES // 4


def zeros_in_lines(shape: tuple[int, ...]) -> Float32Array:
    """Return float32 zeros of a shape whose last axis is whole lines, beginning with a line."""
    size = math.prod(shape)
    memory = np.zeros(size + LINE_FLOATS, np.float32)
    first = -memory.ctypes.data % LINE_BYTES // 4
    return memory[first : first + size].reshape(shape)


def rows_in_lines(vectors_wd: AnyFloatArray) -> Float32Array:
    """Return a copy in rows of whole lines, of shape (n_words, width), filled up with zeros."""
    n_words, n_components = vectors_wd.shape
    rows = zeros_in_lines((n_words, padded_width(n_components)))
    rows[:, :n_components] = vectors_wd
    return rows


def padded_width(n_components: int) -> int:
    """Return the length of a row, in numbers, that holds `n_components` in whole lines."""
    return -(-n_components // LINE_FLOATS) * LINE_FLOATS
