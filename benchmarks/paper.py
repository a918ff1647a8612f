"""The table of arXiv 2502.09863, and its figures that compare models: ours, on any text.

The paper's setting: the 10,000 most frequent words, 200 components, windows of 16 words that count linearly. Five ways
to factorize or train, all from one text; Google's analogies by 3CosAdd and word similarity by Spearman's rho, each with
the number of questions or pairs whose words are known. The figure has analogies by rank, the share of one model's first
modes that another's first modes hold, and the spectra of relations. Without a corpus, on the docstrings that come with
scikit-learn and the questions about them.

    python benchmarks/paper.py
    python benchmarks/paper.py CORPUS.txt --analogies google.txt --similarity ws353.txt simlex999.txt --figure paper.png
"""

import argparse
import time
from pathlib import Path

import numpy as np
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
from sk_w2v.plotting import RelationSpectrumDisplay

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


WINDOW = {"window": 16, "window_weighting": "linear"}
CLOSED = "closed form M*"
FEWEST_PAIRS = 10  # of a relation that is drawn
FLOOR = 0.01  # counts that a pair that was not observed gets in the last row


def main() -> None:
    options = parse_options()
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
    if options.figure:
        draw(models, analogies, options)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("--analogies")
    parser.add_argument("--similarity", nargs="*", default=[])
    parser.add_argument("--max-features", type=int, default=10_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--n-jobs", type=int, default=2)
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
    trained = {"max_iter": options.epochs, **common}
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


def draw(models: dict, analogies, options: argparse.Namespace) -> None:
    """Draw accuracy by rank, overlap with the closed form, and two relations' spectra."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(11, 9.5), layout="constrained")
    for place, (name, embedder) in enumerate(models.items()):
        line = {"label": name, "color": f"C{place}", "linewidth": 1.2}
        found = emergence(embedder, analogies, times=[], n_jobs=options.n_jobs)
        axes[0, 0].plot(found.ranks, found.rank_accuracy, **line)
        if name != CLOSED:
            shares = first_modes_held(models[CLOSED], embedder)
            axes[0, 1].plot(np.arange(1, len(shares) + 1), shares, **line)
    axes[0, 0].set(xlabel="components", ylabel="analogies answered", title="accuracy by rank")
    axes[0, 1].set(xlabel="r", ylabel="share of M*'s first r modes", title="held by other models' first r modes")
    axes[0, 1].set_ylim(0, 1.02)
    axes[0, 0].legend(frameon=False, fontsize="small", loc="lower right")
    spectra = relations(analogies, models[CLOSED])
    strongest = max(spectra, key=lambda name: spectra[name].snr[-1])
    RelationSpectrumDisplay(spectra[strongest]).plot(axes[1, 0])
    axes[1, 0].set_title(f"{strongest}: {axes[1, 0].get_title()}", fontsize="medium")
    for place, (name, spectrum) in enumerate(spectra.items()):
        line = {"color": plt.cm.tab20(place), "linewidth": 1, "label": f"{name} ({spectrum.n_pairs} pairs)"}
        axes[1, 1].semilogy(spectrum.ranks, np.where(spectrum.snr > 0, spectrum.snr, np.nan), ".-", **line)
    axes[1, 1].set(xlabel="components", ylabel="signal to noise", title="relations in the closed form")
    axes[1, 1].legend(frameon=False, fontsize="x-small", ncols=2, loc="lower right")
    figure.savefig(options.figure, dpi=90)


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
