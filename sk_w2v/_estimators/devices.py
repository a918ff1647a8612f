"""Where a fitted embedder's vectors are worked with: on the host, or on the device of its backend if that is asked for.

scikit-learn's configuration asks: with ``array_api_dispatch=True`` its own estimators take arrays of any library.
"""

from __future__ import annotations

from operator import matmul
from types import ModuleType
from typing import Any

from sklearn import get_config
from sklearn.utils._set_output import _get_output_config

from .._backends import DEVICE_BACKENDS, get_backend


def place_embedding(embedder: Any) -> tuple[Any, Any]:
    """Return `embedding_` where it is to be worked with, and what multiplies sparse arrays with vectors there."""
    backend = _asked_backend(embedder)
    if backend is None:
        return embedder.embedding_, matmul
    return backend.xp.asarray(embedder.embedding_), backend.matmat


def _asked_backend(embedder: Any) -> ModuleType | None:
    """Return the backend whose device is asked for; None is the host, where tables are made, too."""
    makes_tables = _get_output_config("transform", embedder)["dense"] != "default"
    asked = get_config()["array_api_dispatch"] and embedder.backend_ in DEVICE_BACKENDS and not makes_tables
    return get_backend(embedder.backend_) if asked else None
