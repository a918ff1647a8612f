"""From counts of pairs to a target's eigenpairs: a pure function, whose value `memory=` can keep."""

from __future__ import annotations

from typing import Any, NamedTuple

from sklearn.utils import check_random_state

from .._backends import get_backend
from .._numbers import row_sums
from .._typing import Float64Array
from ..cooccurrence import Cooccurrence
from ..corpus import Vocabulary
from ..factorization import Eigenpairs, top_eigenpairs
from ..targets import make_target, noise_distribution


class Factors(NamedTuple):
    """What `factorize` makes of counts.

    Attributes
    ----------
    vocabulary : Vocabulary of n_words words
    frequencies : float64 array of shape (n_words,)
        Each word's share of the counted pairs.
    squared_norm : float
        Sum of the squares of the target's entries.
    pairs : Eigenpairs
        The target's largest.
    """

    vocabulary: Vocabulary
    frequencies: Float64Array
    squared_norm: float
    pairs: Eigenpairs


def factorize(
    cooccurrence: Cooccurrence,
    *,
    target: Any,
    negative: int,
    noise_exponent: float,
    n_components: int,
    tol: float,
    max_iter: int,
    random_state: Any,
    backend: str,
    n_jobs: int,
) -> Factors:
    """Make the target of the counts and find its largest eigenpairs; parameters are those of `SpectralEmbedder`."""
    matrix = make_target(target, cooccurrence, negative=negative, noise_exponent=noise_exponent)
    pairs = top_eigenpairs(
        matrix,
        n_components,
        tol=tol,
        max_iter=max_iter,
        random_state=check_random_state(random_state),
        backend=get_backend(backend),
        n_jobs=n_jobs,
    )
    frequencies = noise_distribution(row_sums(cooccurrence.counts))
    return Factors(cooccurrence.vocabulary, frequencies, matrix.squared_norm(), pairs)
