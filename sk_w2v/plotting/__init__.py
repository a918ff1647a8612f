"""Plots as scikit-learn displays: ``from_estimator`` computes and ``plot`` draws.

Only ``plot`` needs matplotlib: ``pip install 'sk-w2v[plot]'``. `explore` writes an interactive page instead, with Vega:
``pip install 'sk-w2v[explorer]'``.
"""

from ._concepts import ConceptDisplay
from ._dynamics import LearningDynamicsDisplay
from ._embedding import EmbeddingDisplay
from ._emergence import EmergenceDisplay
from ._explorer import explore
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
    "explore",
]
