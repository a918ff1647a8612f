"""
The order of learning
=====================

Does training really learn one mode after another, at the times that the closed form predicts? Record a run and see.
"""

import matplotlib.pyplot as plt

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.dynamics import RunRecorder, descent_time
from sk_w2v.plotting import LearningDynamicsDisplay

documents = load_docstrings().data[::2]
one_matrix = {"window": 16, "window_weighting": "linear", "negative": 1, "noise_exponent": 1.0, "max_features": 400}
closed = SpectralEmbedder(20, init_scale=0.001, **one_matrix).fit(documents)

# %%
# The theory is exact for the quartic loss, uniform weights and small initial vectors. `RunRecorder` keeps the strengths
# of the modes after each pass.

rate = 0.1 / closed.eigenvalues_[0]
recorder = RunRecorder(n_records=200)
SGNSEmbedder(
    20,
    solver="gd",
    loss="quartic",
    weighting="uniform",
    tied=True,
    subsample=0,
    init_scale=0.001,
    learning_rate=rate,
    max_iter=600,
    random_state=0,
    **one_matrix,
).set_callbacks(recorder).fit(documents)

# %%
# Lines are the prediction, dots the run. `descent_time` translates steps into the time of the gradient flow; the
# quartic loss is 1/8 of the squared error, plus a constant.

figure, ax = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
LearningDynamicsDisplay.from_estimator(closed, n_modes=8).plot(ax)
times = descent_time(recorder.passes_, rate, factor=1 / 8)
ax.plot(times, recorder.strengths_[:, :8], ".", color="tab:red", markersize=3)
ax.set_xlim(0, times[-1])
plt.show()
ratios = recorder.strengths_[-1, :8] / closed.eigenvalues_[:8]
print(f"final strengths over eigenvalues: {ratios.min():.3f} to {ratios.max():.3f}")
