"""Alternating least squares: it descends, it arrives, and every route arrives at the same place."""

import numpy as np
import pytest
from scipy.optimize import minimize
from solver_runs import alternate

from sk_w2v._backends import BACKENDS, cpu, get_backend, reference
from sk_w2v.solvers._als import _solve_side
from sk_w2v.solvers._expected_loss import expected_loss

N_WORDS = 12  # of the weights that `weights_of` makes

every_weighting = pytest.mark.parametrize("weighting", ["word2vec", "tempered", "uniform"])
every_backend = pytest.mark.parametrize("backend", BACKENDS)


def start(n_components: int = 4, *, scale: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    numbers = np.random.default_rng(3).standard_normal((2, N_WORDS, n_components)) * scale
    return tuple(numbers.astype(np.float32))


def dense_loss(weights, words, contexts, *, alpha=0.0):
    """Return the quartic loss in float64, over all pairs, with the ridge."""
    positive, negative = weights.toarrays()
    x = words @ contexts.T
    loss = np.sum((positive + negative) * (np.log(2) + x**2 / 8) - (positive - negative) * x / 2)
    ridge = weights.background_sums @ np.sum(words**2, axis=1)
    ridge += weights.transposed.background_sums @ np.sum(contexts**2, axis=1)
    return loss + alpha / 8 * ridge


@every_weighting
@every_backend
@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("alpha", [0.0, 0.1])
@pytest.mark.parametrize("loss", ["quartic", "logistic"])
def test_the_loss_never_rises(weighting, backend, tied, alpha, loss, weights_of):
    trained = alternate(
        weights_of(weighting),
        *start(),
        loss=loss,
        tied=tied,
        alpha=alpha,
        max_iter=30,
        backend=get_backend(backend),
    )
    losses = np.array(trained.losses)
    words, contexts = start()
    before = expected_loss(
        weights_of(weighting), words, words if tied else contexts, loss=loss, observed_alone=True, alpha=alpha
    )
    assert losses[-1] < before - 0.05
    assert np.all(np.diff([before, *losses]) <= 1e-7 * before)  # float32 products of a loss that has converged


@every_weighting
@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("alpha", [0.0, 0.1])
def test_it_ends_where_the_gradient_is_zero(weighting, tied, alpha, weights_of):
    weights = weights_of(weighting)
    trained = alternate(weights, *start(), tied=tied, alpha=alpha, max_iter=500)
    size = N_WORDS * 4

    def loss(flat):
        words = flat[:size].reshape(N_WORDS, 4)
        return dense_loss(weights, words, words if tied else flat[size:].reshape(N_WORDS, 4), alpha=alpha)

    def slopes(flat):
        """Central differences."""
        steps = 1e-5 * np.eye(len(flat))
        return np.array([(loss(flat + step) - loss(flat - step)) / 2e-5 for step in steps])

    begin, end = (
        np.concatenate([part.ravel().astype(float) for part in parts][: 2 - tied])
        for parts in (start(), (trained.words, trained.contexts))
    )
    # Rounding the vectors to float32 leaves 1e-5 to 3e-4 of the slopes, as the order of BLAS' sums has it.
    assert np.abs(slopes(end)).max() < 1e-3 * np.abs(slopes(begin)).max()


@every_weighting
def test_it_agrees_with_a_dense_weighted_solver(weighting, weights_of):
    weights = weights_of(weighting)
    words, contexts = start()
    trained = alternate(weights, words, contexts, alpha=0.05, max_iter=500)
    size = words.size

    def loss(flat):
        return dense_loss(weights, flat[:size].reshape(words.shape), flat[size:].reshape(words.shape), alpha=0.05)

    begin = np.concatenate([trained.words.ravel(), trained.contexts.ravel()]).astype(float)
    least = minimize(loss, begin, method="L-BFGS-B", options={"maxiter": 500, "maxfun": 10**6, "ftol": 1e-15})
    x = least.x[:size].reshape(words.shape) @ least.x[size:].reshape(words.shape).T
    assert loss(begin) == pytest.approx(least.fun, rel=1e-6)
    np.testing.assert_allclose(trained.words @ trained.contexts.T, x, atol=2e-3)


def test_one_side_is_the_weighted_least_squares_solution(weights_of):
    # With as many steps as components conjugate gradients are exact: solve each row with numpy's least squares.
    weights = weights_of("word2vec")
    words, contexts = start(3)  # CG_STEPS
    solved = first_half(weights, words, contexts)
    positive, negative = weights.toarrays()
    target = 2 * (positive - negative) / (positive + negative)
    for row in range(N_WORDS):
        root = np.sqrt((positive + negative)[row])
        exact = np.linalg.lstsq(contexts * root[:, None], target[row] * root, rcond=None)[0]
        np.testing.assert_allclose(solved[row], exact, atol=1e-5)


def first_half(weights, words, contexts):
    """Return the words after the first half of a sweep."""
    return _solve_side(weights, words, contexts, loss="quartic", alpha=0.0, backend=get_backend(), n_jobs=1)


@every_weighting
@pytest.mark.parametrize("loss", ["quartic", "logistic"])
@pytest.mark.parametrize("tied", [False, True])
def test_backends_agree(weighting, loss, tied, weights_of):
    results = [
        alternate(weights_of(weighting), *start(), loss=loss, tied=tied, max_iter=3, backend=get_backend(backend))
        for backend in BACKENDS
    ]
    for name in ("words", "contexts"):
        np.testing.assert_allclose(*[getattr(result, name) for result in results], atol=2e-3)
    np.testing.assert_allclose(*[result.losses for result in results], rtol=1e-5)


@pytest.mark.parametrize("loss", ["quartic", "logistic"])
@pytest.mark.parametrize("n_jobs", [2, 4])
def test_threads_change_nothing(loss, n_jobs, weights_of):
    one, more = (alternate(weights_of("word2vec"), *start(), loss=loss, max_iter=3, n_jobs=n) for n in (1, n_jobs))
    assert np.array_equal(one.words, more.words)
    assert np.array_equal(one.contexts, more.contexts)
    assert one.losses == more.losses


@every_weighting
@pytest.mark.parametrize("tied", [False, True])
def test_the_logistic_loss_falls_below_that_of_the_quartic_solution(weighting, tied, weights_of):
    weights = weights_of(weighting)
    logistic, quartic = (
        alternate(weights, *start(), loss=loss, tied=tied, max_iter=40) for loss in ("logistic", "quartic")
    )
    other = expected_loss(weights, quartic.words, quartic.contexts, loss="logistic", observed_alone=True)
    assert logistic.losses[-1] < other


def test_it_stops_when_a_sweep_lowers_the_loss_by_too_little(weights_of):
    few, many = (alternate(weights_of("word2vec"), *start(), max_iter=200, tol=tol) for tol in (1e-3, 1e-6))
    assert len(few.losses) < len(many.losses) < 200


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
def test_rows_too_long_for_the_cache_are_solved_as_the_reference_solves_them(n_jobs):
    rng = np.random.default_rng(0)
    n_others, n_components = 1500, 250  # the fast kernel meets 512 of the others at once
    lengths = [1400, 1500, 3, 600, 0, 1, 513, 512, 1200]
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    indices = np.concatenate([np.sort(rng.choice(n_others, length, replace=False)) for length in lengths])
    indices[indptr[3] : indptr[4]] = rng.permutation(indices[indptr[3] : indptr[4]])  # any order will do
    others = rng.standard_normal((n_others, n_components)).astype(np.float32)
    arrays = (
        rng.standard_normal((len(lengths), n_components)).astype(np.float32),
        others,
        indptr,
        indices,
        rng.random(len(indices), dtype=np.float32),
        rng.standard_normal(len(indices), dtype=np.float32),
    )
    rest = {
        "right_wd": rng.standard_normal((len(lengths), n_components)).astype(np.float32),
        "background_wr": rng.random((len(lengths), 1)),
        "grams_rdd": (others.T @ others)[np.newaxis].astype(np.float64),
        "ridge_w": rng.random(len(lengths)),
        "n_steps": 3,
    }
    expected = reference.solve_rows(*arrays, **rest)
    np.testing.assert_allclose(cpu.solve_rows(*arrays, **rest, n_jobs=n_jobs), expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(
        cpu.solve_rows(*arrays, **rest, n_jobs=n_jobs), cpu.solve_rows(*arrays, **rest, n_jobs=1)
    )
