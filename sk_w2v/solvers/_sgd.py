"""Stochastic gradient descent on the token stream: word2vec's own training.

Each token is the center of a window of random width and is predicted from each word of the window, against a few noise
words. This is a logistic regression of *does this pair come from the text?* on the product of a word vector and a
context vector (Mikolov, Sutskever, Chen, Corrado, Dean 2013).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from .._backends import get_backend
from .._backends.aligned import aligned_rows, aligned_zeros
from .._backends.randomness import epoch_stream
from .._progress import expect
from .._typing import Float32Array, Float64Array, Int64Array
from ..corpus import Corpus
from ._passes import Pass
from ._rates import Rates
from ._replicas import Replicas, default_n_replicas, merge, rounds
from ._sampled_loss import loss_estimator
from ._sampling import Sampling, expected_products

FEWEST_REFUSED = 64  # fewer replicas than this are allowed even for shorter texts, since they cost little
TOKENS_PER_STEP = 1 << 17  # of progress
SMALLEST_SCALE = 1e-15  # of initial vectors: float32 can hold its square and that of its inverse


def stochastic_gradient_descent(
    corpus: Corpus,
    sampling: Sampling,
    words: Float32Array,
    contexts: Float32Array | None = None,
    *,
    learning_rates: Iterable[Rates],
    loss: str = "logistic",
    tied: bool = False,
    validation: Corpus | None = None,
    seed: int = 0,
    backend: ModuleType | None = None,
    n_jobs: int = 1,
    n_replicas: int | str | None = "auto",
) -> Iterator[Pass]:
    """Yield the vectors after each epoch of skip-gram with negative sampling.

    Parameters
    ----------
    corpus : Corpus
    sampling : Sampling
    words : float32 array of shape (n_words, n_components)
        Initial word vectors.
    contexts : float32 array of shape (n_words, n_components) or None
        Initial context vectors; None is zero.
    learning_rates : iterable of (float, float)
        Learning rates at the first and after the last token of each epoch, linear between: `linear_decay` or
        `constant_rate`. Training makes one epoch for each entry.
    loss : str
        A key of `sk_w2v.losses.LOSSES`.
    tied : bool
        Whether words and contexts share their vectors.
    validation : Corpus or None
        Held-out documents, on which the loss is also measured.
    seed : int
        Seed of all random draws.
    backend : module or None
        See `sk_w2v._backends`.
    n_jobs : int
        Number of threads; the result does not depend on it unless `n_replicas` is None.
    n_replicas : int, "auto" or None
        Number of replicas of the vectors that are trained in parallel and merged after each of many rounds, see
        `_replicas`. 1 trains token after token on one thread. None is one replica that all threads update without
        locks. "auto" is `N_REPLICAS` for texts that are long enough, else 1.

    Yields
    ------
    Pass
        The next epoch overwrites its arrays.

    Raises
    ------
    ValueError
        If the backend does not support `n_replicas`, or there are more replicas than tokens.
    FloatingPointError
        If the vectors have become infinite or NaN.

    See Also
    --------
    linear_decay, constant_rate : Learning rates.
    alternating_least_squares : Minimize the expected loss from counts.
    sk_w2v.SGNSEmbedder : The estimator.
    """
    backend = backend or get_backend()
    sampling.check_vectors(words, words if tied or contexts is None else contexts)
    corpus = corpus.checked(len(words))
    validation = None if validation is None else validation.checked(len(words))
    n_components = words.shape[1]
    words = aligned_rows(words)
    contexts = words if tied else aligned_zeros(words.shape) if contexts is None else aligned_rows(contexts)
    loss_of = loss_estimator(corpus, sampling, loss=loss, seed=seed)
    validation_loss_of = None if validation is None else loss_estimator(validation, sampling, loss=loss, seed=seed)
    train_epoch = _epoch_trainer(corpus, sampling, words, contexts, n_components, n_replicas, backend, n_jobs)
    seen_words = words[:, :n_components]  # without the padding
    seen_contexts = seen_words if tied else contexts[:, :n_components]
    for epoch, rates in enumerate(learning_rates):
        expect(len(corpus.ids), "tokens", grain=TOKENS_PER_STEP)
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # checked below
                train_epoch(learning_rates=rates, stream=epoch_stream(seed, epoch), loss=loss)
            if not (np.all(np.isfinite(words)) and np.all(np.isfinite(contexts))):
                raise FloatingPointError
        except FloatingPointError as error:
            raise FloatingPointError(
                f"The vectors are no longer finite after epoch {epoch + 1}, whose learning rate began at "
                f"{rates[0]:.3g}; lower learning_rate (0.025 is usual)."
            ) from error
        validation_loss = None if validation_loss_of is None else validation_loss_of(words, contexts)
        yield Pass(seen_words, seen_contexts, loss_of(words, contexts), validation_loss)


def initial_vectors(
    n_words: int, n_components: int, *, init_scale: float, random_state: np.random.RandomState
) -> Float32Array:
    """Return uniform random vectors of root-mean-square length `init_scale`, of shape (n_words, n_components).

    Their singular value along any direction is then about `init_scale`, too, as in `dynamics`. word2vec itself uses
    ``init_scale = 1 / sqrt(12 * n_components)``.

    Raises
    ------
    ValueError
        If float32 cannot hold `init_scale`, its square and their inverses.
    """
    if not SMALLEST_SCALE <= init_scale <= 1 / SMALLEST_SCALE:
        raise ValueError(
            f"init_scale={init_scale} is outside the range of float32, in which products of vectors are computed; "
            f"use a value between {SMALLEST_SCALE} and {1 / SMALLEST_SCALE}, 0.03 for example."
        )
    bound = init_scale * np.sqrt(3 / n_components)
    return random_state.uniform(-bound, bound, (n_words, n_components)).astype(np.float32)


def _epoch_trainer(
    corpus: Corpus,
    sampling: Sampling,
    words: Float32Array,
    contexts: Float32Array,
    n_components: int,
    n_replicas: int | str | None,
    backend: ModuleType,
    n_jobs: int,
) -> Any:
    """Return the function that trains the vectors, in place, by one epoch."""
    draws: dict[str, Any] = {
        "keep_w": sampling.keep,
        "noise": sampling.noise,
        "reach_o": sampling.reach,
        "negative": sampling.negative,
        "share_noise": sampling.share_noise,
    }
    products = expected_products(corpus, sampling)
    n_products = len(corpus.ids) * float(products[0].sum())
    size = max(len(words), n_components)
    n_chosen = _choose_n_replicas(n_replicas, n_products, size, backend)
    if n_chosen is None or n_chosen == 1:
        n_threads = 1 if n_chosen == 1 else n_jobs
        return partial(backend.train_tokens, words, contexts, corpus.ids, corpus.offsets, n_jobs=n_threads, **draws)
    if n_chosen > max(len(corpus.ids), FEWEST_REFUSED):
        raise ValueError(f"n_replicas={n_chosen} for {len(corpus.ids)} tokens; use at most one replica per token.")
    team = _replicas(words, contexts, n_components, n_chosen, products)
    schedule = rounds(len(corpus.ids), n_products, size, n_chosen)
    return partial(_train_replicas, team, schedule, corpus, backend=backend, n_jobs=n_jobs, **draws)


def _choose_n_replicas(n_replicas: int | str | None, n_products: float, size: int, backend: ModuleType) -> int | None:
    """Return the number of replicas, or None for training without locks, the only kind that a GPU supports."""
    has_replicas = hasattr(backend, "train_replicas")
    if isinstance(n_replicas, str):
        return default_n_replicas(n_products, size) if has_replicas else None
    if n_replicas is not None and not has_replicas:
        raise ValueError(
            f"n_replicas={n_replicas}, but this backend trains a single replica, with many windows in parallel; use "
            '"auto" or None, or backend="cpu".'
        )
    return n_replicas


def _replicas(
    words: Float32Array,
    contexts: Float32Array,
    n_components: int,
    n_replicas: int,
    products: tuple[Float64Array, Float64Array],
) -> tuple[Replicas, Replicas]:
    """Return the replicas of words and contexts, which are the same object if they are tied."""
    of_words, of_contexts = products
    if words is contexts:
        tied = Replicas.of(words, n_components, n_replicas, of_words + of_contexts)
        return tied, tied
    return (
        Replicas.of(words, n_components, n_replicas, of_words),
        Replicas.of(contexts, n_components, n_replicas, of_contexts),
    )


def _train_replicas(
    team: tuple[Replicas, Replicas],
    schedule: Int64Array,
    corpus: Corpus,
    *,
    learning_rates: tuple[float, float],
    backend: ModuleType,
    n_jobs: int,
    **draws: Any,
) -> None:
    """Train replicas by one pass over the documents, in rounds, and merge them after each round."""
    words, contexts = team
    n_tokens, (first, last) = len(corpus.ids), learning_rates
    for cuts in schedule:
        backend.train_replicas(
            words.stack,
            contexts.stack,
            corpus.ids,
            corpus.offsets,
            cuts_r=cuts,
            learning_rates=learning_rates,
            n_jobs=n_jobs,
            **draws,
        )
        middle = (cuts[0] + cuts[-1]) / 2
        step = (cuts[-1] - cuts[0]) * (first + (last - first) * middle / n_tokens)
        merge(words, contexts, step=step, backend=backend, n_jobs=n_jobs)
