"""
Nodes of a graph
================

An embedder also takes counts that are there already. Here a graph's random walks take the place of text: nodes that
walks visit together get similar vectors.
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.metrics import normalized_mutual_info_score
from sklearn.neighbors import kneighbors_graph
from sklearn.preprocessing import normalize

from sk_w2v import Cooccurrence, SpectralEmbedder, Vocabulary

# %%
# The graph connects each image of a digit with the five most similar images.

pixels, digits = load_digits(return_X_y=True)
edges = kneighbors_graph(pixels, 5)
edges = sparse.csr_array(edges.maximum(edges.T))

# %%
# How often do two nodes occur within four steps of a walk? No walk need be drawn: the expected counts are powers of the
# transition matrix, weighted by how often a walk is at each node.

degrees = edges.sum(axis=1)
step = sparse.diags_array(1 / degrees) @ edges
walks = sparse.csr_array(sparse.diags_array(degrees.astype(float)))
counts = sparse.csr_array(edges.shape)
for _ in range(4):
    walks = sparse.csr_array(walks @ step)
    counts = counts + walks
counts = (counts + counts.T) / 2  # symmetric to the last digit

# %%
# Counts and their words, here the numbers of the nodes, are a `Cooccurrence`, which `fit` takes in place of documents.

nodes = Vocabulary(np.arange(len(digits)).astype(str).astype(object), degrees.astype(np.int64))
embedder = SpectralEmbedder(n_components=20).fit(Cooccurrence(counts, nodes))

# %%
# Clusters of the vectors agree with the digits, which were not used.

vectors = normalize(embedder.get_word_vectors([str(node) for node in range(len(digits))]))
clusters = KMeans(10, random_state=0).fit_predict(vectors)
print(f"agreement of clusters and digits (NMI): {normalized_mutual_info_score(digits, clusters):.2f}")

figure, ax = plt.subplots(figsize=(5.5, 4.2), layout="constrained")
places = PCA(2).fit_transform(vectors)
points = ax.scatter(*places.T, c=digits, s=8, cmap="tab10", vmin=-0.5, vmax=9.5)
figure.colorbar(points, ticks=range(10), label="digit")
ax.set(xlabel="first principal component", ylabel="second principal component")
plt.show()
