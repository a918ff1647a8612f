"""Placement of labels that cover neither each other nor points and obstacles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .._typing import AnyFloatArray, BoolArray

N_DIRECTIONS = 16
_GROWTH = 1.2  # ratio of the radii of successive rings of candidates


def place_labels(
    points: AnyFloatArray,
    sizes: AnyFloatArray,
    *,
    bounds: npt.ArrayLike,
    obstacles: npt.ArrayLike = (),
    gap: float = 4.0,
) -> AnyFloatArray:
    """Return the center of each point's label, placed in order at the nearest free position.

    Positions within `bounds` come first. If none is free, one outside is used, so labels never overlap.

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
        centers[label] = candidates[chosen]
        taken = np.vstack([taken, boxes[chosen]])
    return centers


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
