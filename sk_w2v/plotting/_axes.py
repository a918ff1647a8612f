"""Axes, ticks and legends. Only this module imports matplotlib, and only when it is needed."""

from __future__ import annotations

import math
from typing import Any

from ._style import ORDERED_MAP, shade

# Ticks of a logarithmic axis, as multiples of powers of ten, by the number of decades shown.
_SUBDIVISIONS = ((1.0, (1, 2, 3, 4, 5, 7)), (2.5, (1, 2, 5)), (math.inf, (1,)))


def axes_or_new(ax: Any, *, figsize: tuple[float, float] | None = None) -> Any:
    """Return the given axes, or those of a new figure of a size in inches."""
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("Plots need matplotlib; install it with `pip install 'sk-w2v[plot]'`.") from error
    return pyplot.subplots(figsize=figsize, layout="constrained")[1]


def integer_ticks(axis: Any) -> None:
    """Put ticks at whole numbers only."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=8, steps=(1, 2, 5, 10), integer=True, min_n_ticks=1))


def mode_ticks(axis: Any, n_modes: int) -> None:
    """Put ticks at the first of the modes, which are counted from 1, and at round numbers."""
    from matplotlib.ticker import MaxNLocator

    if n_modes <= 12:
        axis.set_ticks(range(1, n_modes + 1))
        return
    round_numbers = MaxNLocator(nbins=6, steps=(1, 2, 5, 10), integer=True).tick_values(1, n_modes)
    axis.set_ticks([1, *(int(mode) for mode in round_numbers if 1 < mode <= n_modes)])


def logarithmic(axis: Any) -> None:
    """Write plain numbers at the ticks of a logarithmic axis, about as many for any range."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    low, high = axis.get_view_interval()
    decades = math.log10(high / low)
    subdivisions = next(subs for limit, subs in _SUBDIVISIONS if decades <= limit)
    axis.set_major_locator(LogLocator(subs=subdivisions, numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _plain(value)))
    axis.set_minor_locator(NullLocator())


def _plain(value: float) -> str:
    """Return a number without an exponent if it is of ordinary size."""
    if 1 <= value < 1e9:
        return f"{value:,.6g}" if value < 1e6 else f"{value:,.0f}"
    return f"{value:.9f}".rstrip("0") if 1e-6 <= value < 1 else f"{value:.0e}"


def add_legend(ax: Any, *, side: str = "right", **options: Any) -> Any:
    """Add a legend beside or above the axes; inside where a figure without layout has no room beside them."""
    place: dict[str, Any] = {"loc": "best"}
    if side == "top":
        place = {"loc": "lower left", "bbox_to_anchor": (0, 1.01), "ncols": 3, "columnspacing": 1, "handlelength": 1.5}
    elif has_layout(ax):
        place = {"loc": "upper left", "bbox_to_anchor": (1.01, 1)}
    return ax.legend(**{"frameon": False, "fontsize": "small", "borderaxespad": 0, **place, **options})


def has_layout(ax: Any) -> bool:
    """Tell whether the figure's layout makes room for what is outside of the axes."""
    return ax.figure.get_layout_engine() is not None


def ordered_color(place: int, n_places: int) -> Any:
    """Return the color of one of several lines in an order, the first the darkest."""
    from matplotlib import colormaps

    return colormaps[ORDERED_MAP](shade(place, n_places))
