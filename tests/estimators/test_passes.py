"""Following training pass by pass: callbacks, stopping, going on, and being interrupted."""

import numpy as np
import pytest

from sk_w2v import ALSEmbedder, SGNSEmbedder
from sk_w2v._compat import NoCallbacks
from sk_w2v.cooccurrence import Cooccurrence

SOLVERS = ["sgd", "gd", "als"]  # the last one stands for ALSEmbedder
every_solver = pytest.mark.parametrize("solver", SOLVERS)
needs_callbacks = pytest.mark.skipif(
    SGNSEmbedder()._init_callback_context().__class__ is NoCallbacks, reason="scikit-learn before 1.9 has no callbacks"
)


def embedder(solver="sgd", **parameters):
    defaults = {"max_iter": 4, "subsample": 0.0, "random_state": 0, **parameters}
    return ALSEmbedder(4, **defaults) if solver == "als" else SGNSEmbedder(4, solver=solver, **defaults)


class Recorder:
    """A callback that keeps every pass's embedder, and stops, or breaks off, where it is told."""

    def __init__(self, *, stop_after=None, interrupt_after=None):
        self.passes, self.stop_after, self.interrupt_after = [], stop_after, interrupt_after

    def setup(self, estimator, context):
        self.n_set_up = 1

    def teardown(self, estimator, context):
        self.n_torn_down = 1

    def on_fit_task_begin(self, estimator, context):
        pass

    def on_fit_task_end(self, estimator, context, *, fitted_estimator=None):
        if context.task_name != "pass":
            return False
        self.passes.append(fitted_estimator)
        if len(self.passes) == self.interrupt_after:
            raise KeyboardInterrupt
        return len(self.passes) == self.stop_after


@needs_callbacks
@every_solver
def test_a_callback_gets_a_usable_embedder_at_each_pass(documents, solver):
    recorder = Recorder()
    fitted = embedder(solver).set_callbacks(recorder).fit(documents)
    assert [len(each.loss_curve_) for each in recorder.passes] == [1, 2, 3, 4]
    assert all(each.transform(documents).shape == (len(documents), 4) for each in recorder.passes)
    scores = [each.score(documents) for each in recorder.passes]
    assert scores[-1] == pytest.approx(fitted.score(documents))
    assert np.array_equal(recorder.passes[-1].embedding_, fitted.embedding_)
    assert not np.array_equal(recorder.passes[0].embedding_, fitted.embedding_)
    assert recorder.n_torn_down == 1


@needs_callbacks
@every_solver
def test_callbacks_do_not_change_the_result(documents, solver):
    followed = embedder(solver).set_callbacks(Recorder()).fit(documents)
    assert np.array_equal(followed.embedding_, embedder(solver).fit(documents).embedding_)


@needs_callbacks
@every_solver
def test_a_callback_can_stop_training(documents, solver):
    fitted = embedder(solver).set_callbacks(Recorder(stop_after=2)).fit(documents)
    assert fitted.n_iter_ == 2


@needs_callbacks
def test_scikit_learn_s_own_callbacks_follow_the_passes(documents, planted):
    from sklearn.callback import ScoringMonitor

    def neighbors(estimator, X, y):
        return estimator.score(X)

    monitor = ScoringMonitor(scoring={"pairs": neighbors})
    fitted = embedder().set_callbacks(monitor).fit(documents, planted.target)
    logs = monitor.get_logs(select="most_recent")
    assert len(logs.data) >= 4
    assert fitted.n_iter_ == 4


@every_solver
def test_an_interrupt_leaves_the_embedder_unfitted(documents, solver, monkeypatch):
    interrupted = embedder(solver)
    interrupt_at(2, type(interrupted), monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        interrupted.fit(documents)
    assert not hasattr(interrupted, "embedding_")


@pytest.mark.parametrize("solver", ["sgd", "gd"])
def test_an_interrupted_warm_start_keeps_its_last_complete_pass(documents, solver, monkeypatch):
    interrupted = embedder(solver, warm_start=True)
    interrupt_at(3, type(interrupted), monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        interrupted.fit(documents)
    assert interrupted.n_iter_ == 2
    assert interrupted.transform(documents).shape == (len(documents), 4)


def interrupt_at(n_passes, embedder_class, monkeypatch):
    """Press Ctrl-C when so many passes have been made, before the last of them is kept."""
    end_pass = embedder_class._end_pass

    def interrupt(self, tasks, vocabulary, trained):
        if len(trained.losses) == n_passes:
            raise KeyboardInterrupt
        return end_pass(self, tasks, vocabulary, trained)

    monkeypatch.setattr(embedder_class, "_end_pass", interrupt)


@pytest.mark.parametrize("solver", ["sgd", "gd"])
def test_a_warm_start_continues_from_the_previous_vectors(documents, solver):
    warm = embedder(solver, warm_start=True).fit(documents)
    first = warm.loss_curve_[0]
    warm.fit(documents)
    assert warm.loss_curve_[0] < first
    cold = embedder(solver).fit(documents)
    cold.fit(documents)
    assert cold.loss_curve_[0] == first


def test_a_warm_start_keeps_the_vectors_of_known_words(documents):
    warm = embedder(warm_start=True, learning_rate=1e-9).fit(documents)
    before = warm.get_word_vectors(["common0", "common1"])
    warm.fit([*documents, *["unheard common0 words common1"] * 20])
    np.testing.assert_allclose(warm.get_word_vectors(["common0", "common1"]), before, atol=1e-5)
    assert "unheard" in warm.vocabulary_


def test_a_warm_start_cannot_change_the_length_of_vectors(documents):
    warm = embedder(warm_start=True).fit(documents)
    with pytest.raises(ValueError, match="warm_start with n_components=5 after a fit of 4"):
        warm.set_params(n_components=5).fit(documents)


def test_partial_fit_makes_one_more_pass_over_the_words_it_knows(documents):
    started = embedder(learning_rate=0.1).fit(documents)
    before = started.embedding_
    words = list(started.words_)
    for _ in range(3):
        with pytest.warns(
            UserWarning, match=r"partial_fit ignores unknown words: 3 of \d+ words, 3 of \d+ tokens, .*'unheard'"
        ):
            started.partial_fit([*documents, "unheard words here"])
    assert list(started.words_) == words
    assert started.n_iter_ == len(started.loss_curve_) == 7
    assert np.all(np.any(started.embedding_ != before, axis=1))
    assert started.loss_curve_[-1] < 6 * np.log(2) - 1  # six guesses, and a good deal learned


def test_partial_fit_of_unknown_words_alone_is_refused(documents):
    started = embedder(max_iter=1).fit(documents)
    before = started.embedding_.copy()
    with pytest.raises(
        ValueError, match=r"No two known words .* 3 of 3 words, .* not in the vocabulary, which the first"
    ):
        started.partial_fit(["zebra lion tiger", "lion zebra"])
    assert np.array_equal(started.embedding_, before)
    started.partial_fit(documents)  # a warning would be an error


def test_the_first_partial_fit_is_fit(documents):
    assert np.array_equal(embedder().partial_fit(documents).embedding_, embedder().fit(documents).embedding_)


def test_partial_fit_needs_the_sgd_solver(documents):
    with pytest.raises(ValueError, match="partial_fit with solver='gd'"):
        embedder("gd").partial_fit(documents)


def test_held_out_documents_have_a_validation_loss(documents):
    fitted = embedder(validation_fraction=0.25, max_iter=8, learning_rate=0.05).fit(documents)
    assert len(fitted.validation_loss_) == len(fitted.loss_curve_) == 8
    assert fitted.validation_loss_[-1] < fitted.validation_loss_[0]
    assert embedder().fit(documents).validation_loss_ == []


def test_the_held_out_loss_decides_when_to_stop(documents):
    # Few documents learned by heart: what is held out stops falling long before what is trained on.
    stopped = embedder(validation_fraction=0.5, max_iter=200, learning_rate=0.2, tol=0.0, init_scale=0.3).fit(
        documents[:40]
    )
    assert stopped.n_iter_ < 200
    assert stopped.validation_loss_[-1] >= min(stopped.validation_loss_[:-1])


@pytest.mark.parametrize("fraction", [0.001, 0.999])
def test_a_part_without_documents_is_refused(documents, fraction):
    with pytest.raises(ValueError, match=rf"validation_fraction={fraction} of 200 documents leaves a part empty"):
        embedder(validation_fraction=fraction).fit(documents)


def test_validation_fraction_is_refused_with_counts(documents):
    with pytest.raises(ValueError, match=r"validation_fraction=0.5 needs documents to hold out"):
        embedder("gd", validation_fraction=0.5).fit(documents)
    counts = embedder("als").fit(documents)
    with pytest.raises(ValueError, match=r"validation_fraction=0.5 needs documents to hold out"):
        embedder(validation_fraction=0.5).fit(Cooccurrence(np.eye(2), counts.words_))


@pytest.mark.skipif(not needs_callbacks.args[0], reason="scikit-learn 1.9 has callbacks")
def test_set_callbacks_without_callback_support_says_what_to_do():
    with pytest.raises(NotImplementedError, match=r"need scikit-learn 1\.9 or newer.* or set verbose=1"):
        embedder().set_callbacks(Recorder())
