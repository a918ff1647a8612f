"""UTF-8, one character at a time."""

from __future__ import annotations

import numpy as np

from .compiling import kernel

_1, _2, _3, _4 = (np.uint64(number) for number in (1, 2, 3, 4))


@kernel
def decode(text_b, position):
    """Return the character whose first byte is at `position` of UTF-8 text."""
    byte = np.int32(text_b[position])
    if byte < 0x80:
        return byte
    if byte < 0xE0:
        return (byte & 0x1F) << 6 | text_b[position + 1] & 0x3F
    if byte < 0xF0:
        return (byte & 0x0F) << 12 | (text_b[position + 1] & 0x3F) << 6 | text_b[position + 2] & 0x3F
    high = (byte & 0x07) << 18 | (text_b[position + 1] & 0x3F) << 12
    return high | (text_b[position + 2] & 0x3F) << 6 | text_b[position + 3] & 0x3F


@kernel
def encode(character, words_b, end):
    """Write a character in UTF-8 at `end` of the words; return the new end."""
    if character < 0x80:
        words_b[end] = character
        return end + _1
    if character < 0x800:
        words_b[end] = 0xC0 | character >> 6
        words_b[end + _1] = 0x80 | character & 0x3F
        return end + _2
    if character < 0x10000:
        words_b[end] = 0xE0 | character >> 12
        words_b[end + _1] = 0x80 | character >> 6 & 0x3F
        words_b[end + _2] = 0x80 | character & 0x3F
        return end + _3
    words_b[end] = 0xF0 | character >> 18
    words_b[end + _1] = 0x80 | character >> 12 & 0x3F
    words_b[end + _2] = 0x80 | character >> 6 & 0x3F
    words_b[end + _3] = 0x80 | character & 0x3F
    return end + _4
