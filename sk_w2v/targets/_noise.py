"""The distribution of noise words."""

from __future__ import annotations

import numpy as np

from .._typing import AnyNumberArray, Float64Array

SMALLEST_NOISE = 1e-150  # its products with frequencies, which are above 1e-100, do not underflow


def noise_distribution(frequencies: AnyNumberArray, *, noise_exponent: float = 1.0) -> Float64Array:
    """Return ``n`` of shape (n_words,): the frequencies to the power of `noise_exponent`, normalized to sum to 1.

    Raises
    ------
    ValueError
        If the probability of a word that occurs underflows or overflows, as with a very large exponent.

    See Also
    --------
    mstar_target, sppmi_target : Targets that depend on the noise distribution.

    Examples
    --------
    >>> noise_distribution(np.array([8, 1, 1]), noise_exponent=0).round(2).tolist()
    [0.33, 0.33, 0.33]
    """
    return smoothed(frequencies, frequencies, noise_exponent)


def smoothed(some: AnyNumberArray, frequencies: AnyNumberArray, noise_exponent: float) -> Float64Array:
    """Return powers of some frequencies over the sum of all frequencies' powers."""
    all_f, some_f = (np.asarray(each, dtype=np.float64) for each in (frequencies, some))
    unit = np.max(all_f, initial=0) if noise_exponent >= 0 else np.min(all_f, initial=np.inf)
    with np.errstate(all="ignore"):  # the result is checked below
        noise: Float64Array = (some_f / unit) ** noise_exponent / np.sum((all_f / unit) ** noise_exponent)
    if not np.all((noise >= SMALLEST_NOISE) & (noise < np.inf) | (some_f == 0)):
        raise ValueError(
            f"noise_exponent={noise_exponent} takes noise probabilities out of the range of float64: frequencies "
            f"are {some_f.min() / unit:.3g} to {some_f.max() / unit:.3g} times one of them; use an exponent nearer 0."
        )
    return noise
