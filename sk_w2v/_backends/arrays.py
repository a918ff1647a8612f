"""Arrays of any backend's namespace, on their way to the host."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def to_numpy(array: Any) -> npt.NDArray[Any]:
    """Return an array of any namespace as a NumPy array on the host."""
    return array if isinstance(array, np.ndarray) else array.get()
