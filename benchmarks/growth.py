"""How time and memory of the closed form grow with the vocabulary and with the text; each point in its own process.

python benchmarks/growth.py CORPUS.txt --numbers docs/growth.json --plot docs/growth.svg
python benchmarks/growth.py --numbers docs/growth.json --plot docs/growth.svg  # draw what the file has
"""

import argparse
import multiprocessing
import resource
import time
import warnings

from figures import new_figure, read_numbers, save, write_numbers
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import SpectralEmbedder
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.corpus import Corpus, build_vocabulary, count_words, select_words
from sk_w2v.factorization import top_eigenpairs
from sk_w2v.io import LineDocuments
from sk_w2v.plotting._axes import add_legend, logarithmic
from sk_w2v.plotting._style import BLACK, line_styles
from sk_w2v.targets import mstar_target

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


SCALES = {"words": 1, "tokens": 1e6}
STAGES = ("read", "count", "target", "eigenpairs")


def main() -> None:
    options = parse_options()
    if options.corpus:
        measure_all(options)
    if options.plot:
        plot(read_numbers(options.numbers), options.plot)


def measure_all(options: argparse.Namespace) -> None:
    """Print a row for each size, and write all to the file of numbers."""
    print(f"| words | tokens | pairs | {' s | '.join(STAGES)} s | all s | peak GB | residual | products |")
    print("|" + "---|" * (7 + len(STAGES)))
    largest_text = max(options.tokens)
    by_words = [measured(options, n_words, largest_text) for n_words in options.words]
    by_tokens = [measured(options, options.words[-2], n_tokens) for n_tokens in options.tokens]
    if options.numbers:
        write_numbers(options.numbers, {"words": by_words, "tokens": by_tokens})


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


def plot(numbers: dict, path: str) -> None:
    """Draw seconds by stage above memory, by words on the left and by tokens on the right."""
    figure, axes = new_figure(2, 2, figsize=(10, 6.5), sharex="col", sharey="row", height_ratios=(2, 1))
    for column, (size, of) in enumerate((("words", "vocabulary"), ("tokens", "text"))):
        points = sorted(numbers[size], key=lambda point: point[size])
        sizes = [point[size] / SCALES[size] for point in points]
        for stage, style in zip(STAGES, line_styles(), strict=False):
            axes[0, column].plot(sizes, [point[stage] for point in points], marker="o", label=stage, **style)
        axes[0, column].plot(sizes, [point["all"] for point in points], "o-", color=BLACK, label="all", linewidth=2.4)
        axes[1, column].plot(sizes, [point["peak"] for point in points], "o-", color=BLACK)
        unit = "" if SCALES[size] == 1 else ", millions"
        axes[1, column].set(xscale="log", xlabel=f"{size} of {of}{unit}", ylim=(0, None))
        axes[1, column].set_xticks(sizes, [f"{each:,.3g}" if unit else f"{each:,}" for each in map(tidy, sizes)])
        axes[1, column].minorticks_off()
        axes[0, column].set(yscale="log")
    logarithmic(axes[0, 0].yaxis)
    axes[0, 0].set_ylabel("seconds")
    axes[1, 0].set_ylabel("peak memory, GB")
    for ax in axes.flat:
        ax.grid(alpha=0.3)
    add_legend(axes[0, 1], fontsize=None)
    save(figure, path)


def tidy(size: float) -> float:
    """Return whole numbers of words as such."""
    return int(size) if size == int(size) else size


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("--numbers", help="JSON file for what the figure shows")
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
