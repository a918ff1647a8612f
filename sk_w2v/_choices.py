"""Validation of parameters that take one of a few values."""

from __future__ import annotations

from collections.abc import Collection


def check_choice(name: str, value: object, choices: Collection[str]) -> None:
    """Raise an error that lists the choices unless the value is one of them."""
    if value not in choices:
        raise ValueError(f"{name}={value!r} is unknown; use one of {choices}.")
