"""The ablation of the paper: which parts of word2vec determine what it learns.

Two losses and two weightings of pairs are trained by full-batch gradient descent from small random vectors. Each row
gives the share of the closed form's leading eigenvectors within the leading directions that training found; 1 is all.
The theory is exact for the quartic loss with uniform weights.

    python examples/four_way_ablation.py [TEXT_FILE_OF_A_DOCUMENT_A_LINE [N_WORDS]]
"""

import sys

import numpy as np

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.io import LineDocuments

N_COMPONENTS, N_MODES = 100, [10, 20, 50]
RUNS = [  # loss, weighting, step (2 / lambda_1 is stable under uniform weights), number of steps
    ("quartic", "uniform", 1, 400),
    ("logistic", "uniform", 0.3, 100),
    ("logistic", "uniform", 0.3, 400),  # also learns what the quartic loss does not: pairs that never co-occur
    ("quartic", "word2vec", 0.01, 1200),  # its heaviest pairs have the highest curvature
    ("logistic", "word2vec", 0.03, 1200),
]
ONE_MATRIX = {"window": 16, "window_weighting": "linear", "negative": 1, "noise_exponent": 1.0}


def main() -> None:
    documents = LineDocuments(sys.argv[1]) if len(sys.argv) > 1 else load_docstrings().data
    n_words = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    closed = SpectralEmbedder(N_COMPONENTS, max_features=n_words, tol=1e-3, **ONE_MATRIX).fit(documents)
    print(f"{len(closed.words_)} words, {N_COMPONENTS} components; overlap with the closed form's leading modes")
    print(f"{'loss':10}{'weighting':12}{'steps':>6}" + "".join(f"{f'top {n}':>9}" for n in N_MODES))
    for loss, weighting, step, n_steps in RUNS:
        trained = SGNSEmbedder(
            N_COMPONENTS,
            max_features=n_words,
            solver="gd",
            tied=True,
            loss=loss,
            weighting=weighting,
            learning_rate=step / closed.eigenvalues_[0],
            max_iter=n_steps,
            subsample=1e-4,
            random_state=0,
            **ONE_MATRIX,
        ).fit(documents)
        shares = "".join(f"{overlap(trained.embedding_, closed.embedding_, n):9.3f}" for n in N_MODES)
        print(f"{loss:10}{weighting:12}{n_steps:6}{shares}", flush=True)


def overlap(left: np.ndarray, right: np.ndarray, n_modes: int) -> float:
    """Return the overlap of two leading subspaces of word space."""
    bases = [np.linalg.svd(vectors, full_matrices=False)[0][:, :n_modes] for vectors in (left, right)]
    return float(np.sum((bases[0].T @ bases[1]) ** 2) / n_modes)


if __name__ == "__main__":
    main()
