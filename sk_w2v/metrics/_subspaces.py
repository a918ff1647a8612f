"""Agreement of two models of the same words."""

from __future__ import annotations

import numpy as np

from .._array_api import in_float64, namespace_of, to_numpy
from .._typing import AnyFloatArray


def subspace_agreement(left: AnyFloatArray, right: AnyFloatArray) -> float:
    """Return the mean squared cosine of the principal angles between two models' column spaces.

    It is 1 if one column space contains the other and about ``d / n_words`` for unrelated models. It does not depend on
    rotations or on the lengths of the components.

    Parameters
    ----------
    left, right : arrays of shape (n_words, n_components) and (n_words, n_other_components)
        Vectors of the same words in the same order, of any array API library.

    Returns
    -------
    float between 0 and 1

    Raises
    ------
    ValueError
        If the numbers of words differ.

    See Also
    --------
    sk_w2v.inspection.compare_embedders : A table of several measures of agreement.
    sk_w2v.scorers.AgreementScorer : The same as a scorer, for a search.

    References
    ----------
    Björck, Golub (1973), "Numerical methods for computing angles between linear subspaces".

    Examples
    --------
    >>> subspace_agreement(np.eye(4)[:, :2], np.eye(4)[:, 1:3])
    0.5
    """
    left, right = in_float64(left), in_float64(right)
    n_left, n_right = left.shape[0], right.shape[0]
    if n_left != n_right:
        raise ValueError(
            f"The models have {n_left} and {n_right} words; give the rows of shared words in the same order."
        )
    left_basis, right_basis = _column_space(left), _column_space(right)
    smaller = min(left_basis.shape[1], right_basis.shape[1])
    cosines = left_basis.T @ right_basis
    return float(namespace_of(cosines).sum(cosines**2)) / max(smaller, 1)


def _column_space(vectors: AnyFloatArray) -> AnyFloatArray:
    """Return an orthonormal basis of the columns, of shape (n_words, rank)."""
    basis, lengths, _ = namespace_of(vectors).linalg.svd(vectors, full_matrices=False)
    lengths = to_numpy(lengths)  # in descending order
    rank = int(np.sum(lengths > 1e-6 * lengths.max(initial=0)))  # below is noise of float32
    space: AnyFloatArray = basis[:, :rank]
    return space
