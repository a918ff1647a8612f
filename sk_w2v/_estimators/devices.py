"""Placement of a fitted embedder's vectors: on the host, or on the device of its backend.

The device is used if scikit-learn's configuration has ``array_api_dispatch=True``: its estimators then accept arrays of
any library.
"""

from __future__ import annotations

from operator import matmul
from types import ModuleType
from typing import Any

from sklearn import get_config
from sklearn.utils._set_output import _get_output_config

from .._backends import DEVICE_BACKENDS, get_backend


def place_embedding(embedder: Any) -> tuple[Any, Any]:
    """Return `embedding_` on the host or device, and the product of a sparse array and vectors there."""
    backend = _device_backend(embedder)
    if backend is None:
        return embedder.embedding_, matmul
    return backend.xp.asarray(embedder.embedding_), backend.matmat


def _device_backend(embedder: Any) -> ModuleType | None:
    """Return the backend whose device to use; None is the host, which `set_output` also needs."""
    makes_tables = _get_output_config("transform", embedder)["dense"] != "default"
    uses_device = get_config()["array_api_dispatch"] and embedder.backend_ in DEVICE_BACKENDS and not makes_tables
    return get_backend(embedder.backend_) if uses_device else None
