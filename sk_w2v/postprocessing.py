"""Post-processing of trained vectors: combine words and contexts, remove common components."""

from __future__ import annotations

from ._array_api import asarray_like, namespace_of
from ._backends.dense import eigh, inner_product, product
from ._typing import Float32Array

__all__ = [
    "COMBINATIONS",
    "postprocess",
    "remove_components",
]

COMBINATIONS = {
    "word": lambda words, contexts: words,
    "context": lambda words, contexts: contexts,
    "sum": lambda words, contexts: words + contexts,
    "average": lambda words, contexts: (words + contexts) / 2,
}


def postprocess(
    words: Float32Array, contexts: Float32Array, *, combine: str = "word", center: bool = False, n_removed: int = 0
) -> Float32Array:
    """Return one vector a word, of shape (n_words, n_components).

    Parameters
    ----------
    words, contexts : float32 arrays of shape (n_words, n_components)
        Of any array library.
    combine : {"word", "context", "sum", "average"}
    center : bool
        Whether to subtract the mean vector, which does not distinguish words.
    n_removed : int
        Number of leading principal components to remove afterwards ("all but the top", Mu and Viswanath 2018).

    See Also
    --------
    remove_components : The removal alone.
    sk_w2v.CommonComponentRemover : The same for document vectors.

    Examples
    --------
    >>> import numpy as np
    >>> words = np.array([[1, 5], [3, 5]], dtype=np.float32)
    >>> postprocess(words, words, center=True)
    array([[-1.,  0.],
           [ 1.,  0.]], dtype=float32)
    """
    vectors: Float32Array = COMBINATIONS[combine](words, contexts)
    if center or n_removed:
        xp = namespace_of(vectors)
        mean = xp.sum(vectors, axis=0, dtype=xp.float64) / vectors.shape[0]
        vectors = asarray_like(vectors - mean, vectors, "float32")
    return remove_components(vectors, n_removed) if n_removed else vectors


def remove_components(vectors: Float32Array, n_removed: int) -> Float32Array:
    """Remove the projection of the vectors onto their `n_removed` leading right singular vectors.

    See Also
    --------
    postprocess : Combine, center and remove components.
    sk_w2v.CommonComponentRemover : The same for document vectors.

    Examples
    --------
    >>> import numpy as np
    >>> remove_components(np.array([[2, 0], [0, 1]], dtype=np.float32), 1)
    array([[0., 0.],
           [0., 1.]], dtype=float32)
    """
    exact = asarray_like(vectors, vectors, "float64")
    _, directions = eigh(inner_product(exact, exact))
    common = asarray_like(directions[:, -n_removed:], vectors, "float32")  # (n_components, n_removed)
    rest: Float32Array = vectors - product(product(vectors, common), common.T)
    return rest
