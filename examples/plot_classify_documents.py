"""
Classify documents
==================

Which submodule of NumPy, SciPy or scikit-learn does a docstring come from? Word vectors, tf-idf and both together are
the features of the same linear classifier.
"""

import matplotlib.pyplot as plt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings

X, y = load_docstrings(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
print(f"{len(X_train)} documents to learn from, {len(X_test)} to test, {len(set(y))} classes")

# %%
# An embedder is a transformer of documents, so it stands where a `TfidfVectorizer` would: in front of a classifier, or
# next to other features in a union.

tfidf = TfidfVectorizer(sublinear_tf=True)
embedder = SpectralEmbedder(n_components=100, window=32)
features = {
    "word vectors": embedder,
    "tf-idf": tfidf,
    "both": make_union(tfidf, embedder),
}
accuracy = {
    name: make_pipeline(feature, LinearSVC()).fit(X_train, y_train).score(X_test, y_test)
    for name, feature in features.items()
}

# %%
# With four thousand labels, tf-idf has enough of them to weigh each of its words. Word vectors come near with a hundred
# numbers a document.

figure, ax = plt.subplots(figsize=(6, 2.4), layout="constrained")
bars = ax.barh(list(accuracy), list(accuracy.values()), color="tab:blue")
ax.bar_label(bars, fmt=" {:.3f}")
ax.set(xlabel="accuracy on held-out documents", xlim=(0, 1))
plt.show()

# %%
# With few labels the order is the reverse: see :ref:`sphx_glr_gallery_plot_few_labels.py`.
