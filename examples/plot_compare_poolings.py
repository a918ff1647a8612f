"""
Compare poolings
================

How much should a frequent word count in the vector of a document? The six poolings answer differently.
"""

import matplotlib.pyplot as plt
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings

X, y = load_docstrings(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
embedder = SpectralEmbedder(n_components=100).fit(X_train)

# %%
# Pooling happens in `transform` alone, so that one fitted embedder serves all of them.

accuracy = {}
for pooling in ("sum", "mean", "max", "usif", "sif", "tfidf"):
    embedder.set_params(pooling=pooling)
    classifier = LinearSVC().fit(embedder.transform(X_train), y_train)
    accuracy[pooling] = classifier.score(embedder.transform(X_test), y_test)

# %%
# ``"mean"`` and ``"sum"`` are the same once vectors have length one. ``"sif"`` and ``"tfidf"`` give frequent words
# little weight, which suits topics.

figure, ax = plt.subplots(figsize=(6, 3), layout="constrained")
bars = ax.barh(list(accuracy), list(accuracy.values()), color="tab:blue")
ax.bar_label(bars, fmt=" {:.3f}")
ax.set(xlabel="accuracy on held-out documents", ylabel="pooling", xlim=(0, 1))
plt.show()
