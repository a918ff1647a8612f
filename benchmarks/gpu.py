"""What the CUDA backend takes on this machine's GPU, and how near that is to the card's limits; as one JSON file.

    python benchmarks/gpu.py [--out gpu.json]        # or: make bench-gpu

It needs no data: words are drawn from a corpus of planted neighbors whose frequencies fall like 1 / rank. Of each
kernel it writes seconds (the best of three after a first run), the bytes and operations that it cannot do without, and
the time they would take at 3 TB/s and 60 TFLOP/s (`--bandwidth`, `--flops` say what the card has). Training is also
compared with one CPU thread's in the loss that it reaches.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter

import numpy as np

from sk_w2v._backends import get_backend
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.corpus import Corpus, Vocabulary
from sk_w2v.factorization import top_eigenpairs
from sk_w2v.solvers import linear_decay, run_passes, stochastic_gradient_descent
from sk_w2v.solvers._pair_weights import word2vec_weights
from sk_w2v.solvers._sampling import keep_probabilities, make_sampling
from sk_w2v.solvers._sgd import initial_vectors
from sk_w2v.targets import mstar_target, noise_distribution

BLOCK = 32  # columns of a product in the eigen-solver
WINDOW, NEGATIVE, SUBSAMPLE = 5, 5, 1e-3
TOKENS_PER_DOCUMENT = 1000


def make_corpus(n_tokens: int, n_words: int) -> tuple[Corpus, Vocabulary]:
    """Return documents in which every second word is told by the one before it."""
    rng = np.random.default_rng(0)
    frequencies = 1 / np.arange(1, n_words + 1)
    drawn = rng.choice(n_words, n_tokens, p=frequencies / frequencies.sum())
    drawn[1::2] = (drawn[: n_tokens // 2 * 2 : 2] * 7 + rng.integers(0, 3, n_tokens // 2)) % n_words
    counts = np.bincount(drawn, minlength=n_words)
    order = np.argsort(-counts, kind="stable")
    rank = np.argsort(order)
    offsets = np.append(np.arange(0, n_tokens, TOKENS_PER_DOCUMENT), n_tokens)
    words = np.array([f"w{word}" for word in order], dtype=object)
    return Corpus(rank[drawn].astype(np.int32), offsets), Vocabulary(words, np.maximum(counts[order], 1))


class Clock:
    """Times work on the device and keeps what it took."""

    def __init__(self, xp, *, bandwidth: float, flops: float) -> None:
        self.xp, self.bandwidth, self.flops, self.rows = xp, bandwidth, flops, []

    def measure(self, what, work, *, n_bytes=None, n_flops=None, n_items=None, repeats=3, **more):
        """Run some work, keep its best time beside its floor, and return what it returned."""
        seconds = []
        for _ in range(1 + repeats):  # the first compiles, and is not counted
            self.xp.cuda.runtime.deviceSynchronize()
            start = perf_counter()
            result = work()
            self.xp.cuda.runtime.deviceSynchronize()
            seconds.append(perf_counter() - start)
        row = {"what": what, **more, "seconds": min(seconds[1:]), "first_seconds": seconds[0]}
        if n_bytes is not None:
            row |= {"bytes": int(n_bytes), "flops": int(n_flops)}
            row["floor_seconds"] = max(n_bytes / self.bandwidth, n_flops / self.flops)
        if n_items is not None:
            row["per_second"] = n_items / row["seconds"]
        self.rows.append(row)
        print(row, file=sys.stderr, flush=True)
        return result


def measure_counts(clock, backend, corpus, vocabulary, n_components):
    """Count, factorize, and multiply once."""
    n_tokens, n_words, window = len(corpus.ids), len(vocabulary), 16
    counted = clock.measure(
        "count_pairs",
        lambda: count_cooccurrences(corpus, vocabulary, window=window, backend=backend),
        n_bytes=n_tokens * (8 + 2 * window * (4 + 4 + 8)),  # place; a neighbor's id and document; a cell
        n_flops=0,
        n_items=n_tokens,
        window=window,
    )
    target = mstar_target(counted)
    n_pairs = target.deviations.nnz
    placed = backend.place_matrix(target.deviations)
    block = backend.xp.asarray(np.random.default_rng(0).standard_normal((n_words, BLOCK)).astype(np.float32))
    clock.measure(
        "csr_times_dense",
        lambda: backend.matmat(placed, block),
        n_bytes=8 * n_pairs + 2 * 4 * BLOCK * n_words,  # the dense block stays in the second-level cache
        n_flops=2 * BLOCK * n_pairs,
        n_pairs=n_pairs,
    )
    pairs = clock.measure(
        "top_eigenpairs",
        lambda: top_eigenpairs(target, n_components, backend=backend),
        n_components=n_components,
        repeats=1,
    )
    clock.rows[-1] |= {"worst_residual": float(pairs.residuals.max()), "block_products": pairs.n_iter}
    return counted


def measure_least_squares(clock, backend, counted, vocabulary, n_components):
    """Solve all rows once, and multiply all pairs."""
    noise = noise_distribution(vocabulary.counts, noise_exponent=0.75)
    weights = word2vec_weights(counted, negative=5, noise=noise, keep=np.ones(len(vocabulary)))
    n_words, n_pairs, n_steps = len(vocabulary), len(weights.indices), 3
    vectors = np.random.default_rng(0).standard_normal((2, n_words, n_components)).astype(np.float32)
    pattern = weights.indptr, weights.indices
    row = 4 * n_components
    clock.measure(
        "pair_products",
        lambda: backend.pair_products(*pattern, *vectors),
        n_bytes=n_pairs * (4 + row + 4),
        n_flops=2 * n_components * n_pairs,
        n_components=n_components,
    )
    clock.measure(
        "solve_rows",
        lambda: backend.solve_rows(
            *vectors,
            *pattern,
            weights.total,
            weights.positive,
            right_wd=vectors[0],
            background_wr=weights.rows,
            grams_rdd=np.eye(n_components)[np.newaxis],
            ridge_w=np.ones(n_words),
            n_steps=n_steps,
        ),
        n_bytes=(1 + n_steps) * n_pairs * (12 + row),  # the second look at a row is a cache's
        n_flops=(1 + n_steps) * (4 * n_components * n_pairs + 2 * n_components**2 * n_words),
        n_components=n_components,
    )


def bytes_and_flops(corpus, vocabulary, n_components):
    """Return what one pass of training cannot do without, with linear windows that no document's end cuts off."""
    width = -(-n_components // 16) * 16
    shares = vocabulary.counts / vocabulary.counts.sum()
    kept = len(corpus.ids) * float(shares @ keep_probabilities(shares, subsample=SUBSAMPLE))
    inputs = WINDOW + 1  # of a window, on average: twice its mean reach
    groups = np.mean([reach // 2 + reach % 2 for reach in range(1, WINDOW + 1)])  # 2 * reach words, four at a time
    rows = inputs + (1 + NEGATIVE) + inputs + groups * (1 + NEGATIVE)  # read, and added to
    return kept, kept * 4 * width * rows, kept * 6 * width * inputs * (1 + NEGATIVE)


def measure_training(clock, backend, corpus, vocabulary, n_components, *, compare):
    """Train for one pass; compare its loss with that of the CPU's kernel on one thread."""
    noise = noise_distribution(vocabulary.counts, noise_exponent=0.75)
    sampling = make_sampling(vocabulary.counts, noise, window=WINDOW, negative=NEGATIVE, subsample=SUBSAMPLE)
    start = initial_vectors(len(vocabulary), n_components, init_scale=0.03, random_state=np.random.RandomState(0))
    kept, n_bytes, n_flops = bytes_and_flops(corpus, vocabulary, n_components)

    def train(chosen):
        passes = stochastic_gradient_descent(
            corpus, sampling, start, learning_rates=linear_decay(0.025, 1), backend=chosen, n_replicas=None
        )
        return run_passes(passes, max_iter=1)

    trained = clock.measure(
        "train_tokens",
        lambda: train(backend),
        n_bytes=n_bytes,
        n_flops=n_flops,
        n_items=len(corpus.ids),
        n_components=n_components,
        kept_tokens=round(kept),
        repeats=2,
    )
    clock.rows[-1]["loss"] = trained.losses[-1]
    if compare:
        begin = perf_counter()
        clock.rows[-1]["loss_of_one_cpu_thread"] = train(get_backend("cpu")).losses[-1]
        clock.rows[-1]["seconds_of_one_cpu_thread"] = perf_counter() - begin


def describe(xp):
    """Return what the figures depend on."""
    runtime = xp.cuda.runtime
    properties = runtime.getDeviceProperties(0)
    packages = {}
    for name in ("sk-w2v", "numpy", "scipy", "numba"):
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            packages[name] = "not installed"
    return {
        "device": properties["name"].decode(),
        "multiprocessors": properties["multiProcessorCount"],
        "driver": runtime.driverGetVersion(),
        "cuda": runtime.runtimeGetVersion(),
        "cupy": xp.__version__,
        "packages": packages,
        "python": platform.python_version(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(sys.argv),
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="gpu.json")
    parser.add_argument("--tokens", type=int, default=20_000_000)
    parser.add_argument("--words", type=int, default=30_000)
    parser.add_argument("--components", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--bandwidth", type=float, default=3e12, help="bytes a second")
    parser.add_argument("--flops", type=float, default=60e12, help="of float32, a second")
    parser.add_argument("--no-cpu", action="store_true", help="do not train on the CPU beside it")
    options = parser.parse_args(arguments)
    backend = get_backend("cuda")
    report = describe(backend.xp)
    corpus, vocabulary = make_corpus(options.tokens, options.words)
    clock = Clock(backend.xp, bandwidth=options.bandwidth, flops=options.flops)
    counted = measure_counts(clock, backend, corpus, vocabulary, max(options.components))
    for n_components in options.components:
        measure_least_squares(clock, backend, counted, vocabulary, n_components)
        measure_training(clock, backend, corpus, vocabulary, n_components, compare=not options.no_cpu)
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump({**report, "results": clock.rows}, file, indent=1)
    print(f"Written to {options.out}")


if __name__ == "__main__":
    main()
