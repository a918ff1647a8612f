from __future__ import annotations

import numpy as np
import pytest

from sk_w2v.factorization._krylov import BLOCK_SIZE, KrylovSpace

N_WORDS = 300
CAPACITY = 6 * BLOCK_SIZE

# Eigenvalues of the three kinds of matrix: full rank, few directions, and one hugely negative eigenvalue.
SPECTRA = {
    "full": np.linspace(3, -1, N_WORDS),
    "few directions": np.concatenate([40 * 0.8 ** np.arange(20), np.zeros(N_WORDS - 20)]),
    "background": np.concatenate([40 * 0.8 ** np.arange(20), np.zeros(N_WORDS - 21), [-600]]),
}


@pytest.fixture(params=list(SPECTRA))
def matrix(request):
    """Return a float32 symmetric matrix of a known spectrum."""
    vectors, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((N_WORDS, N_WORDS)))
    return ((vectors * SPECTRA[request.param]) @ vectors.T).astype(np.float32)


def make_space(matrix: np.ndarray) -> KrylovSpace:
    """Return a space that is still empty."""
    return KrylovSpace(matrix.__matmul__, N_WORDS, CAPACITY, np.random.RandomState(0), np)


def rounding(matrix: np.ndarray) -> float:
    """Return what float32 loses in a product: a few units in the last place of the matrix' norm."""
    return 8 * np.finfo(np.float32).eps * np.linalg.norm(matrix)


def check_recurrence(space: KrylovSpace, matrix: np.ndarray) -> None:
    """Check that ``Q`` and ``B`` are orthonormal and that ``M Q = Q T + B C E'``."""
    basis = space.basis[:, : space.size].astype(np.float64)
    both = np.hstack([basis, space.next_block])
    np.testing.assert_allclose(both.T @ both, np.eye(both.shape[1]), atol=2e-6)  # sums of 300 float32 products
    image = basis @ space.projection[: space.size, : space.size]
    image[:, -BLOCK_SIZE:] += space.next_block @ space.coupling
    np.testing.assert_allclose(matrix.astype(np.float64) @ basis, image, atol=rounding(matrix))


@pytest.mark.parametrize("n_blocks", [1, 2, 6])
def test_a_growing_space_keeps_its_recurrence(matrix, n_blocks):
    space = make_space(matrix)
    for _ in range(n_blocks):
        space.grow()
    assert space.size == n_blocks * BLOCK_SIZE
    check_recurrence(space, matrix)


def test_a_restarted_space_keeps_its_recurrence(matrix):
    space = make_space(matrix)
    for n_restarts in range(3):
        while space.size + BLOCK_SIZE <= CAPACITY:
            space.grow()
        check_recurrence(space, matrix)
        values, mixing, _ = space.ritz_pairs()
        space.restart(values, mixing, 40 + n_restarts)


def test_a_restart_keeps_the_best_pairs(matrix):
    space = make_space(matrix)
    for _ in range(4):
        space.grow()
    values, mixing, _ = space.ritz_pairs()
    before = space.vectors(mixing[:, :10])
    space.restart(values, mixing, 40)
    space.grow()
    values_after, mixing_after, _ = space.ritz_pairs()
    # A larger space has Ritz values that are no smaller (Courant and Fischer).
    assert np.all(values_after[:40] > values[:40] - rounding(matrix))
    kept = space.basis[:, : space.size].T @ before
    np.testing.assert_allclose(np.linalg.norm(kept, axis=0), 1, atol=1e-5)  # float32 rounding
    assert mixing_after.shape == (40 + BLOCK_SIZE, 40 + BLOCK_SIZE)


def test_ritz_pairs_fall_and_miss_by_what_is_reported(matrix):
    space = make_space(matrix)
    for _ in range(3):
        space.grow()
    values, mixing, errors = space.ritz_pairs()
    assert np.all(np.diff(values) <= 0)
    vectors = space.vectors(mixing).astype(np.float64)
    true = np.linalg.norm(matrix @ vectors - vectors * values, axis=0)
    np.testing.assert_allclose(errors, true, rtol=1e-3, atol=rounding(matrix))
