"""Replicas: copies of the vectors, trained in parallel on disjoint chunks of text and merged after every round.

The result depends on the number of replicas, not on the number of threads.

The sum of the replicas' moves overshoots where they moved toward the same point. Their mean loses most of the progress
where they moved toward different points. Products of curvature `h` reduce the distance of a replica from its fixed
point to a share ``q = exp(-x)``, where `x` is `h` times the sum of the learning rates of these products. If the
replicas were trained sequentially, the second would start from a share ``q`` of the distance and the third from
``q^2``. So the merged move is the sum of the moves times

    share(x) = (1 + q + ... + q^(n_replicas - 1)) / n_replicas:

the sum for rare words, the mean for frequent ones.

Curvature differs between directions, by a factor of ten from one direction to the next. It is a matrix, `SLOPE` times
the second moments of the vectors on the other side, and each of its eigenvectors gets its own share.

If `x` is too small, the merged vectors overshoot. If replicas really leave ``exp(-k x)`` of the distance and
``n_replicas x`` is large, the merged vectors move up to `k` times too far, and from ``k = 2`` on every round amplifies
the error. If `x` is too large, learning is slower, but never slower than with the mean of the replicas. So `x` is an
upper estimate:

* `SLOPE` is the largest slope of the logistic function, 1/4. (Its mean over trained vectors is about half of that.)
* Words and contexts change the same products at the same time, each as if the other were fixed, which doubles the
  curvature of a product. So second moments from before and after the round are summed, not averaged. Those from after
  the round are taken over the replicas, not over their mean, and so include growth and noise.
* The contexts of a row may be longer than those of the average row. But if `K` products with gradients `g_i`, contexts
  `c_i` and the rate `r` moved it by `m` along the axis `a`, then the Cauchy-Schwarz inequality gives
  ``m^2 <= r^2 sum(g_i^2) sum((c_i a)^2)``. In a calibrated model the mean of ``g^2`` equals that of the slope, so that
  the `x` of the row is at least ``m^2 / (r K)``. This is added.
* Tied vectors have positive products with themselves, so that most gradients have the same sign, and all vectors shrink
  together at a rate of up to `RESIDUAL` a product, however short they are. This is added for tied vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import numpy as np

from .._backends.aligned import aligned_zeros
from .._backends.blas import single_threaded_blas
from .._typing import Float32Array, Float64Array, Int64Array

N_REPLICAS = 2
# Products per round for each word, or for each component if there are more components. Merging multiplies a matrix of
# shape (n_words, n_components) by one of (n_components, n_components). It then takes some percent of the training time.
PRODUCTS_PER_WORD = 1000
FEWEST_ROUNDS = 4  # per pass; with fewer, replicas drift too far apart
N_FREQUENT = 2048  # rows of the second moments: most products are with frequent words
SLOPE = 0.25  # largest second derivative of either loss by a product
RESIDUAL = 0.5  # first derivative of either loss at a product of zero


def default_n_replicas(n_products: float, size: int) -> int:
    """Return `N_REPLICAS` if a pass makes enough products for frequent merges, else 1; see `rounds`."""
    return N_REPLICAS if n_products >= FEWEST_ROUNDS * PRODUCTS_PER_WORD * size else 1


def rounds(n_tokens: int, n_products: float, size: int, n_replicas: int) -> Int64Array:
    """Return the positions between which each replica trains in each round, of shape (n_rounds, n_replicas + 1).

    Every replica has a token in every round, unless the text has fewer tokens than there are replicas.

    Parameters
    ----------
    n_products : float
        Number of products of a pass over the `n_tokens` tokens.
    size : int
        Number of words, or of components if there are more.
    """
    n_wanted = max(FEWEST_ROUNDS, int(n_products / (PRODUCTS_PER_WORD * size)))
    n_rounds = max(1, min(n_wanted, n_tokens // n_replicas))
    ends = np.linspace(0, n_tokens, n_rounds + 1).astype(np.int64)
    return np.linspace(ends[:-1], ends[1:], n_replicas + 1, axis=1).astype(np.int64)


class Directions(NamedTuple):
    """Directions with the curvature along each.

    Attributes
    ----------
    axes : float32 array of shape (n_components, width)
        Orthonormal rows.
    curvatures : float32 array of shape (n_components,)
    """

    axes: Float32Array
    curvatures: Float32Array


@dataclass(eq=False)
class Replicas:
    """A matrix of vectors and its replicas.

    Attributes
    ----------
    vectors : float32 array of shape (n_words, width)
        The vectors after the last merge, from which all replicas start.
    stack : float32 array of shape (n_replicas, n_words, width)
    products : float64 array of shape (n_words,)
        Number of products of each row per token of text.
    n_components : int
        Number of columns that are not padding.
    frequent : int64 array of shape (min(N_FREQUENT, n_words),)
        The rows with the most products.
    """

    vectors: Float32Array
    stack: Float32Array
    products: Float64Array
    n_components: int
    frequent: Int64Array

    @classmethod
    def of(cls, vectors: Float32Array, n_components: int, n_replicas: int, products: Float64Array) -> Replicas:
        """Replicate vectors, whose columns from `n_components` on are zero padding."""
        stack = aligned_zeros((n_replicas, *vectors.shape))
        stack[:] = vectors
        frequent = np.sort(np.argsort(-products, kind="stable")[:N_FREQUENT])
        return cls(vectors, stack, products, n_components, frequent)

    def directions(self) -> Directions:
        """Return the eigenvectors and eigenvalues of the curvature that these vectors cause on the other side."""
        before = self._second_moments(self.vectors)
        after = sum(self._second_moments(replica) for replica in self.stack) / len(self.stack)
        if not np.all(np.isfinite(after)):
            raise FloatingPointError("The replicas' vectors are infinite, NaN, or too long to be squared.")
        squares, eigenvectors = np.linalg.eigh(before + after)
        axes = np.zeros((self.n_components, self.vectors.shape[1]), dtype=np.float32)
        axes[:, : self.n_components] = eigenvectors.T
        return Directions(axes, (SLOPE * np.maximum(squares, 0)).astype(np.float32))

    def _second_moments(self, vectors: Float32Array) -> Float64Array:
        """Return the mean of ``vector vector'`` over products, of shape (n_components, n_components)."""
        products = self.products[self.frequent]
        weights = products / (products.sum() or 1.0)  # a text without pairs makes none
        frequent = vectors[self.frequent, : self.n_components].astype(np.float64)
        moments: Float64Array = (frequent.T * weights) @ frequent
        return moments


def merge(words: Replicas, contexts: Replicas, *, step: float, backend: ModuleType, n_jobs: int) -> None:
    """Merge all replicas, in place; `step` is the sum of the learning rates of the round's tokens.

    `words` and `contexts` are the same object if they are tied.

    Raises
    ------
    FloatingPointError
        If the replicas have diverged.
    """
    tied = words is contexts
    sides = [words] if tied else [words, contexts]
    with single_threaded_blas():
        met = [side.directions() for side in reversed(sides)]
    for side, directions in zip(sides, met, strict=True):
        steps = (side.products * step / len(side.stack)).astype(np.float32)
        curvatures = directions.curvatures + np.float32(RESIDUAL if tied else 0)
        backend.merge_replicas(side.vectors, side.stack, steps, directions.axes, curvatures, n_jobs=n_jobs)
