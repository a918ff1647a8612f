"""The plane that the map shows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA

from ..._array_api import unit_rows
from ..._typing import AnyFloatArray


def planar(vectors: AnyFloatArray, projection: npt.ArrayLike | None) -> list[list[float]] | None:
    """Return the given projection, or that onto the unit vectors' first two principal components; None in one mode."""
    n_components = vectors.shape[1]
    if projection is None:
        if n_components < 2:
            return None
        components = PCA(2, svd_solver="full").fit(unit_rows(vectors.astype(np.float64))).components_
        return components.T.tolist()
    given = np.asarray(projection, dtype=np.float64)
    if given.shape != (n_components, 2) or not np.all(np.isfinite(given)):
        raise ValueError(
            f"The projection has shape {given.shape}; give finite numbers of shape ({n_components}, 2), one row for "
            "each mode in the file."
        )
    return given.tolist()
