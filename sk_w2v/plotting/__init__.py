"""Plots, as scikit-learn has them: a display computes first, in ``from_estimator``, and draws in ``plot``.

matplotlib is needed for ``plot`` alone: ``pip install 'sk-w2v[plot]'``.
"""

from ._dynamics import LearningDynamicsDisplay
from ._emergence import EmergenceDisplay
from ._overlap import OverlapDisplay
from ._relations import RelationSpectrumDisplay

__all__ = ["EmergenceDisplay", "LearningDynamicsDisplay", "OverlapDisplay", "RelationSpectrumDisplay"]
