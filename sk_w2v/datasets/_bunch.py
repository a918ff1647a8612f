"""Data sets that print in one line."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils import Bunch

from .._tables import html_table, shortened

_N_SHOWN = 3  # entries of a long value


class Dataset(Bunch):
    """A Bunch whose representation says what it is, without its documents."""

    def __repr__(self) -> str:
        """Return the first sentence of its description, and its keys."""
        keys = ", ".join(key for key in self if key != "DESCR")
        return f"Dataset({shortened(self['DESCR'].partition('. ')[0].rstrip('.'), 160)}; keys: {keys})"

    def _repr_html_(self) -> str:
        """Return a row for each key, with its first entries."""
        rows = [{"key": key, "size": _size(value), "first": _first(value)} for key, value in self.items()]
        return html_table([row for row in rows if row["key"] != "DESCR"], caption=self["DESCR"])


def _size(value: Any) -> str:
    """Return the shape of an array, or the length of a list."""
    return str(value.shape) if isinstance(value, np.ndarray) else str(len(value))


def _first(value: Any) -> str:
    """Return the first entries of a list or array, each shortened."""
    return ", ".join(shortened(str(each), 60) for each in value[:_N_SHOWN])
