"""How fast a text file becomes word ids and a vocabulary, against CountVectorizer's analyzer and a dict.

Both read the same file of one document a line, split it by the same pattern, and give the same ids. They take turns;
the medians of all turns are printed. Ours is timed further, to the vocabulary and the ids of its words.

    python benchmarks/ingest.py CORPUS.txt
"""

import argparse
import os
import platform
import time
from array import array
from collections import defaultdict
from statistics import median

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v.corpus import PatternAnalyzer, build_vocabulary, count_words, number_tokens, select_words
from sk_w2v.io import LineDocuments


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--n-jobs", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    n_bytes = os.path.getsize(options.corpus)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {n_bytes / 1e6:.1f} MB")

    seconds = defaultdict(list)
    ours(options.corpus, n_jobs=1)  # compiles
    for _ in range(options.runs):
        expected, seconds_taken = theirs(options.corpus)
        seconds["analyzer and dict: ids"].append(seconds_taken)
        for n_jobs in options.n_jobs:
            ids, to_ids, to_vocabulary = ours(options.corpus, n_jobs=n_jobs)
            assert np.array_equal(ids, expected)
            seconds[f"LineDocuments, n_jobs={n_jobs}: ids"].append(to_ids)
            seconds[f"LineDocuments, n_jobs={n_jobs}: ids and vocabulary"].append(to_vocabulary)

    baseline = median(seconds["analyzer and dict: ids"])
    for name, taken in seconds.items():
        rate, ratio = n_bytes / 1e6 / median(taken), baseline / median(taken)
        print(f"{name:46}{median(taken):7.2f} s {rate:7.1f} MB/s {ratio:6.1f}x")


def theirs(path: str) -> tuple[array, float]:
    """Call CountVectorizer's analyzer for each line, and number its tokens with a dict."""
    start = time.perf_counter()
    analyzer = CountVectorizer().build_analyzer()
    ids, numbers = array("i"), defaultdict()
    numbers.default_factory = numbers.__len__
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            ids.extend(map(numbers.__getitem__, analyzer(line)))
    return ids, time.perf_counter() - start


def ours(path: str, *, n_jobs: int) -> tuple[np.ndarray, float, float]:
    """Call `number_tokens` on the file, then choose a vocabulary and select its words."""
    start = time.perf_counter()
    corpus, words = number_tokens(LineDocuments(path), analyzer=PatternAnalyzer(r"(?u)\b\w\w+\b"), n_jobs=n_jobs)
    to_ids = time.perf_counter() - start
    counts = count_words(corpus, len(words)).tolist()
    vocabulary = build_vocabulary(dict(zip(words, counts, strict=True)))
    select_words(corpus, vocabulary.lookup(words))
    return corpus.ids, to_ids, time.perf_counter() - start


if __name__ == "__main__":
    main()
