"""Seconds and memory to count a text's pairs of words, from ready ids, by who counts them.

    python benchmarks/counting.py CORPUS.txt

Everyone counts pairs in both directions with uniform weights, each in a new process, after compiling on a few
documents. Memory is the peak above what there was when counting began, which is Linux's to tell. Pairs per second are
tokens * 2 * window / seconds. The sum of all counts shows who counted all; TutteInstitute's `vectorizers` adds in
float32. It is left out where it is not installed; ``--vectorizers PYTHON`` names an interpreter that has it.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np

WARM_UP = 20  # documents


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--windows", type=int, nargs="+", default=[5, 16])
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--memory-budget", type=int, default=100_000_000, help="bytes, for the last of our rows")
    parser.add_argument("--vectorizers", default=sys.executable, metavar="PYTHON")
    options = parser.parse_args()
    ids, lengths = read_ids(options.corpus, options.max_features)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    print(f"{len(ids)} tokens of {options.max_features} words at most in {len(lengths)} documents")
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "ids.npz", ids=ids, lengths=lengths)
        for window in options.windows:
            for name, (python, contender, keywords) in contenders(options).items():
                task = {"contender": contender, "ids": f"{folder}/ids.npz", "window": window, **keywords}
                report(name, window, len(ids), run(python, task))


def contenders(options: argparse.Namespace) -> dict[str, tuple[str, str, dict]]:
    """Return interpreter, function and its keywords, by what is printed."""
    here, jobs, budget = sys.executable, options.n_jobs, options.memory_budget
    return {
        "sk-w2v, 1 thread": (here, "ours", {"n_jobs": 1}),
        f"sk-w2v, {jobs} threads": (here, "ours", {"n_jobs": jobs}),
        f"sk-w2v, {jobs} threads, {budget / 1e6:.0f} MB": (here, "ours", {"n_jobs": jobs, "memory_budget": budget}),
        "SciPy, COO to CSR, 1 thread": (here, "scipy", {}),
        "vectorizers, 1 thread": (options.vectorizers, "vectorizers", {"n_jobs": 1}),
        f"vectorizers, {jobs} threads": (options.vectorizers, "vectorizers", {"n_jobs": jobs}),
    }


def read_ids(path: str, max_features: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids of the most frequent words, the others left out, and the documents' lengths."""
    with open(path, encoding="utf-8") as lines:
        documents = [line.split() for line in lines]
    frequencies = Counter(word for document in documents for word in document)
    rows = {word: row for row, (word, _) in enumerate(frequencies.most_common(max_features))}
    encoded = [[rows[word] for word in document if word in rows] for document in documents]
    return np.concatenate([np.array(ids, np.int32) for ids in encoded]), np.array([len(ids) for ids in encoded])


def run(python: str, task: dict) -> dict | None:
    """Return what a contender measured in a process of its own, or None if it is not installed."""
    installed = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({task['contender']!r}) is None)"
    if task["contender"] != "ours" and subprocess.run([python, "-c", installed], check=False).returncode:
        return None
    command = [python, __file__, "--task", json.dumps(task)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def report(name: str, window: int, n_tokens: int, measured: dict | None) -> None:
    if measured is None:
        print(f"window {window:3}  {name:32} not installed")
        return
    seconds, memory, total = measured["seconds"], measured["memory"], measured["sum"]
    speed = n_tokens * 2 * window / seconds / 1e6
    print(
        f"window {window:3}  {name:32}{seconds:8.2f} s{speed:8.0f} million pairs/s{memory / 1e6:8.0f} MB  sum {total}",
        flush=True,
    )


def count_here(task: dict) -> None:
    """Count in this process and print what it took."""
    stored = np.load(task.pop("ids"))
    ids, offsets = stored["ids"], np.concatenate([[0], np.cumsum(stored["lengths"])])
    prepare = {"ours": prepare_ours, "scipy": prepare_scipy, "vectorizers": prepare_vectorizers}[task.pop("contender")]
    few = offsets[: WARM_UP + 1]
    prepare(ids[: few[-1]], few, n_words=int(ids.max()) + 1, **task)()
    count = prepare(ids, offsets, n_words=int(ids.max()) + 1, **task)
    before = peak_memory(anew=True)
    start = time.perf_counter()
    counts = count()
    seconds = time.perf_counter() - start
    memory = peak_memory() - before
    print(json.dumps({"seconds": seconds, "memory": memory, "sum": int(counts.sum(dtype=np.float64))}))


def prepare_ours(ids, offsets, *, n_words, window, n_jobs, memory_budget=None):
    from sk_w2v.cooccurrence import count_cooccurrences
    from sk_w2v.corpus import Corpus, Vocabulary

    corpus = Corpus(ids, offsets)
    words = Vocabulary(np.arange(n_words).astype(str).astype(object), np.ones(n_words, np.int64))
    how = {"window": window, "window_weighting": "uniform", "n_jobs": n_jobs, "memory_budget": memory_budget}
    return lambda: count_cooccurrences(corpus, words, **how).counts


def prepare_scipy(ids, offsets, *, n_words, window):
    """Make one COO array for each distance, so that not all pairs are in memory at a time."""
    from scipy import sparse

    def count():
        document = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
        total = sparse.csr_array((n_words, n_words), dtype=np.int64)
        for distance in range(1, window + 1):
            together = document[distance:] == document[:-distance]
            left, right = ids[:-distance][together], ids[distance:][together]
            ones = np.ones(len(left), dtype=np.int64)
            total = total + sparse.coo_array((ones, (left, right)), shape=total.shape).tocsr()
        return total + total.T

    return count


def prepare_vectorizers(ids, offsets, *, n_words, window, n_jobs):
    """Stop the library right before it counts, when it has ids, and count the words after each one."""
    from vectorizers import TokenCooccurrenceVectorizer

    class Stopped(TokenCooccurrenceVectorizer):
        def _build_token_cooccurrence_matrix(self, token_sequences):
            self.sequences = token_sequences

    vectorizer = Stopped(
        token_dictionary={word: word for word in range(n_words)},
        window_radii=window,
        window_orientations="after",
        normalize_windows=False,
        n_threads=n_jobs,
        validate_data=False,
    )
    documents = [tuple(ids[first:end].tolist()) for first, end in pairwise(offsets)]
    vectorizer.fit([document for document in documents if document])

    def count():
        after = TokenCooccurrenceVectorizer._build_token_cooccurrence_matrix(vectorizer, vectorizer.sequences)
        return after + after.T

    return count


def peak_memory(*, anew: bool = False) -> int:
    """Return the greatest memory of this process so far (bytes), or begin to watch anew and return today's."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    return 1024 * int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--task"]:
        count_here(json.loads(sys.argv[2]))
    else:
        main()
