"""
Trained against closed form
===========================

The same documents, once trained by word2vec's gradient descent and once solved in closed form. How far do the two
models agree?
"""

import matplotlib.pyplot as plt

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.inspection import compare_embedders
from sk_w2v.plotting import OverlapDisplay

documents = load_docstrings().data
common = {"window": 16, "window_weighting": "linear", "max_features": 2000}
closed = SpectralEmbedder(n_components=30, **common).fit(documents)
trained = SGNSEmbedder(n_components=30, max_iter=15, subsample=1e-4, random_state=0, **common).fit(documents)

# %%
# Both find similar neighbors, though they weigh pairs of words differently: the closed form all alike, word2vec by
# their frequency.

for word in ("matrix", "cluster", "probability"):
    for name, embedder in {"closed form": closed, "trained": trained}.items():
        neighbors = ", ".join(other for other, _ in embedder.most_similar(word, n=4))
        print(f"{word:12} {name:12} {neighbors}")

# %%
# `compare_embedders` measures the agreement in several ways. ``subspace_agreement`` is 1 if both models span the same
# space of words, and about ``n_components / n_words`` for two random ones.

(row,) = compare_embedders({"closed form": closed, "trained": trained})
for measure in ("subspace_agreement", "mode_overlap", "cka", "neighbors"):
    print(f"{measure:20}{row[measure]:.2f}")

# %%
# Mode by mode: a bright cell means that a direction of one model is a direction of the other. The first modes of the
# closed form are found among the first of the trained model, not always at the same place.

OverlapDisplay.from_estimators(closed, trained, names=("the closed form", "the trained model"), n_modes=15).plot()
plt.show()
