"""Quality and time of the closed-form model, the trained model and gensim on one text and one vocabulary.

Analogies are answered by 3CosAdd over the whole vocabulary without the three words asked with, and only questions
whose four words are known are asked; similarity is Spearman's rho over the pairs whose words are known. Their numbers
are printed, since they depend on the vocabulary.

    python benchmarks/wiki.py CORPUS.txt --analogies google.txt --similarity ws353.txt simlex999.txt
"""

import argparse
import importlib.util
import os
import platform
import time
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import ALSEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import read_analogies, read_similarity
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


SPECTRAL_START = {"init": "spectral", "max_iter": 2, "learning_rate": 0.04}
N_FREQUENT = 10_000  # the smaller vocabulary that analogies are given for, too


def main() -> None:
    options = parse_options()
    analogies = read_analogies(options.analogies, lowercase=True)
    similarities = {Path(path).stem: read_similarity(path, lowercase=True) for path in options.similarity}
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    for name, fit in models(options).items():
        start = time.perf_counter()
        words, vectors = fit()
        seconds = time.perf_counter() - start
        rows = {word: row for row, word in enumerate(words)}
        frequent = {word: row for word, row in rows.items() if row < N_FREQUENT}
        scores = {
            "analogies": analogy_accuracy(vectors, rows, analogies),
            f"of top {N_FREQUENT}": analogy_accuracy(vectors[:N_FREQUENT], frequent, analogies),
            **{stem: similarity_correlation(vectors, rows, pairs) for stem, pairs in similarities.items()},
        }
        columns = "  ".join(f"{title} {score.value:.3f} ({score.n_used})" for title, score in scores.items())
        print(f"{name:42}{seconds:7.1f} s  {len(words)} words  {columns}", flush=True)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--analogies", required=True)
    parser.add_argument("--similarity", nargs="+", default=[])
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--no-gensim", action="store_true")
    parser.add_argument("--only", help="run our models whose name contains this")
    return parser.parse_args()


def models(options: argparse.Namespace) -> dict:
    """Return what to run, by name: functions without arguments that return words and vectors."""
    common = {
        "n_components": options.n_components,
        "max_features": options.max_features,
        "vectorizer": AS_IT_IS,
        "n_jobs": options.n_jobs,
        "random_state": 1,
    }

    def ours(embedder):
        embedder.fit(LineDocuments(options.corpus))
        return embedder.words_, embedder.embedding_

    runs = {
        "SpectralEmbedder()": lambda: ours(SpectralEmbedder(**common)),
        'SpectralEmbedder(16, "linear")': lambda: ours(
            SpectralEmbedder(window=16, window_weighting="linear", **common)
        ),
        "ALSEmbedder()": lambda: ours(ALSEmbedder(**common)),
        'SGNSEmbedder(init="spectral", max_iter=2, learning_rate=0.04)': lambda: ours(
            SGNSEmbedder(**SPECTRAL_START, **common)
        ),
        f"SGNSEmbedder(max_iter={options.epochs})": lambda: ours(SGNSEmbedder(max_iter=options.epochs, **common)),
    }
    runs = {name: run for name, run in runs.items() if not options.only or options.only in name}
    if importlib.util.find_spec("gensim") and not options.no_gensim:
        runs[f"gensim Word2Vec(window=5, epochs={options.epochs})"] = lambda: fit_gensim(options)
    return runs


def fit_gensim(options: argparse.Namespace) -> tuple[list[str], np.ndarray]:
    """Train gensim's skip-gram from the file, on the same words."""
    from gensim.models import Word2Vec

    with open(options.corpus, encoding="utf-8") as documents:
        texts = [document.split() for document in documents]
    counts = Counter(word for text in texts for word in text)
    frequent = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: options.max_features])
    model = Word2Vec(
        vector_size=options.n_components, window=5, sg=1, negative=5, sample=1e-3, workers=options.n_jobs, seed=1
    )
    model.build_vocab_from_freq(frequent, corpus_count=len(texts))
    model.train(
        corpus_file=options.corpus,
        total_examples=model.corpus_count,
        total_words=sum(counts.values()),
        epochs=options.epochs,
    )
    return model.wv.index_to_key, model.wv.vectors


if __name__ == "__main__":
    main()
