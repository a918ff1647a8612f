"""SGNSEmbedder's losses, starts and solvers, through the estimator."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from solver_runs import least_squares

from sk_w2v import ALSEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v.cooccurrence import Cooccurrence
from sk_w2v.metrics import subspace_agreement

DEFAULTS = {"solver": least_squares, "init": "spectral", "subsample": 0.0, "random_state": 0}
SOLVERS = {"sgd": "sgd", "gd": "gd", "als": least_squares}


def fit(documents, n_components=4, **parameters):
    return SGNSEmbedder(n_components, **{**DEFAULTS, **parameters}).fit(documents)


def fit_als(documents, n_components=4, **parameters):
    return ALSEmbedder(n_components, **{"subsample": 0.0, "random_state": 0, **parameters}).fit(documents)


def concepts_apart(embedder, planted) -> float:
    """Return how much nearer words of one concept are to each other than to those of others (cosine)."""
    vectors = embedder.embedding_ / np.linalg.norm(embedder.embedding_, axis=1, keepdims=True)
    cosines = vectors @ vectors.T
    concepts = np.array([word.split("_")[0] for word in embedder.words_])
    planted_words = np.array(["common" not in word for word in embedder.words_])
    same = (concepts[:, None] == concepts) & ~np.eye(len(concepts), dtype=bool)
    both = np.outer(planted_words, planted_words)
    return float(cosines[same & both].mean() - cosines[~same & both].mean())


@pytest.mark.parametrize("loss", ["logistic", "quartic"])
@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("init", ["random", "spectral"])
def test_every_model_learns_the_planted_concepts(planted, loss, tied, solver, init):
    embedder = fit(
        planted.data,
        8,
        loss=loss,
        tied=tied,
        solver=SOLVERS[solver],
        init=init,
        negative=1,  # which tied vectors can fit: their products with themselves are not negative
        max_iter=150 if solver == "gd" else 15,
        learning_rate=0.05,
        init_scale=0.1,
    )
    assert concepts_apart(embedder, planted) > 0.3
    assert embedder.loss_curve_[-1] <= embedder.loss_curve_[0]
    assert (embedder.input_embedding_ is embedder.context_embedding_) == tied


def test_the_uniform_quartic_loss_is_solved_by_the_closed_form(documents):
    parameters = {"window": 16, "negative": 1, "noise_exponent": 1.0}
    solved = fit(
        documents, weighting="uniform", loss="quartic", tied=True, init="random", init_scale=0.5, max_iter=300,
        **parameters,
    )  # fmt: skip
    closed = SpectralEmbedder(4, window=16, window_weighting="linear", random_state=0).fit(documents)
    # The closed form is the least of all: the flow's end, from another start and by another route.
    np.testing.assert_allclose(
        solved.embedding_ @ solved.embedding_.T, closed.embedding_ @ closed.embedding_.T, atol=2e-2
    )
    assert subspace_agreement(solved.embedding_, closed.embedding_) > 0.999


def test_starting_at_the_solution_stays_there(documents):
    closed = SpectralEmbedder(4, window=5, window_weighting="linear", random_state=0).fit(documents)
    solved = fit(
        documents, init=closed.embedding_, weighting="uniform", loss="quartic", tied=True, negative=1,
        noise_exponent=1.0, max_iter=3,
    )  # fmt: skip
    np.testing.assert_allclose(solved.embedding_, closed.embedding_, atol=2e-2)


def test_als_lowers_the_loss_further_than_gradient_steps(documents):
    descended = fit(documents, solver="sgd", loss="quartic", init="spectral", max_iter=20, window=5)
    solved = fit(documents, loss="quartic", max_iter=20, window=5)
    continued = fit(
        documents, loss="quartic", max_iter=1, window=5,
        init=np.stack([descended.input_embedding_, descended.context_embedding_]),
    )  # fmt: skip
    assert solved.loss_curve_[-1] < continued.loss_curve_[-1]  # which is below that of gradient steps alone


def test_counts_and_documents_give_the_same(documents):
    from_documents = fit(documents)
    corpus, _ = from_documents.read_corpus(documents)
    counts = from_documents.count_corpus(corpus)
    assert np.array_equal(fit(counts).embedding_, from_documents.embedding_)


@pytest.mark.parametrize("n_jobs", [2, 4])
def test_als_does_not_depend_on_the_number_of_threads(documents, n_jobs):
    assert np.array_equal(fit(documents, n_jobs=1).embedding_, fit(documents, n_jobs=n_jobs).embedding_)


def test_tol_stops_early(documents):
    for solver in ("sgd", least_squares):
        embedder = fit(documents, solver=solver, tol=0.05, max_iter=50)
        assert embedder.n_iter_ == len(embedder.loss_curve_) < 50


def test_a_search_chooses_among_solvers_and_starts(documents):
    grid = {
        "solver": ["sgd", least_squares],
        "init": ["random", "spectral"],
        "loss": ["logistic", "quartic"],
    }
    search = GridSearchCV(SGNSEmbedder(4, subsample=0.0, random_state=0), grid, cv=2).fit(documents)
    assert np.all(search.cv_results_["mean_test_score"] > 0.5)


# --- after training -------------------------------------------------------------------------------


def test_vectors_are_combined_and_centered(documents):
    plain = fit(documents)
    words, contexts = plain.input_embedding_, plain.context_embedding_
    assert np.array_equal(plain.embedding_, words)
    assert np.array_equal(fit(documents, combine="context").embedding_, contexts)
    assert np.array_equal(fit(documents, combine="sum").embedding_, words + contexts)
    np.testing.assert_allclose(fit(documents, combine="average").embedding_, (words + contexts) / 2, rtol=1e-6)


def test_centering_subtracts_the_mean_of_the_vectors(documents):
    words, centered = (fit_als(documents, center=center).embedding_ for center in (False, True))
    np.testing.assert_allclose(centered.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(centered - centered[0], words - words[0], atol=1e-5)


def test_the_score_does_not_depend_on_read_out_parameters(documents):
    plain = fit_als(documents, center=False)
    for parameters in ({"combine": "sum"}, {"center": True}):
        assert fit_als(documents, **parameters).score(documents) == pytest.approx(plain.score(documents), abs=1e-9)


# --- bad input ------------------------------------------------------------------------------------


def test_uniform_weighting_is_refused_with_sgd(documents):
    with pytest.raises(ValueError, match=r'weighting="uniform" with solver="sgd".*solver="gd"'):
        SGNSEmbedder(4, weighting="uniform").fit(documents)


@pytest.mark.parametrize("solver", ["sgd", "gd"])
def test_an_init_array_of_wrong_shape_is_refused(documents, solver):
    with pytest.raises(ValueError, match=r"init has shape \(3, 4\); give \(\d+, 4\), or \(2, \d+, 4\)"):
        fit(documents, solver=solver, init=np.zeros((3, 4)))


def test_an_init_array_that_is_not_finite_is_refused(documents):
    n_words = len(fit(documents).words_)
    with pytest.raises(ValueError, match="init contains infinity or NaN"):
        fit(documents, init=np.full((n_words, 4), np.nan))


def test_an_init_array_can_be_cloned_and_is_not_modified(documents):
    n_words = len(fit(documents).words_)
    start = np.random.default_rng(0).standard_normal((n_words, 4)).astype(np.float32)
    before = start.copy()
    for solver in ("sgd", "gd"):
        clone(SGNSEmbedder(4, init=start, solver=solver, subsample=0.0)).fit(documents)
        assert np.array_equal(start, before)


def test_more_components_than_positive_eigenvalues_start_at_random(documents):
    embedder = fit(documents, 40)
    assert embedder.embedding_.shape[1] == 40
    assert np.all(np.isfinite(embedder.embedding_))


def test_a_word_without_neighbors_gets_a_zero_vector(documents):
    plain = fit(documents)
    corpus, vocabulary = plain.read_corpus(documents)
    counts = plain.count_corpus(corpus)
    alone = counts.counts.tolil()
    alone[0, :] = 0
    alone[:, 0] = 0
    embedder = fit(Cooccurrence(alone.tocsr(), vocabulary, counts.unit))
    assert np.all(embedder.input_embedding_[0] == 0)
    assert np.all(np.isfinite(embedder.embedding_))


@pytest.mark.parametrize("alpha", [0.0, 0.1])
def test_contexts_of_low_rank_leave_finite_vectors(documents, alpha):
    n_words = len(fit(documents).words_)
    start = np.zeros((2, n_words, 4), np.float32)
    start[:, :, 0] = 1  # all vectors alike: every row's system is singular without a ridge
    embedder = fit_als(documents, init=start, alpha=alpha)
    assert np.all(np.isfinite(embedder.embedding_))
    assert np.all(np.diff(embedder.loss_curve_) <= 1e-6)
