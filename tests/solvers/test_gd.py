"""Full-batch gradient descent: its gradient, its speed and where it ends."""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from solver_runs import descend

from sk_w2v.dynamics import gradient_flow
from sk_w2v.solvers import _gd as gd
from sk_w2v.solvers._expected_loss import expected_loss
from sk_w2v.targets import mstar_target

N_WORDS = 12  # of the weights that `weights_of` makes

every_weighting = pytest.mark.parametrize("weighting", ["word2vec", "tempered", "uniform"])
every_loss = pytest.mark.parametrize("loss", ["logistic", "quartic"])


def start(*, scale: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    words, contexts = np.random.default_rng(3).standard_normal((2, N_WORDS, 4)).astype(np.float32) * np.float32(scale)
    return words, contexts


@every_weighting
@every_loss
@pytest.mark.parametrize("tied", [False, True])
def test_a_step_follows_the_gradient(weighting, loss, tied, weights_of):
    weights, (words, contexts) = weights_of(weighting), start()
    positive, negative = weights.toarrays()
    losses = {"logistic": lambda x: np.logaddexp(0, -x), "quartic": lambda x: np.log(2) - x / 2 + x**2 / 8}

    def value(flat):
        parts = flat.reshape(-1, N_WORDS, 4)
        x = parts[0] @ parts[-1].T
        return np.sum(positive * losses[loss](x) + negative * losses[loss](-x))

    flat = np.concatenate([part.ravel() for part in (words, contexts)[: 2 - tied]]).astype(float)
    steps = 1e-5 * np.eye(len(flat))
    slopes = np.array([(value(flat + step) - value(flat - step)) / 2e-5 for step in steps])
    rate = 1e-2
    moved = descend(weights, words, contexts, loss=loss, tied=tied, learning_rate=rate, max_iter=1)
    after = np.concatenate([part.ravel() for part in (moved.words, moved.contexts)[: 2 - tied]])
    # Vectors of order 1 in float32 that move by about 1e-2.
    np.testing.assert_allclose(
        (flat - after) * np.mean(positive + negative) / rate, slopes, atol=1e-4 * np.abs(slopes).max()
    )


@every_weighting
@every_loss
@pytest.mark.parametrize("tied", [False, True])
def test_the_loss_falls_and_is_the_expected_loss(weighting, loss, tied, weights_of):
    weights = weights_of(weighting)
    trained = descend(weights, *start(), loss=loss, tied=tied, learning_rate=0.05, max_iter=50)
    assert np.all(np.diff(trained.losses) < 1e-7)
    assert trained.losses[-1] == pytest.approx(expected_loss(weights, trained.words, trained.contexts, loss=loss), 1e-5)
    assert (trained.words is trained.contexts) == tied


def test_small_steps_under_uniform_weights_are_the_flow(counted, weights_of):
    target = mstar_target(counted, negative=3, noise_exponent=0.75).toarray()
    eigenvalues, eigenvectors = (array[..., ::-1] for array in np.linalg.eigh(target))
    begin = gradient_flow(eigenvalues[:3], eigenvectors[:, :3], time=0.0, init_scale=0.3).astype(np.float32)
    time, n_steps = 0.5, 2000
    trained = descend(
        weights_of("uniform"), begin, begin, tied=True, learning_rate=2 * time / n_steps, max_iter=n_steps
    )
    flow = gradient_flow(eigenvalues[:3], eigenvectors[:, :3], time=time, init_scale=0.3)
    # Euler's method is off by a share of about step * eigenvalue, 5e-4 * 6.
    np.testing.assert_allclose(trained.words, flow, atol=5e-3 * np.abs(flow).max())


def test_the_start_is_left_as_it_was(weights_of):
    words, contexts = start()
    before = words.copy(), contexts.copy()
    for tied in (False, True):
        descend(weights_of("uniform"), words, contexts, tied=tied, max_iter=2)
    assert np.array_equal(words, before[0])
    assert np.array_equal(contexts, before[1])


def test_steps_that_are_too_long_are_found_out(weights_of):
    with pytest.raises(FloatingPointError, match=r"no longer finite after step \d+ with learning_rate=1000000"):
        descend(weights_of("uniform"), *start(), learning_rate=1e6, max_iter=100)


def test_too_many_words_are_refused(monkeypatch, weights_of):
    monkeypatch.setattr(gd, "MAX_WORDS", 10)
    with pytest.raises(ValueError, match=r'solver="gd" works on whole matrices, of 12 words here.*max_features'):
        descend(weights_of("uniform"), *start())


def test_tol_stops_early(weights_of):
    few, many = (
        descend(weights_of("uniform"), *start(), learning_rate=0.05, tol=tol, max_iter=500) for tol in (1e-3, 1e-5)
    )
    assert len(few.losses) < len(many.losses) < 500


@every_loss
def test_steps_that_overshoot_are_told_where_no_loss_is_infinite(loss, weights_of):
    with pytest.warns(ConvergenceWarning, match=r"loss rose to .* in 3 passes.*lower learning_rate"):
        descend(weights_of("uniform"), *start(), loss=loss, learning_rate=3.0, max_iter=3)


def test_a_loss_that_does_not_move_is_told(weights_of):
    with pytest.warns(ConvergenceWarning, match=r"loss did not change from .* in 5 passes; raise learning_rate"):
        descend(weights_of("word2vec"), *start(), loss="logistic", learning_rate=1e-12, max_iter=5)


@every_weighting
@every_loss
def test_steps_that_suit_are_not_told_of(weighting, loss, weights_of):
    trained = descend(weights_of(weighting), *start(), loss=loss, learning_rate=0.01, max_iter=1)
    assert trained.losses[0] < trained.start_loss
