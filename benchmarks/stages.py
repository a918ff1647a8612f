"""Seconds and peak memory of each stage of the closed form, from the text file to vectors, and what these are worth.

python benchmarks/stages.py CORPUS.txt --analogies google.txt --similarity ws353.txt
"""

import argparse
import resource
import time
from contextlib import contextmanager
from itertools import islice

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import SpectralEmbedder
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.datasets import read_analogies, read_similarity
from sk_w2v.factorization import top_eigenpairs
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation
from sk_w2v.targets import mstar_target

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--analogies")
    parser.add_argument("--similarity")
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--window", type=int, default=16)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--tol", type=float, nargs="+", default=[0.02])
    parser.add_argument("--documents", type=int, default=None, help="use the first so many documents")
    options = parser.parse_args()
    embedder = SpectralEmbedder(
        max_features=options.max_features,
        vectorizer=AS_IT_IS,
        n_jobs=options.n_jobs,
    )
    seconds: dict[str, float] = {}
    with stage("read, tokenize, encode", seconds):
        lines = LineDocuments(options.corpus)
        corpus, vocabulary = embedder.read_corpus(
            lines if options.documents is None else islice(lines, options.documents)
        )
    with stage("count", seconds):
        cooccurrence = count_cooccurrences(corpus, vocabulary, window=options.window, n_jobs=options.n_jobs)
    with stage("target", seconds):
        target = mstar_target(cooccurrence)
    print(f"{len(corpus.ids)} tokens, {len(vocabulary)} words, {target.deviations.nnz} observed pairs")
    before = sum(seconds.values())
    for tol in options.tol:
        with stage(f"eigenpairs, tol={tol:g}", seconds):
            pairs = top_eigenpairs(target, options.n_components, tol=tol, n_jobs=options.n_jobs)
        embedding = pairs.eigenvectors * np.sqrt(np.maximum(pairs.eigenvalues, 0))
        total = before + seconds[f"eigenpairs, tol={tol:g}"]
        quality = scores(embedding, vocabulary, options)
        print(f"  in all {total:.1f} s; worst residual {pairs.residuals.max():.1e}{quality}")


def scores(embedding, vocabulary, options: argparse.Namespace) -> str:
    """Return the scores of the vectors as text."""
    text = ""
    if options.analogies:
        analogies = read_analogies(options.analogies, lowercase=True)
        text += f"; analogies {analogy_accuracy(embedding, vocabulary.rows, analogies).value:.4f}"
    if options.similarity:
        pairs = read_similarity(options.similarity, lowercase=True)
        text += f"; similarity {similarity_correlation(embedding, vocabulary.rows, pairs).value:.4f}"
    return text


@contextmanager
def stage(name: str, seconds: dict[str, float]):
    """Time a stage and print it with the highest memory the process has had (GB)."""
    start = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{name:28}{seconds[name]:7.1f} s   peak {peak:.2f} GB", flush=True)


if __name__ == "__main__":
    main()
