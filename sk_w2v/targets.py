"""Targets: the matrices that word vectors factorize, each made from co-occurrence counts.

In the formulas ``P`` is the probability of a pair of words, ``p`` its marginal and ``n`` the distribution of noise
words. ``Q = p n'`` (symmetrized) is the probability of a pair if words were independent, and ``k`` is the number of
noise words for each pair. A target is dense, but all pairs that were not observed have the same entry. It is stored as
*sparse deviations + background*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

from ._backends.addresses import checked_csr
from ._backends.blas import single_threaded_blas
from ._numbers import row_sums
from ._typing import AnyIntArray, AnyNumberArray, Float64Array
from .cooccurrence import Cooccurrence

SMALLEST_NOISE = 1e-150  # its products with frequencies, which are above 1e-100, do not underflow
_PAIRS_AT_ONCE = 1 << 18  # the working set of a formula then fits into the cache


# Deviation from the background, as a function of P, Q and k, and the background.
FORMULAS: dict[str, tuple[Callable[[Float64Array, Float64Array, int], Float64Array], float]] = {
    "mstar": (lambda P, Q, k: 4 * P / (P + k * Q), -2.0),  # 2 (P - kQ) / (P + kQ) + 2
    "ppmi": (lambda P, Q, k: np.maximum(np.log(P / Q), 0), 0.0),
    "sppmi": (lambda P, Q, k: np.maximum(np.log(P / (k * Q)), 0), 0.0),
    "pmi": (lambda P, Q, k: np.log(P / Q), 0.0),
}


@dataclass(frozen=True, eq=False)
class Target:
    """The symmetric matrix ``deviations + background * 1 1'`` of shape (n_words, n_words).

    Attributes
    ----------
    deviations : float32 CSR array of shape (n_words, n_words)
        Observed entries minus the background.
    background : float
        The entry of every pair that was not observed.
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
        for start in range(0, self.deviations.nnz, _PAIRS_AT_ONCE):
            observed = self.deviations.data[start : start + _PAIRS_AT_ONCE].astype(np.float64) + self.background
            total += observed @ observed
        return float(total)


def noise_distribution(frequencies: AnyNumberArray, *, noise_exponent: float = 1.0) -> Float64Array:
    """Return ``n`` of shape (n_words,): the frequencies to the power of `noise_exponent`, normalized to sum to 1.

    Raises
    ------
    ValueError
        If the probability of a word that occurs underflows or overflows, as with a very large exponent.

    See Also
    --------
    mstar_target, sppmi_target : Targets that depend on the noise distribution.
    """
    return _smoothed(frequencies, frequencies, noise_exponent)


def _smoothed(some: AnyNumberArray, frequencies: AnyNumberArray, noise_exponent: float) -> Float64Array:
    """Return powers of some frequencies over the sum of all frequencies' powers."""
    all_f, some_f = (np.asarray(each, dtype=np.float64) for each in (frequencies, some))
    unit = np.max(all_f, initial=0) if noise_exponent >= 0 else np.min(all_f, initial=np.inf)
    with np.errstate(all="ignore"):  # the result is checked below
        noise: Float64Array = (some_f / unit) ** noise_exponent / np.sum((all_f / unit) ** noise_exponent)
    if not np.all((noise >= SMALLEST_NOISE) & (noise < np.inf) | (some_f == 0)):
        raise ValueError(
            f"noise_exponent={noise_exponent} takes noise probabilities out of the range of float64: frequencies "
            f"are {some_f.min() / unit:.3g} to {some_f.max() / unit:.3g} times one of them; use an exponent nearer 0."
        )
    return noise


def mstar_target(cooccurrence: Cooccurrence, *, negative: int = 1, noise_exponent: float = 1.0) -> Target:
    """Return the minimizer of word2vec's quartic loss under uniform weights: ``M* = 2 (P - kQ) / (P + kQ)``.

    It equals ``2 tanh((PMI - log k) / 2)``, so that it lies between -2 and 2 and avoids the logarithm of zero: pairs
    that were not observed have the entry -2.

    Parameters
    ----------
    cooccurrence : Cooccurrence
    negative : int
        Number of noise words for each pair, ``k``.
    noise_exponent : float
        Exponent of the word frequencies in the noise distribution. Unless it is 1, ``Q`` is the symmetric part of
        ``p n'``: tied vectors depend on no other part.

    See Also
    --------
    make_target : Make a target by name, or by a callable.
    sppmi_target : Shifted positive PMI.
    sk_w2v.factorization.top_eigenpairs : Factorize a target.

    References
    ----------
    Karkada, Simon, Bahri, DeWeese (2025), arXiv 2502.09863, setting 3.1.

    Examples
    --------
    >>> from sk_w2v.corpus import Vocabulary
    >>> words = Vocabulary(np.array(["tea", "cup", "pen", "ink"], dtype=object), np.array([2, 2, 1, 1]))
    >>> counts = [[0, 2, 0, 0], [2, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    >>> mstar_target(Cooccurrence(sparse.csr_array(counts), words)).toarray().round(2)
    array([[-2.  ,  1.  , -2.  , -2.  ],
           [ 1.  , -2.  , -2.  , -2.  ],
           [-2.  , -2.  , -2.  ,  1.43],
           [-2.  , -2.  ,  1.43, -2.  ]])
    """
    return _named_target("mstar", cooccurrence, negative, noise_exponent)


def pmi_target(cooccurrence: Cooccurrence, *, negative: int = 1, noise_exponent: float = 1.0) -> Target:
    """Return pointwise mutual information, ``log(P / Q)``, with 0 for pairs that were not observed.

    `negative` is ignored. The zero is a convention, since the logarithm of zero is undefined. It ranks pairs that were
    never observed above rare pairs, whose PMI is negative. This target performs badly for that reason.

    See Also
    --------
    ppmi_target : The positive part, without this fault.
    mstar_target : A bounded target.
    """
    return _named_target("pmi", cooccurrence, negative, noise_exponent)


def ppmi_target(cooccurrence: Cooccurrence, *, negative: int = 1, noise_exponent: float = 1.0) -> Target:
    """Return positive pointwise mutual information, ``max(log(P / Q), 0)``; `negative` is ignored.

    See Also
    --------
    sppmi_target : The same, shifted by ``log k``.
    mstar_target : A bounded target.
    """
    return _named_target("ppmi", cooccurrence, negative, noise_exponent)


def sppmi_target(cooccurrence: Cooccurrence, *, negative: int = 1, noise_exponent: float = 1.0) -> Target:
    """Return shifted positive PMI, ``max(log(P / kQ), 0)`` (Levy and Goldberg 2014).

    See Also
    --------
    ppmi_target : The same without the shift.
    mstar_target : A bounded target.
    """
    return _named_target("sppmi", cooccurrence, negative, noise_exponent)


TARGETS: dict[str, Callable[..., Target]] = {
    "mstar": mstar_target,
    "ppmi": ppmi_target,
    "sppmi": sppmi_target,
    "pmi": pmi_target,
}


def _named_target(name: str, cooccurrence: Cooccurrence, negative: int, noise_exponent: float) -> Target:
    """Return the target of one of the `FORMULAS`."""
    formula, background = FORMULAS[name]
    target = at_observed_pairs(
        cooccurrence,
        lambda P, Q: formula(P, Q, negative),
        noise_exponent=noise_exponent,
        background=background,
    )
    if np.all(target.deviations.data):
        return target
    deviations = target.deviations.copy()  # its indices are shared with the counts
    deviations.eliminate_zeros()
    return Target(deviations, background)


def make_target(
    target: str | Callable[..., Any],
    cooccurrence: Cooccurrence,
    *,
    negative: int = 1,
    noise_exponent: float = 1.0,
) -> Target:
    """Make a target by its name in `TARGETS`, or by a callable.

    A callable takes the same arguments as `mstar_target`. It returns a `Target`, or a symmetric array or sparse array
    of shape (n_words, n_words), whose background is 0.

    Raises
    ------
    TypeError
        If a callable returns something else.
    ValueError
        If the matrix has a wrong shape, is not symmetric, or holds infinity, NaN or complex numbers.

    See Also
    --------
    at_observed_pairs : Make a target from a formula of ``P`` and ``Q``.
    mstar_target : The default target.
    """
    function = TARGETS[target] if isinstance(target, str) else target
    made = function(cooccurrence, negative=negative, noise_exponent=noise_exponent)
    if isinstance(target, str):
        return made
    if not (isinstance(made, Target | np.ndarray) or sparse.issparse(made)):
        raise TypeError(f"target gave a {type(made).__name__}; return a Target, an array or a sparse array.")
    n_words = len(cooccurrence.vocabulary)
    _check_shape(made.deviations.shape if isinstance(made, Target) else made.shape, n_words)
    return _checked(made if isinstance(made, Target) else Target(sparse.csr_array(made)))


def _check_shape(shape: tuple[int, ...], n_words: int) -> None:
    """Raise an error unless the target has the right shape."""
    if shape != (n_words, n_words):
        raise ValueError(f"target gave shape {shape}; return ({n_words}, {n_words}).")


def _checked(target: Target) -> Target:
    """Return a user's target with float32 deviations, or raise an error if it is invalid."""
    if np.iscomplexobj(target.deviations):
        raise ValueError("target gave complex numbers; return real ones.")
    deviations = checked_csr(target.deviations, target.deviations.shape, "target's deviations").astype(np.float32)
    if not (np.all(np.isfinite(deviations.data)) and np.isfinite(target.background)):
        raise ValueError("target gave infinity or NaN; return finite numbers.")
    if deviations.nnz and abs(deviations - deviations.T).max() > 1e-5 * abs(deviations).max():
        raise ValueError("target gave a matrix that is not symmetric; return (M + M.T) / 2.")
    return Target(deviations, float(target.background))


def at_observed_pairs(
    cooccurrence: Cooccurrence,
    formula: Callable[[Float64Array, Float64Array], Float64Array],
    *,
    noise_exponent: float = 1.0,
    background: float = 0.0,
) -> Target:
    """Return the target with the deviations ``formula(P, Q)`` at the observed pairs.

    The formula gets arrays of shape (n_pairs,) for a few rows at a time, so that only the result needs memory
    proportional to the counts.

    See Also
    --------
    make_target : Make a target by name, or by a callable.
    """
    counts = cooccurrence.checked().counts
    total = counts.data.sum(dtype=np.float64)
    marginal = row_sums(counts) / total  # p   (n_words,)
    noise = noise_distribution(marginal, noise_exponent=noise_exponent)  # n   (n_words,)
    deviations = np.empty(counts.nnz, dtype=np.float32)
    for first, end in _row_blocks(counts.indptr):
        pairs = slice(counts.indptr[first], counts.indptr[end])
        columns = counts.indices[pairs]
        rows = np.repeat(np.arange(first, end), np.diff(counts.indptr[first : end + 1]))
        joint = counts.data[pairs] / total  # P
        independent = (marginal[rows] * noise[columns] + noise[rows] * marginal[columns]) / 2  # Q
        deviations[pairs] = formula(joint, independent)
    return Target(sparse.csr_array((deviations, counts.indices, counts.indptr), shape=counts.shape), background)


def target_rows(
    name: str,
    counts: sparse.csr_array,
    *,
    row_frequencies: Float64Array,
    frequencies: Float64Array,
    negative: int = 1,
    noise_exponent: float = 1.0,
) -> tuple[sparse.csr_array, float]:
    """Return rows of a named target for new words: deviations and background.

    Parameters
    ----------
    name : str
        One of `TARGETS`.
    counts : sparse array of shape (n_new_words, n_words)
        Co-occurrence counts of each new word with each word of the target.
    row_frequencies : array of shape (n_new_words,)
        ``p`` of the new words.
    frequencies : array of shape (n_words,)
        ``p`` of the target's own words.

    Returns
    -------
    deviations : float64 CSR array of shape (n_new_words, n_words)
    background : float
    """
    formula, background = FORMULAS[name]
    pairs = sparse.coo_array(counts)
    rows, columns = pairs.coords
    row_noise, noise = (_smoothed(each, frequencies, noise_exponent) for each in (row_frequencies, frequencies))  # n
    seen = row_sums(sparse.csr_array(counts))
    joint = pairs.data / seen[rows] * row_frequencies[rows]  # P = P(column | row) p(row)
    independent = (row_frequencies[rows] * noise[columns] + row_noise[rows] * frequencies[columns]) / 2  # Q
    deviations = sparse.coo_array((formula(joint, independent, negative), (rows, columns)), shape=counts.shape)
    return sparse.csr_array(deviations), background


def _row_blocks(indptr: AnyIntArray) -> Iterator[tuple[int, int]]:
    """Cut the rows of a CSR array into blocks of about `_PAIRS_AT_ONCE` entries, and of at least one row."""
    starts = np.searchsorted(indptr, np.arange(0, indptr[-1], _PAIRS_AT_ONCE), side="right") - 1
    return pairwise(np.unique([*starts, len(indptr) - 1]).tolist())
