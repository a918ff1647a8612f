"""Backends: modules with the same functions, one for each kind of device.

Every backend has the array namespace ``xp`` and the functions of ``reference``, with the same signatures; ``reference``
defines what each of them computes. ``cuda`` has no ``train_replicas`` and ``merge_replicas``. A backend imports nothing
from the packages above it.
"""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType

# The module of each backend by name. To add one, see `docs/how_to/add_a_backend.md`.
BACKENDS = {name: f"{__name__}.{name}" for name in ("cpu", "reference")}  # run on every machine
DEVICE_BACKENDS = {"cuda": f"{__name__}.cuda"}  # need their device

MOST_THREADS_PER_PROCESSOR = 16


def usable_threads(n_jobs: int) -> int:
    """Return `n_jobs`, limited to `MOST_THREADS_PER_PROCESSOR` threads per processor. Results do not depend on it."""
    return min(n_jobs, MOST_THREADS_PER_PROCESSOR * (os.cpu_count() or 1))


def get_backend(name: str = "auto") -> ModuleType:
    """Return the backend's module; ``"auto"`` is the CPU backend, which runs on every machine.

    Raises
    ------
    ValueError
        If there is no backend of this name.
    ImportError
        If the backend needs a library that is not installed.
    RuntimeError
        If its device is missing.
    """
    chosen = "cpu" if name == "auto" else name
    modules = BACKENDS | DEVICE_BACKENDS
    if chosen not in modules:
        raise ValueError(f"backend={name!r} is unknown; use 'auto' or one of {tuple(modules)}.")
    backend = import_module(modules[chosen])
    if chosen in DEVICE_BACKENDS:
        backend.require_device()
    return backend


def backend_name(backend: ModuleType) -> str:
    """Return the name by which `get_backend` finds the module."""
    return next(name for name, module in (BACKENDS | DEVICE_BACKENDS).items() if module == backend.__name__)
