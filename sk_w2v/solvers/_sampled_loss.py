"""The loss of stochastic gradient descent, estimated on a fixed sample of training pairs."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from .._backends.randomness import epoch_stream
from .._backends.skipgrams import draw_noise, skip_gram_windows
from .._typing import Float32Array
from ..corpus import Corpus
from ..losses import LOSSES
from ._sampling import Sampling

LOSS_TOKENS = 20_000  # sampled tokens, for a standard error of about 1 in 200
LOSS_PAIRS, LOSS_OUTPUTS = 60_000, 1 << 22  # maximum numbers of pairs and of outputs (1 + negative per pair)
PAIRS_AT_ONCE, OUTPUTS_AT_ONCE = 512, 1 << 15  # per block: their vectors stay in the cache


def loss_estimator(
    corpus: Corpus, sampling: Sampling, *, loss: str = "logistic", seed: int
) -> Callable[[Float32Array, Float32Array], float]:
    """Fix a sample of training pairs; return the function that computes the mean loss on it, in nats per pair.

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
    windows = skip_gram_windows(sample.ids, sample.offsets, keep_w=sampling.keep, reach_o=sampling.reach, stream=stream)
    if windows.n_pairs == 0:
        warnings.warn(
            f"Subsampling leaves no pair of words in a sample of {len(sample.ids)} tokens, so that the loss is NaN; "
            "lower subsample (0 drops no token) or give more text.",
            UserWarning,
            stacklevel=2,
        )
    n_outputs = 1 + sampling.negative
    n_pairs = min(windows.n_pairs, LOSS_PAIRS, max(1, LOSS_OUTPUTS // n_outputs))
    chosen = np.sort(rng.choice(windows.n_pairs, n_pairs, replace=False)) if n_pairs else np.empty(0, np.int64)
    targets, inputs = (sample.ids[positions] for positions in windows.pairs(chosen))
    noise = draw_noise(sampling.noise, sampling.negative, np.arange(len(chosen)), stream)
    n_at_once = max(1, min(PAIRS_AT_ONCE, OUTPUTS_AT_ONCE // n_outputs))
    value, signs = LOSSES[loss].value, np.concatenate([[-1.0], np.ones(sampling.negative)])
    outputs = np.column_stack([targets, noise])  # (n_pairs, 1 + negative)

    def mean_loss(words: Float32Array, contexts: Float32Array) -> float:
        """Return the mean loss of the sampled pairs with their noise words."""
        if len(chosen) == 0:
            return float("nan")
        total = 0.0
        for start in range(0, len(chosen), n_at_once):
            block = slice(start, start + n_at_once)
            products = np.einsum("pd,pkd->pk", words[inputs[block]], contexts[outputs[block]])
            total += float(value(signs * products.astype(np.float64)).sum())
        return total / len(chosen)

    return mean_loss


def _sample_documents(corpus: Corpus, rng: np.random.Generator) -> Corpus:
    """Return random documents of about `LOSS_TOKENS` tokens, the last one cut off there."""
    lengths = np.diff(corpus.offsets)
    order = rng.permutation(len(lengths))
    order = order[: np.searchsorted(np.cumsum(lengths[order]), LOSS_TOKENS) + 1]
    pieces = [corpus.ids[corpus.offsets[d] : corpus.offsets[d + 1]][:LOSS_TOKENS] for d in order]
    offsets = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])])
    return Corpus(np.concatenate(pieces), offsets)
