"""Any start, small or large, aligned or random: the flow of ``W W'`` is a Riccati equation, and has an exact solution.

``W(t) W(t)' = e^{Mt} W0 [I + W0' M^-1 (e^{2Mt} - I) W0]^-1 W0' e^{Mt}``

cannot be computed as it stands: the exponentials overflow, and the bracket, whose eigenvalues lie as far apart as
``e^{2 lambda_1 t}`` and 1, is not positive definite in floating point long before the modes are learnt. So (1) all is
done in the eigenbasis, rows in the order of the eigenvalues; (2) the start is rotated to a trapezoid, its columns
beginning in one row after another, so that a column has no part in modes that are faster than the one it begins with;
(3) each column is measured in units of its own growth, which leaves no exponent above 0; (4) the bracket is never
formed: ``I + Z'Z`` comes as the triangle of a QR decomposition of ``I`` over ``Z``. Times up to the largest float work.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_triangular

from .._array_api import asarray_like, in_float64, namespace_of, to_numpy
from .._backends.dense import inner_product, product, single_threaded_blas
from .._typing import Float64Array

_OUTSIDE = 1e-4  # share of a start's squared length that float32 eigenvectors may leave outside of their span


@single_threaded_blas()
def riccati_flow(eigenvalues: npt.ArrayLike, start: npt.ArrayLike, *, time: float) -> Float64Array:
    """Return ``Y(t)`` of ``dY/dt = (Lambda - Y Y') Y`` from any start, exactly but for a rotation from the right.

    Singular values, products ``Y Y'``, error and neighbours do not depend on that rotation. It is none at all for an
    aligned start (at most one entry in each row and column) and at time 0.

    Parameters
    ----------
    eigenvalues : array-like of shape (n_modes,)
        Of any sign, in any order.
    start : array-like of shape (n_modes, n_components)
        ``V' W(0)``: the start in the eigenbasis, a row for each mode, of any size and rank.
    time : float
        At least 0, in the flow's own unit.

    Returns
    -------
    array of shape (n_modes, n_components)
        ``V' W(t)``.

    Raises
    ------
    ValueError
        If shapes do not fit, numbers are not finite, or the time is negative.

    References
    ----------
    Fukumizu (1998), "Effect of batch learning in multilayer neural networks"; Karkada et al. (2025).

    Examples
    --------
    >>> start = [[0.1, 0.1], [-0.1, 0.2]]
    >>> later = riccati_flow([4.0, 1.0], start, time=1.0)
    >>> (later @ later.T).round(3)
    array([[3.744, 0.072],
           [0.072, 0.26 ]])
    """
    eigenvalues, start = _checked(eigenvalues, start, time)
    scale = np.abs(start).max(initial=0)
    if scale == 0:
        return np.zeros_like(start)  # nothing grows from nothing
    order = np.argsort(-eigenvalues, kind="stable")
    trapezoid, rotation, firsts = _trapezoid(start[order] / scale)
    flowed = np.empty((len(start), len(firsts)))
    flowed[order] = _flow(eigenvalues[order], scale * trapezoid, firsts, time)
    return flowed @ rotation


def riccati_vectors(
    eigenvalues: npt.ArrayLike, eigenvectors: npt.ArrayLike, start: npt.ArrayLike, *, time: float
) -> Float64Array:
    """Return the word vectors that the flow from a start in the span of the eigenvectors reaches: `riccati_flow`.

    Parameters
    ----------
    eigenvalues : array-like of shape (n_modes,)
    eigenvectors : array-like of shape (n_words, n_modes)
        Orthonormal: some of the target's, or all of them.
    start : array-like of shape (n_words, n_components)
        Word vectors in the eigenvectors' span; from any start ``W0`` take ``V (V' W0)``.
    time : float

    Returns
    -------
    array of shape (n_words, n_components)

    Raises
    ------
    ValueError
        If the start is not in the span, since what happens to the rest depends on the other eigenvalues.

    Examples
    --------
    >>> vectors = np.eye(3)[:, :2]
    >>> riccati_vectors([4.0, 1.0], vectors, 0.1 * vectors, time=2.0).round(2)
    array([[2. , 0. ],
           [0. , 0.6],
           [0. , 0. ]])
    """
    V, W0 = in_float64(eigenvectors), in_float64(start)
    xp = namespace_of(W0)
    coordinates = inner_product(V, W0)  # (n_modes, n_components)
    total = float(xp.sum(W0**2))
    outside = 1 - float(xp.sum(coordinates**2)) / total if total > 0 else 0.0
    if outside > _OUTSIDE:
        raise ValueError(
            f"{outside:.1%} of the start's squared length lie outside the span of the {V.shape[1]} "
            "eigenvectors; give all eigenvectors of the target, or the start's projection V @ (V.T @ start)."
        )
    flowed = riccati_flow(_to_host(eigenvalues), to_numpy(coordinates), time=time)  # small, and sequential
    vectors: Float64Array = product(V, asarray_like(flowed, V))
    return vectors


def _to_host(values: npt.ArrayLike) -> Float64Array:
    """Return an array of any library, or a sequence, as a NumPy array."""
    return to_numpy(in_float64(values))


def _checked(eigenvalues: npt.ArrayLike, start: npt.ArrayLike, time: float) -> tuple[Float64Array, Float64Array]:
    """Return eigenvalues and start as arrays of float64, or say what is wrong with them."""
    eigenvalues, start = np.asarray(eigenvalues, np.float64), np.asarray(start, np.float64)
    if eigenvalues.ndim != 1 or start.ndim != 2 or len(start) != len(eigenvalues):
        raise ValueError(
            f"The eigenvalues have shape {eigenvalues.shape} and the start {start.shape}; give (n_modes,) and "
            "(n_modes, n_components): V.T @ W0 for word vectors W0."
        )
    if not (np.all(np.isfinite(eigenvalues)) and np.all(np.isfinite(start))):
        raise ValueError("The eigenvalues or the start hold infinity or NaN; give finite numbers.")
    if not (np.isfinite(time) and time >= 0):
        raise ValueError(f"time={time} is no time of the flow; give a finite number that is at least 0.")
    return eigenvalues, start


def _trapezoid(start: Float64Array) -> tuple[Float64Array, Float64Array, list[int]]:
    """Rotate the columns so that each begins in a row below the one before.

    Returns
    -------
    trapezoid : array of shape (n_modes, rank)
    rotation : array of shape (rank, n_components)
        ``trapezoid @ rotation`` is the start.
    firsts : list of int, of length rank
        The row that each column begins in.
    """
    left, n_components = start.copy(), start.shape[1]
    rotation = np.eye(n_components)
    noise = 4 * np.finfo(np.float64).eps * n_components * np.linalg.norm(start, axis=1)  # of each row's rotations
    firsts: list[int] = []
    for row in range(len(start)):
        column = len(firsts)
        if column == n_components:
            break
        rest = left[row, column:]
        length = np.linalg.norm(rest)
        if length <= noise[row]:
            left[row, column:] = 0
            continue
        mirror = rest.copy()  # Householder's, which takes the rest of the row to its first entry
        mirror[0] += np.copysign(length, mirror[0])
        mirror /= np.linalg.norm(mirror)
        left[row:, column:] -= 2 * np.outer(left[row:, column:] @ mirror, mirror)
        rotation[column:] -= 2 * np.outer(mirror, mirror @ rotation[column:])
        left[row, column + 1 :] = 0
        firsts.append(row)
    return left[:, : len(firsts)], rotation[: len(firsts)], firsts


def _flow(eigenvalues: Float64Array, start: Float64Array, firsts: list[int], time: float) -> Float64Array:
    """Return the flow at a time, of shape (n_modes, rank), from a trapezoid; eigenvalues are falling."""
    growth = np.maximum(eigenvalues, 0)
    unit = growth[firsts]  # each column is measured in units of e^{unit t}
    below = np.arange(len(eigenvalues))[:, np.newaxis] >= firsts  # elsewhere the trapezoid is zero
    with np.errstate(over="ignore", under="ignore"):
        grown = start * np.exp(np.where(below, eigenvalues[:, np.newaxis] - unit, 0) * time)  # e^{Lt} Y0 / unit
        bracket = start * np.exp(np.where(below, growth[:, np.newaxis] - unit, 0) * time)
        bracket *= _root_of_integral(eigenvalues, time)[:, np.newaxis]  # Z / unit
        stacked = np.vstack([np.diag(np.exp(-unit * time)), bracket])  # I / unit over Z / unit
    lengths = np.linalg.norm(stacked, axis=0)
    triangle = np.linalg.qr(stacked / lengths, mode="r")
    triangle *= np.sign(np.diag(triangle))[:, np.newaxis]  # so that nothing is turned where nothing need be
    flowed: Float64Array = solve_triangular(triangle, (grown / lengths).T, trans="T").T  # Y = grown / triangle
    return flowed


def _root_of_integral(eigenvalues: Float64Array, time: float) -> Float64Array:
    """Return the root of ``(e^{2 lambda t} - 1) / lambda``, over ``e^{lambda t}`` for growing modes."""
    size = np.abs(eigenvalues)
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        integral = -np.expm1(-2 * size * time) / size
    return np.sqrt(np.where(size * time > 1e-300, integral, 2 * time))
