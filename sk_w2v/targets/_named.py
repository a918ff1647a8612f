"""Targets by name, and targets of a user's callable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from .._backends.addresses import checked_csr
from .._progress import Stage
from ..cooccurrence import Cooccurrence
from ._formulas import formula_target
from ._target import Target


def mstar_target(cooccurrence: Cooccurrence, *, negative: int = 1, noise_exponent: float = 1.0) -> Target:
    """Return the minimizer of word2vec's quartic loss under uniform weights: ``M* = 2 (P - kQ) / (P + kQ)``.

    It equals ``2 tanh((PMI - log k) / 2)``, so it is between -2 and 2 and avoids the logarithm of zero: pairs
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
    return formula_target("mstar", cooccurrence, negative, noise_exponent)


def pmi_target(cooccurrence: Cooccurrence, *, negative: int = 1, noise_exponent: float = 1.0) -> Target:
    """Return pointwise mutual information, ``log(P / Q)``, with 0 for pairs that were not observed.

    `negative` is ignored. The zero is a convention, since the logarithm of zero is undefined. It ranks pairs that were
    never observed above rare pairs, whose PMI is negative. This target performs badly for that reason.

    See Also
    --------
    ppmi_target : The positive part, without this fault.
    mstar_target : A bounded target.

    Examples
    --------
    >>> from sk_w2v.corpus import Vocabulary
    >>> words = Vocabulary(np.array(["tea", "cup", "pen"], dtype=object), np.array([3, 2, 1]))
    >>> counts = sparse.csr_array([[0, 2, 1], [2, 0, 0], [1, 0, 0]])
    >>> pmi_target(Cooccurrence(counts, words)).toarray().round(2)
    array([[0.  , 0.69, 0.69],
           [0.69, 0.  , 0.  ],
           [0.69, 0.  , 0.  ]])
    """
    return formula_target("pmi", cooccurrence, negative, noise_exponent)


def ppmi_target(cooccurrence: Cooccurrence, *, negative: int = 1, noise_exponent: float = 1.0) -> Target:
    """Return positive pointwise mutual information, ``max(log(P / Q), 0)``; `negative` is ignored.

    See Also
    --------
    sppmi_target : The same, shifted by ``log k``.
    mstar_target : A bounded target.

    References
    ----------
    Bullinaria, Levy (2007), "Extracting semantic representations from word co-occurrence statistics: a computational
    study".

    Examples
    --------
    >>> from sk_w2v.corpus import Vocabulary
    >>> words = Vocabulary(np.array(["tea", "cup", "pen"], dtype=object), np.array([3, 2, 1]))
    >>> counts = sparse.csr_array([[0, 2, 1], [2, 0, 0], [1, 0, 0]])
    >>> ppmi_target(Cooccurrence(counts, words)).toarray().round(2)
    array([[0.  , 0.69, 0.69],
           [0.69, 0.  , 0.  ],
           [0.69, 0.  , 0.  ]])
    """
    return formula_target("ppmi", cooccurrence, negative, noise_exponent)


def sppmi_target(cooccurrence: Cooccurrence, *, negative: int = 1, noise_exponent: float = 1.0) -> Target:
    """Return shifted positive PMI, ``max(log(P / kQ), 0)`` (Levy and Goldberg 2014).

    See Also
    --------
    ppmi_target : The same without the shift.
    mstar_target : A bounded target.

    References
    ----------
    Levy, Goldberg (2014), "Neural word embedding as implicit matrix factorization".

    Examples
    --------
    >>> from sk_w2v.corpus import Vocabulary
    >>> words = Vocabulary(np.array(["tea", "cup", "pen"], dtype=object), np.array([3, 2, 1]))
    >>> counts = sparse.csr_array([[0, 2, 1], [2, 0, 0], [1, 0, 0]])
    >>> shifted = sppmi_target(Cooccurrence(counts, words), negative=2)  # PMI is at most log 2
    >>> bool(shifted.toarray().max() < 1e-6)
    True
    """
    return formula_target("sppmi", cooccurrence, negative, noise_exponent)


TARGETS: dict[str, Callable[..., Target]] = {
    "mstar": mstar_target,
    "ppmi": ppmi_target,
    "sppmi": sppmi_target,
    "pmi": pmi_target,
}


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
        If the matrix has a wrong shape, is not symmetric, or contains infinity, NaN or complex numbers.

    See Also
    --------
    at_observed_pairs : Make a target from a formula of ``P`` and ``Q``.
    mstar_target : The default target.

    Examples
    --------
    >>> from sk_w2v.corpus import Vocabulary
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([2, 2]))
    >>> make_target("ppmi", Cooccurrence(sparse.csr_array([[0, 2], [2, 0]]), words)).toarray().round(2)
    array([[0.  , 0.69],
           [0.69, 0.  ]])
    """
    function = TARGETS[target] if isinstance(target, str) else target
    with Stage("make target", expects=True):
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
