"""How time and memory of the closed form grow with the vocabulary and with the text; each point in its own process.

python benchmarks/growth.py CORPUS.txt --plot docs/growth.svg
"""

import argparse
import multiprocessing
import resource
import time
import warnings

from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import SpectralEmbedder
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.corpus import Corpus, build_vocabulary, count_words, select_words
from sk_w2v.factorization import top_eigenpairs
from sk_w2v.io import LineDocuments
from sk_w2v.targets import mstar_target

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


STAGES = ("read", "count", "target", "eigenpairs")


def main() -> None:
    options = parse_options()
    print(f"| words | tokens | pairs | {' s | '.join(STAGES)} s | all s | peak GB | residual | products |")
    print("|" + "---|" * (7 + len(STAGES)))
    largest_text = max(options.tokens)
    by_words = [measured(options, n_words, largest_text) for n_words in options.words]
    by_tokens = [measured(options, options.words[-2], n_tokens) for n_tokens in options.tokens]
    if options.plot:
        plot(by_words, by_tokens, options.plot)


def measured(options: argparse.Namespace, n_words: int, n_tokens: int) -> dict:
    """Measure one point in a process of its own, so that its peak of memory is its own; print its row."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        point = pool.apply(measure, (options, n_words, n_tokens))
    stages = " | ".join(f"{point[stage]:.1f}" for stage in STAGES)
    print(
        f"| {point['words']:,} | {point['tokens']:,} | {point['pairs']:,} | {stages} | {point['all']:.1f} | "
        f"{point['peak']:.2f} | {point['residual']:.3f} | {point['products']} |",
        flush=True,
    )
    return point


def measure(options: argparse.Namespace, n_words: int, n_tokens: int) -> dict:
    """Return seconds of each stage, sizes and the peak of memory for the first `n_tokens` tokens."""
    warnings.simplefilter("ignore")  # an unreached tolerance is in the table
    embedder = SpectralEmbedder(min_count=1, vectorizer=AS_IT_IS, n_jobs=options.n_jobs)
    clock = [time.perf_counter()]
    corpus, vocabulary = cut(*embedder.read_corpus(LineDocuments(options.corpus)), n_tokens, n_words)
    clock.append(time.perf_counter())
    cooccurrence = count_cooccurrences(corpus, vocabulary, window=options.window, n_jobs=options.n_jobs)
    clock.append(time.perf_counter())
    target = mstar_target(cooccurrence)
    clock.append(time.perf_counter())
    pairs = top_eigenpairs(target, options.n_components, tol=options.tol, n_jobs=options.n_jobs)
    clock.append(time.perf_counter())
    seconds = {stage: end - start for stage, start, end in zip(STAGES, clock[:-1], clock[1:], strict=True)}
    return {
        **seconds,
        "all": clock[-1] - clock[0],
        "words": len(vocabulary),
        "tokens": len(corpus.ids),
        "pairs": target.deviations.nnz,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "residual": pairs.residuals.max(),
        "products": pairs.n_iter,
    }


def cut(corpus: Corpus, vocabulary, n_tokens: int, n_words: int):
    """Return the first documents of about `n_tokens` tokens, and their most frequent words."""
    n_documents = max(1, int((corpus.offsets <= n_tokens).sum()) - 1)
    shorter = Corpus(corpus.ids[: corpus.offsets[n_documents]], corpus.offsets[: n_documents + 1])
    counts = count_words(shorter, len(vocabulary)).tolist()
    frequent = build_vocabulary(
        dict(zip(vocabulary.words.tolist(), counts, strict=True)), min_count=1, max_features=n_words
    )
    return select_words(shorter, frequent.lookup(vocabulary.words)), frequent


def plot(by_words: list[dict], by_tokens: list[dict], path: str) -> None:
    """Draw seconds by stage, and memory, on logarithmic axes."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 4), sharey=True, layout="constrained")
    for axis, points, size in zip(axes, (by_words, by_tokens), ("words", "tokens"), strict=True):
        for stage in (*STAGES, "all"):
            axis.plot([point[size] for point in points], [point[stage] for point in points], "o-", label=f"{stage}, s")
        axis.plot([point[size] for point in points], [point["peak"] for point in points], "s:", label="peak memory, GB")
        axis.set(xscale="log", yscale="log", xlabel=f"{size} of {'vocabulary' if size == 'words' else 'text'}")
        axis.grid(alpha=0.3)
    axes[0].legend(fontsize="small")
    figure.savefig(path)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--words", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument(
        "--tokens", type=int, nargs="+", default=[1_000_000, 2_000_000, 4_000_000, 8_000_000, 17_000_000]
    )
    parser.add_argument("--window", type=int, default=10)
    parser.add_argument("--n-components", type=int, default=300)
    parser.add_argument("--tol", type=float, default=0.02)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--plot", help="file to draw into")
    return parser.parse_args()


if __name__ == "__main__":
    main()
