"""The flow from any start, small or large, aligned or random: ``W W'`` follows a Riccati equation, solved exactly.

``W(t) W(t)' = e^{Mt} W0 [I + W0' M^-1 (e^{2Mt} - I) W0]^-1 W0' e^{Mt}``

This formula is not computed directly. The exponentials overflow. The eigenvalues of the bracket range from 1 to
``e^{2 lambda_1 t}``, so in floating point it stops being positive definite long before the modes are learned. Instead:

1. All computations are in the eigenbasis, with rows in the order of the eigenvalues.
2. The start is rotated to a trapezoid whose columns begin in successive rows. A column then has no component in modes
   that are faster than its first one.
3. Each column is divided by its growth, so no exponent exceeds 0.
4. The bracket ``I + Z'Z`` is never formed. Its triangular factor comes from a QR decomposition of ``I`` over ``Z``.

It works for times up to the largest float.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_triangular

from .._array_api import asarray_like, in_float64, namespace_of, to_numpy
from .._backends.blas import single_threaded_blas
from .._backends.dense import inner_product, product
from .._typing import Float64Array

_OUTSIDE = 1e-4  # share of a start's squared length allowed outside the span of float32 eigenvectors


@single_threaded_blas()
def riccati_flow(eigenvalues: npt.ArrayLike, start: npt.ArrayLike, *, time: float) -> Float64Array:
    """Return ``Y(t)`` of ``dY/dt = (Lambda - Y Y') Y`` from any start, exact up to a rotation from the right.

    Singular values, products ``Y Y'``, the error and nearest neighbors do not depend on the rotation. There is no
    rotation at time 0 or for an aligned start (at most one entry in each row and column).

    Parameters
    ----------
    eigenvalues : array-like of shape (n_modes,)
        Of any sign, in any order.
    start : array-like of shape (n_modes, n_components)
        ``V' W(0)``: the start in the eigenbasis, of any scale and rank.
    time : float
        At least 0, in the flow's unit.

    Returns
    -------
    array of shape (n_modes, n_components)
        ``V' W(t)``.

    Raises
    ------
    ValueError
        If the shapes do not match, numbers are not finite, or the time is negative.

    See Also
    --------
    riccati_vectors : The same for word vectors.
    squared_singular_values : The flow from an aligned start.
    flow_error : The error of the result.

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
        return np.zeros_like(start)  # zero is a fixed point
    order = np.argsort(-eigenvalues, kind="stable")
    trapezoid, rotation, firsts = _trapezoid(start[order] / scale)
    flowed = np.empty((len(start), len(firsts)))
    flowed[order] = _flow(eigenvalues[order], scale * trapezoid, firsts, time)
    return flowed @ rotation


def riccati_vectors(
    eigenvalues: npt.ArrayLike, eigenvectors: npt.ArrayLike, start: npt.ArrayLike, *, time: float
) -> Float64Array:
    """Return the word vectors at a time of the flow from any start in the span of the eigenvectors.

    Parameters
    ----------
    eigenvalues : array-like of shape (n_modes,)
    eigenvectors : array-like of shape (n_words, n_modes)
        Orthonormal eigenvectors of the target, some or all.
    start : array-like of shape (n_words, n_components)
        Word vectors in the span of the eigenvectors. Project another start ``W0`` to ``V (V' W0)`` first.
    time : float

    Returns
    -------
    array of shape (n_words, n_components)

    Raises
    ------
    ValueError
        If the start is not in the span, so that the flow depends on other eigenvalues, too; or as in `riccati_flow`.

    See Also
    --------
    riccati_flow : The flow in the eigenbasis.
    gradient_flow : The vectors from an aligned start.

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
    flowed = riccati_flow(_to_host(eigenvalues), to_numpy(coordinates), time=time)  # small and sequential
    vectors: Float64Array = product(V, asarray_like(flowed, V))
    return vectors


def _to_host(values: npt.ArrayLike) -> Float64Array:
    """Return an array of any library, or a sequence, as a NumPy array."""
    return to_numpy(in_float64(values))


def _checked(eigenvalues: npt.ArrayLike, start: npt.ArrayLike, time: float) -> tuple[Float64Array, Float64Array]:
    """Return eigenvalues and start as float64 arrays, or raise an error."""
    eigenvalues, start = np.asarray(eigenvalues, np.float64), np.asarray(start, np.float64)
    if eigenvalues.ndim != 1 or start.ndim != 2 or len(start) != len(eigenvalues):
        raise ValueError(
            f"The eigenvalues have shape {eigenvalues.shape} and the start {start.shape}; give (n_modes,) and "
            "(n_modes, n_components): V.T @ W0 for word vectors W0."
        )
    if not (np.all(np.isfinite(eigenvalues)) and np.all(np.isfinite(start))):
        raise ValueError("The eigenvalues or the start hold infinity or NaN; give finite numbers.")
    if not (np.isfinite(time) and time >= 0):
        raise ValueError(f"time={time} is not a time of the flow; give a finite number of at least 0.")
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
    """Return the flow at a time, of shape (n_modes, rank), from a trapezoid, with eigenvalues in descending order."""
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
    triangle *= np.sign(np.diag(triangle))[:, np.newaxis]  # avoids needless reflections
    flowed: Float64Array = solve_triangular(triangle, (grown / lengths).T, trans="T").T  # Y = grown / triangle
    return flowed


def _root_of_integral(eigenvalues: Float64Array, time: float) -> Float64Array:
    """Return the root of ``(e^{2 lambda t} - 1) / lambda``, divided by ``e^{lambda t}`` for growing modes."""
    size = np.abs(eigenvalues)
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        integral = -np.expm1(-2 * size * time) / size
    return np.sqrt(np.where(size * time > 1e-300, integral, 2 * time))
