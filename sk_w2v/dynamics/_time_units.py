"""Conversion between the flow's time, steps of gradient descent and epochs of stochastic gradient descent.

Gradient descent on ``loss = factor * |M - W W'|^2`` moves by ``4 factor rate (M - W W') W`` in a step. It is
Euler's method for the flow with time steps of ``4 factor rate``. For untied vectors, ``|M - W C'|^2``, the gradient and
the time steps are half of that.
"""

from __future__ import annotations


def descent_time(n_steps: float, learning_rate: float, *, factor: float = 0.25, tied: bool = True) -> float:
    """Return the flow's time after full-batch gradient descent: ``4 factor rate n_steps``, half if untied.

    It is exact in the limit of a small rate; the error of the vectors is proportional to the time step. Descent is
    stable if the time step is below ``2 / (lambda_1 + |lambda_n|)``, with the target's largest and most negative
    eigenvalues.

    Parameters
    ----------
    n_steps : float
    learning_rate : float
    factor : float
        Factor of the squared error in the loss, ``loss = factor * |M - x|^2 + const``. With 1/4 the time step equals
        the learning rate. ``SGNSEmbedder(solver="gd", loss="quartic", weighting="uniform")`` has 1/8: its gradient is
        that of the loss over the mean weight of a pair.
    tied : bool
        Whether words and contexts share their vectors, ``x = W W'``, or not, ``x = W C'``.

    Returns
    -------
    float

    See Also
    --------
    descent_steps : The inverse.
    sgd_time : The time of stochastic gradient descent.

    Examples
    --------
    >>> descent_time(1000, 0.01), descent_time(1000, 0.01, factor=1 / 8, tied=False)
    (10.0, 2.5)
    """
    return n_steps * _time_per_step(learning_rate, factor, tied)


def descent_steps(time: float, learning_rate: float, *, factor: float = 0.25, tied: bool = True) -> float:
    """Return the number of steps of gradient descent that reach a time of the flow; the inverse of `descent_time`.

    See Also
    --------
    descent_time : The inverse, which explains the parameters.

    Examples
    --------
    >>> descent_steps(10.0, 0.01)
    1000.0
    """
    return time / _time_per_step(learning_rate, factor, tied)


def sgd_time(n_epochs: float, learning_rate: float, *, n_pairs: float, n_words: int, negative: int = 5) -> float:
    """Return the approximate time of the flow after SGD: ``n_epochs rate n_pairs (1 + k) / (4 n_words^2)``.

    An epoch takes one step for each of `n_pairs` pairs of tokens, with ``k`` noise words each. The steps add up on
    average to the gradient of ``n_pairs / 8 sum_ij G_ij (x_ij - M_ij)^2`` with ``G = P + kQ`` (quartic loss, untied
    vectors). **The approximation** replaces ``G`` by its mean, ``(1 + k) / n_words^2``. ``G`` is far from constant:
    pairs of frequent words learn faster than predicted and pairs of rare words slower, each by the ratio of its ``G``
    to the mean. Use it for orders of magnitude, and for the effect of rate, text and vocabulary.

    Parameters
    ----------
    n_epochs : float
    learning_rate : float
        Mean over the run: half of the initial rate if it decreases linearly to zero.
    n_pairs : float
        Number of pairs of a center and a word of its window in one epoch: about the number of tokens kept by
        subsampling times ``window + 1``.
    n_words : int
        Size of the vocabulary.
    negative : int
        Number of noise words for each pair, ``k``.

    Returns
    -------
    float

    See Also
    --------
    sgd_epochs : The inverse.
    descent_time : The time of full-batch gradient descent.

    Examples
    --------
    >>> sgd_time(5, 0.0125, n_pairs=6e6, n_words=1000)
    0.5625
    """
    return n_epochs * learning_rate * n_pairs * (1 + negative) / (4 * n_words**2)


def sgd_epochs(time: float, learning_rate: float, *, n_pairs: float, n_words: int, negative: int = 5) -> float:
    """Return the approximate number of epochs of SGD that reach a time of the flow; the inverse of `sgd_time`.

    See Also
    --------
    sgd_time : The inverse, which explains the parameters.

    Examples
    --------
    >>> round(sgd_epochs(0.5625, 0.0125, n_pairs=6e6, n_words=1000), 6)
    5.0
    """
    return time / sgd_time(1, learning_rate, n_pairs=n_pairs, n_words=n_words, negative=negative)


def _time_per_step(learning_rate: float, factor: float, tied: bool) -> float:
    """Return the time step of the flow for one step of gradient descent."""
    if learning_rate <= 0 or factor <= 0:
        raise ValueError(
            f"learning_rate={learning_rate} and factor={factor} do not decrease the loss; give positive numbers."
        )
    return (4 if tied else 2) * factor * learning_rate
