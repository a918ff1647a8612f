"""
Search over dimension and initialization
========================================

Two parameters matter most to a trained model: how many components the vectors have, and where training starts. A grid
search tries all combinations. It needs no labels, since every embedder has a score on held-out text.
"""

import matplotlib.pyplot as plt
from sklearn.model_selection import GridSearchCV

from sk_w2v import SGNSEmbedder
from sk_w2v.datasets import load_docstrings

documents = load_docstrings().data[::4]

# %%
# ``init="random"`` is word2vec's own start. ``init="spectral"`` starts from the closed form of the same counts, so that
# training has less left to do. A lower learning rate then keeps what is there.

grid = [
    {"init": ["random"], "learning_rate": [0.025, 0.1], "n_components": [5, 20, 80]},
    {"init": ["spectral"], "learning_rate": [0.025], "n_components": [5, 20, 80]},
]
search = GridSearchCV(SGNSEmbedder(max_iter=5, random_state=0), grid, cv=2).fit(documents)
print("best:", search.best_params_, f"score {search.best_score_:.3f}")

# %%
# The score is the probability that a pair of words from the held-out documents gets a higher estimate than a pair by
# chance: 0.5 is chance.

results = search.cv_results_
figure, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
for init, rate, marker in [("random", 0.025, "s"), ("random", 0.1, "^"), ("spectral", 0.025, "o")]:
    rows = [
        row
        for row, parameters in enumerate(results["params"])
        if (parameters["init"], parameters["learning_rate"]) == (init, rate)
    ]
    ax.errorbar(
        [results["params"][row]["n_components"] for row in rows],
        results["mean_test_score"][rows],
        results["std_test_score"][rows],
        marker=marker,
        capsize=3,
        label=f"{init}, rate {rate}",
    )
ax.set(xlabel="n_components", ylabel="held-out score", xscale="log")
ax.set_xticks([5, 20, 80], ["5", "20", "80"])
ax.minorticks_off()
ax.legend(title="init, learning rate", frameon=False)
plt.show()
