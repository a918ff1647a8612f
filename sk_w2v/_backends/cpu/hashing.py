"""The hash of a word, computed while its letters are read.

It depends on secret random numbers of each table, so that nobody can construct words that all collide. This is strongly
universal hashing by products of pairs (Thorup 2015, "High Speed Hashing for Integers and Strings").
"""

from __future__ import annotations

import numpy as np

from .compiling import kernel

SECRET_NUMBERS = 4  # random 64-bit numbers per table
LOW_HALF = np.uint64(0xFFFFFFFF)
_SPREADING_FACTOR = np.uint64(0x85EBCA6B)
_0, _7, _8, _15, _32 = (np.uint64(number) for number in (0, 7, 8, 15, 32))


@kernel(forceinline=True)
def append(letter, place, bits, key, secrets):
    """Return a token's hash and key after one more letter. The key holds the last one to eight letters."""
    if not place & _7:
        bits, key = hash_key(bits, key, secrets), _0
    return bits, key << _8 | np.uint64(letter)


@kernel(forceinline=True)
def hash_key(bits, key, secrets):
    """Return the 64-bit hash of earlier bits and a key; the upper halves of two keys agree with probability 2**-32.

    The earlier bits are hashed like another key.
    """
    first, second, third, fourth = secrets
    of_key = (first + (key & LOW_HALF)) * (second + (key >> _32))
    return of_key + (third + (bits & LOW_HALF)) * (fourth + (bits >> _32))


@kernel(forceinline=True)
def spread(bits):
    """Return the upper 32 bits, mixed by a bijection, so that consecutive words do not get consecutive slots."""
    upper = bits >> _32
    upper = (upper ^ upper >> _15) * _SPREADING_FACTOR & LOW_HALF
    return upper ^ upper >> _15
