"""How many components: three ways that must find a planted number, and what they are made of."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.exceptions import NotFittedError

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import make_planted_corpus
from sk_w2v.selection import METHODS, expected_pip_loss, select_dimension

SIGNAL = np.array([6.0, 5.0, 4.0, 3.0, 0.5])  # the last is below what noise of 1 hides
N_WORDS = 600


def noisy_matrices(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a signal of orthogonal components and the same with noise, whose edge is at 2."""
    rng = np.random.default_rng(seed)
    basis = np.linalg.qr(rng.normal(size=(N_WORDS, len(SIGNAL))))[0]
    noise = rng.normal(size=(N_WORDS, N_WORDS)) / np.sqrt(2 * N_WORDS)
    signal = basis * SIGNAL @ basis.T
    return signal, signal + noise + noise.T


def powered(matrix: np.ndarray, n_components: int, power: float) -> np.ndarray:
    """Return ``W W'`` of the first components, ``W = V Lambda ** power``."""
    values, vectors = np.linalg.eigh(matrix)
    values, vectors = values[::-1][:n_components], vectors[:, ::-1][:, :n_components]
    return vectors * np.maximum(values, 0) ** (2 * power) @ vectors.T


@pytest.mark.parametrize("power", [0.5, 0.25])
def test_the_expected_pip_loss_equals_a_simulation(power):
    expected, measured = [], []
    for seed in range(4):
        signal, noisy = noisy_matrices(seed)
        whole = powered(signal, 4, power)
        values = np.linalg.eigvalsh(noisy)[::-1][:8]
        expected.append(expected_pip_loss(values, noise=1.0, eigenvalue_exponent=power))
        losses = [np.linalg.norm(powered(noisy, rank, power) - whole) for rank in range(1, 9)]
        measured.append(losses / np.linalg.norm(whole))
    # The theory is of infinitely many words; with 600 the fifth value can be at the edge from either side.
    np.testing.assert_allclose(np.mean(expected, axis=0), np.mean(measured, axis=0), rtol=0.08)


def test_the_pip_loss_is_minimal_at_the_threshold_of_gavish_and_donoho():
    # At the power 1/2 a component is worth keeping above 4 / sqrt(3) of the noise, found (Gavish and Donoho 2014).
    values = np.array([5.0, 4.0, 3.0, 4 / np.sqrt(3) + 0.01, 4 / np.sqrt(3) - 0.01, 2.1])
    assert np.argmin(expected_pip_loss(values, noise=1.0)) + 1 == 4
    assert np.all(np.isinf(expected_pip_loss(values, noise=3.0)))
    np.testing.assert_allclose(expected_pip_loss(values, noise=0.0)[-1], 0, atol=1e-7)


@pytest.fixture(scope="module")
def planted():
    """Documents of five concepts: what tells them apart has four dimensions."""
    return make_planted_corpus(600, n_concepts=5, n_words_per_concept=15, n_common_words=20, random_state=0).data


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", [0, 1])
def test_each_method_finds_the_planted_number(method, seed, planted):
    embedder = SpectralEmbedder(20, random_state=0).fit(planted)
    selection = select_dimension(embedder, planted, method=method, random_state=seed)
    assert selection.n_components == 4
    assert (selection.method, selection.curve.shape) == (method, (20,))
    assert embedder.truncate(selection.n_components).n_components_ == 4


def test_the_held_out_curve_is_the_distance_from_the_target_of_the_other_half(planted):
    embedder = SpectralEmbedder(6, target=halves_in_turn(), random_state=0)
    embedder.fit(planted)
    curve = select_dimension(embedder, planted, random_state=0).curve
    first, second = HALVES
    for rank in (1, 3, 6):
        left = np.sum((second - powered(first, rank, 0.5)) ** 2)
        assert curve[rank - 1] == pytest.approx(left / np.sum(second**2), rel=1e-4)


def test_the_edge_is_the_largest_eigenvalue_of_half_the_difference(planted):
    embedder = SpectralEmbedder(6, target=halves_in_turn(), random_state=0).fit(planted)
    curve = select_dimension(embedder, planted, method="noise_edge", random_state=0).curve
    edge = np.linalg.eigvalsh((HALVES[0] - HALVES[1]) / 2)[-1]
    np.testing.assert_allclose(curve, embedder.eigenvalues_ / edge, rtol=1e-4)


HALVES = [noisy_matrices(seed)[1][:95, :95] for seed in (0, 1)]


def halves_in_turn(scale=1.0):
    """Return a target that is the halves' mean, times a scale, at first, and then one half after the other."""
    given = iter([scale * sum(HALVES) / 2, *HALVES])
    return lambda cooccurrence, **_: sparse.csr_array(next(given))


def test_one_random_state_gives_one_choice(planted):
    embedder = SpectralEmbedder(8, random_state=0).fit(planted)
    curves = [select_dimension(embedder, planted, random_state=seed).curve for seed in (0, 0, 1)]
    np.testing.assert_array_equal(curves[0], curves[1])
    assert np.any(curves[0] != curves[2])


def test_selecting_all_or_no_components_warns(planted):
    embedder = SpectralEmbedder(2, random_state=0).fit(planted)
    with pytest.warns(UserWarning, match="method='held_out' selected all of 2 components; fit more components"):
        assert select_dimension(embedder, planted, random_state=0).n_components == 2
    for method in ("pip", "noise_edge"):
        faint = SpectralEmbedder(3, target=halves_in_turn(0.1), random_state=0).fit(planted)
        with pytest.warns(UserWarning, match="selected none of 3 components; one is kept"):
            assert select_dimension(faint, planted, method=method, random_state=0).n_components == 1


def test_invalid_arguments_are_refused(planted):
    with pytest.raises(TypeError, match="SGNSEmbedder has no nested components"):
        select_dimension(SGNSEmbedder(), planted)
    with pytest.raises(NotFittedError):
        select_dimension(SpectralEmbedder(), planted)
    embedder = SpectralEmbedder(2).fit(planted)
    with pytest.raises(ValueError, match=r"method='elbow' is unknown; use one of \['held_out', 'noise_edge', 'pip'\]"):
        select_dimension(embedder, planted, method="elbow")
    with pytest.raises(ValueError, match="leaves a part empty"):
        select_dimension(embedder, planted[:1])
