"""Test accuracy of logistic regression on 20 Newsgroups by what it is given.

    python benchmarks/news20.py TRAIN.tsv TEST.tsv

Dense features are brought to length one and unit variance. The regularisation of each row is chosen by 3-fold
cross-validation on the training documents.
"""

import argparse
import time
import warnings

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import Normalizer, StandardScaler

from sk_w2v import SGNSEmbedder, SpectralEmbedder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=20)
    options = parser.parse_args()
    (X_train, y_train), (X_test, y_test) = read_documents(options.train), read_documents(options.test)

    for name, feature in features(options).items():
        start = time.perf_counter()
        Z_train = feature.fit_transform(X_train)
        seconds = time.perf_counter() - start
        search = GridSearchCV(
            LogisticRegression(max_iter=300),
            {"C": [1, 10, 100] if sparse.issparse(Z_train) else [0.003, 0.01, 0.1]},
            cv=3,
            n_jobs=options.n_jobs,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            search.fit(Z_train, y_train)
        accuracy = search.score(feature.transform(X_test), y_test)
        chosen = search.best_params_["C"]
        print(
            f"{name:44}{Z_train.shape[1]:7} features{seconds:8.1f} s  accuracy {accuracy:.4f}  (C={chosen})", flush=True
        )


def features(options: argparse.Namespace) -> dict:
    """Return the transformers of documents to compare, by name."""

    def tfidf():
        return TfidfVectorizer(sublinear_tf=True, min_df=5)

    def dense(transformer):
        return make_pipeline(transformer, Normalizer(), StandardScaler())

    def beside(embedder):
        # Scaled so that both parts have length one.
        return make_union(tfidf(), make_pipeline(embedder, Normalizer()))

    d = options.n_components
    spectral = SpectralEmbedder(d, n_jobs=options.n_jobs)
    sgns = SGNSEmbedder(d, n_jobs=options.n_jobs, random_state=0)
    # A small corpus wants more epochs, and topics want wide windows; chosen on a part of the training documents.
    longer = SGNSEmbedder(
        d,
        window=20,
        subsample=1e-4,
        learning_rate=0.05,
        max_iter=options.epochs,
        n_jobs=options.n_jobs,
        random_state=0,
    )
    return {
        "tf-idf": tfidf(),
        f"LSA({d})": dense(make_pipeline(TfidfVectorizer(), TruncatedSVD(d, random_state=0))),
        f"LSA({d}), sublinear": dense(make_pipeline(tfidf(), TruncatedSVD(d, random_state=0))),
        f"SpectralEmbedder({d})": dense(spectral),
        f"SpectralEmbedder({d}, window=32)": dense(SpectralEmbedder(d, window=32, n_jobs=options.n_jobs)),
        f"SGNSEmbedder({d})": dense(sgns),
        f"SGNSEmbedder({d}), {options.epochs} epochs, window=20": dense(longer),
        "tf-idf and SpectralEmbedder": beside(spectral),
        "tf-idf and SGNSEmbedder": beside(longer),
    }


def read_documents(path: str) -> tuple[list[str], np.ndarray]:
    """Read one document a line: its label, a tab, its text."""
    with open(path, encoding="utf-8") as lines:
        labels, texts = zip(*(line.rstrip("\n").split("\t", 1) for line in lines), strict=True)
    return list(texts), np.array(labels)


if __name__ == "__main__":
    main()
