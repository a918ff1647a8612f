"""Replicas: copies of the vectors that are trained apart, on runs of the text, and come together after every round.

What comes out depends on how many copies there are, and not on how many threads trained them.

To add up the moves of all copies would overshoot where they all moved towards one point; to average them would lose
all but one where they did not. A copy that took part in products of curvature `h` leaves ``q = exp(-x)`` of its
distance from the point where these would be at rest, where `x` is `h` times the sum of their learning rates. Had the
copies been trained one after the other, the second would have found ``q`` of the distance, the third ``q^2``. So moves
count for a share of their sum,

    share(x) = (1 + q + ... + q^(n_replicas - 1)) / n_replicas:

the sum for rare words, the mean for frequent ones. Curvature is that of the vectors met, and these have much in common:
along one direction it is ten times what it is along the next. So shares are taken along each of a few main directions,
and along all others together.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .._backends.aligned import zeros_in_lines
from .._backends.dense import single_threaded_blas

Int64Array = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]
Float64Array = npt.NDArray[np.float64]

N_REPLICAS = 2
PRODUCTS_PER_WORD = 1000  # of a round: bringing the copies together takes some hundredths of the time of training them
FEWEST_ROUNDS = 4  # of a pass, or copies would go apart too far
N_DIRECTIONS = 8
N_FREQUENT = 2048  # rows that directions are found from: most products are with frequent words
SLOPES = {"logistic": 0.05, "quartic": 0.25}  # second derivative of the loss by a product: on average, and exactly


def default_n_replicas(n_products: float, n_words: int) -> int:
    """Return `N_REPLICAS` if a pass makes enough products for copies to meet often, or else 1."""
    return N_REPLICAS if n_products >= FEWEST_ROUNDS * PRODUCTS_PER_WORD * n_words else 1


def rounds(n_tokens: int, n_products: float, n_words: int, n_replicas: int) -> Int64Array:
    """Return the tokens between which each copy trains in each round, of shape (n_rounds, n_replicas + 1).

    `n_products` is how many products a pass over the `n_tokens` tokens makes.
    """
    n_rounds = max(FEWEST_ROUNDS, int(n_products / (PRODUCTS_PER_WORD * n_words)))
    ends = np.linspace(0, n_tokens, n_rounds + 1).astype(np.int64)
    return np.linspace(ends[:-1], ends[1:], n_replicas + 1, axis=1).astype(np.int64)


class Directions(NamedTuple):
    """Main directions of some vectors.

    Attributes
    ----------
    axes : float32 array of shape (N_DIRECTIONS, width)
        Orthonormal rows; zeros where there are no more directions.
    squares : float64 array of shape (N_DIRECTIONS + 1,)
        The vectors' mean square along each axis and, last, along any other direction.
    """

    axes: FloatArray
    squares: Float64Array


@dataclass(eq=False)
class Replicas:
    """A matrix of vectors and its copies.

    Attributes
    ----------
    vectors : float32 array of shape (n_words, width)
        What the copies had in common last.
    copies : float32 array of shape (n_replicas, n_words, width)
    products : float64 array of shape (n_words,)
        In how many products each row takes part, per token of text.
    axes : float32 array of shape (n_axes, n_components)
        Where `main_directions` goes on from.
    """

    vectors: FloatArray
    copies: FloatArray
    products: Float64Array
    axes: FloatArray

    @classmethod
    def of(cls, vectors: FloatArray, n_components: int, n_replicas: int, products: Float64Array) -> Replicas:
        """Copy vectors, whose columns from `n_components` on are zero."""
        axes = np.random.RandomState(0).standard_normal((min(N_DIRECTIONS, n_components), n_components))
        copies = zeros_in_lines((n_replicas, *vectors.shape))
        copies[:] = vectors
        return cls(vectors, copies, products, axes.astype(np.float32))

    @single_threaded_blas()
    def main_directions(self) -> Directions:
        """Return the directions of the vectors met, by one step of subspace iteration from those of last time."""
        n_axes, n_components = self.axes.shape
        vectors = self.vectors[:N_FREQUENT, :n_components]
        weights = (self.products[:N_FREQUENT] / self.products[:N_FREQUENT].sum()).astype(np.float32)[:, np.newaxis]
        images = vectors.T @ (weights * (vectors @ self.axes.T))  # (n_components, n_axes)
        self.axes = np.linalg.qr(images)[0].T
        along = (weights * (vectors @ self.axes.T) ** 2).sum(axis=0, dtype=np.float64)
        rest = float(weights[:, 0] @ np.einsum("wd,wd->w", vectors, vectors)) - along.sum()
        axes = np.zeros((N_DIRECTIONS, self.vectors.shape[1]), dtype=np.float32)
        axes[:n_axes, :n_components] = self.axes
        squares = np.zeros(N_DIRECTIONS + 1)
        squares[:n_axes] = along
        squares[-1] = max(rest, 0) / max(n_components - n_axes, 1)
        return Directions(axes, squares)


def bring_together(
    words: Replicas, contexts: Replicas, *, step: float, loss: str, backend: ModuleType, n_jobs: int
) -> None:
    """Give all copies what each has learnt; `step` is the sum of the learning rates of the round's tokens.

    `words` and `contexts` are one if they are tied.
    """
    sides = [words] if words is contexts else [words, contexts]
    met = [side.main_directions() for side in reversed(sides)]
    for side, directions in zip(sides, met, strict=True):
        backend.merge_copies(
            side.vectors,
            side.copies,
            (side.products * step / len(side.copies)).astype(np.float32),
            directions.axes,
            (SLOPES[loss] * directions.squares).astype(np.float32),
            n_jobs=n_jobs,
        )
