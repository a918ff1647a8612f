"""The strengths of an embedder's modes."""

from __future__ import annotations

from typing import Any

from .._estimators.lookup import find_embedder
from .._typing import Float64Array


def mode_strengths(embedder: Any) -> Float64Array:
    """Return the eigenvalues of a closed form's target, or the squared singular values of other vectors.

    Parameters
    ----------
    embedder : fitted embedder, or a pipeline or search with one

    Returns
    -------
    float64 array of shape (n_modes,)
        In descending order.

    See Also
    --------
    concepts : The words at the two ends of each mode.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(3).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> bool(np.array_equal(mode_strengths(embedder), embedder.eigenvalues_))
    True
    """
    return find_embedder(embedder).modes().strengths
