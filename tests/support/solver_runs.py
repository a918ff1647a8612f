"""Solvers run to their end, as an estimator runs them."""

from __future__ import annotations

from typing import Any

from sk_w2v.solvers import (
    TrainedVectors,
    alternating_least_squares,
    gradient_descent,
    linear_decay,
    run_passes,
    stochastic_gradient_descent,
)


def train(*data: Any, learning_rate: float = 0.025, max_iter: int = 5, **options: Any) -> TrainedVectors:
    """Make `max_iter` epochs of stochastic gradient descent with a falling learning rate."""
    loop = {name: options.pop(name) for name in ("tol", "on_pass") if name in options}
    rates = linear_decay(learning_rate, max_iter)
    return run_passes(stochastic_gradient_descent(*data, learning_rates=rates, **options), max_iter=max_iter, **loop)


def descend(*data: Any, max_iter: int = 100, **options: Any) -> TrainedVectors:
    """Take `max_iter` steps of gradient descent."""
    loop = {name: options.pop(name) for name in ("tol", "on_pass") if name in options}
    return run_passes(gradient_descent(*data, **options), max_iter=max_iter, **loop)


def least_squares(*data: Any, learning_rate: float, **options: Any) -> Any:
    """Least squares as a solver of `SGNSEmbedder`; it has no learning rate."""
    return alternating_least_squares(*data, **options)


def alternate(*data: Any, max_iter: int = 10, **options: Any) -> TrainedVectors:
    """Make `max_iter` sweeps of alternating least squares."""
    loop = {name: options.pop(name) for name in ("tol", "on_pass") if name in options}
    return run_passes(alternating_least_squares(*data, **options), max_iter=max_iter, **loop)
