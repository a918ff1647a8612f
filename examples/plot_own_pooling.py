"""
A pooling of your own
=====================

Pooling turns the vectors of a document's words into one vector. A pooling is a function; once it has a name, every
embedder takes it and a search can try it.
"""

from operator import matmul

import matplotlib.pyplot as plt
import numpy as np
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.pooling import POOLINGS

# %%
# `bags` holds how often each word occurs in each document, as a sparse array of shape (n_documents, n_words). This
# pooling counts each word once, however often it is repeated, and gives less weight to frequent words.


def once_pooling(bags, embedding, vocabulary, *, product=matmul):
    frequency = vocabulary.counts / vocabulary.counts.sum()
    weights = bags.copy()
    weights.data = (1e-3 / (1e-3 + frequency[bags.indices])).astype(np.float32)
    totals = np.asarray(weights.sum(axis=1), dtype=np.float32).reshape(-1, 1)
    return product(weights, embedding) / np.maximum(totals, 1e-9)


POOLINGS["once"] = once_pooling

# %%
# The name is a value of ``pooling=`` like any other, also in a search.

X, y = load_docstrings(return_X_y=True)
pipeline = Pipeline([("embedder", SpectralEmbedder(50, min_count=10)), ("classifier", LinearSVC())])
grid = {"embedder__pooling": ["mean", "sif", "once"]}
search = GridSearchCV(pipeline, grid, cv=2, refit=False).fit(X[::2], y[::2])

results = search.cv_results_
figure, ax = plt.subplots(figsize=(6, 2.4), layout="constrained")
bars = ax.barh(list(results["param_embedder__pooling"]), results["mean_test_score"], color="tab:blue")
ax.bar_label(bars, fmt=" {:.3f}")
ax.set(xlabel="accuracy (2-fold cross-validation)", ylabel="pooling", xlim=(0, 1))
plt.show()
