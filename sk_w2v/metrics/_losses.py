"""Objectives as metrics: the loss on unseen counts, and the explained share of a target."""

from __future__ import annotations

import numpy as np

from .._backends import get_backend
from .._backends.addresses import check_vectors_of_words, checked_csr
from .._backends.blas import single_threaded_blas
from .._backends.dense import gram
from .._choices import check_choice
from .._typing import AnyFloatArray
from ..cooccurrence import Cooccurrence, require_pairs
from ..losses import LOSSES
from ..solvers._expected_loss import expected_loss
from ..solvers._pair_weights import word2vec_weights
from ..solvers._sampling import keep_probabilities
from ..targets import Target, noise_distribution


def held_out_loss(
    words: AnyFloatArray,
    contexts: AnyFloatArray,
    cooccurrence: Cooccurrence,
    *,
    loss: str = "logistic",
    negative: int = 5,
    noise_exponent: float = 0.75,
    subsample: float = 0.0,
    n_jobs: int = 1,
) -> float:
    """Return word2vec's expected loss on unseen counts.

    It is the mean over the counted pairs of ``l(x)`` plus ``l(-x)`` for each of `negative` noise words, where ``x`` is
    the product of word and context. Zero vectors have the loss ``(1 + negative) log 2``. The loss is linear in the
    counts, so the loss on a sample is an unbiased estimate.

    Parameters
    ----------
    words, contexts : arrays of shape (n_words, n_components)
        Pass the same array twice for tied vectors.
    cooccurrence : Cooccurrence of n_words words
        Counts of unseen text. The word counts of its vocabulary define the noise distribution.
    loss : {"logistic", "quartic"}, default="logistic"
        ``log(1 + exp(-x))``, or its second-order expansion at 0.
    negative, noise_exponent, subsample
        Number of noise words for each pair, exponent of the noise distribution, and threshold of subsampling (0 means
        none). Use those that the vectors were fitted with: others have another optimum.
    n_jobs : int, default=1
        Number of threads.

    Returns
    -------
    float
        Nats for each pair with its noise words; lower is better.

    Raises
    ------
    ValueError
        If the shapes do not match, the counts are empty, or the loss is unknown.

    See Also
    --------
    explained_share : The explained share of a target.
    sk_w2v.scorers.HeldOutLossScorer : The same as a scorer, for a search.

    Examples
    --------
    >>> from scipy import sparse
    >>> from sk_w2v.corpus import Vocabulary
    >>> vocabulary = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([1, 1]))
    >>> counts = Cooccurrence(sparse.csr_array([[0, 1], [1, 0]]), vocabulary)
    >>> apart = np.array([[1.0], [-1.0]])
    >>> [round(held_out_loss(v, v, counts, negative=1, noise_exponent=1), 3) for v in (0 * apart, apart)]
    [1.386, 2.127]
    """
    check_vectors_of_words((words, contexts), cooccurrence.counts.shape[0])
    check_choice("loss", loss, sorted(LOSSES))
    word_counts = require_pairs(cooccurrence.checked()).vocabulary.counts
    weights = word2vec_weights(
        cooccurrence,
        negative=negative,
        noise=noise_distribution(word_counts, noise_exponent=noise_exponent),
        keep=keep_probabilities(noise_distribution(word_counts), subsample=subsample),
    )
    return float(expected_loss(weights, _in_float32(words), _in_float32(contexts), loss=loss, n_jobs=n_jobs))


@single_threaded_blas()
def explained_share(words: AnyFloatArray, contexts: AnyFloatArray, target: Target, *, n_jobs: int = 1) -> float:
    """Return the share of a target's squared norm that the vectors explain: ``1 - |M - W C'|^2 / |M|^2``.

    Under uniform weights the quartic loss decreases as the share increases. A closed form explains
    ``sum(eigenvalues^2) / |M|^2`` of its target, the maximum over tied vectors with its number of components. The share
    is small for M*, since most of its entries are unobserved pairs.

    Parameters
    ----------
    words, contexts : arrays of shape (n_words, n_components)
    target : Target of shape (n_words, n_words)
        As returned by the functions of `sk_w2v.targets`.
    n_jobs : int, default=1
        Number of threads.

    Returns
    -------
    float
        At most 1; 0 for zero vectors, negative if the products are worse than zero.

    Raises
    ------
    ValueError
        If the shapes do not match, or the target is zero.

    See Also
    --------
    held_out_loss : word2vec's loss on unseen counts.
    sk_w2v.scorers.ExplainedShareScorer : The same as a scorer, for a search.

    Examples
    --------
    >>> from scipy import sparse
    >>> round(explained_share(np.eye(2)[:, :1], np.eye(2)[:, :1], Target(sparse.csr_array(np.eye(2)))), 3)
    0.5
    """
    check_vectors_of_words((words, contexts), target.n_words)
    whole = target.squared_norm()
    if whole == 0:
        raise ValueError("The target is zero everywhere, so its explained share is undefined; give a nonzero target.")
    words, contexts, deviations = _in_float32(words), _in_float32(contexts), target.deviations
    deviations = checked_csr(deviations, (target.n_words, target.n_words), "target's deviations")
    products = get_backend().pair_products(deviations.indptr, deviations.indices, words, contexts, n_jobs=n_jobs)
    sums = words.sum(axis=0, dtype=np.float64) @ contexts.sum(axis=0, dtype=np.float64)  # 1' W C' 1
    common = float(deviations.data.astype(np.float64) @ products) + target.background * sums  # <M, W C'>
    squares = np.sum(gram(words, n_jobs=n_jobs) * gram(contexts, n_jobs=n_jobs))  # |W C'|^2
    return float((2 * common - squares) / whole)


def _in_float32(vectors: AnyFloatArray) -> AnyFloatArray:
    """Return the vectors as contiguous float32."""
    return np.ascontiguousarray(vectors, dtype=np.float32)
