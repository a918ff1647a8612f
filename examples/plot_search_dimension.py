"""
Search over the number of components
====================================

How many components does a classifier need? `GridSearchCV` tries several. With ``memory=``, each fold is counted and
factorized once for all of them.
"""

from tempfile import mkdtemp

import matplotlib.pyplot as plt
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings

X, y = load_docstrings(return_X_y=True)
pipeline = make_pipeline(SpectralEmbedder(memory=mkdtemp()), LinearSVC())
sizes = [5, 10, 20, 50, 100]
search = GridSearchCV(pipeline, {"spectralembedder__n_components": sizes}, cv=3).fit(X, y)
search

# %%
# The mean of three folds, and their standard deviation.

mean, deviation = (search.cv_results_[name] for name in ("mean_test_score", "std_test_score"))
figure, ax = plt.subplots(figsize=(6, 3.5), layout="constrained")
ax.errorbar(sizes, mean, deviation, marker="o", capsize=3)
ax.set(xlabel="components", ylabel="accuracy", xscale="log")
ax.set_xticks(sizes, [str(size) for size in sizes])
ax.minorticks_off()
plt.show()
