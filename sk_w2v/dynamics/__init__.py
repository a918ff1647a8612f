"""How word2vec learns: gradient flow, in closed form.

Vectors that words and contexts share follow ``dW/dt = (M - W W') W``, the negative gradient of ``|W W' - M|^2 / 4``.
Started along the eigenvectors of the target ``M``, each mode grows by itself, as a sigmoid: unnoticeably at first, then
quickly, until the singular value squared has reached the eigenvalue. Large eigenvalues come first, so that the model
learns one concept after another. At the end stands the least-squares factorisation of ``M``.
(Karkada, Simon, Bahri, DeWeese 2025, arXiv 2502.09863; Saxe, McClelland, Ganguli 2014, arXiv 1312.6120.)

====================================  ============================================================================
aligned start, shared vectors         `squared_singular_values`, `learning_times`, `time_constants`, `gradient_flow`
any start, shared vectors             `riccati_flow`, `riccati_vectors`
aligned start, vectors of their own   `untied_singular_values`, `untied_learning_times`
what is seen of a run                 `squared_error`, `flow_error`, `effective_rank`
clocks                                `descent_time`, `descent_steps`, `sgd_time`, `sgd_epochs`
====================================  ============================================================================
"""

from ._curves import effective_rank, flow_error, squared_error
from ._modes import gradient_flow, learning_times, squared_singular_values, time_constants
from ._recording import RunRecorder
from ._riccati import riccati_flow, riccati_vectors
from ._time_units import descent_steps, descent_time, sgd_epochs, sgd_time
from ._untied import untied_learning_times, untied_singular_values

__all__ = [
    "RunRecorder",
    "descent_steps",
    "descent_time",
    "effective_rank",
    "flow_error",
    "gradient_flow",
    "learning_times",
    "riccati_flow",
    "riccati_vectors",
    "sgd_epochs",
    "sgd_time",
    "squared_error",
    "squared_singular_values",
    "time_constants",
    "untied_learning_times",
    "untied_singular_values",
]
