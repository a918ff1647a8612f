"""
Few labels
==========

Labels are expensive and text is not. An embedder learns from all documents, labeled or not; a classifier then needs
fewer labels than on tf-idf.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings

X, y = load_docstrings(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=1500, random_state=0)

# %%
# Both kinds of features are fitted to all training documents, without their labels.

models = {"tf-idf": TfidfVectorizer(sublinear_tf=True, min_df=2), "word vectors": SpectralEmbedder(n_components=100)}
features = {name: (model.fit_transform(X_train), model.transform(X_test)) for name, model in models.items()}

# %%
# The classifier gets the labels of a part of them. Each point is the mean of three draws of that part.

n_labels = [90, 180, 360, 900, 1800]


def accuracy(Z_train, Z_test, n, draw):
    rows = np.random.default_rng(draw).choice(len(y_train), n, replace=False)
    return LinearSVC().fit(Z_train[rows], y_train[rows]).score(Z_test, y_test)


figure, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
for (name, (Z_train, Z_test)), marker in zip(features.items(), "so", strict=True):
    curve = [np.mean([accuracy(Z_train, Z_test, n, draw) for draw in range(3)]) for n in n_labels]
    print(f"{name:13}" + "".join(f"{value:8.3f}" for value in curve))
    ax.plot(n_labels, curve, marker=marker, label=name)
ax.set(xlabel="labels", ylabel="accuracy on held-out documents", xscale="log", ylim=(0, None))
ax.set_xticks(n_labels, [str(n) for n in n_labels])
ax.minorticks_off()
ax.legend(frameon=False)
plt.show()
