"""Plots, as scikit-learn has them: a display computes first, in ``from_estimator``, and draws in ``plot``.

matplotlib is needed for ``plot`` alone: ``pip install 'sk-w2v[plot]'``.
"""

from ._concepts import ConceptDisplay
from ._dynamics import LearningDynamicsDisplay
from ._embedding import EmbeddingDisplay
from ._emergence import EmergenceDisplay
from ._overlap import OverlapDisplay
from ._relations import RelationSpectrumDisplay
from ._spectrum import SpectrumDisplay

__all__ = [
    "ConceptDisplay",
    "EmbeddingDisplay",
    "EmergenceDisplay",
    "LearningDynamicsDisplay",
    "OverlapDisplay",
    "RelationSpectrumDisplay",
    "SpectrumDisplay",
]
