"""
Phrases
=======

*Monte Carlo* and *ground truth* mean something as a whole. `PhraseJoiner` joins words that occur next to each other
more often than by chance, and an embedder behind it gives each phrase a vector.
"""

import matplotlib.pyplot as plt
from sklearn.pipeline import make_pipeline

from sk_w2v import PhraseJoiner, SpectralEmbedder
from sk_w2v.datasets import load_docstrings

documents = load_docstrings().data
model = make_pipeline(PhraseJoiner(min_count=20, scoring="npmi"), SpectralEmbedder(n_components=100)).fit(documents)
joiner, embedder = model.named_steps.values()

# %%
# The phrases with the highest scores. Normalized PMI is 1 if two words never occur apart.

best = sorted(joiner.phrases_, key=joiner.phrases_.get, reverse=True)[:12]
print(f"{len(joiner.phrases_)} phrases")
figure, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
ax.barh([" ".join(words) for words in best], [joiner.phrases_[words] for words in best], color="tab:blue")
ax.invert_yaxis()
ax.set(xlabel="normalized PMI", xlim=(0, 1))
plt.show()

# %%
# Phrases have neighbors like words.

for phrase in ("monte_carlo", "elastic_net", "cross_validation"):
    if phrase in embedder.vocabulary_:
        print(f"{phrase:20}", ", ".join(word for word, _ in embedder.most_similar(phrase, n=4)))
