"""Learning rates of the epochs of stochastic gradient descent."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise, repeat

import numpy as np

Rates = tuple[float, float]  # learning rates of an epoch's first token and after its last

SMALLEST, LARGEST = float(np.finfo(np.float32).tiny), float(np.finfo(np.float32).max)
LAST_LEARNING_RATE = 1e-4  # as a share of the first: word2vec's


def linear_decay(learning_rate: float, n_epochs: int) -> Iterator[Rates]:
    """Return each epoch's rates for a learning rate that decays linearly to nearly zero.

    Raises
    ------
    ValueError
        If float32 cannot hold the learning rate.

    See Also
    --------
    constant_rate : The same rate in every epoch.
    stochastic_gradient_descent : The solver that uses the rates.

    Examples
    --------
    >>> [(round(first, 4), round(last, 4)) for first, last in linear_decay(0.1, 2)]
    [(0.1, 0.05), (0.05, 0.0)]
    """
    learning_rate = checked_rate(learning_rate)
    return pairwise(learning_rate * share for share in _decaying_shares(n_epochs))


def constant_rate(learning_rate: float) -> Iterator[Rates]:
    """Return the same rates for every epoch, endlessly.

    Raises
    ------
    ValueError
        If float32 cannot hold the learning rate.

    See Also
    --------
    linear_decay : A rate that decays linearly to nearly zero.
    stochastic_gradient_descent : The solver that uses the rates.

    Examples
    --------
    >>> next(constant_rate(0.1))
    (0.1, 0.1)
    """
    learning_rate = checked_rate(learning_rate)
    return repeat((learning_rate, learning_rate))


def checked_rate(learning_rate: float) -> float:
    """Return a learning rate that float32 can hold, or raise ValueError."""
    if not SMALLEST <= learning_rate <= LARGEST:
        raise ValueError(
            f"learning_rate={learning_rate} is outside of the range of float32, {SMALLEST:.3g} to {LARGEST:.3g}; give "
            "a rate near the default."
        )
    return float(learning_rate)


def _decaying_shares(n_epochs: int) -> Iterator[float]:
    """Yield ``np.linspace(1, LAST_LEARNING_RATE, n_epochs + 1)``, bit for bit, one value at a time."""
    step = (LAST_LEARNING_RATE - 1) / min(n_epochs, sys.maxsize) if n_epochs else 0.0
    for epoch in range(n_epochs):
        yield epoch * step + 1
    yield LAST_LEARNING_RATE
