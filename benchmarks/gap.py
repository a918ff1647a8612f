"""Where the difference between trained and closed-form vectors comes from: weights, loss or optimizer.

All models get the same words, the same windows, the same noise and the same number of components, and differ from one
row to the next in one thing: what pairs of words weigh, which loss is descended, and by what. Each model is scored by
word questions, by word2vec's quartic and logistic loss in expectation (of the counts, with word2vec's own weights) and
on pairs that training draws from the text, and by how far its modes agree with those of M* and of the last model.

    python benchmarks/gap.py CORPUS.txt --analogies google.txt --similarity ws353.txt simlex999.txt
    python benchmarks/gap.py ... --news TRAIN.tsv TEST.tsv     also fits all models to other documents, to classify them
"""

import argparse
import time
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from news20 import read_documents
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from sk_w2v import ALSEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v._estimators.text_training import TrainingText
from sk_w2v.datasets import read_analogies, read_similarity
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation
from sk_w2v.postprocessing import postprocess
from sk_w2v.solvers import alternating_least_squares
from sk_w2v.solvers._expected_loss import expected_loss
from sk_w2v.solvers._sampled_loss import loss_estimator

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


N_FREQUENT = 10_000
N_MODES = (10, 50, 200)
WORD2VEC = {"window": 5, "window_weighting": "linear", "negative": 5, "noise_exponent": 0.75}
CLOSED = "closed form"
CONVERGED = "least squares, word2vec's weights"


class Fitted(NamedTuple):
    """Word and context vectors, each of shape (n_words, n_components), and how long they took."""

    words: np.ndarray
    contexts: np.ndarray
    seconds: float


def least_squares(weights, words, contexts, *, learning_rate, **options):
    """Least squares as a solver of `SGNSEmbedder`, which has uniform weights and shared vectors, too."""
    return alternating_least_squares(weights, words, contexts, **options)


def contenders(options: argparse.Namespace) -> dict[str, dict]:
    """Return the parameters of SGNSEmbedder by row; the closed form has none."""
    solved = {"weight_exponent": 1.0, "center": False, "max_iter": options.sweeps}
    uniform = {"solver": least_squares, "loss": "quartic", "weighting": "uniform", "max_iter": options.sweeps}
    uniform |= {"init": "spectral"}
    few, many = options.epochs
    return {
        CLOSED: {},
        "least squares, all pairs alike, shared vectors": {**uniform, "tied": True},
        "least squares, all pairs alike": uniform,
        "least squares, weights to the power 0": {**solved, "weight_exponent": 0.0},
        "least squares, weights to the power 0.5": {**solved, "weight_exponent": 0.5},
        "least squares, weights to the power 0.75": {**solved, "weight_exponent": 0.75},
        CONVERGED: solved,
        f"{CONVERGED}, 4 sweeps": {**solved, "max_iter": 4},
        f"{CONVERGED}, logistic": {**solved, "loss": "logistic"},
        f"gradients, quartic, {few} epochs": {"loss": "quartic", "max_iter": few},
        f"gradients, quartic, {many} epochs": {"loss": "quartic", "max_iter": many},
        f"gradients, quartic, {few} epochs from least squares": {"loss": "quartic", "max_iter": few, "init": CONVERGED},
        f"gradients, logistic, {few} epochs": {"max_iter": few},
        f"gradients, logistic, {many} epochs": {"max_iter": many},
    }


class Study:
    """What all models of one text have in common."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.analogies = read_analogies(options.analogies, lowercase=True)
        self.similarities = [read_similarity(path, lowercase=True) for path in options.similarity]
        self.text = {"max_features": options.max_features, "vectorizer": AS_IT_IS}

    def embedder(self, name: str, **more) -> SGNSEmbedder | SpectralEmbedder:
        """Return the embedder of a row, not fitted."""
        common = {"n_components": self.options.n_components, "n_jobs": self.options.n_jobs, "random_state": 0}
        common |= WORD2VEC | more
        if name == CLOSED:
            return SpectralEmbedder(**common)
        parameters = {"subsample": self.options.subsample, **contenders(self.options)[name]}
        kind = ALSEmbedder if "weight_exponent" in parameters else SGNSEmbedder
        return kind(**common, **parameters)

    def fit(self, name: str, done: dict[str, Fitted]) -> Fitted:
        """Fit a row's model to the text; `done` has those before it."""
        embedder = self.embedder(name, **self.text)
        begin = getattr(embedder, "init", "random")
        if begin == CONVERGED:
            embedder.set_params(init=np.stack(done[CONVERGED][:2]))
        start = time.perf_counter()
        embedder.fit(LineDocuments(self.options.corpus))
        seconds = time.perf_counter() - start
        if name == CLOSED:
            return Fitted(embedder.embedding_, embedder.embedding_, seconds)
        return Fitted(embedder.input_embedding_, embedder.context_embedding_, seconds)

    @cached_property
    def read(self):
        """The text as numbers, its vocabulary, the weights of its pairs, and how training draws them."""
        word2vec = self.embedder(CONVERGED, **self.text)
        corpus, vocabulary = word2vec.read_corpus(LineDocuments(self.options.corpus))
        text = TrainingText(corpus, vocabulary, WORD2VEC["window"])
        return corpus, vocabulary, word2vec._weights(word2vec._count_text(text)), word2vec._sampling(text)

    def questions(self, model: Fitted) -> list[float]:
        """Return the scores of centered word vectors."""
        vectors, rows = postprocess(model.words, model.contexts, center=True), self.read[1].rows
        frequent = {word: row for word, row in rows.items() if row < N_FREQUENT}
        return [
            analogy_accuracy(vectors, rows, self.analogies).value,
            analogy_accuracy(vectors[:N_FREQUENT], frequent, self.analogies).value,
            *[similarity_correlation(vectors, rows, pairs).value for pairs in self.similarities],
        ]

    def losses(self, model: Fitted) -> list[float]:
        """Return the quartic and the logistic loss, each in expectation and on pairs drawn from the text."""
        corpus, _, weights, sampling = self.read
        vectors = model.words, model.contexts
        return [
            value
            for loss in ("quartic", "logistic")
            for value in (
                expected_loss(weights, *vectors, loss=loss, n_jobs=self.options.n_jobs),
                loss_estimator(corpus, sampling, loss=loss, seed=0)(*vectors),
            )
        ]

    def accuracy_on_news(self, name: str) -> float:
        """Return the accuracy of logistic regression on document vectors of a model of the training documents."""
        (X_train, y_train), (X_test, y_test) = (read_documents(path) for path in self.options.news)
        embedder = self.embedder(name)
        if getattr(embedder, "init", "random") == CONVERGED:
            embedder.set_params(init=self.start_for_news(X_train))
        head = make_pipeline(embedder, Normalizer(), StandardScaler(), LogisticRegression(C=0.01, max_iter=300))
        return head.fit(X_train, y_train).score(X_test, y_test)

    def start_for_news(self, X) -> np.ndarray:
        """Return what least squares make of the documents."""
        solved = self.embedder(CONVERGED).fit(X)
        return np.stack([solved.input_embedding_, solved.context_embedding_])


def modes(model: Fitted) -> np.ndarray:
    """Return the left singular vectors of ``W C'``, the products that the loss is of, largest first; `W` is centered.

    Of all but the closed form the first would else be the mean, which answers for the pairs that were not observed.
    """
    basis, triangle = np.linalg.qr(model.words - model.words.mean(axis=0, dtype=np.float64))
    inner, _, _ = np.linalg.svd(triangle @ np.linalg.qr(model.contexts.astype(np.float64), mode="r").T)
    return basis @ inner


def agreements(model: Fitted, reference: Fitted) -> list[float]:
    """Return shares of the reference's first modes: in as many first modes of the model, and of 10 in all of them."""
    squares = (modes(reference).T @ modes(model)) ** 2
    sizes = [min(n, *squares.shape) for n in N_MODES]
    return [*[squares[:n, :n].sum() / n for n in sizes], squares[: sizes[0]].sum() / sizes[0]]


def main() -> None:
    options = parse_options()
    study = Study(options)
    fitted: dict[str, Fitted] = {}
    for name in contenders(options):
        fitted[name] = study.fit(name, fitted)
        print(f"{name}: {fitted[name].seconds:.1f} s", flush=True)
    report(study, fitted)


def report(study: Study, fitted: dict[str, Fitted]) -> None:
    """Print a table of scores and losses, and one of agreement."""
    options = study.options
    titles = ["analogies", f"top {N_FREQUENT}", *[Path(path).stem for path in options.similarity]]
    titles += ["quartic loss", "on the text", "logistic loss", "on the text", "seconds"]
    titles += ["news"] if options.news else []
    print_head(titles)
    for name, model in fitted.items():
        cells = [f"{value:.3f}" for value in study.questions(model)] + [f"{value:.4f}" for value in study.losses(model)]
        cells.append(f"{model.seconds:.0f}")
        cells += [f"{study.accuracy_on_news(name):.3f}"] if options.news else []
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    last = list(fitted)[-1]
    of_each = [*[f"{n} in {n}" for n in N_MODES], f"{N_MODES[0]} in all"]
    print_head([f"{CLOSED}: {of_each[0]}", *of_each[1:], f"{last}: {of_each[0]}", *of_each[1:]])
    for name, model in fitted.items():
        shares = [*agreements(model, fitted[CLOSED]), *agreements(model, fitted[last])]
        print(f"| {name} | " + " | ".join(f"{share:.2f}" for share in shares) + " |", flush=True)


def print_head(titles: list[str]) -> None:
    print("\n| | " + " | ".join(titles) + " |\n|" + "---|" * (1 + len(titles)), flush=True)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--analogies", required=True)
    parser.add_argument("--similarity", nargs="+", default=[])
    parser.add_argument("--news", nargs=2, help="documents to train on and to test on: a label, a tab, a text a line")
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--subsample", type=float, default=1e-3)
    parser.add_argument("--sweeps", type=int, default=20)
    parser.add_argument("--epochs", type=int, nargs=2, default=[5, 20])
    parser.add_argument("--n-jobs", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
