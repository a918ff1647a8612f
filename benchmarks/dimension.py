"""The number of components that each method chooses, and what it leads to, on a text and on labelled documents.

    python benchmarks/dimension.py --corpus CORPUS.txt --analogies google.txt --similarity ws353.txt simlex999.txt
    python benchmarks/dimension.py --documents TRAIN.tsv TEST.tsv

One model of many components is fitted to each; all rows are cut from it. Documents are classified by a logistic
regression of their vectors, brought to length one and unit variance.
"""

import argparse
import os
import platform
import time
import warnings
from pathlib import Path

from news20 import read_documents
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import read_analogies, read_similarity
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation
from sk_w2v.selection import METHODS, select_dimension

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


def main() -> None:
    options = parse_options()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    if options.corpus:
        documents = LineDocuments(options.corpus)
        embedder = SpectralEmbedder(
            options.n_components,
            vectorizer=AS_IT_IS,
            max_features=options.max_features,
            n_jobs=options.n_jobs,
        )
        compare(embedder, documents, lambda fitted: word_scores(fitted, options), options)
    if options.documents:
        train, test = (read_documents(path) for path in options.documents)
        embedder = SpectralEmbedder(options.n_components, n_jobs=options.n_jobs)
        compare(embedder, train[0], lambda fitted: {"accuracy": accuracy(fitted, train, test)}, options)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus")
    parser.add_argument("--documents", nargs=2)
    parser.add_argument("--analogies")
    parser.add_argument("--similarity", nargs="+", default=[])
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=400)
    parser.add_argument("--fixed", type=int, nargs="+", default=[50, 100, 200, 300])
    parser.add_argument("--n-jobs", type=int, default=2)
    return parser.parse_args()


def compare(embedder: SpectralEmbedder, documents, judge, options: argparse.Namespace) -> None:
    """Print what is chosen and what it scores, beside fixed numbers of components."""
    start = time.perf_counter()
    embedder.fit(documents)
    print(f"fitted {embedder.n_components_} components in {time.perf_counter() - start:.1f} s", flush=True)
    chosen = [(method, *choose(embedder, documents, method)) for method in METHODS]
    fixed = [("fixed", n_components, 0.0) for n_components in [*options.fixed, embedder.n_components_]]
    for name, n_components, seconds in [*chosen, *fixed]:
        scores = judge(embedder.truncate(n_components))
        columns = "  ".join(f"{title} {score:.3f}" for title, score in scores.items())
        print(f"{name:14}{n_components:5} components{seconds:7.1f} s  {columns}", flush=True)


def choose(embedder: SpectralEmbedder, documents, method: str) -> tuple[int, float]:
    """Return the number of components chosen, and the seconds it took."""
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a method may choose all
        chosen = select_dimension(embedder, documents, method=method, random_state=0).n_components
    return chosen, time.perf_counter() - start


def word_scores(embedder: SpectralEmbedder, options: argparse.Namespace) -> dict:
    """Return the scores of the words' questions."""
    questions = read_analogies(options.analogies, lowercase=True)
    scores = {"analogies": analogy_accuracy(embedder.embedding_, embedder.vocabulary_, questions).value}
    for path in options.similarity:
        pairs = read_similarity(path, lowercase=True)
        scores[Path(path).stem] = similarity_correlation(embedder.embedding_, embedder.vocabulary_, pairs).value
    return scores


def accuracy(embedder: SpectralEmbedder, train, test) -> float:
    """Return the accuracy on the test documents."""
    classifier = make_pipeline(Normalizer(), StandardScaler(), LogisticRegression(C=0.01, max_iter=300))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # some documents hold no known word
        vectors_train, vectors_test = embedder.transform(train[0]), embedder.transform(test[0])
    return classifier.fit(vectors_train, train[1]).score(vectors_test, test[1])


if __name__ == "__main__":
    main()
