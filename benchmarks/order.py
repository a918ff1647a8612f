"""In which order word2vec's own training learns the modes of the closed form, and how much of them.

Trains by SGD on the stream, with word2vec's loss and weights, from a small start and at a low rate, and follows the
energy of the word vectors along each eigenvector of M*. A mode is called learnt at the first pass at which it has half
of its last energy. Printed are Spearman's rank correlation of these passes with the predicted learning times, and how
far the two models' column spaces agree. Without a corpus, on the docstrings that come with scikit-learn.

    python benchmarks/order.py
    python benchmarks/order.py CORPUS.txt --max-features 10000 --epochs 20
"""

import argparse

import numpy as np
from scipy.stats import spearmanr
from sklearn.preprocessing import normalize

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import subspace_agreement
from sk_w2v.recording import RunRecorder

N_MODES = 30


def main() -> None:
    options = parse_options()
    documents = LineDocuments(options.corpus) if options.corpus else load_docstrings().data
    common = {"max_features": options.max_features, "window": 5, "negative": 5, "noise_exponent": 0.75}
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
    report(closed, recorder)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("--max-features", type=int, default=1500)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--learning-rate", type=float, default=0.002)
    parser.add_argument("--n-jobs", type=int, default=2)
    return parser.parse_args()


def report(closed: SpectralEmbedder, recorder: RunRecorder) -> None:
    """Print the passes at which modes are learnt, and how far spaces agree along the way."""
    directions = normalize(closed.embedding_.astype(np.float64), axis=0)  # eigenvectors (n_words, N_MODES)
    energies = np.array([np.sum((directions.T @ vectors) ** 2, axis=1) for vectors in recorder.vectors_])
    risen = np.maximum.accumulate(energies / energies[-1])
    learnt = np.array([np.interp(0.5, curve, recorder.passes_) for curve in risen.T])
    print("half learnt after passes", learnt.round(1))
    print("last energy over eigenvalue", (energies[-1] / closed.eigenvalues_).round(2))
    for n_modes in (10, 20, N_MODES):
        correlation = spearmanr(learnt[:n_modes], closed.learning_times_[:n_modes]).statistic
        print(f"first {n_modes} modes: rank correlation with the predicted times {correlation:.2f}")
    for place in np.linspace(0, len(recorder.passes_) - 1, 6).astype(int):
        agreement = subspace_agreement(recorder.vectors_[place], directions)
        rank = recorder.effective_ranks_[place]
        print(f"pass {recorder.passes_[place]}: agreement {agreement:.2f}, effective rank of W C' {rank:.1f}")


if __name__ == "__main__":
    main()
