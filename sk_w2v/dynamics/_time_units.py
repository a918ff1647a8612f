"""Clocks: the flow's time, steps of gradient descent, epochs of stochastic gradient descent.

Gradient descent on ``loss = factor * |M - W W'|^2`` moves by ``4 factor rate (M - W W') W`` in a step: it is Euler's
method for the flow, with steps of ``4 factor rate`` in time. With contexts of their own, ``|M - W C'|^2``, the gradient
is half of that, and so are the steps.
"""

from __future__ import annotations


def descent_time(n_steps: float, learning_rate: float, *, factor: float = 0.25, tied: bool = True) -> float:
    """Return the flow's time after steps of full-batch gradient descent: ``4 factor rate n_steps``, half if not tied.

    It is exact in the limit of a small rate. The error of the vectors is proportional to the step in time, which must
    be below ``2 / (lambda_1 + |lambda_n|)`` of the target's largest and most negative eigenvalues for descent to be
    stable.

    Parameters
    ----------
    n_steps : float
    learning_rate : float
    factor : float
        What the loss multiplies the squared error by, ``loss = factor * |M - x|^2 + const``. 1/4 makes a step's time
        the learning rate. 1/8 is that of ``SGNSEmbedder(solver="gd", loss="quartic", weighting="uniform")``, whose
        gradient is of the loss over the mean weight of a pair.
    tied : bool
        Whether words and contexts share their vectors, ``x = W W'``, or not, ``x = W C'``.

    Examples
    --------
    >>> descent_time(1000, 0.01), descent_time(1000, 0.01, factor=1 / 8, tied=False)
    (10.0, 2.5)
    """
    return n_steps * _time_per_step(learning_rate, factor, tied)


def descent_steps(time: float, learning_rate: float, *, factor: float = 0.25, tied: bool = True) -> float:
    """Return how many steps of gradient descent take the flow's time; the inverse of `descent_time`.

    Examples
    --------
    >>> descent_steps(10.0, 0.01)
    1000.0
    """
    return time / _time_per_step(learning_rate, factor, tied)


def sgd_time(n_epochs: float, learning_rate: float, *, n_pairs: float, n_words: int, negative: int = 5) -> float:
    """Return about which time word2vec's SGD has reached: ``n_epochs rate n_pairs (1 + k) / (4 n_words^2)``.

    An epoch takes a step for each of `n_pairs` pairs of tokens, each against ``k`` noise words. On average they add up
    to the gradient of ``n_pairs / 8 sum_ij G_ij (x_ij - M_ij)^2`` with ``G = P + kQ`` (the quartic approximation, with
    vectors of their own). **The approximation** is to put the mean of ``G``, ``(1 + k) / n_words^2``, for all of it.
    ``G`` is far from constant: pairs of frequent words are ahead of this clock and pairs of rare ones behind, each by
    the ratio of its ``G`` to the mean. It tells orders of magnitude, and what changes with rate, text and vocabulary.

    Parameters
    ----------
    n_epochs : float
    learning_rate : float
        The mean over the run: half of the first for one that falls linearly to zero.
    n_pairs : float
        Pairs of a centre and a word of its window in one epoch: about the tokens (that subsampling keeps) times
        ``window + 1``.
    n_words : int
        Size of the vocabulary.
    negative : int
        Noise words of each pair, ``k``.

    Examples
    --------
    >>> sgd_time(5, 0.0125, n_pairs=6e6, n_words=1000)
    0.5625
    """
    return n_epochs * learning_rate * n_pairs * (1 + negative) / (4 * n_words**2)


def sgd_epochs(time: float, learning_rate: float, *, n_pairs: float, n_words: int, negative: int = 5) -> float:
    """Return about how many epochs of word2vec's SGD take the flow's time; the inverse of `sgd_time`, as approximate.

    Examples
    --------
    >>> round(sgd_epochs(0.5625, 0.0125, n_pairs=6e6, n_words=1000), 6)
    5.0
    """
    return time / sgd_time(1, learning_rate, n_pairs=n_pairs, n_words=n_words, negative=negative)


def _time_per_step(learning_rate: float, factor: float, tied: bool) -> float:
    """Return how much of the flow's time a step of gradient descent takes."""
    if learning_rate <= 0 or factor <= 0:
        raise ValueError(
            f"learning_rate={learning_rate} and factor={factor} make no step down the loss; give positive numbers."
        )
    return (4 if tied else 2) * factor * learning_rate
