"""Inspection of a fitted model: what it has learned, when, and why an analogy fails.

======================  ==========================================================================
`concepts`              the words at the two ends of each mode, in the order of learning
`emergence`             at which rank and time analogies are answered
`diagnose_analogy`      why an analogy is not answered, and what to change
`relation_spectrum`     whether a relation's difference vectors share a direction
`compare_embedders`     how models differ, as tables; `mode_overlaps` mode by mode
======================  ==========================================================================
"""

from ._comparison import Comparison, compare_embedders, mode_overlaps
from ._concepts import Concept, concepts
from ._diagnosis import Diagnosis, diagnose_analogy
from ._emergence import Emergence, emergence
from ._measures import linear_cka, pip_distance, procrustes_residual
from ._modes import mode_strengths
from ._relations import RelationSpectrum, relation_spectrum
from ._remedies import Remedy

__all__ = [
    "Comparison",
    "Concept",
    "Diagnosis",
    "Emergence",
    "RelationSpectrum",
    "Remedy",
    "compare_embedders",
    "concepts",
    "diagnose_analogy",
    "emergence",
    "linear_cka",
    "mode_overlaps",
    "mode_strengths",
    "pip_distance",
    "procrustes_residual",
    "relation_spectrum",
]
