"""Placement of labels that cover neither each other nor points and obstacles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import isotonic_regression

from .._typing import AnyFloatArray, BoolArray
from ._axes import has_layout

N_DIRECTIONS = 16
_LEADER_LENGTH = 0.05  # of the width of the axes
_TO_THE_LEFT_OF_TEXT = {"arrowstyle": "-", "linewidth": 0.8, "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)}
_GROWTH = 1.2  # ratio of the radii of successive rings of candidates


def place_labels(
    points: AnyFloatArray,
    sizes: AnyFloatArray,
    *,
    bounds: npt.ArrayLike,
    obstacles: npt.ArrayLike = (),
    gap: float = 4.0,
    reach: float = np.inf,
) -> AnyFloatArray:
    """Return the center of each point's label, placed in order at the nearest free position.

    Positions within `bounds` come first. If none is free, one outside is used, so labels never overlap. With a finite
    `reach`, a label that has no free position within `bounds` and near its point gets NaN instead.

    Parameters
    ----------
    points : array of shape (n_labels, 2)
        All lengths are in the same unit, such as pixels.
    sizes : array of shape (n_labels, 2)
        Width and height of each label.
    bounds : array-like of shape (4,)
        Left, lower, right and upper limits of the preferred area.
    obstacles : array-like of shape (n_obstacles, 4)
        Boxes that labels must not cover, in addition to the points.
    gap : float
        Minimum distance of a label from its point, and half the side of the square that a point covers.
    reach : float
        Maximum distance of the nearest edge of a label from its point.

    Returns
    -------
    array of shape (n_labels, 2)

    Examples
    --------
    >>> place_labels(np.zeros((2, 2)), np.full((2, 2), 10.0), bounds=(-50, -50, 50, 50)).round(1)
    array([[ 9.,  0.],
           [-9.,  0.]])
    """
    bounds = np.asarray(bounds, dtype=np.float64)
    taken = np.concatenate([_boxes(points, np.full(2, 2 * gap)), np.reshape(np.asarray(obstacles, float), (-1, 4))])
    centers = np.empty((len(points), 2))
    for label, (point, size) in enumerate(zip(points, sizes, strict=True)):
        candidates = point + _rings(size, 1.01 * gap + 0.01, reach=_extent(np.vstack([taken, bounds])))
        boxes = _boxes(candidates, size)
        free = ~_overlap(boxes, taken)
        inside = np.all((boxes[:, :2] >= bounds[:2]) & (boxes[:, 2:] <= bounds[2:]), axis=1)
        chosen = np.argmax(2 * free + inside * free)  # the first and nearest of the best kind
        distance = np.linalg.norm(np.maximum(np.abs(candidates[chosen] - point) - size / 2, 0))
        if np.isfinite(reach) and not (free[chosen] and inside[chosen] and distance <= reach):
            centers[label] = np.nan
            continue
        centers[label] = candidates[chosen]
        taken = np.vstack([taken, boxes[chosen]])
    return centers


def write_at_ends(lines: Sequence[Any], words: Sequence[str], *, fontsize: Any = "small") -> list[Any]:
    """Write words to the right of the ends of lines, in their order by height, and return the texts.

    They are outside of the axes if the figure's layout makes room for them, else the axes are extended.
    """
    ax = lines[0].axes
    ends = np.array([[line.get_xdata()[-1], line.get_ydata()[-1]] for line in lines], dtype=np.float64)
    ax.set_xlim(right=ends[:, 0].max())
    texts = [
        ax.annotate(
            text,
            end,
            (1, 0),
            textcoords="axes fraction",
            va="center",
            fontsize=fontsize,
            arrowprops={**_TO_THE_LEFT_OF_TEXT, "color": line.get_color()},
        )
        for text, end, line in zip(words, ends, lines, strict=True)
    ]
    ax.figure.canvas.figure.draw_without_rendering()  # computes the layout of the axes
    box = ax.bbox
    extents = [_text_extent(text) for text in texts]
    if not has_layout(ax):
        _extend(ax, max(extent.width for extent in extents) / box.width)
    right = ax.transAxes.inverted().transform(ax.transData.transform(ends))  # (n_lines, 2)
    heights = spread(right[:, 1], max(extent.height for extent in extents) / box.height)
    for text, across, height in zip(texts, right[:, 0], heights, strict=True):
        text.set_position((across + _LEADER_LENGTH, height))
    return texts


def spread(positions: AnyFloatArray, gap: float) -> AnyFloatArray:
    """Return positions between 0 and 1 in the same order, at least `gap` apart and near the given ones.

    Examples
    --------
    >>> spread(np.array([0.5, 0.5, 0.9]), 0.1).round(3)
    array([0.45, 0.55, 0.9 ])
    """
    order = np.argsort(positions, kind="stable")
    steps = gap * np.arange(len(order))
    shifted = isotonic_regression(positions[order] - steps)  # nondecreasing, so that the steps keep them apart
    placed = np.empty(len(order))
    placed[order] = np.clip(shifted, gap / 2, max(gap / 2, 1 - gap / 2 - steps[-1])) + steps
    return placed


def _text_extent(annotation: Any) -> Any:
    """Return the box of an annotation's text, without its leader."""
    from matplotlib.text import Text

    return Text.get_window_extent(annotation)


def _extend(ax: Any, share: float) -> None:
    """Extend the axes to the right, so that the given share of their width is free."""
    left, right = ax.get_xlim()
    ax.set_xlim(left, left + (right - left) / max(0.2, 1 - share - 1.5 * _LEADER_LENGTH))


def _rings(size: AnyFloatArray, gap: float, *, reach: float) -> AnyFloatArray:
    """Return offsets of a label's center from its point, nearest first; the last ring is beyond `reach`."""
    n_rings = 2 + int(np.log((reach + size.sum()) / gap + 1) / np.log(_GROWTH))
    radii = gap * _GROWTH ** np.arange(n_rings)
    turns = np.argsort([_bit_reversed(place) for place in range(N_DIRECTIONS)])  # right, left, above, below, between
    angles = 2 * np.pi * turns / N_DIRECTIONS
    directions = np.column_stack([np.cos(angles), np.sin(angles)])  # (N_DIRECTIONS, 2)
    offsets: AnyFloatArray = directions * (radii[:, np.newaxis, np.newaxis] + size / 2)
    return offsets.reshape(-1, 2)


def _bit_reversed(place: int) -> int:
    """Return a number below `N_DIRECTIONS` with its bits reversed."""
    n_bits = N_DIRECTIONS.bit_length() - 1
    return int(f"{place:0{n_bits}b}"[::-1], 2)


def _boxes(centers: AnyFloatArray, sizes: AnyFloatArray) -> AnyFloatArray:
    """Return the left, lower, right and upper limits, of shape (n_boxes, 4)."""
    return np.hstack([centers - sizes / 2, centers + sizes / 2])


def _overlap(boxes: AnyFloatArray, others: AnyFloatArray) -> BoolArray:
    """Return which boxes overlap any of the others."""
    apart = (boxes[:, np.newaxis, :2] >= others[:, 2:]) | (boxes[:, np.newaxis, 2:] <= others[:, :2])
    overlapping: BoolArray = np.any(~np.any(apart, axis=2), axis=1)
    return overlapping


def _extent(boxes: AnyFloatArray) -> float:
    """Return the diameter of all boxes together."""
    return float(np.linalg.norm(boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)))
