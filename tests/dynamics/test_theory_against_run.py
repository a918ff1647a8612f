"""The closed forms against gradient descent itself, from random starts, on the loss of counted pairs."""

from __future__ import annotations

import numpy as np
import pytest
from solver_runs import descend

from sk_w2v import SpectralEmbedder
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.datasets import make_planted_corpus
from sk_w2v.dynamics import descent_time, learning_times, riccati_flow
from sk_w2v.solvers._pair_weights import uniform_weights
from sk_w2v.targets import mstar_target

N_COMPONENTS = 8


@pytest.fixture(scope="module")
def counts():
    documents = make_planted_corpus(600, n_common_words=20, n_words_per_concept=12, random_state=0).data
    return count_cooccurrences(*SpectralEmbedder().read_corpus(documents), window=16)


@pytest.fixture(scope="module")
def eigenpairs(counts):
    return tuple(array[..., ::-1] for array in np.linalg.eigh(mstar_target(counts).toarray()))


def random_start(counts, scale):
    entries = np.random.default_rng(0).standard_normal((len(counts.vocabulary), N_COMPONENTS))
    return (scale / np.sqrt(N_COMPONENTS) * entries).astype(np.float32)


def singular_values(vectors):
    return np.linalg.svd(vectors.astype(np.float64), compute_uv=False)


def run(counts, start, *, rate, n_steps):
    """Return times of the flow and singular values after each step."""
    times, found = [], []

    def on_pass(trained):
        times.append(descent_time(len(trained.losses), rate, factor=1 / 8))
        found.append(singular_values(trained.words))
        return False

    weights = uniform_weights(counts, negative=1, noise_exponent=1.0)
    descend(weights, start, start, tied=True, learning_rate=rate, max_iter=n_steps, on_pass=on_pass)
    return np.array(times), np.array(found)


@pytest.mark.parametrize("scale", [1e-3, 1.0])
def test_exact_form_predicts_all_singular_values_but_for_the_steps_of_descent(scale, counts, eigenpairs):
    eigenvalues, eigenvectors = eigenpairs
    start = random_start(counts, scale)
    end = 1.5 * learning_times(eigenvalues[:5], init_scale=min(scale, 0.1)).max()
    errors = []
    for step in (0.02, 0.01):  # of the time 1 / lambda_1
        rate = 2 * step / eigenvalues[0]
        times, found = run(counts, start, rate=rate, n_steps=int(end * eigenvalues[0] / step))
        shown = slice(None, None, max(1, len(times) // 40))
        exact = [singular_values(riccati_flow(eigenvalues, eigenvectors.T @ start, time=time)) for time in times[shown]]
        errors.append(np.abs(found[shown] - exact).max() / np.max(exact))
    assert errors[1] < 0.02
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.15)  # in proportion to the step


def test_sigmoids_predict_learning_times_from_a_small_start_alone(counts, eigenpairs):
    eigenvalues = eigenpairs[0][:5]
    rate = 0.04 / eigenvalues[0]
    ratios = {}
    for scale in (1e-4, 1.0):
        end = 1.5 * learning_times(eigenvalues, init_scale=min(scale, 0.1)).max()
        times, found = run(counts, random_start(counts, scale), rate=rate, n_steps=int(end / (rate / 2)))
        learned = [times[np.argmax(found[:, mode] ** 2 > eigenvalues[mode] / 2)] for mode in range(5)]
        ratios[scale] = learned / np.maximum(learning_times(eigenvalues, init_scale=scale), times[0])
    np.testing.assert_allclose(ratios[1e-4], 1, atol=0.07)
    assert np.abs(ratios[1.0] - 1).max() > 0.2


def test_descent_is_stable_up_to_a_rate_that_the_extreme_eigenvalues_set(counts, eigenpairs):
    limit = 4 / (eigenpairs[0][0] - eigenpairs[0][-1])
    start = random_start(counts, 0.01)
    run(counts, start, rate=0.95 * limit, n_steps=300)
    with pytest.raises(FloatingPointError, match="lower learning_rate"):
        run(counts, start, rate=1.1 * limit, n_steps=3000)
