"""
Items instead of words
======================

Nothing here needs language. Sessions of a shop, playlists or lists of ids are documents whose tokens are items. Items
that occur near each other get similar vectors.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import normalize

from sk_w2v import SpectralEmbedder

# %%
# Two thousand simulated sessions: each visitor starts at some item of a shop and moves on to an item nearby, in one of
# six departments. Tokens are strings; convert numeric ids by ``str``.

N_ITEMS, N_DEPARTMENTS = 120, 6
rng = np.random.default_rng(0)


def session():
    department = rng.integers(N_DEPARTMENTS)
    items = department + N_DEPARTMENTS * rng.integers(N_ITEMS // N_DEPARTMENTS, size=12)
    strays = rng.random(12) < 0.2  # now and then something else
    items[strays] = rng.integers(N_ITEMS, size=strays.sum())
    return [f"item{item}" for item in items]


sessions = [session() for _ in range(2000)]
print(sessions[0][:6])

# %%
# Lists of tokens are used as they are. A window of 12 treats a session as a set rather than a sequence.

embedder = SpectralEmbedder(n_components=8, window=12, window_weighting="uniform").fit(sessions)
print(embedder.most_similar("item0", n=5))

# %%
# The departments were never given. The items' vectors show them.

departments = np.array([int(word[4:]) % N_DEPARTMENTS for word in embedder.words_])
places = PCA(2).fit_transform(normalize(embedder.embedding_))
figure, ax = plt.subplots(figsize=(5.5, 4), layout="constrained")
for department in range(N_DEPARTMENTS):
    ax.scatter(*places[departments == department].T, s=18, label=f"department {department}")
ax.set(xlabel="first principal component", ylabel="second principal component")
ax.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
# `transform` pools the items of a session into one vector, so that sessions can be clustered or classified.

print(embedder.transform(sessions).shape)
