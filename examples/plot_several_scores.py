"""
Several scores in one search
============================

Analogies, similarity, categories and held-out text judge different things. One search can report them all.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import (
    load_docstring_analogies,
    load_docstring_categories,
    load_docstring_similarity,
    load_docstrings,
)
from sk_w2v.scorers import get_embedding_scorer

# %%
# Each fold knows other words. ``low_coverage="penalize"`` counts questions with unknown words as wrong, so that folds
# are comparable.

scoring = {
    "analogies": get_embedding_scorer("analogy_3cosadd", load_docstring_analogies(), low_coverage="penalize"),
    "similarity": get_embedding_scorer("similarity", load_docstring_similarity(), low_coverage="penalize"),
    "categories": get_embedding_scorer("nmi", load_docstring_categories(), low_coverage="penalize"),
    "held-out text": get_embedding_scorer("held_out"),
}
grid = [
    {"embedder": [SpectralEmbedder(window=16)], "embedder__n_components": [10, 50]},
    {"embedder": [SGNSEmbedder(window=16, max_iter=5, random_state=0)], "embedder__n_components": [10, 50]},
]
pipeline = Pipeline([("embedder", "passthrough")])
results = GridSearchCV(pipeline, grid, scoring=scoring, refit=False, cv=2).fit(load_docstrings().data[::3]).cv_results_

# %%
# No candidate is best at everything.

names = [f"{type(each['embedder']).__name__}({each['embedder__n_components']})" for each in results["params"]]
scores = np.array([results[f"mean_test_{score}"] for score in scoring])  # (n_scores, n_candidates)
for name, column in zip(names, scores.T, strict=True):
    print(f"{name:22}" + "".join(f"{value:8.3f}" for value in column))

figure, axes = plt.subplots(1, 4, figsize=(10, 2.6), layout="constrained", sharey=True)
for ax, score, row in zip(axes, scoring, scores, strict=True):
    bars = ax.barh(names, row, color=["tab:orange" if value == row.max() else "tab:blue" for value in row])
    ax.bar_label(bars, fmt=" {:.2f}", fontsize="small")
    ax.set(title=score, xlim=(0, 1.2 * row.max()))
axes[0].invert_yaxis()
plt.show()
