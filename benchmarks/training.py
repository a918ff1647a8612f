"""Speed of word2vec training here and in gensim, in pairs of runs on the same text, words and parameters.

The loop alone: one epoch, from word ids (gensim: its `corpus_file` mode, which reads the text again in each epoch), in
thousands of words of the text a second. The whole process: from a plain text file to vectors saved in word2vec's binary
format, everything included, imports too.

    python benchmarks/training.py CORPUS.txt --n-components 100 300 --n-jobs 1 2 --runs 3
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

from sklearn.feature_extraction.text import CountVectorizer

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


WINDOW, NEGATIVE, SUBSAMPLE, NOISE_EXPONENT, LEARNING_RATE = 5, 5, 1e-3, 0.75, 0.025


def main() -> None:
    options = parse_options()
    if options.whole_process:
        WHOLE_PROCESS[options.whole_process](options)
        return
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    with tempfile.TemporaryDirectory() as folder:
        options.corpus = first_documents(options, Path(folder) / "text.txt")
        for n_components in options.n_components:
            for n_jobs in options.n_jobs:
                options.vectors = str(Path(folder) / "vectors.bin")
                compare_loops(options, n_components, n_jobs)
                if not options.no_whole_process:
                    compare_processes(options, n_components, n_jobs)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--n-components", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--n-jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--documents", type=int, help="take the first ones only")
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--epochs", type=int, default=5, help="of the whole process")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-whole-process", action="store_true")
    parser.add_argument("--whole-process", choices=list(WHOLE_PROCESS), help=argparse.SUPPRESS)
    parser.add_argument("--vectors", help=argparse.SUPPRESS)
    return parser.parse_args()


def first_documents(options: argparse.Namespace, path: Path) -> str:
    """Write the text that is trained on."""
    with open(options.corpus, encoding="utf-8") as text, open(path, "w", encoding="utf-8") as part:
        part.writelines(islice(text, options.documents))
    return str(path)


def compare_loops(options: argparse.Namespace, n_components: int, n_jobs: int) -> None:
    """Time the training loops in turn."""
    n_tokens, n_products, ours = our_loop(options, n_components, n_jobs)
    theirs = gensim_loop(options, n_components, n_jobs)
    mine, other = report(f"loop, {n_components} components, {n_jobs} threads", options, ours, theirs)
    speeds = [n_tokens / each / 1e3 for each in (mine, other)]
    rate, peak = 6 * n_components * n_products / mine / 1e9, sgemm_rate(n_jobs)  # a product is 2 d, its two steps 4 d
    print(
        f"    {speeds[0]:.0f} against {speeds[1]:.0f} thousand words/s; {rate:.0f} of the {peak:.0f} GFLOP/s of sgemm",
        flush=True,
    )


def sgemm_rate(n_jobs: int) -> float:
    """Return what a product of large float32 matrices reaches, in GFLOP/s."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    left, right = np.random.default_rng(0).standard_normal((2, 2000, 2000)).astype(np.float32)
    with threadpool_limits(n_jobs):
        return 2 * 2000**3 / min(seconds(lambda: left @ right) for _ in range(5)) / 1e9


def compare_processes(options: argparse.Namespace, n_components: int, n_jobs: int) -> None:
    """Time whole processes in turn."""

    def run(which: str) -> None:
        arguments = ["--n-components", n_components, "--n-jobs", n_jobs, "--max-features", options.max_features]
        arguments += ["--epochs", options.epochs, "--vectors", options.vectors, "--whole-process", which]
        subprocess.run([sys.executable, __file__, options.corpus, *map(str, arguments)], check=True)

    report(
        f"process, {n_components} components, {n_jobs} threads, {options.epochs} epochs",
        options,
        partial(run, "sk-w2v"),
        partial(run, "gensim"),
    )


def report(name: str, options: argparse.Namespace, ours, theirs) -> tuple[float, float]:
    """Run the two in turn; print, and return, the medians of their seconds, and print that of the ratios."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(options.runs)]
    mine, other = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(theirs / ours for ours, theirs in pairs)
    print(f"{name}: {mine:.2f} s against gensim's {other:.2f} s: {ratio:.1f} times", flush=True)
    return mine, other


def seconds(run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def our_loop(options: argparse.Namespace, n_components: int, n_jobs: int):
    """Return the numbers of tokens, and of products of an epoch, and a function that trains for one."""
    import numpy as np

    from sk_w2v import SGNSEmbedder
    from sk_w2v.io import LineDocuments
    from sk_w2v.solvers import linear_decay, run_passes, stochastic_gradient_descent
    from sk_w2v.solvers._sampling import expected_products, make_sampling
    from sk_w2v.solvers._sgd import initial_vectors
    from sk_w2v.targets import noise_distribution

    encoder = SGNSEmbedder(max_features=options.max_features, vectorizer=AS_IT_IS)
    corpus, vocabulary = encoder.read_corpus(LineDocuments(options.corpus))
    noise = noise_distribution(vocabulary.counts, noise_exponent=NOISE_EXPONENT)
    sampling = make_sampling(vocabulary.counts, noise, window=WINDOW, negative=NEGATIVE, subsample=SUBSAMPLE)
    words = initial_vectors(len(vocabulary), n_components, init_scale=0.03, random_state=np.random.RandomState(0))
    n_replicas = 1 if n_jobs == 1 else "auto"  # one as gensim does

    def run():
        rates = linear_decay(LEARNING_RATE, 1)
        passes = stochastic_gradient_descent(
            corpus, sampling, words, learning_rates=rates, n_jobs=n_jobs, n_replicas=n_replicas
        )
        return run_passes(passes, max_iter=1)

    run()  # kernels are compiled
    n_products = len(corpus.ids) * expected_products(corpus, sampling)[0].sum()
    return len(corpus.ids), n_products, run


def gensim_loop(options: argparse.Namespace, n_components: int, n_jobs: int):
    """Return a function that trains gensim's vectors for one epoch."""
    model, sizes = gensim_model(options, n_components, n_jobs)
    return partial(model.train, corpus_file=options.corpus, epochs=1, **sizes)


def gensim_model(options: argparse.Namespace, n_components: int, n_jobs: int):
    """Return gensim's model with the same words, and what it needs to know of the text."""
    from gensim.models import Word2Vec

    counts, n_documents = Counter(), 0
    with open(options.corpus, encoding="utf-8") as documents:
        for document in documents:
            counts.update(document.split())
            n_documents += 1
    frequent = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: options.max_features])
    model = Word2Vec(
        vector_size=n_components, window=WINDOW, sg=1, negative=NEGATIVE, sample=SUBSAMPLE,
        ns_exponent=NOISE_EXPONENT, alpha=LEARNING_RATE, workers=n_jobs, seed=1,
    )  # fmt: skip
    model.build_vocab_from_freq(frequent, corpus_count=n_documents)
    return model, {"total_examples": n_documents, "total_words": sum(counts.values())}


def our_process(options: argparse.Namespace) -> None:
    from sk_w2v import SGNSEmbedder
    from sk_w2v.io import LineDocuments, write_word2vec

    embedder = SGNSEmbedder(
        options.n_components[0], window=WINDOW, negative=NEGATIVE, subsample=SUBSAMPLE, max_iter=options.epochs,
        max_features=options.max_features, vectorizer=AS_IT_IS, n_jobs=options.n_jobs[0],
    )  # fmt: skip
    embedder.fit(LineDocuments(options.corpus))
    write_word2vec(options.vectors, embedder, binary=True)


def gensim_process(options: argparse.Namespace) -> None:
    model, sizes = gensim_model(options, options.n_components[0], options.n_jobs[0])
    model.train(corpus_file=options.corpus, epochs=options.epochs, **sizes)
    model.wv.save_word2vec_format(options.vectors, binary=True)


WHOLE_PROCESS = {"sk-w2v": our_process, "gensim": gensim_process}

if __name__ == "__main__":
    main()
