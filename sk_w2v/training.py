"""Training: skip-gram with negative sampling by stochastic gradient descent on the token stream.

Each token, in the middle of a window of random width, is predicted from each word of the window against a few noise
words: logistic regression of *does this pair come from the text?* on the product of a word vector and a context vector.
(Mikolov, Sutskever, Chen, Corrado, Dean 2013.)
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from ._backends import get_backend
from ._backends.lines import rows_in_lines, zeros_in_lines
from ._backends.noise import AliasTable, alias_table
from ._backends.randomness import epoch_stream
from ._backends.skipgrams import draw_noise, skip_gram_pairs
from .corpus import Corpus
from .objective import PUSHING_LOSSES, OnPass, TrainedVectors
from .replication import Replicas, bring_together, default_n_replicas, rounds

FloatArray = npt.NDArray[np.float32]
Float64Array = npt.NDArray[np.float64]
Int64Array = npt.NDArray[np.int64]

LOSS_TOKENS = 20_000  # from which the loss is estimated: a standard error of about 1 in 200
LOSS_PAIRS = 60_000
PAIRS_AT_ONCE = 512  # whose vectors stay in the cache
MOST_NOISE = 2**16 - 2  # a position has as many random numbers as that for it
LAST_LEARNING_RATE = 1e-4  # as a share of the first: word2vec's


@dataclass(frozen=True, eq=False)
class Sampling:
    """How pairs and noise words are drawn from a corpus.

    Attributes
    ----------
    keep : uint32 array of shape (n_words,)
        Probability of keeping a token of each word, in units of 2**-32.
    noise : AliasTable over the n_words words
    reach : uint64 array of shape (window,)
        Probability that a window reaches at least 1, 2, ... tokens to each side, in units of 2**-32.
    negative : int
        Noise words of each window, or of each pair.
    share_noise : bool
        Whether the pairs of a window share their noise words.
    """

    keep: npt.NDArray[np.uint32]
    noise: AliasTable
    reach: npt.NDArray[np.uint64]
    negative: int
    share_noise: bool = True


def keep_probabilities(frequencies: npt.NDArray[np.floating], *, subsample: float) -> npt.NDArray[np.float64]:
    """Return word2vec's probability of keeping a token: ``min(1, sqrt(t / f) + t / f)``, of shape (n_words,).

    `frequencies` is the share ``f`` of all tokens that each word has; `subsample` is the threshold ``t``, 0 for none.
    """
    if subsample == 0:
        return np.ones(len(frequencies))
    ratio = subsample / frequencies
    return np.minimum(1.0, np.sqrt(ratio) + ratio)


def make_sampling(
    word_counts: npt.NDArray[np.int64],
    noise: npt.NDArray[np.float64],
    *,
    window: int | npt.NDArray[np.floating],
    negative: int,
    subsample: float,
    share_noise: bool = True,
) -> Sampling:
    """Put the distributions into the form that the kernels draw from; the first two arrays have shape (n_words,).

    `window` is the share of windows that reach at least 1, 2, ... tokens to each side, falling from 1, or the widest
    reach of word2vec's windows, of which all widths are equally frequent.
    """
    widest = window if isinstance(window, int) else len(window)
    if not share_noise and 2 * widest * negative > MOST_NOISE:
        raise ValueError(
            f"negative={negative} with share_noise=False: a window may need more than {MOST_NOISE} noise words; lower "
            "negative or window, or let pairs share their noise."
        )
    keep = keep_probabilities(word_counts / word_counts.sum(), subsample=subsample)
    thresholds = np.minimum(np.rint(keep * 2**32), 2**32 - 1).astype(np.uint32)
    shares = 1 - np.arange(window) / window if isinstance(window, int) else window
    return Sampling(thresholds, alias_table(noise), np.rint(shares * 2.0**32).astype(np.uint64), negative, share_noise)


def initial_vectors(
    n_words: int, n_components: int, *, init_scale: float, random_state: np.random.RandomState
) -> FloatArray:
    """Return uniform random vectors of root-mean-square length `init_scale`, of shape (n_words, n_components).

    Their singular value along any direction is about `init_scale`, too, which is what the same parameter means in
    `dynamics`. word2vec's own start is ``init_scale = 1 / sqrt(12 * n_components)``.
    """
    bound = init_scale * np.sqrt(3 / n_components)
    return random_state.uniform(-bound, bound, (n_words, n_components)).astype(np.float32)


def train_sgns(
    corpus: Corpus,
    sampling: Sampling,
    words: FloatArray,
    contexts: FloatArray | None = None,
    *,
    loss: str = "logistic",
    tied: bool = False,
    learning_rate: float = 0.025,
    decay: bool = True,
    max_iter: int = 5,
    tol: float | None = None,
    n_iter_no_change: int = 1,
    validation: Corpus | None = None,
    seed: int = 0,
    backend: ModuleType | None = None,
    n_jobs: int = 1,
    n_replicas: int | str | None = "auto",
    on_pass: OnPass | None = None,
) -> TrainedVectors:
    """Train for `max_iter` epochs, with a learning rate that falls linearly to nearly zero.

    Parameters
    ----------
    corpus : Corpus
    sampling : Sampling
    words : float32 array of shape (n_words, n_components)
        Word vectors to begin with.
    contexts : float32 array of shape (n_words, n_components) or None
        Context vectors to begin with; None is zero.
    loss : {"logistic", "quartic"}
        word2vec's own, or its second order at 0.
    tied : bool
        Whether contexts share the words' vectors.
    learning_rate : float
        Of the first token.
    max_iter : int
        Passes over the corpus (epochs).
    decay : bool
        Whether the learning rate falls linearly to nearly zero.
    tol : float or None
        Stop when `n_iter_no_change` epochs have lowered the loss by less than this share of it.
    validation : Corpus or None
        Documents whose loss is measured, too, and decides when to stop.
    seed : int
        Of all random draws.
    n_replicas : int, "auto" or None
        Copies of the vectors that are trained apart and brought together after each of many rounds, see `replication`.
        What comes out does not depend on `n_jobs`; 1 takes one token after the other on one thread. None is one copy,
        too, but all threads update it without locks. "auto" is `N_REPLICAS` for texts that are long enough.
    on_pass : callable or None
        Called with the `TrainedVectors` after each epoch; returns whether to stop.

    Raises
    ------
    ValueError
        If a number of copies is asked for of a backend that has one.
    FloatingPointError
        If the vectors have become infinite or NaN.
    """
    backend = backend or get_backend()
    n_components = words.shape[1]
    words = rows_in_lines(words)
    contexts = words if tied else zeros_in_lines(words.shape) if contexts is None else rows_in_lines(contexts)
    loss_of = loss_estimator(corpus, sampling, loss=loss, seed=seed)
    held_out_loss = None if validation is None else loss_estimator(validation, sampling, loss=loss, seed=seed)
    rates = learning_rate * np.linspace(1, LAST_LEARNING_RATE if decay else 1, max_iter + 1)
    seen = words[:, :n_components]
    trained = TrainedVectors(seen, seen if tied else contexts[:, :n_components], [])
    products = expected_products(corpus, sampling)
    n_products = len(corpus.ids) * float(products[0].sum())
    n_copies = _choose_n_replicas(n_replicas, n_products, len(words), backend)
    schedule = rounds(len(corpus.ids), n_products, len(words), n_copies or 1)
    team = _replicas(words, contexts, n_components, n_copies, products) if n_copies and n_copies > 1 else None
    for epoch in range(max_iter):
        first_and_last = float(rates[epoch]), float(rates[epoch + 1])
        draws = {
            "keep_w": sampling.keep,
            "noise": sampling.noise,
            "reach_o": sampling.reach,
            "negative": sampling.negative,
            "share_noise": sampling.share_noise,
            "stream": epoch_stream(seed, epoch),
            "loss": loss,
        }
        if team is None:
            backend.train_tokens(
                words,
                contexts,
                corpus.ids,
                corpus.offsets,
                learning_rates=first_and_last,
                n_jobs=1 if n_copies == 1 else n_jobs,
                **draws,
            )
        else:
            _train_replicas(
                team, schedule, corpus, learning_rates=first_and_last, backend=backend, n_jobs=n_jobs, **draws
            )
        if not (np.all(np.isfinite(words)) and np.all(np.isfinite(contexts))):
            raise FloatingPointError(
                f"The vectors are no longer finite after epoch {epoch + 1} of {max_iter} with "
                f"learning_rate={learning_rate}; lower learning_rate (0.025 is usual)."
            )
        trained.losses.append(loss_of(words, contexts))
        if held_out_loss is not None:
            trained.validation_losses.append(held_out_loss(words, contexts))
        if (on_pass is not None and on_pass(trained)) or trained.has_converged(tol, n_iter_no_change):
            break
    found = seen.copy()
    return replace(trained, words=found, contexts=found if tied else trained.contexts.copy())


def loss_estimator(
    corpus: Corpus, sampling: Sampling, *, loss: str = "logistic", seed: int
) -> Callable[[FloatArray, FloatArray], float]:
    """Fix a sample of training pairs; return the function that gives vectors' mean loss on it, in nats a pair.

    The loss of a pair with its `negative` noise words is ``l(x) + sum l(-x_noise)``, in float64, with
    ``l(x) = log(1 + e^-x)``, or for the quartic loss ``log 2 - x / 2 + x^2 / 8``.

    Warns
    -----
    UserWarning
        If the sample holds no pair, so that the loss is NaN.
    """
    rng = np.random.default_rng(seed)
    sample = _sample_documents(corpus, rng)
    stream = epoch_stream(seed, 2**32)  # an epoch that training never sees
    centers, neighbours = skip_gram_pairs(
        sample.ids, sample.offsets, keep_w=sampling.keep, reach_o=sampling.reach, stream=stream
    )
    if len(centers) == 0:
        warnings.warn(
            f"Subsampling leaves no pair of words in a sample of {len(sample.ids)} tokens, so that the loss is NaN; "
            "lower subsample (0 drops no token) or give more text.",
            UserWarning,
            stacklevel=2,
        )
    chosen = np.sort(rng.permutation(len(centers))[:LOSS_PAIRS])
    targets, inputs = sample.ids[centers[chosen]], sample.ids[neighbours[chosen]]
    noise = draw_noise(sampling.noise, sampling.negative, np.arange(len(chosen)), stream)
    signs = np.concatenate([[-1.0], np.ones(sampling.negative)])
    outputs = np.column_stack([targets, noise])  # (n_pairs, 1 + negative)

    def mean_loss(words: FloatArray, contexts: FloatArray) -> float:
        if len(chosen) == 0:
            return float("nan")
        total = 0.0
        for start in range(0, len(chosen), PAIRS_AT_ONCE):
            block = slice(start, start + PAIRS_AT_ONCE)
            products = np.einsum("pd,pkd->pk", words[inputs[block]], contexts[outputs[block]])
            total += float(PUSHING_LOSSES[loss](signs * products.astype(np.float64)).sum())
        return total / len(chosen)

    return mean_loss


def _choose_n_replicas(
    n_replicas: int | str | None, n_products: float, n_words: int, backend: ModuleType
) -> int | None:
    """Return the number of copies, or None for one without locks, which is all that a device has."""
    has_replicas = hasattr(backend, "train_replicas")
    if isinstance(n_replicas, str):
        return default_n_replicas(n_products, n_words) if has_replicas else None
    if n_replicas is not None and not has_replicas:
        raise ValueError(
            f"n_replicas={n_replicas}, but this backend trains one copy of the vectors, by many windows at once; use "
            '"auto" or None, or backend="cpu".'
        )
    return n_replicas


def _replicas(
    words: FloatArray,
    contexts: FloatArray,
    n_components: int,
    n_replicas: int,
    products: tuple[Float64Array, Float64Array],
) -> tuple[Replicas, Replicas]:
    """Return copies of words and contexts, which are one if they are tied."""
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
    """Train copies of the vectors by one pass over the documents, in rounds, after each of which they come together."""
    words, contexts = team
    n_tokens, (first, last) = len(corpus.ids), learning_rates
    for cuts in schedule:
        backend.train_replicas(
            words.copies,
            contexts.copies,
            corpus.ids,
            corpus.offsets,
            cuts_r=cuts,
            learning_rates=learning_rates,
            n_jobs=n_jobs,
            **draws,
        )
        middle = (cuts[0] + cuts[-1]) / 2
        step = (cuts[-1] - cuts[0]) * (first + (last - first) * middle / n_tokens)
        bring_together(words, contexts, step=step, loss=draws["loss"], backend=backend, n_jobs=n_jobs)


def expected_products(corpus: Corpus, sampling: Sampling) -> tuple[Float64Array, Float64Array]:
    """Return in how many products word and context vectors take part per token of text, each of shape (n_words,).

    Windows are taken to lie within their documents.
    """
    n_words = len(sampling.keep)
    frequencies = np.bincount(corpus.ids, minlength=n_words) / len(corpus.ids)
    kept = frequencies * sampling.keep / 2.0**32
    pairs = 2 * sampling.reach.sum() / 2.0**32  # of a kept token
    noise = sampling.noise.probabilities()
    return pairs * (1 + sampling.negative) * kept, pairs * (kept + sampling.negative * kept.sum() * noise)


def _sample_documents(corpus: Corpus, rng: np.random.Generator) -> Corpus:
    """Return random documents of about `LOSS_TOKENS` tokens, the last one cut off there."""
    lengths = np.diff(corpus.offsets)
    order = rng.permutation(len(lengths))
    order = order[: np.searchsorted(np.cumsum(lengths[order]), LOSS_TOKENS) + 1]
    pieces = [corpus.ids[corpus.offsets[d] : corpus.offsets[d + 1]][:LOSS_TOKENS] for d in order]
    offsets = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])])
    return Corpus(np.concatenate(pieces), offsets)
