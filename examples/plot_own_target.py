"""
A target of your own
====================

`SpectralEmbedder` factorizes a matrix that is made of co-occurrence counts. ``target=`` takes the name of one, or a
function that makes another.
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy import sparse

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstring_analogies, load_docstring_similarity, load_docstrings
from sk_w2v.scorers import AnalogyScorer, SimilarityScorer

documents = load_docstrings().data


# %%
# The function gets the counts and the two parameters of the noise, and returns a symmetric matrix. This one is the
# square root of the ratio of two probabilities: of a pair, and of the pair by chance.


def square_root(cooccurrence, *, negative=1, noise_exponent=1.0):
    joint = sparse.coo_array(cooccurrence.counts / cooccurrence.counts.sum())  # P
    marginal = joint.sum(axis=1)  # p
    ratio = joint.data / (marginal[joint.row] * marginal[joint.col])  # P / Q
    return sparse.csr_array((np.sqrt(ratio), (joint.row, joint.col)), shape=joint.shape)


# %%
# Compare it with the targets that are there. ``"mstar"`` is the one that word2vec's training converges to.

scorers = {
    "analogies": AnalogyScorer(load_docstring_analogies()),
    "similarity": SimilarityScorer(load_docstring_similarity()),
}
targets = {"M*": "mstar", "PPMI": "ppmi", "PMI": "pmi", "square root": square_root}
scores = {}
for name, target in targets.items():
    embedder = SpectralEmbedder(n_components=100, target=target, min_count=10).fit(documents)
    scores[name] = [scorer(embedder) for scorer in scorers.values()]
    print(f"{name:14}" + "".join(f"{score:8.3f}" for score in scores[name]))

# %%
# M* answers the most analogies here, and the square root ranks similar words best. Another text may
# differ.

figure, ax = plt.subplots(figsize=(6, 3), layout="constrained")
for offset, (name, color) in enumerate(zip(scorers, ("tab:blue", "tab:orange"), strict=True)):
    heights = [scores[target][offset] for target in targets]
    bars = ax.bar(np.arange(len(targets)) + 0.4 * offset - 0.2, heights, 0.38, label=name, color=color)
    ax.bar_label(bars, fmt="{:.2f}", fontsize="small")
ax.set_xticks(range(len(targets)), list(targets))
ax.set(ylabel="share answered, rank correlation", ylim=(0, 1))
ax.legend(frameon=False, ncols=2)
plt.show()
