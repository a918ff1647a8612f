"""What a busy machine costs: fits of short documents, quiet and beside two processes that never rest.

    python benchmarks/busy.py

Exits with 1 if the median of the busy fits is more than three times that of the quiet ones.
"""

import argparse
import multiprocessing
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
from sklearn.model_selection import GridSearchCV

from sk_w2v import SpectralEmbedder

MOST = 3.0  # times the quiet seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    documents = short_documents(options.documents)
    embedder = SpectralEmbedder(40, min_count=1, random_state=0)
    embedder.fit(documents)  # compiles
    search = GridSearchCV(embedder, {"n_components": [10, 20, 30, 40]}, cv=3, refit=False)
    tasks = {"one fit": embedder.fit, "12 fits of a search": search.fit}
    quiet = {name: median_seconds(task, documents, options.repeats) for name, task in tasks.items()}
    loops = [multiprocessing.Process(target=never_rest, daemon=True) for _ in range(options.processes)]
    for loop in loops:
        loop.start()
    busy = {name: median_seconds(task, documents, options.repeats) for name, task in tasks.items()}
    for loop in loops:
        loop.kill()
    for name in tasks:
        print(f"{name:22}quiet {quiet[name]:7.3f} s  busy {busy[name]:7.3f} s  ratio {busy[name] / quiet[name]:5.2f}")
    sys.exit(int(busy["one fit"] > MOST * quiet["one fit"]))


def short_documents(n_documents: int, n_words: int = 700) -> list[list[str]]:
    """Return documents of 30 of Zipf's words."""
    rng = np.random.default_rng(0)
    shares = 1 / np.arange(1, n_words + 1) ** 0.7
    drawn = rng.choice(n_words, (n_documents, 30), p=shares / shares.sum())
    return [[f"w{(word + 17 * document) % n_words}" for word in row] for document, row in enumerate(drawn)]


def median_seconds(task: Callable, documents: list[list[str]], n_repeats: int) -> float:
    """Return the median time of a task."""
    seconds = []
    for _ in range(n_repeats):
        start = time.perf_counter()
        task(documents)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))


def never_rest() -> None:
    """Keep one processor busy."""
    while True:
        pass


if __name__ == "__main__":
    main()
