"""
Why an analogy fails
====================

*array is to arrays as value is to what?* When a model does not answer, there is a reason: too few components, too
little text, or no common direction. `diagnose_analogy` finds it, and tries what would help.
"""

from itertools import permutations

import matplotlib.pyplot as plt
import numpy as np

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import AnalogyQuestions, load_docstrings
from sk_w2v.inspection import diagnose_analogy
from sk_w2v.plotting import EmergenceDisplay, RelationSpectrumDisplay

PLURALS = """array arrays, value values, feature features, sample samples, cluster clusters, column columns, row rows,
    point points, label labels, class classes, parameter parameters, element elements, vector vectors"""
pairs = [tuple(pair.split()) for pair in PLURALS.split(",")]
words = np.array([[*left, *right] for left, right in permutations(pairs, 2)], dtype=object)
questions = AnalogyQuestions(words, np.array(["plural"] * len(words), dtype=object))

fuller = SpectralEmbedder(n_components=100, max_features=3000).fit(load_docstrings().data)
embedder = fuller.truncate(40)

# %%
# On the left: components are nested, so one fit answers all questions at every number of components, and more of them
# answer more. On the right: the differences between singular and plural share a direction if their largest eigenvalue
# lies above the edge of what random differences would give.

figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
display = EmergenceDisplay.from_estimator(fuller, questions).plot(axes[0])
RelationSpectrumDisplay.from_estimator(fuller, pairs).plot(axes[1])
plt.show()
(row,) = display.emergence.table()
print(f"{row['n_questions']} questions; {row['accuracy']:.0%} are answered with 100 components")
print(f"half of the best accuracy is reached with {row['rank']:.0f} components")

# %%
# Now the questions that the model of 40 components does not answer.

failed = display.emergence.words[~display.emergence.by_rank[:, embedder.n_components_ - 1]]
for question in failed[:2]:
    print(diagnose_analogy(embedder, *question, fuller=fuller, pairs=pairs), end="\n\n")
