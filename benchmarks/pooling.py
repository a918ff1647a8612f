"""Test accuracy on labelled documents by pooling and number of labels, beside tf-idf and LSA.

    python benchmarks/pooling.py TRAIN.tsv TEST.tsv --numbers docs/labels.json --figure docs/labels.svg
    python benchmarks/pooling.py --numbers docs/labels.json --figure docs/labels.svg  # draw what the file has

Every model is fitted once to all training documents, without labels; a logistic regression then sees the labels of
some. Dense features are brought to length one and unit variance; the mean of several draws of labels is given, of up to
20 where they are few.
"""

import argparse
import os
import platform
import warnings

import numpy as np
from figures import new_figure, read_numbers, save, write_numbers
from news20 import read_documents
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from sk_w2v import CommonComponentRemover, SpectralEmbedder
from sk_w2v.plotting._axes import add_legend
from sk_w2v.plotting._style import BLACK, BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from sk_w2v.pooling import POOLINGS

FAMILIES = {  # color by how a name starts
    "tf-idf and": VERMILION,
    "tf-idf": BLACK,
    "LSA": ORANGE,
    "'usif'": GREEN,
    "'sif'": BLUE,
    "'tfidf'": SKY,
    "": PURPLE,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train", nargs="?")
    parser.add_argument("test", nargs="?")
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--n-draws", type=int, default=3)
    parser.add_argument("--n-labels", type=int, nargs="+", default=[20, 50, 100, 200, 400, 800, 1600, 4000, 11_314])
    parser.add_argument("--poolings", nargs="+", default=list(POOLINGS))
    parser.add_argument("--no-others", action="store_true", help="neither tf-idf nor LSA alone")
    parser.add_argument("--numbers", help="JSON file for the curves")
    parser.add_argument("--figure", help="where to draw the curves")
    options = parser.parse_args()
    if options.test:
        curves = measure(options)
        if options.numbers:
            write_numbers(options.numbers, {"labels": options.n_labels, "curves": curves})
    if options.figure:
        draw(read_numbers(options.numbers), options.figure)


def measure(options: argparse.Namespace) -> dict[str, list[float]]:
    """Print a row of accuracies for each kind of features, and return them by name."""
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    (X_train, y_train), (X_test, y_test) = read_documents(options.train), read_documents(options.test)
    print(f"{'labels':36}" + "".join(f"{n:>9}" for n in options.n_labels), flush=True)
    curves = {}
    for name, Z_train, Z_test in features(X_train, X_test, options):
        curves[name] = [accuracy(Z_train, y_train, Z_test, y_test, n, options.n_draws) for n in options.n_labels]
        print(f"{name:36}" + "".join(f"{value:9.3f}" for value in curves[name]), flush=True)
    return curves


def features(X_train, X_test, options: argparse.Namespace):
    """Yield names, training features and test features."""
    tfidf = TfidfVectorizer(sublinear_tf=True, min_df=5)
    counts_train, counts_test = tfidf.fit_transform(X_train), tfidf.transform(X_test)
    if not options.no_others:
        yield "tf-idf", counts_train, counts_test
        lsa = dense(TruncatedSVD(options.n_components, random_state=0))
        yield "LSA", lsa.fit_transform(counts_train), lsa.transform(counts_test)
    embedder = SpectralEmbedder(options.n_components, n_jobs=options.n_jobs).fit(X_train)
    for pooling in options.poolings:
        embedder.set_params(pooling=pooling)
        vectors_train, vectors_test = embedder.transform(X_train), embedder.transform(X_test)
        yield f"pooling={pooling!r}", *scaled(dense(), vectors_train, vectors_test)
        if "sif" in pooling:
            remover = CommonComponentRemover(5, weighted=True) if pooling == "usif" else CommonComponentRemover()
            yield f"pooling={pooling!r}, common removed", *scaled(dense(remover), vectors_train, vectors_test)
        if pooling == "sif":
            beside = make_pipeline(Normalizer())
            both = zip((counts_train, counts_test), scaled(beside, vectors_train, vectors_test), strict=True)
            yield "tf-idf and pooling='sif'", *(sparse.hstack(pair, format="csr") for pair in both)


def dense(*steps):
    return make_pipeline(*steps, Normalizer(), StandardScaler())


def scaled(scaler, left: np.ndarray, right: np.ndarray) -> tuple:
    return scaler.fit_transform(left), scaler.transform(right)


def accuracy(Z_train, y_train, Z_test, y_test, n_labels: int, n_draws: int) -> float:
    """Return the mean test accuracy over draws of so many labels, the same ones for all features."""
    accuracies = []
    for seed in range(max(n_draws, min(20, 4000 // n_labels)) if n_labels < len(y_train) else 1):
        drawn = np.random.default_rng(seed).permutation(len(y_train))[:n_labels]
        classifier = LogisticRegression(C=10 if sparse.issparse(Z_train) else 0.01, max_iter=100)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            accuracies.append(classifier.fit(Z_train[drawn], y_train[drawn]).score(Z_test, y_test))
    return float(np.mean(accuracies))


def draw(numbers: dict, path: str) -> None:
    """Draw accuracy by number of labels; features of one family share a color."""
    curves, n_labels = numbers["curves"], numbers["labels"]
    figure, axes = new_figure(figsize=(11, 5.5))
    ax = axes[0, 0]
    used = set()
    for name, values in sorted(curves.items(), key=lambda item: -item[1][-1]):
        color = next(color for start, color in FAMILIES.items() if name.removeprefix("pooling=").startswith(start))
        ax.plot(n_labels, values, "o-" if color not in used else "s--", label=name, color=color, markersize=5)
        used.add(color)
    ax.set(xscale="log", xlabel="labels", ylabel="test accuracy", ylim=(0, None))
    ax.set_xticks(n_labels, [f"{n:,}" for n in n_labels])
    ax.minorticks_off()
    ax.grid(alpha=0.3)
    add_legend(ax, fontsize=None, title="in the order of the last point")
    save(figure, path)


if __name__ == "__main__":
    main()
