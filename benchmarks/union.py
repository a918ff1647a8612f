"""Quality of the closed form and trained models, alone and joined, on one text and one vocabulary.

    python benchmarks/union.py CORPUS.txt --analogies google.txt --similarity ws353.txt simlex999.txt

Analogies are answered by 3CosAdd over the whole vocabulary, and only questions whose words are known are asked. The
parts are fitted once; the unions are put together from them, as `EmbeddingUnion` does it. All vectors are centered.
"""

import argparse
import os
import platform
import time
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from sk_w2v import ALSEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v.corpus import NumberedDocuments
from sk_w2v.datasets import read_analogies, read_similarity
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


RECIPES = [  # weights, which were chosen among a few on the same questions
    {"closed": 1, "narrow": 1},
    {"closed": 1, "trained": 1},
    {"least squares": 1, "trained": 1},
    {"closed": 1, "least squares": 1, "trained": 1.5},
]


def main() -> None:
    options = parse_options()
    analogies = read_analogies(options.analogies, lowercase=True)
    similarities = {Path(path).stem: read_similarity(path, lowercase=True) for path in options.similarity}
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    start, spaces = time.perf_counter(), {}
    documents = NumberedDocuments(*SpectralEmbedder(**reading(options)).number_tokens(LineDocuments(options.corpus)))
    print(f"read in {time.perf_counter() - start:.1f} s")
    for name, embedder in parts(options).items():
        start = time.perf_counter()
        spaces[name] = embedder.fit(documents).embedding_
        print(f"{name}: fitted in {time.perf_counter() - start:.1f} s", flush=True)
    rows = embedder.vocabulary_
    for name, vectors in recipes(spaces, options.n_components):
        scores = {
            "analogies": analogy_accuracy(vectors, rows, analogies),
            **{stem: similarity_correlation(vectors, rows, pairs) for stem, pairs in similarities.items()},
        }
        columns = "  ".join(f"{title} {score.value:.3f} ({score.n_used})" for title, score in scores.items())
        print(f"{name:66}{vectors.shape[1]:5}  {columns}", flush=True)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--analogies", required=True)
    parser.add_argument("--similarity", nargs="+", default=[])
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--only", nargs="+", help="fit these parts alone")
    return parser.parse_args()


def parts(options: argparse.Namespace) -> dict:
    """Return the embedders to join, by name."""
    common = {"n_components": options.n_components, "max_features": options.max_features, "random_state": 1}
    common |= reading(options)
    made = {
        "closed": SpectralEmbedder(eigenvalue_exponent=0.25, **common),
        "narrow": SGNSEmbedder(window=2, max_iter=options.epochs, **common),
        "trained": SGNSEmbedder(window=5, max_iter=options.epochs, **common),
        "least squares": ALSEmbedder(**common),
    }
    return {name: made[name] for name in options.only or made}


def reading(options: argparse.Namespace) -> dict:
    """Return how all embedders read the corpus."""
    return {"vectorizer": AS_IT_IS, "n_jobs": options.n_jobs}


def recipes(spaces: dict, n_components: int):
    """Yield names and vectors: each part, and unions of those that are there, whole and reduced."""
    for name, vectors in spaces.items():
        yield name, vectors - vectors.mean(axis=0)
    for weights in RECIPES:
        if set(weights) <= set(spaces):
            joint = join(spaces, weights)
            label = " + ".join(f"{weight} {name}" for name, weight in weights.items())
            yield label, joint
            yield f"{label}, reduced", reduced(joint, n_components)


def join(spaces: dict, weights: dict) -> np.ndarray:
    """Return what `EmbeddingUnion` makes of the spaces."""
    parts = [weight * normalize(spaces[name] - spaces[name].mean(axis=0)) for name, weight in weights.items()]
    return np.concatenate(parts, axis=1).astype(np.float32)


def reduced(joint: np.ndarray, n_components: int) -> np.ndarray:
    """Return the principal components of the joint space."""
    return joint @ np.linalg.eigh(joint.T @ joint)[1][:, ::-1][:, :n_components]


if __name__ == "__main__":
    main()
