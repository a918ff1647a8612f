"""Axes to draw in. Only this module imports matplotlib, and only when it is needed."""

from __future__ import annotations

from typing import Any


def axes_or_new(ax: Any) -> Any:
    """Return the given axes, or those of a new figure."""
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("Plots need matplotlib; install it with `pip install 'sk-w2v[plot]'`.") from error
    return pyplot.subplots(layout="constrained")[1]
