"""Test accuracy of classifiers as they come, after embedders as they come, by pooling and norm.

    python benchmarks/pipeline_defaults.py TRAIN.tsv TEST.tsv

Every embedder is fitted once to the training documents of each text. What varies is what `transform` does, the
classifier and the number of labels; a mean of several draws of labels is given, and after a slash how many fits warned
that they did not converge.
"""

import argparse
import re
import warnings
from itertools import product

import numpy as np
from news20 import read_documents
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from sk_w2v import ALSEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.pooling import POOLINGS

EMBEDDERS = {
    "SpectralEmbedder(100)": SpectralEmbedder(100),
    "SpectralEmbedder(200)": SpectralEmbedder(200),
    "SGNSEmbedder(100)": SGNSEmbedder(100, random_state=0),
    "least squares(100)": ALSEmbedder(100, random_state=0),
}
CLASSIFIERS = {
    "LogisticRegression()": LogisticRegression(),
    "LogisticRegression(C=10)": LogisticRegression(C=10),
    "StandardScaler(), LogisticRegression()": make_pipeline(StandardScaler(), LogisticRegression()),
    "LinearSVC()": LinearSVC(),
    "KNeighborsClassifier()": KNeighborsClassifier(),
}
N_DRAWS = {100: 10, 500: 5, None: 1}  # by number of labels; None takes all
SUBJECT = re.compile(r"Subject: (?:(?:\w+: )*Re: )?((?:(?!\b[\w-]+: ).)*)", flags=re.IGNORECASE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--poolings", nargs="+", default=list(POOLINGS))
    parser.add_argument("--classifiers", nargs="+", default=list(CLASSIFIERS), choices=CLASSIFIERS)
    options = parser.parse_args()
    warnings.simplefilter("ignore", UserWarning)  # some short texts hold no known word
    print("labels: " + ", ".join(str(n or "all") for n in N_DRAWS))
    for text, X_train, y_train, X_test, y_test in labeled_texts(options.train, options.test):
        for name, embedder in EMBEDDERS.items():
            fitted = clone(embedder).fit(X_train)
            for pooling, norm in product(options.poolings, (None, "l2")):
                fitted.set_params(pooling=pooling, norm=norm)
                Z_train, Z_test = fitted.transform(X_train), fitted.transform(X_test)
                for classifier in options.classifiers:
                    cells = accuracies(CLASSIFIERS[classifier], Z_train, y_train, Z_test, y_test)
                    print(f"{text} | {name} | {pooling} | {norm} | {classifier} | " + " | ".join(cells), flush=True)


def labeled_texts(train: str, test: str):
    """Yield names, training documents, training labels, test documents and test labels."""
    posts, groups = read_documents(train)
    yield "posts", posts, groups, *read_documents(test)
    subjects = [match[1] if (match := SUBJECT.search(post)) else "" for post in posts]
    yield "subject lines", *split(subjects, groups)
    docstrings, categories = load_docstrings(return_X_y=True)
    yield "docstrings", *split(docstrings, categories)
    yield "docstrings, 10 words", *split([" ".join(text.split()[:10]) for text in docstrings], categories)


def split(X: list[str], y: np.ndarray) -> tuple:
    """Keep every fourth of the shuffled documents for the test."""
    order = np.random.default_rng(0).permutation(len(X))
    rows, kept = order[len(X) // 4 :], order[: len(X) // 4]
    return [X[row] for row in rows], y[rows], [X[row] for row in kept], y[kept]


def accuracies(classifier, Z_train, y_train, Z_test, y_test) -> list[str]:
    """Return the mean test accuracy for each number of labels, the draws the same for all features."""
    return [mean_accuracy(classifier, Z_train, y_train, Z_test, y_test, n or len(y_train)) for n in N_DRAWS]


def mean_accuracy(classifier, Z_train, y_train, Z_test, y_test, n_labels: int) -> str:
    """Return the mean over draws of so many labels, and how many of the fits did not converge."""
    scores, n_warned = [], 0
    for seed in range(N_DRAWS.get(n_labels, 1)):
        drawn = np.random.default_rng(seed).permutation(len(y_train))[:n_labels]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ConvergenceWarning)
            scores.append(clone(classifier).fit(Z_train[drawn], y_train[drawn]).score(Z_test, y_test))
        n_warned += any(issubclass(warning.category, ConvergenceWarning) for warning in caught)
    return f"{np.mean(scores):.3f}" + (f"/{n_warned}" if n_warned else "")


if __name__ == "__main__":
    main()
