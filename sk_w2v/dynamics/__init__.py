"""How word2vec learns: gradient flow, in closed form.

Tied vectors, shared by words and contexts, follow ``dW/dt = (M - W W') W``, the negative gradient of
``|W W' - M|^2 / 4``. If they start along the eigenvectors of the target ``M``, each mode grows independently. Its
squared singular value follows a sigmoid: slow at first, then fast, until it reaches the eigenvalue. Modes with large
eigenvalues are learned first, so the model learns one concept after another. The limit is the least-squares
factorization of ``M``.
(Karkada, Simon, Bahri, DeWeese 2025, arXiv 2502.09863; Saxe, McClelland, Ganguli 2014, arXiv 1312.6120.)

====================================  ============================================================================
aligned start, tied vectors           `squared_singular_values`, `learning_times`, `time_constants`, `gradient_flow`
any start, tied vectors               `riccati_flow`, `riccati_vectors`
aligned start, untied vectors         `untied_singular_values`, `untied_learning_times`
measures of a run                     `squared_error`, `flow_error`, `effective_rank`
time units                            `descent_time`, `descent_steps`, `sgd_time`, `sgd_epochs`
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
