"""
Which parts of word2vec decide what it learns
=============================================

Two losses and two weightings of pairs are trained by full-batch gradient descent from small random vectors. How many of
the closed form's leading modes are among the leading directions that training found?

Run it on a text of your own, of one document a line: ``python plot_four_way_ablation.py TEXT_FILE [N_WORDS]``.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.io import LineDocuments

documents = LineDocuments(sys.argv[1]) if len(sys.argv) > 1 else load_docstrings().data
n_words = int(sys.argv[2]) if len(sys.argv) > 2 else 300
n_components, n_modes = 100, [10, 20, 50]
one_matrix = {"window": 16, "window_weighting": "linear", "negative": 1, "noise_exponent": 1.0, "max_features": n_words}
closed = SpectralEmbedder(n_components, tol=1e-3, **one_matrix).fit(documents)

# %%
# The theory is exact for the quartic loss with uniform weights. The steps differ in size, since the heaviest pairs of
# word2vec's weighting have the highest curvature.

runs = [  # loss, weighting, step (2 / lambda_1 is stable under uniform weights), number of steps
    ("quartic", "uniform", 1, 400),
    ("logistic", "uniform", 0.3, 100),
    ("logistic", "uniform", 0.3, 400),
    ("quartic", "word2vec", 0.01, 1200),
    ("logistic", "word2vec", 0.03, 1200),
]


def overlap(left, right, n):
    """Return the overlap of two leading subspaces of word space."""
    bases = [np.linalg.svd(vectors, full_matrices=False)[0][:, :n] for vectors in (left, right)]
    return np.sum((bases[0].T @ bases[1]) ** 2) / n


print(f"{len(closed.words_)} words, {n_components} components")
shares = []
for loss, weighting, step, n_steps in runs:
    trained = SGNSEmbedder(
        n_components,
        solver="gd",
        tied=True,
        loss=loss,
        weighting=weighting,
        learning_rate=step / closed.eigenvalues_[0],
        max_iter=n_steps,
        subsample=1e-4,
        random_state=0,
        **one_matrix,
    ).fit(documents)
    shares.append([overlap(trained.embedding_, closed.embedding_, n) for n in n_modes])
    print(f"{loss:10}{weighting:12}{n_steps:6}" + "".join(f"{share:9.3f}" for share in shares[-1]))

# %%
# With the logistic loss, 100 steps find most of the first modes. More steps also learn what the quartic loss does not:
# how unlikely pairs are that never occur together. word2vec's weights lead elsewhere from the start.

figure, ax = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
for place, (row, run) in enumerate(zip(shares, runs, strict=True)):
    label = f"{run[0]}, {run[1]} weights, {run[3]} steps"
    ax.bar(np.arange(3) + 0.16 * place - 0.32, row, 0.14, label=label)
ax.set_xticks(range(3), [f"first {n} modes" for n in n_modes])
ax.set(ylabel="share found by training", ylim=(0, 1))
ax.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()
