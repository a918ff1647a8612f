"""Backends: modules with the same few functions, one for each kind of device.

Every backend has the array namespace ``xp`` and the functions ``tokenize_blocks``, ``count_pairs``, ``matmat`` and
``train_tokens`` with one signature; ``reference`` defines what each of them computes. A backend imports nothing from
the stages above it.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

BACKENDS = ("cpu", "reference")


def get_backend(name: str = "auto") -> ModuleType:
    """Return the backend's module; ``"auto"`` is the fastest one that this machine can run."""
    chosen = "cpu" if name == "auto" else name
    if chosen not in BACKENDS:
        raise ValueError(f"backend={name!r} is unknown; use 'auto' or one of {BACKENDS}.")
    return import_module(f"{__name__}.{chosen}")


def backend_name(backend: ModuleType) -> str:
    """Return the name by which `get_backend` finds the module."""
    return backend.__name__.rpartition(".")[2]
