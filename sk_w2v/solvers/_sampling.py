"""How training draws from a corpus: which tokens are kept, how far windows reach, which noise words.

word2vec drops frequent words' tokens at random, draws the width of each window, and draws noise words by a power of
their frequencies (Mikolov, Sutskever, Chen, Corrado, Dean 2013).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .._backends.addresses import are_rows
from .._backends.noise import AliasTable, alias_table
from ..corpus import Corpus

Float64Array = npt.NDArray[np.float64]

MOST_NOISE = 2**16 - 2  # a position has as many random numbers as that for it


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

    def check_vectors(self, *sides: npt.NDArray[np.floating]) -> None:
        """Raise ValueError if the distributions do not fit each other, or vectors not them."""
        n_words = len(self.keep)
        of_noise = self.noise.thresholds, self.noise.alternatives
        if any(array.shape != (n_words,) for array in of_noise) or not are_rows(self.noise.alternatives, n_words):
            raise ValueError(f"The noise is not drawn from {n_words} words, of which tokens are kept; make both anew.")
        shapes = [vectors.shape for vectors in sides]
        if any(len(shape) != 2 or shape != shapes[0] or shape[0] != n_words for shape in shapes):
            raise ValueError(f"Vectors of shapes {shapes} do not fit {n_words} words; give (n_words, n_components).")


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
    keep = keep_probabilities(word_counts / word_counts.sum(dtype=np.float64), subsample=subsample)
    thresholds = np.minimum(np.rint(keep * 2**32), 2**32 - 1).astype(np.uint32)
    shares = 1 - np.arange(window) / window if isinstance(window, int) else window
    return Sampling(thresholds, alias_table(noise), np.rint(shares * 2.0**32).astype(np.uint64), negative, share_noise)


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
