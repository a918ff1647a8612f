"""Vectors induced from character n-grams, compared with the true vectors of words held out, by frequency.

python benchmarks/subwords.py CORPUS.txt
"""

import argparse
import os
import platform
import time

import numpy as np
from sklearn.metrics.pairwise import paired_cosine_distances

from sk_w2v import SpectralEmbedder, SubwordInducer
from sk_w2v.io import LineDocuments

BANDS = ((1, 10), (10, 30), (30, 100), (100, 1000), (1000, np.inf))  # tokens


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--n-components", type=int, default=100)
    options = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    embedder = SpectralEmbedder(options.n_components, random_state=0).fit(LineDocuments(options.corpus))
    words, vectors, counts = embedder.words_, embedder.embedding_, embedder.word_counts_
    held_out = np.random.default_rng(0).random(len(words)) < 0.1

    start = time.perf_counter()
    inducer = SubwordInducer().fit(words[~held_out], vectors[~held_out], counts[~held_out])
    print(
        f"fit {np.sum(~held_out):,} words: {time.perf_counter() - start:.1f} s, {len(inducer.ngram_hashes_):,} n-grams"
    )
    start = time.perf_counter()
    everything = inducer.transform(words)
    print(f"transform {len(words) / (time.perf_counter() - start):,.0f} words a second")

    cosines = 1 - paired_cosine_distances(everything[held_out], vectors[held_out])
    print(f"mean cosine of {len(cosines):,} words held out: {cosines.mean():.3f}")
    for low, high in BANDS:
        in_band = (counts[held_out] >= low) & (counts[held_out] < high)
        print(f"  {low} to {high} tokens: {np.sum(in_band):,} words, {cosines[in_band].mean():.3f}")


if __name__ == "__main__":
    main()
