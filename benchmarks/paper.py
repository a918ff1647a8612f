"""The table of arXiv 2502.09863, and its figures that compare models: ours, on any text.

The paper's setting: the 10,000 most frequent words, 200 components, windows of 16 words that count linearly. Five ways
to factorize or train, all from one text; Google's analogies by 3CosAdd and word similarity by Spearman's rho, each with
the number of questions or pairs whose words are known. The figure has analogies by rank, the share of one model's first
modes that another's first modes hold, and the spectra of relations. Without a corpus, on the docstrings that come with
scikit-learn and the questions about them.

    python benchmarks/paper.py
    python benchmarks/paper.py CORPUS.txt --analogies google.txt --similarity ws353.txt --numbers paper.json
    python benchmarks/paper.py --redraw --numbers docs/paper.json --figure docs/paper.png
"""

import argparse
import re
import time
from pathlib import Path

import numpy as np
from figures import new_figure, read_numbers, save, write_numbers
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.cooccurrence import Cooccurrence, count_cooccurrences
from sk_w2v.datasets import (
    load_docstring_analogies,
    load_docstring_similarity,
    load_docstrings,
    read_analogies,
    read_similarity,
)
from sk_w2v.inspection import emergence, mode_overlaps, relation_spectrum
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import analogy_accuracy, similarity_correlation
from sk_w2v.plotting._axes import add_legend, logarithmic
from sk_w2v.plotting._style import BLACK, BLUE, VERMILION, line_styles

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


WINDOW = {"window": 16, "window_weighting": "linear"}
CLOSED = "closed form M*"
FEWEST_PAIRS = 10  # of a relation that is drawn
FLOOR = 0.01  # counts that a pair that was not observed gets in the last row


def main() -> None:
    options = parse_options()
    if options.redraw:
        draw(read_numbers(options.numbers), options.figure)
        return
    documents, analogies, similarities = read(options)
    counts = count(documents, options)
    print(f"{len(counts.vocabulary)} words, {counts.counts.nnz} pairs; {options}")
    models = {}
    for name, (embedder, from_text) in contenders(options).items():
        start = time.perf_counter()
        models[name] = embedder.fit(documents if from_text else counts)
        seconds = time.perf_counter() - start
        scores = scores_of(embedder, analogies, similarities)
        columns = "  ".join(f"{title} {score.value:.3f} ({score.n_used})" for title, score in scores.items())
        print(f"{name:42}{seconds:7.1f} s  {columns}", flush=True)
    for name, other in models.items():
        shares = first_modes_held(models[CLOSED], other)
        print(f"{name:42}holds {shares[9]:.2f} of M*'s first 10 modes in its first 10, {shares[-1]:.2f} of all")
    if options.numbers or options.figure:
        numbers = numbers_of(models, analogies, options)
    if options.numbers:
        write_numbers(options.numbers, numbers)
    if options.figure:
        draw(numbers, options.figure)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("--analogies")
    parser.add_argument("--similarity", nargs="*", default=[])
    parser.add_argument("--max-features", type=int, default=10_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--n-replicas", type=int, default=2, help="of the trained models")
    parser.add_argument("--numbers", help="JSON file for what the figure shows")
    parser.add_argument("--redraw", action="store_true", help="draw what the file of numbers has, without fitting")
    parser.add_argument("--figure")
    return parser.parse_args()


def read(options: argparse.Namespace) -> tuple:
    """Return documents, analogies and similarities by name."""
    if not options.corpus:
        return load_docstrings().data, load_docstring_analogies(), {"similarity": load_docstring_similarity()}
    similarities = {Path(path).stem: read_similarity(path, lowercase=True) for path in options.similarity}
    return LineDocuments(options.corpus), read_analogies(options.analogies, lowercase=True), similarities


def parameters_of(options: argparse.Namespace) -> dict:
    """Return what all models are given."""
    shared = {"max_features": options.max_features, "n_jobs": options.n_jobs, "random_state": 0}
    return shared | ({"vectorizer": AS_IT_IS} if options.corpus else {})


def count(documents, options: argparse.Namespace) -> Cooccurrence:
    corpus, vocabulary = SpectralEmbedder(**parameters_of(options)).read_corpus(documents)
    return count_cooccurrences(corpus, vocabulary, n_jobs=options.n_jobs, **WINDOW)


def contenders(options: argparse.Namespace) -> dict:
    """Return embedders by name, and whether they are fitted to the text or to its counts."""
    common = {"n_components": options.n_components, **WINDOW, **parameters_of(options)}
    trained = {"max_iter": options.epochs, "n_replicas": options.n_replicas, **common}
    return {
        CLOSED: (SpectralEmbedder(**common), False),
        "SGNS": (SGNSEmbedder(**trained), True),
        "trained quartic": (SGNSEmbedder(loss="quartic", **trained), True),
        "PPMI": (SpectralEmbedder(target="ppmi", **common), False),
        "PMI, 0 where not observed": (SpectralEmbedder(target="pmi", **common), False),
        f"PMI, {FLOOR} counts where not observed": (SpectralEmbedder(target=floored_pmi, **common), False),
    }


def floored_pmi(cooccurrence: Cooccurrence, *, negative: int, noise_exponent: float) -> np.ndarray:
    """Return PMI of all pairs, of shape (n_words, n_words), as if those not observed had a small count."""
    joint = cooccurrence.counts.toarray() * np.float32(cooccurrence.unit)
    joint[joint == 0] = FLOOR
    joint /= joint.sum(dtype=np.float64)
    logarithms = np.log(joint.sum(axis=1, dtype=np.float64)).astype(np.float32)
    return np.log(joint) - logarithms[:, np.newaxis] - logarithms


def scores_of(embedder, analogies, similarities: dict) -> dict:
    """Return scores by title."""
    known = embedder.embedding_, embedder.vocabulary_
    pairs = {title: similarity_correlation(*known, each) for title, each in similarities.items()}
    return {"analogies": analogy_accuracy(*known, analogies), **pairs}


def first_modes_held(closed: SpectralEmbedder, other) -> np.ndarray:
    """Return for each r which share of the closed form's first r modes lies in the other's first r."""
    squares = mode_overlaps(closed, other) ** 2
    n_modes = min(squares.shape)
    corners = squares[:n_modes, :n_modes].cumsum(axis=0).cumsum(axis=1)
    return np.diag(corners) / np.arange(1, n_modes + 1)


def numbers_of(models: dict, analogies, options: argparse.Namespace) -> dict:
    """Return what the figure shows: accuracy by rank, modes held, and relations, as plain numbers."""
    spectra = relations(analogies, models[CLOSED])
    return {
        "accuracy": {name: accuracy_by_rank(each, analogies, options) for name, each in models.items()},
        "held": {name: rounded(first_modes_held(models[CLOSED], each)) for name, each in models.items()},
        "relations": {name: spectrum_numbers(spectrum) for name, spectrum in spectra.items()},
    }


def accuracy_by_rank(embedder, analogies, options: argparse.Namespace) -> list[float]:
    """Return the share of analogies answered with 1, 2, ... components."""
    return rounded(emergence(embedder, analogies, times=[], n_jobs=options.n_jobs).rank_accuracy)


def spectrum_numbers(spectrum) -> dict:
    """Return what is drawn of a relation."""
    arrays = {"ranks": spectrum.ranks, "snr": spectrum.snr, "eigenvalues": spectrum.eigenvalues}
    return {"n_pairs": spectrum.n_pairs, "edge": float(spectrum.edges[-1])} | {
        name: rounded(values) for name, values in arrays.items()
    }


def rounded(values: np.ndarray) -> list[float]:
    """Return numbers of four digits, which is more than a figure shows."""
    return [float(f"{value:.4g}") for value in values]


def draw(numbers: dict, path: str) -> None:
    """Draw accuracy by rank, the modes that other models hold, one relation's spectrum, and all relations by rank."""
    figure, axes = new_figure(2, 2, figsize=(13, 9))
    draw_models(axes[0, 0], axes[0, 1], numbers)
    relations = numbers["relations"]
    strongest = max(relations, key=lambda name: relations[name]["snr"][-1])
    draw_spectrum(axes[1, 0], strongest, relations[strongest])
    draw_relations(axes[1, 1], relations)
    save(figure, path)


def draw_models(left, right, numbers: dict) -> None:
    """Draw a line for each model into both axes, and one legend beside them."""
    for (name, accuracy), style in zip(numbers["accuracy"].items(), line_styles(), strict=False):
        shares = np.array(numbers["held"][name], dtype=float)
        left.plot(np.arange(1, len(accuracy) + 1), accuracy, **style)
        right.plot(np.arange(1, len(shares) + 1), shares, label=name.replace(" where", "\nwhere"), **style)
    left.set(xlabel="components", ylabel="share of analogies answered", ylim=(0, None))
    right.set(xlabel="first modes compared", ylabel="share of M*'s modes held", ylim=(0, 1.02))
    add_legend(right, fontsize=None)


def draw_spectrum(ax, name: str, relation: dict) -> None:
    """Draw the eigenvalues of one relation, those above the edge in another color."""
    eigenvalues = np.array(relation["eigenvalues"])
    places, above = np.arange(1, len(eigenvalues) + 1), eigenvalues > relation["edge"]
    ax.plot(places[above], eigenvalues[above], "D", color=VERMILION, label="above the edge")
    ax.plot(places[~above], eigenvalues[~above], ".", color=BLUE, label="bulk")
    ax.axhline(relation["edge"], color=BLACK, linewidth=1, linestyle="--", label="edge")
    ax.set(xlabel="eigenvalue, the largest first", ylabel=f"eigenvalue: {readable(name)}", ylim=(0, None))
    add_legend(ax, side="top", fontsize=None)


def draw_relations(ax, relations: dict) -> None:
    """Draw the signal-to-noise ratio of each relation by rank, in the order of their last points."""
    in_order = sorted(relations.items(), key=lambda item: -item[1]["snr"][-1])
    for (name, relation), style in zip(in_order, line_styles(), strict=False):
        ratios = np.where(np.array(relation["snr"]) > 0, relation["snr"], np.nan)
        ax.semilogy(relation["ranks"], ratios, label=f"{readable(name)} ({relation['n_pairs']})", **style)
    ax.set(xlabel="components", ylabel="signal-to-noise ratio", ylim=(1, None))
    logarithmic(ax.yaxis)
    add_legend(ax, fontsize=None, title="relation (pairs)")


def readable(name: str) -> str:
    """Return the name of a category without its number."""
    return re.sub("^gram[0-9]-", "", name).replace("-", " ")


def relations(analogies, embedder) -> dict:
    """Return the spectrum of each relation of which at least ten pairs are known, by its name."""
    spectra = {}
    for category in dict.fromkeys(analogies.categories):
        pairs = [pair for pair in pairs_of(analogies, category) if all(word in embedder.vocabulary_ for word in pair)]
        if len(pairs) >= FEWEST_PAIRS:
            spectra[category] = relation_spectrum(embedder, pairs)
    return spectra


def pairs_of(analogies, category: str) -> list[tuple[str, str]]:
    """Return the pairs that a category's questions are made of."""
    words = analogies.words[analogies.categories == category]
    return list(dict.fromkeys([tuple(row) for row in np.concatenate([words[:, :2], words[:, 2:]])]))


if __name__ == "__main__":
    main()
