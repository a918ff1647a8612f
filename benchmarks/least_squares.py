"""What each parameter of ALSEmbedder is worth: one at a time, from settings near the recommended.

Word vectors are judged on one corpus, document vectors on another, as in sweep.py: by logistic regression on documents
that were held out of the training part. Seconds are those of alternating least squares alone, on the first corpus;
counting and the start are the same for most rows.

    python benchmarks/least_squares.py CORPUS.txt NEWS.tsv --analogies google.txt --similarity ws353.txt simlex999.txt
"""

import argparse
import time
from functools import cache

from sweep import Judge, parser_of_texts

from sk_w2v import ALSEmbedder, SpectralEmbedder
from sk_w2v.postprocessing import postprocess

BASE = {
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
    "center": True,
}
VARIED = {
    "max_iter": [1, 2, 3, 8],
    "n_components": [50, 100, 400],
    "window": [2, 5, 10, 16],
    "window_weighting": ["linear"],
    "negative": [1, 10, 15],
    "noise_exponent": [0.5, 0.75, 1.0],
    "subsample": [0.0, 1e-5, 1e-3],
    "weight_exponent": [0.0, 0.5, 1.0],
    "alpha": [0.01, 0.1],
    "loss": ["logistic"],
    "init": ["random"],
}
READ_OUT = [  # of one model: combine, center, n_removed
    ("word", True, 0),
    ("word", False, 0),
    ("word", True, 2),
    ("context", True, 0),
    ("sum", False, 0),
    ("sum", True, 0),
    ("sum", True, 2),
]


class Study(Judge):
    """Models by least squares of the words of one corpus and the documents of another, and their scores."""

    @cache  # noqa: B019 - one study a process
    def closed_form(self, which: str, window: int, window_weighting: str, n_components: int):
        """Return what init="spectral" begins with."""
        closed = SpectralEmbedder(n_components, n_jobs=self.options.n_jobs, random_state=0)
        return closed.fit(self.counts(which, window, window_weighting)).embedding_

    def solve(self, which: str, *, n_components: int | None = None, **parameters) -> tuple[ALSEmbedder, float]:
        """Fit with other parameters than those of the base; return the seconds, too."""
        parameters = {**BASE, **parameters}
        n_components = n_components or self.options.n_components
        windows = parameters["window"], parameters["window_weighting"]
        if parameters["init"] == "spectral":
            parameters["init"] = self.closed_form(which, *windows, n_components)
        embedder = ALSEmbedder(n_components, random_state=0, n_jobs=self.options.n_jobs, **parameters)
        counts = self.counts(which, *windows)
        start = time.perf_counter()
        return embedder.fit(counts), time.perf_counter() - start


def main() -> None:
    options = parse_options()
    study = Study(options)
    titles = [*study.titles, "loss", "seconds"]
    print("| parameter | value | " + " | ".join(titles) + " |\n|" + "---|" * (2 + len(titles)), flush=True)
    names = list(VARIED) if options.only is None else options.only
    if options.only is None:
        read_outs(study)
    for name in names:
        for value in VARIED[name]:
            words, seconds = study.solve("corpus", **{name: value})
            row(study, name, value, words, study.solve("documents", **{name: value})[0], seconds)


def read_outs(study: Study) -> None:
    """Print what can be made of one pair of models by other ways to read them out."""
    (words, seconds), (documents, _) = (study.solve(which) for which in ("corpus", "documents"))
    for combine, center, n_removed in READ_OUT:
        for model in (words, documents):
            vectors = model.input_embedding_, model.context_embedding_
            model.embedding_ = postprocess(*vectors, combine=combine, center=center, n_removed=n_removed)
        row(study, "read-out", f"{combine}, center={center}, n_removed={n_removed}", words, documents, seconds)


def row(study: Study, name: str, value: object, words: ALSEmbedder, documents: ALSEmbedder, seconds: float) -> None:
    scores = " | ".join(f"{score:.3f}" for score in study.scores(words, documents))
    print(f"| {name} | {value} | {scores} | {words.loss_curve_[-1]:.4f} | {seconds:.1f} |", flush=True)


def parse_options() -> argparse.Namespace:
    parser = parser_of_texts(__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=list(VARIED), help="vary these parameters only")
    return parser.parse_args()


if __name__ == "__main__":
    main()
