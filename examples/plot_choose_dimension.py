"""
Choose the dimension by held-out loss
=====================================

How many components does a text determine? `select_dimension` compares two halves of it: what the halves share is
signal, the rest is noise. One factorization serves all numbers of components.
"""

import warnings

import matplotlib.pyplot as plt
import numpy as np
from sklearn.model_selection import cross_val_score
from sklearn.svm import LinearSVC

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.selection import select_dimension

X, y = (each[::2] for each in load_docstrings(return_X_y=True))
embedder = SpectralEmbedder(100, max_features=1500).fit(X)

# %%
# Three methods, three answers. ``"held_out"`` minimizes the loss on the other half, ``"pip"`` the expected distance of
# the products of the vectors, and ``"noise_edge"`` keeps what exceeds the largest eigenvalue of noise alone.

chosen = {}
for method in ("held_out", "pip", "noise_edge"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it warns if a method chooses all
        chosen[method] = select_dimension(embedder, X, method=method, random_state=0)
    print(f"{method:12}{chosen[method].n_components:4} components")

# %%
# The loss on the other half falls while components carry signal, and rises once they carry noise. A classifier still
# gains from later components: judge by the task where there is one.

sizes = [5, 20, 50, 100]
accuracy = [cross_val_score(LinearSVC(), embedder.truncate(n).transform(X), y, cv=3).mean() for n in sizes]
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
left.plot(np.arange(1, 101), chosen["held_out"].curve)
left.axvline(chosen["held_out"].n_components, color="0.4", linestyle="--", linewidth=1)
left.set(xlabel="components", ylabel="unexplained share of the other half")
right.plot(sizes, accuracy, "o-")
right.set(xlabel="components", ylabel="accuracy of a classifier")
plt.show()
