"""
New words
=========

A word that was not in the text of `fit` gets a vector from a few sentences that use it, without a new fit.
"""

import re

import matplotlib.pyplot as plt
import numpy as np

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings

documents = load_docstrings().data
hidden = ["eigenvalues", "histogram", "clusters", "gaussian", "spline", "sparse", "percentile", "kernel"]

# %%
# To see how well this works, hide eight words from `fit` ...

pattern = re.compile(rf"\b({'|'.join(hidden)})\b", re.IGNORECASE)
embedder = SpectralEmbedder(n_components=100).fit([pattern.sub(" ", document) for document in documents])
whole = SpectralEmbedder(n_components=100).fit(documents)

# %%
# ... and learn them from more and more of the documents that use them. A word's neighbors should be those that it has
# in a model of the whole text.


def n_found(word, documents):
    """Return how many of the word's ten neighbors in the whole text are found."""
    (vector,) = embedder.infer_word_vectors([word], documents)
    found = {other for other, _ in embedder.most_similar(vector, n=10)}
    expected = [other for other, _ in whole.most_similar(word, n=40) if other in embedder.vocabulary_][:10]
    return len(found.intersection(expected))


using = {word: [text for text in documents if re.search(rf"\b{word}\b", text, re.IGNORECASE)] for word in hidden}
sizes = [1, 3, 10, 30]
counts = np.array([[n_found(word, using[word][:size]) for size in sizes] for word in hidden])

figure, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
ax.plot(sizes, counts.mean(axis=0), "o-", label="mean of eight words")
ax.plot(sizes, counts.T, color="0.75", linewidth=0.8, zorder=0)
ax.set(xlabel="documents that use the new word", ylabel="of its 10 neighbors, found", xscale="log", ylim=(0, 10))
ax.set_xticks(sizes, [str(size) for size in sizes])
ax.minorticks_off()
ax.legend(frameon=False)
plt.show()

# %%
# `add_words` adds such vectors to the vocabulary of a fitted model.

embedder.add_words(using["histogram"], words=["histogram"])
print(embedder.most_similar("histogram", n=4))
