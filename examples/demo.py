"""Fit word2vec and its closed form to text that is always installed, compare them, and use them.

Run with ``make demo``. It prints a table and the concepts that word2vec learns first, and draws them.
"""

import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import matplotlib as mpl
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.inspection import concepts
from sk_w2v.scorers import shared_agreement

N_COMPONENTS = 100
WINDOW = 16  # tokens to each side, for both models: topics show in wide windows
N_MODES = 12  # in the figure
FIGURE = Path("demo_spectrum.png")


def main() -> None:
    print("Reading the docstrings of NumPy, SciPy and scikit-learn", flush=True)
    X, y = load_docstrings(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
    n_words = sum(len(document.split()) for document in X)
    print(f"{len(X)} docstrings, {n_words} words, {len(set(y))} submodules\n", flush=True)

    tfidf = TfidfVectorizer(sublinear_tf=True, min_df=5)
    features = {
        "SpectralEmbedder": SpectralEmbedder(N_COMPONENTS, window=WINDOW, n_jobs=-1, verbose=1),
        "SGNSEmbedder": SGNSEmbedder(N_COMPONENTS, window=WINDOW, max_iter=20, n_jobs=-1, random_state=0, verbose=1),
        "LSA": make_pipeline(tfidf, TruncatedSVD(N_COMPONENTS, random_state=0)),
        "tf-idf": tfidf,
    }
    print(f"{'':18}{'dimension':>9}{'seconds':>9}{'score':>8}{'accuracy':>10}", flush=True)
    for name, feature in features.items():
        start = time.perf_counter()
        with redirect_stdout(sys.stderr):  # of progress
            Z_train = feature.fit_transform(X_train)
        Z_test = feature.transform(X_test)
        seconds = time.perf_counter() - start
        score = f"{feature.score(X_test):.3f}" if name.endswith("Embedder") else "-"
        print(f"{name:18}{Z_test.shape[1]:9}{seconds:9.1f}{score:>8}", end="", flush=True)
        accuracy = classifier(name).fit(Z_train, y_train).score(Z_test, y_test)
        print(f"{accuracy:10.3f}", flush=True)
    print("score: how well pairs of words from held-out text are separated from chance pairs (0.5 is chance)")
    print("accuracy: of logistic regression, predicting the submodule of held-out docstrings")

    spectral, trained = features["SpectralEmbedder"], features["SGNSEmbedder"]
    agreement = shared_agreement(trained, spectral)
    chance = N_COMPONENTS / agreement.n_used
    print(f"\nThe two models' subspaces agree to {agreement.value:.2f} (chance: {chance:.2f}).")

    print("\nThe first concepts that word2vec learns, with the time of gradient flow at which it learns them:")
    for concept in concepts(spectral, n_concepts=10, n_words=6, min_count=50):
        print(f"  {concept.learning_time:7.4f}  {' '.join(concept.high)}  |  {' '.join(concept.low)}")
    draw_spectrum(spectral)


def classifier(name: str) -> Pipeline:
    """Return the same logistic regression for all features, on directions of unit variance unless they are sparse."""
    if name == "tf-idf":
        return make_pipeline(LogisticRegression(C=10, max_iter=1000))
    return make_pipeline(Normalizer(), StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))


def draw_spectrum(embedder: SpectralEmbedder) -> None:
    """Draw the eigenvalues of the first modes, with their words, and the time at which each is learned."""
    mpl.use("Agg")
    mpl.rcParams["font.size"] = 12  # legible at half size
    from matplotlib import pyplot as plt

    shown = concepts(embedder, n_concepts=N_MODES, n_words=3, min_count=50)
    names = [f"{' '.join(each.high)} | {' '.join(each.low)}" for each in shown]
    figure, axes = plt.subplots(1, 2, figsize=(13, 5.5), sharey=True, layout="constrained")
    axes[0].barh(range(N_MODES), [each.eigenvalue for each in shown], color="#0072B2")
    axes[0].set(xlabel="eigenvalue of M*", title="How strong each mode is")
    axes[0].set_yticks(range(N_MODES), names)
    axes[0].invert_yaxis()
    axes[1].hlines(range(N_MODES), 0, [each.learning_time for each in shown], color="0.8")
    axes[1].plot([each.learning_time for each in shown], range(N_MODES), "o", color="#D55E00")
    axes[1].set_xlim(left=0)
    axes[1].set(xlabel="time of the gradient flow", title="When it is learned")
    figure.savefig(FIGURE, dpi=100)
    print(f"\nThe spectrum is drawn in {FIGURE.resolve()}.")


if __name__ == "__main__":
    main()
