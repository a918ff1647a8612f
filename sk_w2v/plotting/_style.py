"""Colors and line styles of all plots, told apart by color-blind readers and in gray."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#E69F00",
    "#CC79A7",
    "#56B4E9",
    "#000000",
)
# Okabe and Ito (2008), "Color universal design", without yellow, which white paper hides.
COLORS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK)
DASHES = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D")

ORDERED_MAP = "viridis"  # for lines in an order; perceptually uniform
IMAGE_MAP = "magma_r"  # for images; perceptually uniform, zero is nearly white
_DARKEST, _LIGHTEST = 0.0, 0.78  # of the map for lines: lighter ones are lost on white


def line_styles() -> Iterator[dict[str, Any]]:
    """Yield color and dashes of one line after the other, all different for 28 lines."""
    yield from ({"color": color, "linestyle": dashes} for dashes, color in product(DASHES, COLORS))


def point_styles() -> Iterator[dict[str, Any]]:
    """Yield color and marker of one group of points after the other, all different for 28 groups."""
    yield from ({"color": color, "marker": marker} for marker, color in product(MARKERS, COLORS))


def shade(place: int, n_places: int) -> float:
    """Return the position in `ORDERED_MAP` of one of several lines in an order."""
    return _DARKEST + (_LIGHTEST - _DARKEST) * place / max(1, n_places - 1)
