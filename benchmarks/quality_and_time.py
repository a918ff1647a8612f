"""Quality of word vectors against the seconds from text file to vectors, for every way to make them; and the plot.

Each run adds its figures to a JSON file, in the place of what it had of the same name, so that runs can be made one by
one; the plot is drawn from that file. Kernels are compiled and loaded before the clock starts. Sweeps of least squares
are timed within one fit, epochs of training in a fit for each number of them, since the learning rate falls to zero at
the last.

    python benchmarks/quality_and_time.py CORPUS.txt figures.json --analogies google.txt --similarity ws353.txt \
        simlex999.txt --plot least_squares.svg
    python benchmarks/quality_and_time.py CORPUS.txt figures.json --analogies google.txt --only "gradients, 5 epochs"
"""

import argparse
import json
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from figures import new_figure, save
from sklearn.feature_extraction.text import CountVectorizer
from wiki import N_FREQUENT, SPECTRAL_START, fit_gensim

from sk_w2v import ALSEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings, read_analogies, read_similarity
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation
from sk_w2v.plotting._axes import add_legend, logarithmic
from sk_w2v.plotting._labels import place_labels
from sk_w2v.plotting._style import line_styles

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


DIMENSIONS = [50, 100, 200, 300, 400]
EPOCHS = [1, 2, 5, 20]
N_SWEEPS = 8
NAMES = {"analogies": "analogies answered", "ws353": "WordSim-353, rank correlation"}  # of the axes
Snapshots = list[tuple[str, float, list[str], np.ndarray]]  # name of the point, seconds, words, vectors


class Stopwatch:
    """A callback that keeps seconds and word vectors after each pass."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self.passes: list[tuple[float, np.ndarray]] = []

    def setup(self, estimator, context) -> None:
        """Do nothing: time runs already."""

    def teardown(self, estimator, context) -> None:
        """Do nothing: what was kept stays."""

    def on_fit_task_begin(self, estimator, context) -> None:
        """Do nothing: a pass counts at its end."""

    def on_fit_task_end(self, estimator, context, *, fitted_estimator=None) -> bool:
        """Keep the pass that has ended; never ask to stop."""
        if fitted_estimator is not None and len(self.passes) < fitted_estimator.n_iter_:
            self.passes.append((time.perf_counter() - self.start, fitted_estimator.embedding_))
        return False


def runs(options: argparse.Namespace) -> dict[str, tuple[str, Callable[[], Snapshots]]]:
    """Return by name which line of the plot a run belongs to, and what makes its points."""
    common = {"max_features": options.max_features, "vectorizer": AS_IT_IS}
    common |= {"n_jobs": options.n_jobs, "random_state": 1}
    d = options.n_components

    def fitted(point: str, embedder) -> Callable[[], Snapshots]:
        return lambda: timed(point, lambda: words_and_vectors(embedder.fit(LineDocuments(options.corpus))))

    found = {f"closed form, {n}": ("closed form", fitted(str(n), SpectralEmbedder(n, **common))) for n in DIMENSIONS}
    found["least squares"] = ("least squares", lambda: sweeps(ALSEmbedder(d, **common), options))
    for n in EPOCHS:
        trained = SGNSEmbedder(d, max_iter=n, **common)
        found[f"gradients, {n} epochs"] = ("gradients", fitted(str(n), trained))
    for n in EPOCHS[:3]:
        started = SGNSEmbedder(d, **{**SPECTRAL_START, "max_iter": n, **common})
        found[f"gradients from closed form, {n} epochs"] = ("gradients from the closed form", fitted(str(n), started))
    for n in EPOCHS[:3]:
        told = SimpleNamespace(**{**vars(options), "epochs": n})
        found[f"gensim, {n} epochs"] = ("gensim", lambda n=n, told=told: timed(str(n), lambda: fit_gensim(told)))
    return found


def timed(point: str, fit: Callable[[], tuple[list[str], np.ndarray]]) -> Snapshots:
    """Return the one point of a run that is timed as a whole."""
    start = time.perf_counter()
    words, vectors = fit()
    return [(point, time.perf_counter() - start, words, vectors)]


def words_and_vectors(embedder) -> tuple[list[str], np.ndarray]:
    return embedder.words_.tolist(), embedder.embedding_


def sweeps(embedder: ALSEmbedder, options: argparse.Namespace) -> Snapshots:
    """Return a point for each sweep of one fit."""
    watch = Stopwatch()
    embedder.set_params(max_iter=N_SWEEPS).set_callbacks(watch).fit(LineDocuments(options.corpus))
    words = embedder.words_.tolist()
    return [(str(place + 1), seconds, words, vectors) for place, (seconds, vectors) in enumerate(watch.passes)]


def scores_of(words: list[str], vectors: np.ndarray, options: argparse.Namespace) -> dict[str, float]:
    """Return scores by title."""
    rows = {word: row for row, word in enumerate(words)}
    frequent = {word: row for word, row in rows.items() if row < N_FREQUENT}
    analogies = read_analogies(options.analogies, lowercase=True)
    scores = {
        "analogies": analogy_accuracy(vectors, rows, analogies),
        f"top {N_FREQUENT}": analogy_accuracy(vectors[:N_FREQUENT], frequent, analogies),
        **{
            Path(path).stem: similarity_correlation(vectors, rows, read_similarity(path, lowercase=True))
            for path in options.similarity
        },
    }
    return {title: round(float(score.value), 4) for title, score in scores.items()}


def main() -> None:
    options = parse_options()
    path = Path(options.figures)
    figures = json.loads(path.read_text()) if path.exists() else {}
    chosen = {name: run for name, run in runs(options).items() if options.only is None or name in options.only}
    if chosen:
        warm_up(options)
    for name, (line, run) in chosen.items():
        points = [
            {"point": point, "seconds": round(seconds, 1), **scores_of(words, vectors, options)}
            for point, seconds, words, vectors in run()
        ]
        figures[name] = {"line": line, "points": points}
        path.write_text(json.dumps(figures, indent=1) + "\n")
        for point in points:
            print(f"{name:40}", *(f"{title} {value}" for title, value in point.items()), sep="  ", flush=True)
    if options.plot:
        draw(figures, options.plot)


def warm_up(options: argparse.Namespace) -> None:
    """Let every kernel be compiled and loaded, on text of so many words that none is passed over."""
    documents = load_docstrings().data
    solved = ALSEmbedder(4, max_iter=1)
    for embedder in (SpectralEmbedder(4), solved, SGNSEmbedder(4), SGNSEmbedder(4, n_replicas=2)):
        embedder.set_params(n_jobs=options.n_jobs).fit(documents)


def draw(figures: dict, path: str) -> None:
    """Draw analogies and one similarity against seconds, a line for each way to make vectors."""
    lines: dict[str, list[dict]] = {}
    for run in figures.values():
        lines.setdefault(run["line"], []).extend(run["points"])
    titles = [title for title in next(iter(lines.values()))[0] if title not in ("point", "seconds")]
    shown = [titles[0], titles[2]] if len(titles) > 2 else titles[:1]
    figure, axes = new_figure(1, len(shown), figsize=(6.5 * len(shown), 5))
    for ax, title in zip(axes[0], shown, strict=True):
        for (line, points), style in zip(lines.items(), line_styles(), strict=False):
            points = sorted(points, key=lambda point: int(point["point"]))
            seconds, values = ([point[key] for point in points] for key in ("seconds", title))
            ax.plot(seconds, values, marker="o", markersize=4, label=line, **style)
        ax.set(xscale="log", xlabel="seconds from text file to vectors", ylabel=NAMES.get(title, title))
        logarithmic(ax.xaxis)
        ax.grid(alpha=0.3)
    add_legend(axes[0][-1], fontsize=None, title="at the points: components,\nsweeps or epochs")
    figure.draw_without_rendering()  # computes the layout of the axes
    for ax, title in zip(axes[0], shown, strict=True):
        write_numbers(ax, [point for points in lines.values() for point in points], title)
    save(figure, path)


def write_numbers(ax, points: list[dict], title: str) -> None:
    """Write components, sweeps or epochs next to the points, where neither a line nor another number is."""
    texts = [
        ax.annotate(point["point"], (point["seconds"], point[title]), (0, 0), textcoords="offset points", fontsize=10)
        for point in points
    ]
    pixels = ax.transData.transform([(point["seconds"], point[title]) for point in points])
    sizes = np.array([[text.get_window_extent().width + 2, 12] for text in texts])
    obstacles = [np.hstack([place - 2, place + 2]) for line in ax.lines for place in along(line, ax)]
    centers = place_labels(pixels, sizes, bounds=ax.bbox.extents, obstacles=obstacles)
    for text, offset in zip(texts, (centers - pixels) * 72 / ax.figure.dpi, strict=True):
        text.set(position=offset, ha="center", va="center", in_layout=False)


def along(line, ax) -> np.ndarray:
    """Return points along a line, in pixels, of shape (n_points, 2)."""
    corners = ax.transData.transform(line.get_xydata())
    steps = np.linspace(0, 1, 60)[:, np.newaxis]
    return np.vstack([corners, *(start + steps * (end - start) for start, end in pairwise(corners))])


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("figures", help="JSON file to add figures to")
    parser.add_argument("--analogies", required=True)
    parser.add_argument("--similarity", nargs="+", default=[])
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--only", nargs="*", help="make these runs only; none, to draw what the file has")
    parser.add_argument("--plot", help="file to draw into")
    return parser.parse_args()


if __name__ == "__main__":
    main()
