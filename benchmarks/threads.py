"""What the number of threads, and of copies of the vectors, does to word2vec's quality and speed.

Copies (`n_replicas`) come together after every round of the text, so that their result is the same to the bit for any
number of threads, which the last column shows. Without copies (None) threads update one matrix without locks.

    python benchmarks/threads.py CORPUS.txt --analogies google.txt --similarity ws353.txt simlex999.txt
"""

import argparse
import hashlib
import os
import platform
import time
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import SGNSEmbedder
from sk_w2v.datasets import read_analogies, read_similarity
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation
from sk_w2v.solvers import linear_decay, run_passes, stochastic_gradient_descent
from sk_w2v.solvers._sampling import make_sampling
from sk_w2v.solvers._sgd import initial_vectors
from sk_w2v.targets import noise_distribution

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


SETTINGS = [  # copies, threads, whether for all seeds: with copies other threads give the same bits
    (1, 1, True),
    (2, 2, True),
    (2, 1, False),
    (2, 4, False),
    (2, 8, False),
    (4, 2, False),
    (None, 2, True),
    (None, 4, True),
    (None, 8, True),
]
N_FREQUENT = 10_000


def main() -> None:
    options = parse_options()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    encoder = SGNSEmbedder(max_features=options.max_features, vectorizer=AS_IT_IS)
    corpus, vocabulary = encoder.read_corpus(LineDocuments(options.corpus))
    noise = noise_distribution(vocabulary.counts, noise_exponent=0.75)
    sampling = make_sampling(vocabulary.counts, noise, window=5, negative=5, subsample=1e-3)
    score = scorer(options, vocabulary.rows)
    for n_replicas, n_jobs, all_seeds in SETTINGS:
        if options.copies and str(n_replicas or 0) not in options.copies:
            continue
        for seed in range(options.seeds if all_seeds else 1):
            words = initial_vectors(
                len(vocabulary), options.n_components, init_scale=0.03, random_state=np.random.RandomState(seed)
            )
            start = time.perf_counter()
            passes = stochastic_gradient_descent(
                corpus,
                sampling,
                words,
                learning_rates=linear_decay(0.025, options.epochs),
                seed=seed,
                n_replicas=n_replicas,
                n_jobs=n_jobs,
            )
            trained = run_passes(passes, max_iter=options.epochs)
            seconds = time.perf_counter() - start
            bits = hashlib.sha256(np.ascontiguousarray(trained.words)).hexdigest()[:8]
            last = [f"{trained.losses[-1]:.4f}", f"{seconds:.1f}", bits]
            print("|", " | ".join(map(str, [n_replicas, n_jobs, seed, score(trained.words), *last])), "|", flush=True)


def scorer(options: argparse.Namespace, rows: dict):
    """Return the function that gives vectors' scores as text."""
    analogies = read_analogies(options.analogies, lowercase=True)
    similarities = [read_similarity(path, lowercase=True) for path in options.similarity]
    frequent = {word: row for word, row in rows.items() if row < N_FREQUENT}
    titles = ["analogies", f"top {N_FREQUENT}", *[Path(path).stem for path in options.similarity]]
    print(f"| copies | threads | seed | {' | '.join(titles)} | loss | seconds | bits |\n|{'---|' * (len(titles) + 6)}")

    def score(vectors) -> str:
        values = [
            analogy_accuracy(vectors, rows, analogies).value,
            analogy_accuracy(vectors[:N_FREQUENT], frequent, analogies).value,
            *[similarity_correlation(vectors, rows, pairs).value for pairs in similarities],
        ]
        return " | ".join(f"{value:.3f}" for value in values)

    return score


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--analogies", required=True)
    parser.add_argument("--similarity", nargs="+", default=[])
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--copies", nargs="+", help="only with so many; 0 is without locks")
    return parser.parse_args()


if __name__ == "__main__":
    main()
