"""Looking into a model: what it has learnt, when, and why an analogy fails.

======================  ==========================================================================
`concepts`              the words at the two ends of each mode, in the order of learning
`emergence`             at which rank and time analogies are answered
`relation_spectrum`     whether a relation's difference vectors share a direction
`compare_embedders`     how far models agree, as a table; `mode_overlaps`, mode by mode
======================  ==========================================================================
"""

from ._comparison import compare_embedders, linear_cka, mode_overlaps, pip_loss, procrustes_residual
from ._concepts import Concept, concepts
from ._emergence import Emergence, emergence
from ._relations import RelationSpectrum, relation_spectrum

__all__ = [
    "Concept",
    "Emergence",
    "RelationSpectrum",
    "compare_embedders",
    "concepts",
    "emergence",
    "linear_cka",
    "mode_overlaps",
    "pip_loss",
    "procrustes_residual",
    "relation_spectrum",
]
