"""A block Krylov space, in which the eigensolver searches for eigenvectors.

It needs products with the matrix, ``qr`` and small ``eigh``, in any array namespace. NumPy arrays are split into pieces
for `n_jobs` threads, on which the result does not depend. The large arrays are float32, the small problem is float64.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from .._array_api import to_numpy
from .._backends.dense import eigh, inner_product, orthonormalize, product
from .._typing import Float64Array

BLOCK_SIZE = 32  # columns multiplied at once


class KrylovSpace:
    """An orthonormal basis ``Q``, the projection ``T = Q' M Q``, and the block ``B`` that comes next.

    Always ``M Q = Q T + B C E'``, where ``E`` selects the last block of ``Q``. For an eigenvector ``y`` of ``T``, the
    residual of ``Q y`` as an eigenvector of ``M`` is therefore the length of ``C E' y``.
    """

    def __init__(
        self,
        multiply: Callable[[Any], Any],
        n_words: int,
        capacity: int,
        rng: np.random.RandomState,
        xp: ModuleType,
        *,
        n_jobs: int = 1,
    ) -> None:
        self.multiply, self.rng, self.xp, self.n_jobs = multiply, rng, xp, n_jobs
        self.size = 0
        self.basis = xp.empty((n_words, capacity), dtype=xp.float32)  # Q
        self.projection = np.zeros((capacity, capacity))  # T, in float64
        self.next_block, _ = orthonormalize(self._random_block(), n_jobs=n_jobs)  # B

    def grow(self) -> None:
        """Append the next block to the basis, multiply it by the matrix, and compute the block after it."""
        old, self.size = self.size, self.size + BLOCK_SIZE
        self.basis[:, old : self.size] = self.next_block
        coefficients = self.projection[: self.size, old : self.size]  # a view, filled in two rounds
        coefficients[:], image = self._project_out(self.multiply(self.next_block))
        block, coupling = self._orthonormal(image)
        rest, image = self._project_out(block)  # float32 needs this second round to be orthogonal
        self.next_block, mixing = orthonormalize(image, n_jobs=self.n_jobs)
        coefficients += product(rest, coupling)
        self.projection[old : self.size, : self.size] = coefficients.T
        self.coupling = product(to_numpy(mixing), coupling)

    def ritz_pairs(self) -> tuple[Float64Array, ...]:
        """Return the eigenvalues and eigenvectors of ``T``, in descending order, and each pair's residual."""
        values, mixing = eigh(self.projection[: self.size, : self.size])
        values, mixing = values[::-1], mixing[:, ::-1]
        return values, mixing, np.linalg.norm(product(self.coupling, mixing[-BLOCK_SIZE:]), axis=0)

    def restart(self, values: Float64Array, mixing: Float64Array, n_kept: int) -> None:
        """Keep the best `n_kept` vectors of the space; the next block continues from them."""
        self.basis[:, :n_kept] = self.vectors(mixing[:, :n_kept])
        self.projection[:] = 0
        np.fill_diagonal(self.projection[:n_kept, :n_kept], values[:n_kept])
        self.size = n_kept

    def vectors(self, mixing: Float64Array) -> Any:
        """Return combinations of the basis, of shape (n_words, n_combinations)."""
        mixing = self.xp.asarray(mixing, dtype=self.xp.float32)
        return product(self.basis[:, : self.size], mixing, n_jobs=self.n_jobs)

    def _project_out(self, block: Any) -> tuple[Float64Array, Any]:
        """Return the block's coefficients in the basis, and its component orthogonal to the basis."""
        basis = self.basis[:, : self.size]
        coefficients = inner_product(basis, block, n_jobs=self.n_jobs)
        outside = block - product(basis, coefficients, n_jobs=self.n_jobs)
        return to_numpy(coefficients).astype(np.float64), outside

    def _orthonormal(self, image: Any) -> tuple[Any, Float64Array]:
        """Factorize the block, ``image = B C``; replace vanished directions by random ones."""
        block, coupling = orthonormalize(image, n_jobs=self.n_jobs)
        coupling = to_numpy(coupling).astype(np.float64)
        dead = np.flatnonzero(np.abs(np.diag(coupling)) <= 1e-6 * np.abs(self.projection).max())
        if len(dead):
            coupling[dead] = 0
            alive = self.xp.asarray(~np.isin(np.arange(BLOCK_SIZE), dead))
            block = self.xp.where(alive, block, self._random_block())
        return block, coupling

    def _random_block(self) -> Any:
        """Return a block of normal random numbers, of shape (n_words, BLOCK_SIZE)."""
        numbers = self.rng.standard_normal((self.basis.shape[0], BLOCK_SIZE))
        return self.xp.asarray(numbers, dtype=self.xp.float32)
