"""
The spectrum of a model
=======================

A closed form comes with the eigenvalues of the matrix that it factorizes. They say how much each component holds, and
in which order word2vec's training learns them.
"""

import matplotlib.pyplot as plt
import numpy as np

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.plotting import SpectrumDisplay

documents = load_docstrings().data
closed = SpectralEmbedder(n_components=200).fit(documents)
trained = SGNSEmbedder(n_components=200, max_iter=2, random_state=0).fit(documents)

# %%
# Eigenvalues fall off as a power of their rank. A trained model has no eigenvalues; the squared singular values of its
# vectors take their place. Each curve is shown relative to its largest value.

figure, ax = plt.subplots(figsize=(6, 3.8), layout="constrained")
SpectrumDisplay.from_estimator(closed, name="closed form").plot(ax, relative=True)
SpectrumDisplay.from_estimator(trained, name="trained").plot(ax, relative=True)
plt.show()

# %%
# The target has far more in it than 200 components can hold, and much of that is noise: how many words happen to occur
# together in this text. `select_dimension` separates the two, see :ref:`sphx_glr_gallery_plot_choose_dimension.py`.

explained = np.cumsum(closed.eigenvalues_**2) / closed.target_squared_norm_
for n in (10, 50, 200):
    print(f"the first {n:3} components explain {explained[n - 1]:.1%} of the target's squares")

# %%
# Components are nested. `truncate` keeps the first ones without a new fit.

print(closed.truncate(50).embedding_.shape)
