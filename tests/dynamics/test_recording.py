"""Recording a run, and laying it over the theory."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from sk_w2v import ALSEmbedder, SGNSEmbedder
from sk_w2v.dynamics import RunRecorder, descent_time, riccati_flow
from sk_w2v.dynamics._recording import product_singular_values
from sk_w2v.plotting import LearningDynamicsDisplay
from sk_w2v.solvers._sgd import initial_vectors
from sk_w2v.targets import mstar_target

pytest.importorskip("sklearn.callback")  # scikit-learn 1.9


@pytest.mark.parametrize(
    "embedder", [SGNSEmbedder(4), SGNSEmbedder(4, solver="gd"), ALSEmbedder(4)], ids=["sgd", "gd", "als"]
)
def test_chosen_passes_are_recorded_with_any_solver(embedder, documents):
    recorder = RunRecorder(n_records=4, keep_vectors=True)
    embedder = clone(embedder).set_params(subsample=0, max_iter=8, random_state=0)
    fitted = embedder.set_callbacks(recorder).fit(documents)
    assert recorder.passes_.tolist() == [1, 2, 4, 8]
    np.testing.assert_array_equal(recorder.losses_, np.array(fitted.loss_curve_)[recorder.passes_ - 1])
    whole = fitted.input_embedding_.astype(float) @ fitted.context_embedding_.T
    np.testing.assert_allclose(recorder.strengths_[-1], np.linalg.svd(whole, compute_uv=False)[:4], rtol=1e-4)
    np.testing.assert_array_equal(recorder.vectors_[-1], fitted.input_embedding_)
    assert not np.array_equal(recorder.vectors_[0], recorder.vectors_[-1])
    assert np.all((recorder.effective_ranks_ >= 1) & (recorder.effective_ranks_ <= 4))


def test_a_recorded_descent_lies_on_the_exact_flow(counted):
    eigenvalues, eigenvectors = np.linalg.eigh(mstar_target(counted).toarray())
    start = initial_vectors(len(eigenvalues), 4, init_scale=0.1, random_state=np.random.RandomState(0))
    rate, n_steps = 0.02 / eigenvalues.max(), 600
    recorder = RunRecorder(n_records=20)
    embedder = SGNSEmbedder(
        4,
        loss="quartic",
        weighting="uniform",
        tied=True,
        solver="gd",
        init=start,
        negative=1,
        noise_exponent=1.0,
        learning_rate=rate,
        max_iter=n_steps,
    )
    embedder.set_callbacks(recorder).fit(counted)
    times = descent_time(recorder.passes_, rate, factor=1 / 8)
    exact = [
        np.linalg.svd(riccati_flow(eigenvalues, eigenvectors.T @ start, time=float(time)), compute_uv=False) ** 2
        for time in times
    ]
    assert np.max(exact) > 0.5 * eigenvalues.max()  # something has been learned
    assert np.abs(recorder.strengths_ - exact).max() < 0.03 * eigenvalues.max()  # steps of 0.01 / lambda_1
    display = LearningDynamicsDisplay(times, recorder.strengths_, recorder.losses_)
    pytest.importorskip("matplotlib").use("Agg")
    assert len(display.plot().lines_) == 4


def test_a_second_run_forgets_the_first(documents):
    recorder = RunRecorder(n_records=3)
    embedder = ALSEmbedder(2, max_iter=4, random_state=0).set_callbacks(recorder)
    embedder.fit(documents)
    embedder.fit(documents)
    assert recorder.passes_.tolist() == [1, 2, 4]


def test_singular_values_of_products_are_those_of_the_whole_matrix():
    words, contexts = np.random.default_rng(0).standard_normal((2, 20, 3))
    expected = np.linalg.svd(words @ contexts.T, compute_uv=False)[:3]
    np.testing.assert_allclose(product_singular_values(words, contexts), expected)


def test_nothing_to_record_is_refused():
    with pytest.raises(ValueError, match="n_records=0 records nothing"):
        RunRecorder(n_records=0)
