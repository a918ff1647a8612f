"""Quality of the closed form and the trained model, alone and joined, on one text and one vocabulary.

    python benchmarks/union.py CORPUS.txt --analogies google.txt --similarity ws353.txt simlex999.txt

Analogies are answered by 3CosAdd over the whole vocabulary, and only questions whose words are known are asked. The
parts are fitted once; the unions are put together from them.
"""

import argparse
import itertools
import os
import platform
import time
from pathlib import Path

import numpy as np
from sklearn.preprocessing import normalize

from sk_w2v import EmbeddingUnion, SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import read_analogies, read_similarity
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation


def main() -> None:
    options = parse_options()
    analogies = read_analogies(options.analogies, lowercase=True)
    similarities = {Path(path).stem: read_similarity(path, lowercase=True) for path in options.similarity}
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    start = time.perf_counter()
    union = EmbeddingUnion(list(parts(options).items())).fit(LineDocuments(options.corpus))
    print(f"all parts fitted in {time.perf_counter() - start:.1f} s, {len(union.words_)} words")
    spaces = {
        name: embedder.embedding_[[embedder.vocabulary_[word] for word in union.words_]]
        for name, embedder in union.embedders_
    }
    for name, vectors in recipes(spaces, options.n_components):
        scores = {
            "analogies": analogy_accuracy(vectors, union.vocabulary_, analogies),
            **{stem: similarity_correlation(vectors, union.vocabulary_, pairs) for stem, pairs in similarities.items()},
        }
        columns = "  ".join(f"{title} {score.value:.3f} ({score.n_used})" for title, score in scores.items())
        print(f"{name:52}{vectors.shape[1]:5}  {columns}", flush=True)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--analogies", required=True)
    parser.add_argument("--similarity", nargs="+", default=[])
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=3)
    return parser.parse_args()


def parts(options: argparse.Namespace) -> dict:
    """Return the embedders to join, by name."""
    common = {
        "n_components": options.n_components,
        "max_features": options.max_features,
        "lowercase": False,
        "token_pattern": r"\S+",
        "n_jobs": options.n_jobs,
        "random_state": 1,
    }
    return {
        "closed": SpectralEmbedder(window=16, **common),
        "trained": SGNSEmbedder(window=5, max_iter=options.epochs, **common),
    }


def recipes(spaces: dict, n_components: int):
    """Yield names and vectors: each part, centred or not, and unions by weight, whole and reduced."""
    for (name, vectors), center in itertools.product(spaces.items(), (False, True)):
        yield f"{name}{', centred' * center}", centred(vectors, center)
    names = list(spaces)
    for weight, center in itertools.product((0.5, 0.7, 1.0, 1.4, 2.0), (False, True)):
        joint = join(spaces, {names[-1]: weight}, center=center)
        label = f"{' + '.join(names)} x {weight}{', centred' * center}"
        yield label, joint
        yield f"{label}, reduced", reduced(joint, n_components)


def centred(vectors: np.ndarray, center: bool) -> np.ndarray:
    return vectors - vectors.mean(axis=0) if center else vectors


def join(spaces: dict, weights: dict, *, center: bool) -> np.ndarray:
    """Return what `EmbeddingUnion` makes of the spaces."""
    return np.concatenate(
        [weights.get(name, 1.0) * normalize(centred(vectors, center)) for name, vectors in spaces.items()], axis=1
    ).astype(np.float32)


def reduced(joint: np.ndarray, n_components: int) -> np.ndarray:
    """Return the principal components of the joint space."""
    return joint @ np.linalg.eigh(joint.T @ joint)[1][:, ::-1][:, :n_components]


if __name__ == "__main__":
    main()
