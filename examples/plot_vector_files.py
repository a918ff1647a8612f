"""
Vector files
============

Vectors from elsewhere become an embedder, and an embedder's vectors become a file that other programs read.
"""

from pathlib import Path
from tempfile import mkdtemp

import matplotlib.pyplot as plt
import numpy as np

from sk_w2v import PretrainedEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.io import read_word2vec, write_glove, write_safetensors, write_word2vec

documents = load_docstrings().data
embedder = SpectralEmbedder(n_components=100).fit(documents)

# %%
# word2vec's text and binary formats, GloVe's and safetensors. A name that ends in ``.gz`` is written compressed.

folder = Path(mkdtemp())
write_word2vec(folder / "word2vec.txt", embedder)
write_word2vec(folder / "word2vec.txt.gz", embedder)
write_word2vec(folder / "word2vec.bin", embedder, binary=True)
write_glove(folder / "glove.txt", embedder)
write_safetensors(folder / "vectors.safetensors", embedder)

sizes = {path.name: path.stat().st_size / 1e6 for path in sorted(folder.iterdir())}
figure, ax = plt.subplots(figsize=(6, 2.6), layout="constrained")
bars = ax.barh(list(sizes), list(sizes.values()), color="tab:blue")
ax.bar_label(bars, fmt=" {:.1f}")
ax.set(xlabel="megabytes", xlim=(0, 1.15 * max(sizes.values())))
plt.show()

# %%
# `PretrainedEmbedder` pools documents by the vectors of a file. `fit` counts the words of the documents, for the
# poolings that weigh words by their frequency.

pretrained = PretrainedEmbedder(folder / "word2vec.bin", format="word2vec-binary").fit(documents)
print(np.abs(pretrained.transform(documents[:100]) - embedder.transform(documents[:100])).max())

# %%
# Or read the words and vectors themselves; `max_words` takes the first ones of a large file.

print(read_word2vec(folder / "word2vec.bin", binary=True, max_words=1000).vectors.shape)
