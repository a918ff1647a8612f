"""
A loss of your own
==================

Training minimizes the sum of a loss over pairs of words. word2vec's is logistic. This example adds Huber's loss, which
is quadratic near zero and linear beyond, and trains with all three.
"""

from math import log

import matplotlib.pyplot as plt
import numpy as np

from sk_w2v import SGNSEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.losses import LOSSES, Loss

# %%
# A loss has a value, a derivative, and a curvature ``(derivative - 1/2) / x``, as functions of the product ``x`` of two
# vectors. This is all that ``solver="gd"`` needs. The page about losses in the how-to section also shows the one line
# that ``solver="sgd"`` takes.

LOSSES["huber"] = Loss(
    value=lambda x: np.clip(x, -2, 2) * (x / 4 - np.clip(x, -2, 2) / 8) + x / 2 + log(2),
    derivative=lambda x: np.clip(x, -2, 2) / 4 + 1 / 2,
    curvature=lambda x: 1 / (2 * np.maximum(np.abs(x), 2)),
)

# %%
# On the left, the loss of a pair that does not belong together, by the product of its vectors: all three agree near
# zero. On the right, full-batch gradient descent on the expected loss, from the same start.

x = np.linspace(-6, 6, 200)
figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
styles = {"logistic": "-", "quartic": "--", "huber": "-."}
documents = load_docstrings().data[::3]
for name, style in styles.items():
    axes[0].plot(x, LOSSES[name].value(x), style, label=name)
    embedder = SGNSEmbedder(
        50,
        solver="gd",
        loss=name,
        weighting="uniform",
        max_features=500,
        learning_rate=0.004,
        max_iter=200,
        random_state=0,
    ).fit(documents)
    axes[1].plot(np.arange(1, 201), embedder.loss_curve_, style, label=name)
    print(f"{name:10} near 'matrix':", ", ".join(word for word, _ in embedder.most_similar("matrix", n=4)))
axes[0].set(xlabel="product of the vectors", ylabel="loss of a negative pair")
axes[1].set(xlabel="step", ylabel="expected loss of a pair (nats)")
axes[1].legend(frameon=False)
plt.show()
