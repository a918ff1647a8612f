"""Quality of the closed form and trained models, alone and joined, on one text and one vocabulary.

    python benchmarks/union.py CORPUS.txt --analogies google.txt --similarity ws353.txt simlex999.txt

Analogies are answered by 3CosAdd over the whole vocabulary, and only questions whose words are known are asked. The
parts are fitted once; the unions are put together from them, as `EmbeddingUnion` does it.
"""

import argparse
import itertools
import os
import platform
import time
from pathlib import Path

import numpy as np
from sklearn.preprocessing import normalize

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.corpus import NumberedDocuments
from sk_w2v.datasets import read_analogies, read_similarity
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation

WEIGHTS = [
    {"closed": 1, "trained": 1},
    {"closed": 1, "trained": 0.7},
    {"closed": 1, "least squares": 1},
    {"closed": 1, "least squares": 0.7, "trained": 1},
    {"closed": 1, "least squares": 0.7, "trained": 0.7},
    {"closed": 1, "least squares": 1, "trained": 1},
]


def main() -> None:
    options = parse_options()
    analogies = read_analogies(options.analogies, lowercase=True)
    similarities = {Path(path).stem: read_similarity(path, lowercase=True) for path in options.similarity}
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    documents = NumberedDocuments(*SpectralEmbedder(**reading(options))._number(LineDocuments(options.corpus)))
    spaces = {}
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
    parser.add_argument("--sweeps", type=int, default=4)
    return parser.parse_args()


def parts(options: argparse.Namespace) -> dict:
    """Return the embedders to join, by name."""
    common = {"n_components": options.n_components, "max_features": options.max_features, "random_state": 1}
    common |= reading(options)
    return {
        "closed": SpectralEmbedder(window=16, **common),
        "least squares": SGNSEmbedder(solver="als", loss="quartic", max_iter=options.sweeps, **common),
        "trained": SGNSEmbedder(window=5, max_iter=options.epochs, **common),
    }


def reading(options: argparse.Namespace) -> dict:
    """Return how all embedders read the corpus."""
    return {"lowercase": False, "token_pattern": r"\S+", "n_jobs": options.n_jobs}


def recipes(spaces: dict, n_components: int):
    """Yield names and vectors: each part, centred or not, and unions by weight, whole and reduced."""
    for (name, vectors), center in itertools.product(spaces.items(), (False, True)):
        yield f"{name}{', centred' * center}", centred(vectors, center)
    for weights, center in itertools.product(WEIGHTS, (False, True)):
        joint = join(spaces, weights, center=center)
        label = " + ".join(f"{weight} {name}" for name, weight in weights.items()) + ", centred" * center
        yield label, joint
        yield f"{label}, reduced", reduced(joint, n_components)


def centred(vectors: np.ndarray, center: bool) -> np.ndarray:
    return vectors - vectors.mean(axis=0) if center else vectors


def join(spaces: dict, weights: dict, *, center: bool) -> np.ndarray:
    """Return what `EmbeddingUnion` makes of the spaces."""
    return np.concatenate(
        [weight * normalize(centred(spaces[name], center)) for name, weight in weights.items()], axis=1
    ).astype(np.float32)


def reduced(joint: np.ndarray, n_components: int) -> np.ndarray:
    """Return the principal components of the joint space."""
    return joint @ np.linalg.eigh(joint.T @ joint)[1][:, ::-1][:, :n_components]


if __name__ == "__main__":
    main()
