"""In which order word2vec's own training learns the modes of the closed form, and how much of them.

Trains by SGD on the stream, with word2vec's loss and weights, from a small start and at a low rate, and follows the
energy of the word vectors along each eigenvector of M*. A mode is called learned at the first pass at which it has half
of its last energy. Printed are Spearman's rank correlation of these passes with the predicted learning times, and how
far the modes' space lies within that of the word vectors. Without a corpus, on the docstrings that come with
scikit-learn.

    python benchmarks/order.py
    python benchmarks/order.py CORPUS.txt --max-features 10000 --epochs 40 --figure order.png
"""

import argparse

import numpy as np
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.dynamics import RunRecorder
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import subspace_agreement

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


N_MODES = 30
FIRST = (10, 20, N_MODES)


def main() -> None:
    options = parse_options()
    documents = LineDocuments(options.corpus) if options.corpus else load_docstrings().data
    common = {"max_features": options.max_features, "window": 5, "negative": 5, "noise_exponent": 0.75}
    common |= {"window_weighting": "linear"}  # of word2vec's windows on average
    common |= {"vectorizer": AS_IT_IS} if options.corpus else {}
    closed = SpectralEmbedder(N_MODES, n_jobs=options.n_jobs, **common).fit(documents)
    recorder = RunRecorder(n_records=60, keep_vectors=True)
    SGNSEmbedder(
        50,
        init_scale=0.003,
        learning_rate=options.learning_rate,
        max_iter=options.epochs,
        n_jobs=options.n_jobs,
        random_state=0,
        **common,
    ).set_callbacks(recorder).fit(documents)
    directions = normalize(closed.embedding_.astype(np.float64), axis=0)  # eigenvectors (n_words, N_MODES)
    energies = np.array([np.sum((directions.T @ vectors) ** 2, axis=1) for vectors in recorder.vectors_])
    agreements = np.array(
        [[subspace_agreement(vectors, directions[:, :n]) for n in FIRST] for vectors in recorder.vectors_]
    )
    print(f"{len(closed.words_)} words; {options}")
    report(closed, recorder, energies, agreements)
    if options.figure:
        draw(closed, recorder, energies, agreements, options.figure)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("--max-features", type=int, default=1500)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--learning-rate", type=float, default=0.002)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--figure")
    return parser.parse_args()


def half_learned(passes: np.ndarray, energies: np.ndarray) -> np.ndarray:
    """Return the pass at which each mode first has half of its last energy."""
    risen = np.maximum.accumulate(energies / energies[-1])
    return np.array([np.interp(0.5, curve, passes) for curve in risen.T])


def report(closed: SpectralEmbedder, recorder: RunRecorder, energies: np.ndarray, agreements: np.ndarray) -> None:
    """Print the passes at which modes are learned, and how far spaces agree along the way."""
    learned = half_learned(recorder.passes_, energies)
    print("half learned after passes", learned.round(1))
    print("last energy over eigenvalue", (energies[-1] / closed.eigenvalues_).round(2))
    for n_modes in FIRST:
        correlation = spearmanr(learned[:n_modes], closed.learning_times_[:n_modes]).statistic
        print(f"first {n_modes} modes: rank correlation with the predicted times {correlation:.2f}")
    for place in np.linspace(0, len(recorder.passes_) - 1, 8).astype(int):
        shares = ", ".join(f"{share:.2f} of the first {n}" for n, share in zip(FIRST, agreements[place], strict=True))
        rank = recorder.effective_ranks_[place]
        print(f"pass {recorder.passes_[place]}: agreement {shares} modes; effective rank of W C' {rank:.1f}")


def draw(
    closed: SpectralEmbedder, recorder: RunRecorder, energies: np.ndarray, agreements: np.ndarray, path: str
) -> None:
    """Draw energies along the modes, when each is learned against when it was to be, and agreement."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    passes, learned = recorder.passes_, half_learned(recorder.passes_, energies)
    for mode in range(0, N_MODES, 3):
        shade = plt.cm.viridis(mode / N_MODES)
        axes[0].semilogx(passes, energies[:, mode] / energies[-1, mode], color=shade, label=f"mode {mode + 1}")
    axes[0].axhline(0.5, color="black", linewidth=0.8, linestyle=":")
    axes[0].set(xlabel="passes", ylabel="share of the last energy along a mode", title="word2vec's own training")
    axes[0].legend(frameon=False, fontsize="small")
    points = axes[1].scatter(closed.learning_times_, learned, c=np.arange(1, N_MODES + 1), s=25)
    axes[1].set(xlabel="predicted learning time", ylabel="pass with half of the last energy", title="order")
    figure.colorbar(points, ax=axes[1], label="mode")
    for n_modes, curve in zip(FIRST, agreements.T, strict=True):
        axes[2].semilogx(passes, curve, label=f"first {n_modes} modes")
    axes[2].set(xlabel="passes", ylabel="share of the modes' space", title="agreement with M*", ylim=(0, 1))
    axes[2].legend(frameon=False)
    figure.savefig(path, dpi=90)


if __name__ == "__main__":
    main()
