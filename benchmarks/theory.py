"""Theory against run: full-batch gradient descent on real text, and what the closed forms say it does.

Descends the quartic loss under uniform weights from small and large random starts, at falling learning rates, and
prints how far the singular values of the first 20 modes are from the exact (Riccati) form at any time, as a share of
the largest, and how far learning times and singular values are from the sigmoids of an aligned start. Without a corpus,
on the docstrings that come with scikit-learn.

    python benchmarks/theory.py --figure theory.png
    python benchmarks/theory.py CORPUS.txt --max-features 2000
"""

import argparse

import numpy as np

from sk_w2v import SpectralEmbedder
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.datasets import load_docstrings
from sk_w2v.dynamics import (
    descent_time,
    effective_rank,
    flow_error,
    learning_times,
    riccati_flow,
    squared_singular_values,
)
from sk_w2v.io import LineDocuments
from sk_w2v.solvers import gradient_descent, run_passes
from sk_w2v.solvers._pair_weights import uniform_weights
from sk_w2v.targets import Target, mstar_target

N_MODES = 20
STARTS = {"small": 1e-3, "large": 1.0}
STEPS = (0.04, 0.02, 0.01, 0.005)  # of the flow's time, over the time constant 1 / lambda_1


def main() -> None:
    options = parse_options()
    counts = count(options)
    target = mstar_target(counts)
    eigenvalues, eigenvectors = (array[..., ::-1] for array in np.linalg.eigh(target.toarray()))
    weights = uniform_weights(counts, negative=1, noise_exponent=1.0)
    print(f"{len(eigenvalues)} words, eigenvalues {eigenvalues[: N_MODES : N_MODES - 1].round(1)}; {options}")
    curves = {}
    for name, scale in STARTS.items():
        shape = (len(eigenvalues), options.n_components)
        start = (scale / np.sqrt(shape[1]) * np.random.default_rng(0).standard_normal(shape)).astype(np.float32)
        coordinates = eigenvectors.T @ start.astype(np.float64)
        end = 1.3 * learning_times(eigenvalues[:N_MODES], init_scale=scale).max()
        for step in STEPS:
            rate = 2 * step / eigenvalues[0]  # a step of gradient descent is rate / 2 in time
            run = record(weights, start, rate, int(end / descent_time(1, rate, factor=1 / 8)))
            exact = np.array([modes(riccati_flow(eigenvalues, coordinates, time=time)) for time in run["times"]])
            error = np.abs(np.sqrt(run["squared"]) - np.sqrt(exact)).max() / np.sqrt(exact.max())
            print(
                f"{name} start, steps of {step} / lambda_1: singular values within {error:.3%} of the largest",
                flush=True,
            )
        report_sigmoids(eigenvalues[:N_MODES], scale, run)
        report_error(eigenvalues, coordinates, target, run)
        curves[name] = (run, exact)
    if options.figure:
        draw(curves, eigenvalues[:N_MODES], options.figure)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("--max-features", type=int, default=1000)
    parser.add_argument("--n-components", type=int, default=50)
    parser.add_argument("--figure")
    return parser.parse_args()


def count(options: argparse.Namespace):
    embedder = SpectralEmbedder(max_features=options.max_features)
    corpus, vocabulary = embedder.read_corpus(
        LineDocuments(options.corpus) if options.corpus else load_docstrings().data
    )
    return count_cooccurrences(corpus, vocabulary, window=16)


def modes(vectors: np.ndarray) -> np.ndarray:
    """Return the largest squared singular values."""
    return np.linalg.eigvalsh(vectors.T.astype(np.float64) @ vectors)[::-1][:N_MODES]


def record(weights, start: np.ndarray, rate: float, n_steps: int) -> dict[str, np.ndarray]:
    """Return squared singular values at a hundred times of a run, and the vectors half way."""
    kept = set(np.unique(np.linspace(1, n_steps, 100).astype(int)))
    run = {"times": [], "squared": [], "half": None}

    def on_pass(trained) -> bool:
        step = len(trained.losses)
        if step in kept:
            run["times"].append(descent_time(step, rate, factor=1 / 8))
            run["squared"].append(modes(trained.words))
        if step == n_steps // 2:
            run["half"] = (descent_time(step, rate, factor=1 / 8), trained.words.astype(np.float64))
        return False

    passes = gradient_descent(weights, start, start, tied=True, learning_rate=rate)
    run_passes(passes, max_iter=n_steps, on_pass=on_pass)
    return {**run, "times": np.array(run["times"]), "squared": np.array(run["squared"])}


def report_sigmoids(eigenvalues: np.ndarray, scale: float, run: dict) -> None:
    """Print how far the sigmoids of an aligned start are from the run."""
    sigmoids = squared_singular_values(eigenvalues, time=run["times"], init_scale=scale)
    error = np.abs(np.sqrt(run["squared"]) - np.sqrt(sigmoids)).max() / np.sqrt(eigenvalues[0])
    halves = [
        np.interp(half, curve, run["times"]) for half, curve in zip(eigenvalues / 2, run["squared"].T, strict=True)
    ]
    ratios = halves / np.maximum(learning_times(eigenvalues, init_scale=scale), 1e-12)
    learned = f"modes are learned at {ratios.min():.3f} to {ratios.max():.3f} of the predicted times"
    print(f"  sigmoids: singular values within {error:.1%}, {learned}")


def report_error(eigenvalues: np.ndarray, coordinates: np.ndarray, target: Target, run: dict) -> None:
    """Print the squared error half way, of the run and by the formula, as shares of the target's squares."""
    time, words = run["half"]
    norm = target.squared_norm()
    predicted = flow_error(eigenvalues, riccati_flow(eigenvalues, coordinates, time=time), squared_norm=norm) / norm
    found = np.sum((target.toarray() - words @ words.T) ** 2) / norm
    print(f"  squared error half way: {found:.5f} of the target's squares, predicted {predicted:.5f}")


def draw(curves: dict, eigenvalues: np.ndarray, path: str) -> None:
    """Draw squared singular values and effective rank, run over theory."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, len(curves), figsize=(11, 7), layout="constrained", squeeze=False)
    for column, (name, (run, exact)) in enumerate(curves.items()):
        upper, lower = axes[:, column]
        upper.plot(run["times"], exact[:, ::2], color="tab:blue", linewidth=1)
        upper.plot(run["times"][::4], run["squared"][::4, ::2], ".", color="black", markersize=3)
        sigmoids = squared_singular_values(eigenvalues, time=run["times"], init_scale=STARTS[name])
        upper.plot(run["times"], sigmoids[:, ::2], color="tab:orange", linewidth=0.8, linestyle="--")
        upper.set(title=f"{name} random start", ylabel="singular value squared")
        lower.plot(run["times"], effective_rank(exact), color="tab:blue", label="exact")
        lower.plot(run["times"][::4], effective_rank(run["squared"])[::4], ".", color="black", label="gradient descent")
        lower.plot(
            run["times"], effective_rank(sigmoids), "--", color="tab:orange", label="sigmoids of an aligned start"
        )
        lower.set(xlabel="time of the gradient flow", ylabel=f"effective rank of the first {N_MODES} modes")
        lower.legend(frameon=False)
    figure.savefig(path, dpi=100)


if __name__ == "__main__":
    main()
