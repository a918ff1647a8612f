"""Solvers: generators that yield the vectors after each pass of minimizing a loss.

=============================== ===============================================================================
`stochastic_gradient_descent`   on the token stream: word2vec's own training
`gradient_descent`              on the expected loss with all pairs at once, for up to 20,000 words
`alternating_least_squares`     on the expected loss, by a few sweeps over words and contexts
=============================== ===============================================================================

`run_passes` takes passes from a solver until it has converged or is told to stop. To add a solver, see
`docs/how_to/add_a_solver.md`.
"""

from ._als import alternating_least_squares
from ._gd import gradient_descent
from ._passes import OnPass, Pass, TrainedVectors, run_passes
from ._rates import constant_rate, linear_decay
from ._sgd import stochastic_gradient_descent

# Solvers of the expected loss, by their names in `SGNSEmbedder`.
COUNT_SOLVERS = {"gd": gradient_descent}

__all__ = [
    "COUNT_SOLVERS",
    "OnPass",
    "Pass",
    "TrainedVectors",
    "alternating_least_squares",
    "constant_rate",
    "gradient_descent",
    "linear_decay",
    "run_passes",
    "stochastic_gradient_descent",
]
