"""What each parameter of SpectralEmbedder is worth: one at a time, from the defaults.

Word vectors are judged on one corpus by analogies and similarity, document vectors on another by the accuracy of
logistic regression on documents that were held out of the training part.

    python benchmarks/sweep.py CORPUS.txt NEWS.tsv --analogies google.txt --similarity ws353.txt simlex999.txt
"""

import argparse
from functools import cache
from pathlib import Path

import numpy as np
from news20 import read_documents
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from sk_w2v import SpectralEmbedder
from sk_w2v._estimators.base import BaseEmbedder
from sk_w2v.cooccurrence import Cooccurrence, count_cooccurrences
from sk_w2v.datasets import read_analogies, read_similarity
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


N_FREQUENT = 10_000
DEFAULTS = {"window": 20, "window_weighting": "harmonic"}
COUNTED = {
    "window": [5, 10, 16, 20, 24, 32],
    "window_weighting": ["linear", "uniform"],
    "noise_exponent": [0.5, 0.75],
    "negative": [2, 5],
    "target": ["ppmi", "pmi"],
}
READ_OUT = {  # from the eigenpairs of the defaults
    "eigenvalue_exponent": [0.0, 0.25, 0.35, 0.5, 0.75, 1.0],
    "n_components": [25, 50, 100, 200, 300, 400],
}


class Judge:
    """Scores of a fitted embedder of words, and of one of documents."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.analogies = read_analogies(options.analogies, lowercase=True)
        self.similarities = [read_similarity(path, lowercase=True) for path in options.similarity]
        self.titles = ["analogies", f"top {N_FREQUENT}", *[Path(path).stem for path in options.similarity], "documents"]
        words = SpectralEmbedder(max_features=options.max_features, vectorizer=AS_IT_IS)
        self.corpus = words.read_corpus(LineDocuments(options.corpus))
        texts, labels = read_documents(options.news)
        self.split = train_test_split(texts, labels, test_size=0.3, random_state=0, stratify=labels)
        self.documents = SpectralEmbedder().read_corpus(self.split[0])

    @cache  # noqa: B019 - one judge a process
    def counts(self, which: str, window: int, window_weighting: str) -> Cooccurrence:
        """Return the counts of "corpus" or "documents"."""
        return count_cooccurrences(
            *getattr(self, which), window=window, window_weighting=window_weighting, n_jobs=self.options.n_jobs
        )

    def fit(self, which: str, **parameters) -> SpectralEmbedder:
        """Fit to the counts of "corpus" or "documents"."""
        counting = {name: parameters.pop(name, default) for name, default in DEFAULTS.items()}
        parameters = {"n_components": self.options.n_components, **parameters}
        embedder = SpectralEmbedder(**parameters, n_jobs=self.options.n_jobs, random_state=0)
        return embedder.fit(self.counts(which, **counting))

    def scores(self, words: BaseEmbedder, documents: BaseEmbedder) -> list[float]:
        """Return analogies, analogies among frequent words, similarities, and accuracy on documents."""
        vectors, rows = words.embedding_, words.vocabulary_
        frequent = {word: row for word, row in rows.items() if row < N_FREQUENT}
        X_train, X_test, y_train, y_test = self.split
        Z_train, Z_test = (documents.transform(part) for part in (X_train, X_test))
        head = make_pipeline(Normalizer(), StandardScaler(), LogisticRegression(C=0.01, max_iter=300))
        return [
            analogy_accuracy(vectors, rows, self.analogies).value,
            analogy_accuracy(vectors[:N_FREQUENT], frequent, self.analogies).value,
            *[similarity_correlation(vectors, rows, pairs).value for pairs in self.similarities],
            head.fit(Z_train, y_train).score(Z_test, y_test),
        ]


def main() -> None:
    options = parse_options()
    judge = Judge(options)
    print("| parameter | value | " + " | ".join(judge.titles) + " |\n|" + "---|" * (2 + len(judge.titles)))
    for name, values in ((name, COUNTED[name]) for name in COUNTED if name in options.parameters):
        for value in values:
            row(judge, name, value, *[judge.fit(which, **{name: value}) for which in ("corpus", "documents")])
    largest = max(READ_OUT["n_components"])
    fitted = [judge.fit(which, n_components=largest) for which in ("corpus", "documents")]
    for value in READ_OUT["eigenvalue_exponent"]:
        for embedder in (truncated := [whole.truncate(options.n_components) for whole in fitted]):
            embedder.embedding_ = embedder.embedding_ * embedder.eigenvalues_.astype(np.float32) ** (value - 0.5)
        row(judge, "eigenvalue_exponent", value, *truncated)
    for value in READ_OUT["n_components"]:
        row(judge, "n_components", value, *[whole.truncate(value) for whole in fitted])
    join_windows(judge, judge.fit("corpus"), judge.fit("documents"))


def join_windows(judge: Judge, *wide: SpectralEmbedder) -> None:
    """Print what a narrow window adds, when the rows of both models have length one and stand side by side."""
    for window in (2, 4):
        narrow = [judge.fit(which, window=window) for which in ("corpus", "documents")]
        joined = [side_by_side(*pair) for pair in zip(wide, narrow, strict=True)]
        row(judge, "two windows", f"{window} and 20", *joined)


def side_by_side(left: SpectralEmbedder, right: SpectralEmbedder) -> SpectralEmbedder:
    """Return an embedder with the unit rows of both."""
    joined = left.truncate(left.n_components_)
    joined.embedding_ = np.hstack([Normalizer().transform(model.embedding_) for model in (left, right)])
    joined.n_components_ = joined.embedding_.shape[1]
    return joined


def row(judge: Judge, name: str, value: object, words: SpectralEmbedder, documents: SpectralEmbedder) -> None:
    scores = " | ".join(f"{score:.3f}" for score in judge.scores(words, documents))
    print(f"| {name} | {value} | {scores} |", flush=True)


def parser_of_texts(description: str) -> argparse.ArgumentParser:
    """Return a parser of what every study of two texts is told."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("corpus")
    parser.add_argument("news")
    parser.add_argument("--analogies", required=True)
    parser.add_argument("--similarity", nargs="+", default=[])
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--n-jobs", type=int, default=2)
    return parser


def parse_options() -> argparse.Namespace:
    parser = parser_of_texts(__doc__.splitlines()[0])
    parser.add_argument("--parameters", nargs="*", default=list(COUNTED), choices=list(COUNTED))
    return parser.parse_args()


if __name__ == "__main__":
    main()
