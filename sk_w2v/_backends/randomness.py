"""Stateless random numbers: ``draw = hash(seed, epoch, position, slot)``.

Every backend draws the same numbers, in any order and on any number of threads. The generator is SplitMix64 (Steele,
Lea, Flood 2014), evaluated at an arbitrary index. The functions take NumPy arrays of uint64 and, compiled, single
numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# The slots of one token's stream: one number for each purpose.
SUBSAMPLE_SLOT = np.uint64(0)
WINDOW_SLOT = np.uint64(1)
FIRST_NOISE_SLOT = np.uint64(2)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_SLOTS_PER_POSITION = np.uint64(1 << 16)
_LOW_32 = np.uint64(0xFFFFFFFF)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)


def random_bits(stream: Any, position: Any, slot: Any) -> Any:
    """Return 64 random bits for a slot of a position (in tokens from the start of the corpus)."""
    bits = stream + (position * _SLOTS_PER_POSITION + slot) * _GOLDEN
    bits = (bits ^ (bits >> _S30)) * _FIRST
    bits = (bits ^ (bits >> _S27)) * _SECOND
    return bits ^ (bits >> _S31)


def below(bits: Any, bound: Any) -> Any:
    """Return an integer in [0, bound) from the high half of `bits`; `bound` is below 2**32."""
    return ((bits >> _S32) * bound) >> _S32


def high_half(bits: Any) -> Any:
    """Return the high 32 bits."""
    return bits >> _S32


def low_half(bits: Any) -> Any:
    """Return the low 32 bits, which `below` does not use."""
    return bits & _LOW_32


def epoch_stream(seed: int, epoch: int) -> np.uint64:
    """Return the key of one epoch's random numbers."""
    zero = np.zeros(1, dtype=np.uint64)  # arrays wrap around silently, scalars warn
    key = random_bits(zero, zero + np.uint64(seed), zero)
    stream: np.uint64 = random_bits(key, zero + np.uint64(epoch), zero)[0]
    return stream
