"""What each parameter of SGNSEmbedder(solver="als") is worth: one at a time, from the settings that are recommended.

Seconds are those of alternating least squares alone; counting and the start are the same for most rows.

    python benchmarks/least_squares.py CORPUS.txt --analogies google.txt --similarity ws353.txt simlex999.txt
"""

import argparse
import time
from functools import cache
from pathlib import Path

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.datasets import read_analogies, read_similarity
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation
from sk_w2v.postprocessing import postprocess

N_FREQUENT = 10_000
RECOMMENDED = {
    "loss": "quartic",
    "window": 20,
    "window_weighting": "harmonic",
    "negative": 5,
    "noise_exponent": 0.65,
    "subsample": 1e-4,
    "weight_exponent": 0.75,
    "alpha": 0.0,
    "max_iter": 4,
    "init": "spectral",
    "tied": False,
}
VARIED = {
    "window": [10],
    "window_weighting": ["linear"],
    "negative": [1],
    "noise_exponent": [0.5, 0.75, 1.0],
    "subsample": [0.0, 1e-3],
    "weight_exponent": [0.5, 1.0],
    "alpha": [0.1],
    "max_iter": [1, 2, 8],
    "loss": ["logistic"],
    "tied": [True],
    "init": ["random"],
    "n_components": [100, 400],
}
READ_OUT = [  # of one model: combine, center, n_removed
    ("word", False, 0),
    ("word", True, 0),
    ("word", True, 2),
    ("context", True, 0),
    ("sum", False, 0),
    ("sum", True, 0),
    ("sum", True, 2),
]


class Study:
    """Scores of models on one corpus."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.analogies = read_analogies(options.analogies, lowercase=True)
        self.similarities = [read_similarity(path, lowercase=True) for path in options.similarity]
        self.titles = ["analogies", f"top {N_FREQUENT}", *[Path(path).stem for path in options.similarity]]
        encoder = SpectralEmbedder(max_features=options.max_features, token_pattern=r"\S+", lowercase=False)
        self.corpus, self.vocabulary = encoder._encode(LineDocuments(options.corpus))

    @cache  # noqa: B019 - one study a process
    def counts(self, window: int, window_weighting: str):
        """Return the counts of the corpus."""
        return count_cooccurrences(
            self.corpus,
            self.vocabulary,
            window=window,
            window_weighting=window_weighting,
            n_jobs=self.options.n_jobs,
        )

    @cache  # noqa: B019
    def closed_form(self, window: int, window_weighting: str, n_components: int):
        """Return what init="spectral" begins with."""
        closed = SpectralEmbedder(n_components, tol=0.1, n_jobs=self.options.n_jobs)
        return closed.fit(self.counts(window, window_weighting)).embedding_

    def fit(self, *, n_components: int | None = None, **parameters) -> tuple[SGNSEmbedder, float]:
        """Fit with other parameters than those recommended; return the seconds, too."""
        parameters = {**RECOMMENDED, **parameters}
        n_components = n_components or self.options.n_components
        windows = parameters["window"], parameters["window_weighting"]
        if parameters["init"] == "spectral":
            parameters["init"] = self.closed_form(*windows, n_components)
        embedder = SGNSEmbedder(
            n_components, solver="als", random_state=0, init_scale=0.3, n_jobs=self.options.n_jobs, **parameters
        )
        counts = self.counts(*windows)
        start = time.perf_counter()
        return embedder.fit(counts), time.perf_counter() - start

    def scores(self, vectors) -> str:
        """Return a row's scores as text."""
        rows = self.vocabulary.rows
        frequent = {word: row for word, row in rows.items() if row < N_FREQUENT}
        values = [
            analogy_accuracy(vectors, rows, self.analogies).value,
            analogy_accuracy(vectors[:N_FREQUENT], frequent, self.analogies).value,
            *[similarity_correlation(vectors, rows, pairs).value for pairs in self.similarities],
        ]
        return " | ".join(f"{value:.3f}" for value in values)


def main() -> None:
    options = parse_options()
    study = Study(options)
    print("| parameter | value | " + " | ".join(study.titles) + " | loss | seconds |\n" + "|---" * 8 + "|")
    base, seconds = study.fit()
    for combine, center, n_removed in READ_OUT:
        vectors = postprocess(
            base.input_embedding_, base.context_embedding_, combine=combine, center=center, n_removed=n_removed
        )
        row(study, "read-out", f"{combine}, center={center}, n_removed={n_removed}", base, seconds, vectors)
    for name in options.only or VARIED:
        for value in VARIED[name]:
            row(study, name, value, *study.fit(**{name: value}))


def row(study: Study, name: str, value: object, model: SGNSEmbedder, seconds: float, vectors=None) -> None:
    """Print one line; vectors are the words', centred, unless others are given."""
    if vectors is None:
        vectors = postprocess(model.input_embedding_, model.context_embedding_, center=True)
    print(f"| {name} | {value} | {study.scores(vectors)} | {model.loss_curve_[-1]:.4f} | {seconds:.1f} |", flush=True)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--analogies", required=True)
    parser.add_argument("--similarity", nargs="+", default=[])
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--only", nargs="+", choices=list(VARIED), help="vary these parameters only")
    return parser.parse_args()


if __name__ == "__main__":
    main()
