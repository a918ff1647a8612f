"""
Concepts over time
==================

word2vec learns one concept after another. The closed form says which ones, in which order and when, without training.
"""

import matplotlib.pyplot as plt

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.inspection import concepts
from sk_w2v.plotting import LearningDynamicsDisplay

embedder = SpectralEmbedder(n_components=40, init_scale=1e-6, max_features=3000).fit(load_docstrings().data)

# %%
# A concept is an eigenvector of the target. The words at its ends say what it is about; its eigenvalue says when it is
# learned.

for concept in concepts(embedder, n_concepts=5, n_words=6):
    print(f"time {concept.learning_time:.3f}  {' '.join(concept.high)}  |  {' '.join(concept.low)}")

# %%
# Each mode grows slowly, then fast, and stops at its eigenvalue. A dot marks where it is half learned.

figure, ax = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
LearningDynamicsDisplay.from_estimator(embedder, n_modes=12).plot(ax)
plt.show()

# %%
# `at_time` gives the vectors as training would have them at that time, again without a new fit. Early on, a word's
# neighbors share the topic. Later they share the meaning.

for time in (embedder.learning_times_[2], embedder.learning_times_[12], None):
    neighbors = ", ".join(word for word, _ in embedder.at_time(time).most_similar("eigenvalues", n=5))
    print(f"{'at the end' if time is None else f'at {time:.3f}':12}{neighbors}")
