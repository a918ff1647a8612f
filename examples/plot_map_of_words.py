"""
A map of words
==============

Groups of words in the plane of their first two principal components.
"""

import matplotlib.pyplot as plt

from sk_w2v import ALSEmbedder
from sk_w2v.datasets import load_docstring_categories, load_docstrings
from sk_w2v.plotting import EmbeddingDisplay

embedder = ALSEmbedder(n_components=100).fit(load_docstrings().data)

# %%
# The bundled categories hold words that belong together.

categories = load_docstring_categories()
groups = {}
for word, category in zip(categories.words, categories.categories, strict=True):
    if category in ("data type", "distance", "distribution", "factorization", "sparse format"):
        groups.setdefault(str(category), []).append(str(word))

figure, ax = plt.subplots(figsize=(7, 5), layout="constrained")
EmbeddingDisplay.from_estimator(embedder, groups).plot(ax)
plt.show()
