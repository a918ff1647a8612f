from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.linalg import eigh
from sklearn.exceptions import ConvergenceWarning

from sk_w2v._backends import BACKENDS, get_backend
from sk_w2v.factorization import _eigenpairs as factorization
from sk_w2v.factorization import multiply, positive_eigenpairs, top_eigenpairs
from sk_w2v.factorization._krylov import KrylovSpace
from sk_w2v.targets import Target

N_WORDS = 360  # the fewest, in round numbers, for which the Krylov space is used when it may be
N_COMPONENTS = 8

FALLING = np.concatenate([40 * 0.8 ** np.arange(30), -10 * 0.7 ** np.arange(10)])
FLAT = np.linspace(2, 1, N_WORDS)


def make_target(eigenvalues: np.ndarray, *, background: float = 0.0, n_words: int = N_WORDS) -> Target:
    """Return a target with these and otherwise vanishing eigenvalues, and random eigenvectors.

    With a background the matrix is the same but for its part along ones, where the background takes over.
    """
    rng = np.random.default_rng(0)
    ones = np.ones((n_words, 1 if background else 0))
    vectors = np.linalg.qr(np.hstack([ones, rng.standard_normal((n_words, len(eigenvalues)))]))[0]
    vectors = vectors[:, ones.shape[1] :][:, : len(eigenvalues)]
    matrix = (vectors * eigenvalues[: vectors.shape[1]]) @ vectors.T
    # The deviations are what is above the background; all of them are stored.
    return Target(sparse.csr_array(matrix.astype(np.float32)), background)


def solve_densely(target: Target, n_components: int) -> tuple[np.ndarray, np.ndarray]:
    """Return all of SciPy's eigenpairs that are wanted, falling."""
    values, vectors = eigh(target.toarray())
    return values[::-1][:n_components], vectors[:, ::-1][:, :n_components]


def rounding(target: Target) -> float:
    """Return what float32 loses in a product: a few units in the last place of the matrix' norm."""
    return 8 * np.finfo(np.float32).eps * np.sqrt(target.squared_norm())


@pytest.fixture(params=["dense", "krylov"])
def solver(request, monkeypatch):
    """Use one solver or the other for all sizes of this file."""
    monkeypatch.setattr(factorization, "DENSE_UP_TO", 0 if request.param == "krylov" else 10_000)
    return request.param


@pytest.fixture
def krylov(monkeypatch):
    """Use the Krylov space for all targets of this file."""
    monkeypatch.setattr(factorization, "DENSE_UP_TO", 0)


@pytest.fixture
def restarts(krylov, monkeypatch):
    """Return a list of the sizes of the Krylov spaces that are restarted."""
    sizes = []
    restart = KrylovSpace.restart

    def count_restart(space, values, mixing, n_kept):
        sizes.append(space.size)
        restart(space, values, mixing, n_kept)

    monkeypatch.setattr(KrylovSpace, "restart", count_restart)
    return sizes


targets = pytest.mark.parametrize(
    "target",
    [make_target(FALLING), make_target(FALLING, background=-2.0), make_target(FALLING, background=0.5)],
    ids=["sparse alone", "negative background", "positive background"],
)


# --- products ------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", [get_backend(name) for name in BACKENDS], ids=list(BACKENDS))
@pytest.mark.parametrize("n_columns", [1, 5, 32])
@targets
def test_products_with_the_operator_are_those_with_the_dense_matrix(target, n_columns, backend):
    block = np.random.default_rng(1).standard_normal((N_WORDS, n_columns)).astype(np.float32)
    product = multiply(target, block, backend=backend)
    assert product.dtype == np.float32
    np.testing.assert_allclose(product, target.toarray() @ block, atol=rounding(target))


def test_the_background_adds_up_entries_that_nearly_cancel():
    # In float32 alone the entries of size 1000 would leave an error of 1e-4 in their sum.
    rng = np.random.default_rng(0)
    block = np.concatenate([rng.standard_normal(5000), [0]]).astype(np.float32)[:, np.newaxis] * 1000
    block[-1] = -block.sum(dtype=np.float64)
    target = Target(sparse.csr_array((5001, 5001), dtype=np.float32), background=-2.0)
    exact = -2 * block.sum(dtype=np.float64)
    np.testing.assert_allclose(multiply(target, block, backend=get_backend()), exact, rtol=1e-6)


# --- both solvers --------------------------------------------------------------------------------


@targets
def test_eigenpairs_are_those_of_the_dense_matrix(solver, target):
    pairs = top_eigenpairs(target, N_COMPONENTS, tol=1e-4)
    values, vectors = solve_densely(target, N_COMPONENTS)
    assert (pairs.n_iter > 1) == (solver == "krylov")
    # The error of an eigenvalue is of second order in the residual: rounding is what is left.
    np.testing.assert_allclose(pairs.eigenvalues, values, atol=rounding(target))
    # That of an eigenvector is the residual over the relative gap, 1 / 5.
    np.testing.assert_allclose(np.abs(np.sum(vectors * pairs.eigenvectors, axis=0)), 1, atol=1e-5)


@targets
def test_reported_residuals_are_the_true_ones(solver, target):
    pairs = top_eigenpairs(target, N_COMPONENTS, tol=1e-2)
    values, vectors = pairs.eigenvalues, pairs.eigenvectors.astype(np.float64)
    residuals = np.linalg.norm(target.toarray() @ vectors - vectors * values, axis=0) / values
    # They are computed before the eigenvectors are rounded to float32.
    np.testing.assert_allclose(pairs.residuals, residuals, rtol=1e-2, atol=rounding(target) / values.min())


@targets
def test_eigenvectors_are_orthonormal(solver, target):
    vectors = top_eigenpairs(target, N_COMPONENTS).eigenvectors.astype(np.float64)
    # Sums of 360 products of float32 numbers.
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(N_COMPONENTS), atol=2e-6)


@targets
def test_each_eigenvector_s_largest_entry_is_positive(solver, target):
    vectors = top_eigenpairs(target, N_COMPONENTS).eigenvectors
    assert np.array_equal(vectors.max(axis=0), np.abs(vectors).max(axis=0))


def test_results_have_the_documented_types(solver):
    pairs = top_eigenpairs(make_target(FALLING), N_COMPONENTS)
    assert pairs.eigenvalues.dtype == pairs.residuals.dtype == np.float64
    assert pairs.eigenvectors.dtype == np.float32
    assert pairs.eigenvectors.flags.c_contiguous
    assert pairs.eigenvectors.shape == (N_WORDS, N_COMPONENTS)
    assert pairs.eigenvalues.shape == pairs.residuals.shape == (N_COMPONENTS,)


@targets
def test_fewer_components_are_the_first_of_more(solver, target):
    more, fewer = (top_eigenpairs(target, n, tol=1e-4) for n in (N_COMPONENTS, 3))
    np.testing.assert_allclose(fewer.eigenvalues, more.eigenvalues[:3], atol=rounding(target))
    np.testing.assert_allclose(fewer.eigenvectors, more.eigenvectors[:, :3], atol=1e-3)  # both to 1e-4 / gap


def test_the_largest_eigenvalues_are_wanted_not_those_of_largest_magnitude(solver):
    target = make_target(FALLING, background=-2.0)
    assert eigh(target.toarray(), eigvals_only=True)[0] < -600  # the background's
    pairs = top_eigenpairs(target, N_COMPONENTS)
    assert np.all(pairs.eigenvalues > 0)
    assert np.all(np.diff(pairs.eigenvalues) < 0)


def test_a_target_of_few_directions_has_its_eigenpairs_found(solver):
    # Four groups of words: the matrix has rank 4, and 8 components are wanted.
    group = np.arange(N_WORDS) % 4
    strength = np.array([4.0, 3.0, 2.0, 1.0])
    same = np.where(group[:, np.newaxis] == group, strength[group], 0)
    pairs = top_eigenpairs(Target(sparse.csr_array(same.astype(np.float32))), N_COMPONENTS)
    np.testing.assert_allclose(pairs.eigenvalues[:4], strength * N_WORDS / 4, rtol=1e-5)
    np.testing.assert_allclose(pairs.eigenvalues[4:], 0, atol=1e-3)
    for direction in range(4):
        members = np.where(group == direction, 2 / np.sqrt(N_WORDS), 0)
        np.testing.assert_allclose(pairs.eigenvectors[:, direction], members, atol=1e-5)
    np.testing.assert_allclose(pairs.eigenvectors.T @ pairs.eigenvectors, np.eye(N_COMPONENTS), atol=1e-5)


def test_a_target_of_zeros_has_eigenvalues_of_zero(solver):
    pairs = top_eigenpairs(Target(sparse.csr_array((N_WORDS, N_WORDS), dtype=np.float32)), 3)
    assert np.all(pairs.eigenvalues == 0)
    assert np.all(pairs.residuals == 0)


def test_asking_for_more_components_than_words_gives_all(solver):
    target = make_target(np.arange(1.0, 11), n_words=10)
    assert top_eigenpairs(target, 50).eigenvalues == pytest.approx(np.arange(10.0, 0, -1), rel=1e-5)


def test_results_are_the_same_from_run_to_run(solver):
    target = make_target(FALLING, background=-2.0)
    runs = [top_eigenpairs(target, N_COMPONENTS) for _ in range(2)]
    assert np.array_equal(runs[0].eigenvectors, runs[1].eigenvectors)
    assert np.array_equal(runs[0].eigenvalues, runs[1].eigenvalues)


# --- the Krylov space ----------------------------------------------------------------------------


def test_a_target_of_many_words_is_solved_by_products():
    # 25 groups of 100 words; the eigenvalues are known.
    strength = 0.9 ** np.arange(25)
    blocks = [np.full((100, 100), each, dtype=np.float32) for each in strength]
    target = Target(sparse.csr_array(sparse.block_diag([sparse.coo_array(block) for block in blocks])))
    pairs = top_eigenpairs(target, N_COMPONENTS, tol=1e-3)
    assert pairs.n_iter > 1
    np.testing.assert_allclose(pairs.eigenvalues, 100 * strength[:N_COMPONENTS], rtol=1e-5)


def test_threads_do_not_change_the_result(krylov):
    target = make_target(FALLING, background=-2.0)
    one, two = (top_eigenpairs(target, N_COMPONENTS, n_jobs=n_jobs) for n_jobs in (1, 2))
    assert np.array_equal(one.eigenvectors, two.eigenvectors)


def test_backends_agree(krylov):
    target = make_target(FALLING, background=-2.0)
    found = [top_eigenpairs(target, N_COMPONENTS, tol=1e-4, backend=get_backend(name)) for name in BACKENDS]
    for pairs in found[1:]:
        np.testing.assert_allclose(pairs.eigenvalues, found[0].eigenvalues, atol=rounding(target))
        np.testing.assert_allclose(pairs.eigenvectors, found[0].eigenvectors, atol=1e-3)


def test_the_start_decides_nothing_but_the_last_digits(krylov):
    target = make_target(FALLING, background=-2.0)
    found = [top_eigenpairs(target, 4, tol=1e-4, random_state=np.random.RandomState(seed)) for seed in (0, 1)]
    assert not np.array_equal(found[0].eigenvectors, found[1].eigenvectors)
    np.testing.assert_allclose(found[0].eigenvalues, found[1].eigenvalues, atol=rounding(target))
    np.testing.assert_allclose(found[0].eigenvectors, found[1].eigenvectors, atol=1e-3)


@pytest.mark.parametrize("background", [0.0, -2.0])
def test_a_space_that_is_restarted_finds_the_same(restarts, background):
    # The eigenvalues are 0.3 % apart, so that one space of 160 columns is not enough.
    target = make_target(FLAT, background=background)
    pairs = top_eigenpairs(target, N_COMPONENTS, tol=1e-4)
    assert len(restarts) > 2
    values, vectors = solve_densely(target, N_COMPONENTS)
    np.testing.assert_allclose(pairs.eigenvalues, values, atol=rounding(target))
    true = np.linalg.norm(target.toarray() @ pairs.eigenvectors - pairs.eigenvectors * values, axis=0) / values
    # Found to 1e-4, and rounding.
    assert np.all(true < 1e-4 + rounding(target))
    # A residual of 1e-4 over a gap of 0.003 turns an eigenvector by 0.03 or less.
    assert np.all(np.abs(np.sum(vectors * pairs.eigenvectors, axis=0)) > 1 - 0.03**2)


def test_a_tolerance_that_is_not_reached_is_reported_with_both_numbers(krylov):
    pairs = top_eigenpairs(make_target(FLAT), N_COMPONENTS, tol=0.01, max_iter=3)
    assert pairs.n_iter == 3
    with pytest.warns(ConvergenceWarning, match=r"residual of 0\.\d+, not tol=0\.01, in 3 block iterations"):
        positive_eigenpairs(pairs, N_COMPONENTS, tol=0.01)
    assert pairs.residuals.max() > 0.01


def test_fewer_products_than_components_are_not_enough_and_are_made_up_for(krylov):
    pairs = top_eigenpairs(make_target(np.linspace(2, 1, 700), n_words=700), 40, max_iter=1)
    assert pairs.eigenvectors.shape == (700, 40)
    assert pairs.n_iter > 1


# --- positive eigenpairs -------------------------------------------------------------------------


def test_positive_eigenpairs_are_the_top_ones_if_all_are_positive(solver):
    target = make_target(FALLING, background=-2.0)
    top = top_eigenpairs(target, N_COMPONENTS)
    positive = positive_eigenpairs(top, N_COMPONENTS)
    assert np.array_equal(positive.eigenvectors, top.eigenvectors)


def test_pairs_that_are_not_positive_are_left_out_with_a_warning():
    target = make_target(np.array([3.0, 2.0, -1.0]), n_words=20)
    with pytest.warns(UserWarning, match=r"n_components=6, but the target has only 2 positive eigenvalues; .*_=2\."):
        pairs = positive_eigenpairs(top_eigenpairs(target, 6), 6)
    np.testing.assert_allclose(pairs.eigenvalues, [3, 2], rtol=1e-6)
    assert pairs.eigenvectors.shape == (20, 2)
    assert pairs.residuals.shape == (2,)


def test_more_components_than_words_are_warned_of():
    target = make_target(np.array([3.0, 2.0]), n_words=2)
    with pytest.warns(UserWarning, match="n_components=5, but the target has only 2 positive"):
        positive_eigenpairs(top_eigenpairs(target, 5), 5)


@pytest.mark.parametrize("eigenvalues", [[-1.0, -2.0], [0.0, 0.0]])
def test_a_target_without_positive_eigenvalues_is_refused(eigenvalues):
    with pytest.raises(ValueError, match=r"no positive eigenvalue .* so that no vectors fit it; give more text"):
        positive_eigenpairs(top_eigenpairs(make_target(np.array(eigenvalues), n_words=2), 2), 2)
