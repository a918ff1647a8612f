"""The weights of the pairs of words in the expected loss: sparse + low rank.

Training pairs words of the text (positive pairs) and words with noise words (negative pairs). In expectation the pair
(i, j) has a positive term of weight ``A_ij`` and a negative term of weight ``B_ij``. ``A`` is sparse, and ``B`` is
sparse + low rank, because noise words are drawn independently of the center word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from .._backends.addresses import check_vectors_of_words, checked_csr
from .._backends.blas import single_threaded_blas
from .._typing import AnyFloatArray, AnyIntArray, Float32Array, Float64Array
from ..cooccurrence import Cooccurrence
from ..targets import mstar_target

PAIRS_AT_ONCE = 1 << 16  # the working set then fits into the cache


@dataclass(frozen=True, eq=False)
class PairWeights:
    """Weights of each pair's positive term, ``A = positive``, and of both: ``A + B = G = total + rows @ columns'``.

    ``A`` and the sparse part of ``G`` are stored at the same pairs. The pattern of these pairs is symmetric.

    Attributes
    ----------
    indptr, indices : arrays of the CSR form of shape (n_words, n_words)
    positive : float32 array of shape (n_pairs,)
        ``A``, which sums to 1.
    total : float32 array of shape (n_pairs,)
        The sparse part of ``G``: its excess over the background.
    rows, columns : float64 arrays of shape (n_words, rank)
        The background of ``G``.
    made_from : (PairWeights, float) or None
        The weights before tempering, and the exponent. `positive` and `total` are symmetric only if this is None.
    """

    indptr: AnyIntArray
    indices: AnyIntArray
    positive: Float32Array
    total: Float32Array
    rows: Float64Array
    columns: Float64Array
    made_from: tuple[PairWeights, float] | None = None

    @property
    def n_words(self) -> int:
        """Number of rows."""
        return len(self.rows)

    def check_vectors(self, *sides: AnyFloatArray) -> None:
        """Raise ValueError if the arrays are inconsistent, or the vectors do not fit them."""
        n_words = self.n_words
        checked_csr(self._csr(self.positive), (n_words, n_words), "weights")
        if len(self.total) != len(self.positive) or self.columns.shape != self.rows.shape:
            raise ValueError(
                f"Weights of {len(self.positive)} and {len(self.total)} pairs, with a background of shapes "
                f"{self.rows.shape} and {self.columns.shape}, do not fit each other; make them anew."
            )
        check_vectors_of_words(sides, n_words)

    @property
    def transposed(self) -> PairWeights:
        """The weights with words and contexts exchanged."""
        if self.made_from is not None:
            weights, exponent = self.made_from
            return weights.transposed.tempered(exponent)
        return replace(self, rows=self.columns, columns=self.rows)

    @property
    def symmetrized(self) -> PairWeights:
        """The weights for tied vectors: the mean of the weights and their transpose."""
        rows = np.hstack([self.rows, self.columns]) / 2
        columns = np.hstack([self.columns, self.rows])
        other = self.transposed
        positive, total = (self.positive + other.positive) / np.float32(2), (self.total + other.total) / np.float32(2)
        return PairWeights(self.indptr, self.indices, positive, total, rows, columns)

    def tempered(self, exponent: float) -> PairWeights:
        """Return the weights with those of each pair multiplied by ``G ** (exponent - 1)``.

        An exponent of 1 changes nothing; 0 gives all pairs the same weight. Values below 1 give rare words more weight.
        The optimum of each pair is unchanged, since the ratio of ``A`` and ``B`` is. The background must have rank one,
        and the sparse parts must be symmetric.
        """
        if exponent == 1:
            return self
        powered = replace(self, rows=self.rows**exponent, columns=self.columns**exponent)
        background, of_powers = self.background_at_pairs(), powered.background_at_pairs()
        positive, total = np.empty_like(self.positive), np.empty_like(self.total)
        for start in range(0, len(positive), PAIRS_AT_ONCE):
            part = slice(start, start + PAIRS_AT_ONCE)
            whole = self.total[part] + background[part]  # G   (n_pairs,)
            factor = whole ** np.float32(exponent - 1)
            positive[part] = self.positive[part] * factor
            total[part] = whole * factor - of_powers[part]
        scale = positive.sum(dtype=np.float64)
        return PairWeights(
            self.indptr,
            self.indices,
            positive / np.float32(scale),
            total / np.float32(scale),
            powered.rows / scale,
            powered.columns,
            made_from=(self, exponent),
        )

    def _csr(self, data: Float32Array) -> sparse.csr_array:
        """Return an array of the stored pairs."""
        return sparse.csr_array((data, self.indices, self.indptr), shape=(self.n_words, self.n_words))

    @property
    @single_threaded_blas()
    def background_sums(self) -> Float64Array:
        """Row sums of the background, of shape (n_words,)."""
        sums: Float64Array = self.rows @ self.columns.sum(axis=0)
        return sums

    def background_at_pairs(self) -> Float32Array:
        """Return the background of ``G`` at the stored pairs, of shape (n_pairs,)."""
        background = np.zeros(len(self.indices), np.float32)
        for row, column in zip(self.rows.T, self.columns.T, strict=True):
            of_pairs = np.repeat(row.astype(np.float32), np.diff(self.indptr))
            background += of_pairs * column.astype(np.float32)[self.indices]
        return background

    @single_threaded_blas()
    def toarrays(self) -> tuple[Float64Array, Float64Array]:
        """Return ``A`` and ``B`` as dense arrays, each of shape (n_words, n_words)."""
        positive, total = (self._csr(data).toarray().astype(np.float64) for data in (self.positive, self.total))
        return positive, total + self.rows @ self.columns.T - positive


def word2vec_weights(
    cooccurrence: Cooccurrence, *, negative: int, noise: Float64Array, keep: Float64Array
) -> PairWeights:
    """Return word2vec's own weights, the frequencies of pairs in training: ``A = P`` and ``B = k p n'``.

    Parameters
    ----------
    cooccurrence : Cooccurrence
    negative : int
        Number of noise words for each pair, ``k``.
    noise : array of shape (n_words,)
        Distribution of the noise words, ``n``.
    keep : array of shape (n_words,)
        Share of each word's tokens that subsampling keeps. Training sees a pair only if it keeps both words.

    Raises
    ------
    ValueError
        If `negative` is not positive. Without a negative term the vectors grow without bound.

    See Also
    --------
    uniform_weights : Weights that are equal for all pairs.
    expected_loss : The loss under these weights.
    """
    if negative <= 0:
        raise ValueError(
            f"negative={negative} gives no pair a negative term, so that vectors grow without bound; use 1 or more."
        )
    counts = cooccurrence.checked().counts
    row_of_pair = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    joint = counts.data * keep[row_of_pair] * keep[counts.indices]
    joint /= joint.sum()  # P   (n_pairs,)
    marginal = np.bincount(row_of_pair, weights=joint, minlength=counts.shape[0])  # p   (n_words,)
    positive = joint.astype(np.float32)
    rows = negative * marginal.astype(np.float64)[:, np.newaxis]
    return PairWeights(counts.indptr, counts.indices, positive, positive, rows, noise[:, np.newaxis])


def uniform_weights(cooccurrence: Cooccurrence, *, negative: int, noise_exponent: float) -> PairWeights:
    """Return weights that are equal for all pairs: ``A = P / (P + kQ)`` and ``B = kQ / (P + kQ)``, up to a factor.

    The quartic loss is then ``|W C' - M*|^2 / 8`` up to constants (setting 3.1 of Karkada et al. 2025).

    Parameters
    ----------
    cooccurrence : Cooccurrence
    negative : int
        Number of noise words for each pair, ``k``.
    noise_exponent : float
        Exponent of the word counts in the distribution of the noise words.

    See Also
    --------
    word2vec_weights : The weights of word2vec's training.
    expected_loss : The loss under these weights.
    """
    deviations = mstar_target(cooccurrence, negative=negative, noise_exponent=noise_exponent).deviations  # 4 A
    positive = deviations.data / deviations.data.sum(dtype=np.float64)
    background = np.full((deviations.shape[0], 1), np.sqrt(4 / deviations.data.sum(dtype=np.float64)))
    nothing = np.zeros(len(positive), np.float32)
    return PairWeights(
        deviations.indptr, deviations.indices, positive.astype(np.float32), nothing, background, background
    )
