"""The dataclass of a target: sparse deviations and a constant background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from .._backends.blas import single_threaded_blas
from .._typing import Float64Array

PAIRS_AT_ONCE = 1 << 18  # the working set of a formula then fits into the cache


@dataclass(frozen=True, eq=False)
class Target:
    """The symmetric matrix ``deviations + background * 1 1'`` of shape (n_words, n_words).

    Attributes
    ----------
    deviations : float32 CSR array of shape (n_words, n_words)
        Observed entries minus the background.
    background : float
        The entry of every pair that was not observed.

    See Also
    --------
    make_target : Make a target by name, or by a callable.
    sk_w2v.factorization.top_eigenpairs : Factorize a target.

    Examples
    --------
    >>> Target(sparse.csr_array([[0, 3], [3, 0]]), background=-2.0).toarray()
    array([[-2.,  1.],
           [ 1., -2.]])
    """

    deviations: sparse.csr_array
    background: float = 0.0

    @property
    def n_words(self) -> int:
        """Number of rows."""
        return int(self.deviations.shape[0])

    def toarray(self) -> Float64Array:
        """Return the dense matrix, of shape (n_words, n_words)."""
        dense: Float64Array = self.deviations.toarray().astype(np.float64) + self.background
        return dense

    @single_threaded_blas()
    def squared_norm(self) -> float:
        """Return the sum of the squares of all entries."""
        total = (self.n_words**2 - self.deviations.nnz) * self.background**2
        for start in range(0, self.deviations.nnz, PAIRS_AT_ONCE):
            observed = self.deviations.data[start : start + PAIRS_AT_ONCE].astype(np.float64) + self.background
            total += observed @ observed
        return float(total)
