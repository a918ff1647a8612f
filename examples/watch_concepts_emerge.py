"""Watch a model learn one concept after another, and find out why an analogy fails."""

from itertools import permutations
from pathlib import Path

import matplotlib as mpl
import numpy as np

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import AnalogyQuestions, load_docstrings
from sk_w2v.inspection import concepts, diagnose_analogy
from sk_w2v.plotting import EmergenceDisplay, LearningDynamicsDisplay, RelationSpectrumDisplay

FIGURE = Path("concepts_emerge.png")
PLURALS = """array arrays, value values, feature features, sample samples, cluster clusters, column columns, row rows,
    point points, label labels, class classes, parameter parameters, element elements, vector vectors"""


def main() -> None:
    documents = load_docstrings().data
    fuller = SpectralEmbedder(n_components=100, init_scale=1e-6, max_features=3000, n_jobs=-1).fit(documents)
    embedder = fuller.truncate(40)

    for concept in concepts(embedder, n_concepts=4, n_words=6):
        high = ", ".join(concept.high)
        print(f"learned at {concept.learning_time:.3f}, {concept.share:.1%} of the target: {high}")

    pairs = [tuple(pair.split()) for pair in PLURALS.split(",")]
    words = np.array([[*left, *right] for left, right in permutations(pairs, 2)], dtype=object)
    questions = AnalogyQuestions(words, np.array(["plural"] * len(words), dtype=object))
    emergence = EmergenceDisplay.from_estimator(fuller, questions)
    (row,) = emergence.emergence.table()
    print(f"\n{row['n_questions']} questions on plurals: {row['accuracy']:.0%} answered with 100 components, half of")
    print(f"the best, {row['best_accuracy']:.0%}, with {row['rank']:.0f}, or at the time {row['time']:.3f}")

    found = emergence.emergence
    failed = found.words[~found.by_rank[:, embedder.n_components_ - 1]]
    for question in failed[:3]:
        print(f"\n{diagnose_analogy(embedder, *question, fuller=fuller, pairs=pairs)}")

    draw(embedder, emergence, RelationSpectrumDisplay.from_estimator(fuller, pairs))


def draw(embedder: SpectralEmbedder, emergence: EmergenceDisplay, relation: RelationSpectrumDisplay) -> None:
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(10, 7), layout="constrained")
    LearningDynamicsDisplay.from_estimator(embedder, n_modes=12).plot(axes[0, 0])
    emergence.plot(axes[0, 1], against="time")
    emergence.plot(axes[1, 0], against="rank")
    relation.plot(axes[1, 1])
    figure.savefig(FIGURE, dpi=100)
    print(f"\nThe figure is in {FIGURE.resolve()}.")


if __name__ == "__main__":
    main()
