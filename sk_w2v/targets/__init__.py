"""Targets: the matrices that word vectors factorize, each made from co-occurrence counts.

In the formulas ``P`` is the probability of a pair of words, ``p`` its marginal and ``n`` the distribution of noise
words. ``Q = p n'`` (symmetrized) is the probability of a pair if words were independent, and ``k`` is the number of
noise words for each pair. A target is dense, but all pairs that were not observed have the same entry. It is stored as
*sparse deviations + background*.
"""

from ._formulas import FORMULAS, at_observed_pairs, formula_target, target_rows
from ._named import TARGETS, make_target, mstar_target, pmi_target, ppmi_target, sppmi_target
from ._noise import noise_distribution
from ._target import Target

__all__ = [
    "FORMULAS",
    "TARGETS",
    "Target",
    "at_observed_pairs",
    "formula_target",
    "make_target",
    "mstar_target",
    "noise_distribution",
    "pmi_target",
    "ppmi_target",
    "sppmi_target",
    "target_rows",
]
