"""Numbers for the page: arrays in base64, numbers without NaN."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def packed(values: npt.ArrayLike, dtype: str = "<f4") -> str:
    """Return an array's little-endian bytes in base64, row by row."""
    return b64encode(np.ascontiguousarray(values, dtype=dtype).tobytes()).decode("ascii")


def number(value: float) -> float | None:
    """Return a number, or None for NaN and infinities, which JSON has not."""
    return float(value) if math.isfinite(value) else None


def numbers(values: Iterable[float]) -> list[float | None]:
    """Return numbers for JSON."""
    return [number(value) for value in values]
