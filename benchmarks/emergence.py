"""How long `emergence` takes: all analogies at every rank of one closed form, on its whole vocabulary.

python benchmarks/emergence.py CORPUS.txt --analogies google.txt
"""

import argparse
import time

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import read_analogies
from sk_w2v.inspection import emergence
from sk_w2v.io import LineDocuments

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


def main() -> None:
    options = parse_options()
    questions = read_analogies(options.analogies, lowercase=True)
    embedder = SpectralEmbedder(
        options.n_components,
        max_features=options.max_features,
        vectorizer=AS_IT_IS,
        n_jobs=options.n_jobs,
    ).fit(LineDocuments(options.corpus))
    for run in range(options.runs):
        start = time.perf_counter()
        found = emergence(embedder, questions, times=[], n_jobs=options.n_jobs)
        seconds = time.perf_counter() - start
        shape = f"{len(found.words)} questions at {len(found.ranks)} ranks, {len(embedder.words_)} words"
        print(f"run {run + 1}: {shape}: {seconds:.1f} s", flush=True)
    shown = np.unique(np.geomspace(1, len(found.ranks), 9).round().astype(int))
    print("accuracy:", ", ".join(f"{found.rank_accuracy[rank - 1]:.3f} at {rank}" for rank in shown))


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--analogies", required=True)
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--n-jobs", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
