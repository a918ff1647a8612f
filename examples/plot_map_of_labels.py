"""
A map of labels
===============

Document vectors in two dimensions, one point a docstring, and the middle of each submodule by name.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.manifold import TSNE

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings

docstrings = load_docstrings()
vectors = SpectralEmbedder(n_components=50).fit_transform(docstrings.data)

# %%
# Seven submodules, placed by t-SNE so that near vectors are near in the plane. It does not see the labels.

shown = ["scipy.fft", "scipy.optimize", "scipy.signal", "scipy.stats", "sklearn.cluster", "sklearn.linear_model",
         "sklearn.metrics"]  # fmt: skip
labels = np.array(docstrings.target_names)[docstrings.target]
rows = np.flatnonzero(np.isin(labels, shown))[::2]
places = TSNE(init="pca", random_state=0).fit_transform(vectors[rows])

figure, ax = plt.subplots(figsize=(7, 5), layout="constrained")
for name in shown:
    points = places[labels[rows] == name]
    ax.scatter(*points.T, s=5, alpha=0.35)
    ax.annotate(
        name,
        np.median(points, axis=0),
        ha="center",
        va="center",
        bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "0.7", "alpha": 0.9},
    )
ax.set(xticks=[], yticks=[])
plt.show()

# %%
# The nearest documents, found by the cosine of their vectors.

query = docstrings.names.index("sklearn.cluster.KMeans")
for row in np.argsort(-(vectors @ vectors[query]))[:5]:
    print(docstrings.names[row])
