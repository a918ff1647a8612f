"""Held-out loss and explained share, as metrics and as scorers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from sk_w2v import ALSEmbedder, EmbeddingUnion, PretrainedEmbedder, SpectralEmbedder
from sk_w2v.cooccurrence import Cooccurrence
from sk_w2v.io import WordVectors
from sk_w2v.metrics import explained_share, held_out_loss
from sk_w2v.scorers import ExplainedShareScorer, HeldOutLossScorer, get_embedding_scorer
from sk_w2v.solvers._expected_loss import expected_loss
from sk_w2v.solvers._pair_weights import uniform_weights
from sk_w2v.solvers._sampling import keep_probabilities
from sk_w2v.targets import mstar_target, noise_distribution

LOSSES = {"logistic": lambda x: np.logaddexp(0, -x), "quartic": lambda x: np.log(2) - x / 2 + x**2 / 8}


def vectors(n_words: int = 12, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return word and context vectors at random."""
    words, contexts = np.random.default_rng(seed).normal(scale=0.5, size=(2, n_words, 3)).astype(np.float32)
    return words, contexts


# --- held-out loss -------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("subsample", [0, 0.03])
def test_the_loss_is_that_of_each_pair_and_of_its_noise_words(loss, subsample, counted):
    words, contexts = vectors()
    frequencies = noise_distribution(counted.vocabulary.counts)
    keep = keep_probabilities(frequencies, subsample=subsample)
    joint = counted.counts.toarray() * np.outer(keep, keep)
    joint = joint / joint.sum()
    noise = frequencies**0.75 / np.sum(frequencies**0.75)
    products = words.astype(float) @ contexts.T
    expected = np.sum(joint * LOSSES[loss](products))
    expected += 5 * np.sum(np.outer(joint.sum(axis=1), noise) * LOSSES[loss](-products))
    # Products are float32.
    assert held_out_loss(words, contexts, counted, loss=loss, subsample=subsample) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_vectors_of_zero_know_nothing_of_a_pair_and_its_noise_words(loss, counted):
    words, contexts = vectors()
    nothing = held_out_loss(0 * words, contexts, counted, loss=loss, negative=3)
    assert nothing == pytest.approx(4 * np.log(2), rel=1e-6)


def test_the_loss_is_linear_in_the_text(counted):
    words, contexts = vectors()
    draws = np.random.default_rng(0).binomial(counted.counts.toarray(), 0.5)
    first = np.triu(draws) + np.triu(draws, 1).T
    counts = [type(counted.counts)(each) for each in (first, counted.counts.toarray() - first)]
    halves = [held_out_loss(words, contexts, Cooccurrence(each, counted.vocabulary)) for each in counts]
    whole = held_out_loss(words, contexts, counted)
    assert np.average(halves, weights=[each.sum() for each in counts]) == pytest.approx(whole, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loss": "hinge"}, r"loss='hinge' is unknown; use one of \['logistic', 'quartic'\]"),
        ({"words": vectors(11)[0]}, r"shapes \(11, 3\) and \(12, 3\) do not fit 12 words"),
        ({"words": np.zeros(12), "contexts": np.zeros(12)}, r"give arrays of shape \(12, n_components\)"),
    ],
)
def test_what_makes_no_loss_is_refused(change, message, counted):
    words, contexts = vectors()
    with pytest.raises(ValueError, match=message):
        held_out_loss(**{"words": words, "contexts": contexts, "cooccurrence": counted} | change)


# --- explained share -----------------------------------------------------------------------------


def test_the_share_is_one_less_the_squares_that_are_left(counted):
    words, contexts = vectors()
    target = mstar_target(counted)
    left = np.sum((target.toarray() - words.astype(float) @ contexts.T) ** 2)
    expected = 1 - left / np.sum(target.toarray() ** 2)
    assert explained_share(words, contexts, target) == pytest.approx(expected, rel=1e-5)


def test_all_eigenvectors_explain_the_whole_target(counted):
    target = mstar_target(counted)
    values, eigenvectors = np.linalg.eigh(target.toarray())
    assert explained_share(eigenvectors * values, eigenvectors, target) == pytest.approx(1, abs=1e-5)
    assert explained_share(0 * eigenvectors, eigenvectors, target) == 0


def test_the_quartic_loss_of_uniform_weights_falls_with_the_share(counted):
    losses, shares = [], []
    for seed in range(4):
        words, contexts = vectors(seed=seed)
        losses.append(expected_loss(uniform_weights(counted, negative=2, noise_exponent=1), words, contexts))
        shares.append(explained_share(words, contexts, mstar_target(counted, negative=2)))
    assert np.corrcoef(losses, shares)[0, 1] == pytest.approx(-1, abs=1e-4)


def test_a_target_of_nothing_has_no_share(counted):
    target = mstar_target(counted)
    nothing = type(target)(0 * target.deviations)
    with pytest.raises(ValueError, match="The target is zero everywhere"):
        explained_share(*vectors(), nothing)


# --- scorers -------------------------------------------------------------------------------------


def test_a_closed_form_explains_its_squared_eigenvalues(spectral, documents):
    fitted = spectral.set_params(min_count=1).fit(documents)
    expected = np.sum(fitted.eigenvalues_**2) / fitted.target_squared_norm_
    assert ExplainedShareScorer()(fitted, documents) == pytest.approx(expected, rel=1e-4)


def test_scores_do_not_depend_on_the_power_of_the_eigenvalues(documents):
    halved, first = (SpectralEmbedder(4, eigenvalue_exponent=power).fit(documents) for power in (0.5, 0.1))
    for name in ("neg_logistic_loss", "neg_quartic_loss", "explained_share"):
        scorer = get_embedding_scorer(name)
        assert scorer(first, documents) == pytest.approx(scorer(halved, documents), rel=1e-4)


def test_training_on_the_counts_reports_the_loss_that_is_scored(documents):
    model = ALSEmbedder(4, min_count=1, subsample=1e-2, weight_exponent=1, random_state=0).fit(documents)
    score = HeldOutLossScorer("quartic")(model, documents)
    assert -score == pytest.approx(model.loss_curve_[-1], rel=1e-5)


def test_a_model_of_the_text_loses_less_than_nothing_and_less_than_a_model_of_other_text(fitted, documents):
    scorer = HeldOutLossScorer(getattr(fitted, "loss", "quartic"))
    shuffled = np.random.default_rng(0).permutation([word for document in documents for word in document.split()])
    other = type(fitted)(**fitted.get_params()).fit([" ".join(part) for part in np.array_split(shuffled, 200)])
    of_zeros = -(1 + fitted.negative) * np.log(2)
    assert scorer(fitted, documents) > max(of_zeros, scorer(other, documents))


def test_unknown_words_count_as_zero_vectors_when_low_coverage_is_penalized(fitted, documents):
    half_known = [" ".join(f"{word} stranger" for word in document.split()) for document in documents]
    told = HeldOutLossScorer(with_coverage=True)(fitted, half_known)
    assert told["held_out_coverage"] == pytest.approx(0.5)
    penalized = HeldOutLossScorer(low_coverage="penalize")(fitted, half_known)
    of_zeros = -(1 + fitted.negative) * np.log(2)
    assert penalized == pytest.approx((told["held_out_neg_logistic_loss"] + of_zeros) / 2)


def test_a_search_over_dimensions_looks_at_losses_and_shares(documents):
    scoring = {
        name: get_embedding_scorer(name) for name in ("neg_logistic_loss", "neg_quartic_loss", "explained_share")
    }
    pipeline = make_pipeline(SpectralEmbedder())
    search = GridSearchCV(
        pipeline, {"spectralembedder__n_components": [1, 2]}, scoring=scoring, refit="neg_quartic_loss", cv=2
    ).fit(documents)
    assert search.best_params_ == {"spectralembedder__n_components": 2}
    assert np.all(np.diff(search.cv_results_["mean_test_explained_share"]) > 0)


@pytest.mark.parametrize("scorer", [HeldOutLossScorer(), ExplainedShareScorer()])
def test_what_has_no_objective_or_no_documents_is_refused(scorer, fitted, documents):
    union = EmbeddingUnion([("one", SpectralEmbedder(2))]).fit(documents)
    read = PretrainedEmbedder(WordVectors(fitted.words_, fitted.embedding_)).fit(documents)
    for other in (union, read):
        with pytest.raises(TypeError, match=f"{type(other).__name__} is not fitted to an objective; use SpectralEm"):
            scorer(other, documents)
    with pytest.raises(ValueError, match="X=None gives no held-out documents"):
        scorer(fitted)
    with pytest.raises(ValueError, match="No two of the 36 words occur together"):
        scorer(fitted, ["stranger"])


def test_an_unknown_loss_is_refused_when_the_scorer_is_made():
    with pytest.raises(ValueError, match=r"loss='hinge' is unknown; use one of \('logistic', 'quartic'\)"):
        HeldOutLossScorer("hinge")
