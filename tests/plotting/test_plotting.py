"""Displays: computed first, drawn when asked, into any axes."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import AnalogyQuestions, make_planted_corpus
from sk_w2v.inspection import emergence, mode_overlaps, relation_spectrum
from sk_w2v.plotting import (
    ConceptDisplay,
    EmbeddingDisplay,
    EmergenceDisplay,
    LearningDynamicsDisplay,
    OverlapDisplay,
    RelationSpectrumDisplay,
    SpectrumDisplay,
)
from sk_w2v.plotting._labels import place_labels

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture(scope="module")
def corpus():
    return make_planted_corpus(n_documents=800, random_state=0)


@pytest.fixture(scope="module")
def embedder(corpus):
    return SpectralEmbedder(5).fit(corpus.data)


@pytest.fixture(scope="module")
def questions(corpus):
    words = [[*corpus.concepts[0][:2], *corpus.concepts[1][:2]], [*corpus.concepts[2][:2], *corpus.concepts[1][:2]]]
    return AnalogyQuestions(np.array(words, dtype=object), np.array(["one", "two"], dtype=object))


@pytest.fixture
def axes():
    from matplotlib import pyplot

    yield pyplot.subplots()[1]
    pyplot.close("all")


@pytest.fixture
def displays(embedder, corpus, questions):
    """One of each kind."""
    return [
        LearningDynamicsDisplay.from_estimator(embedder),
        EmergenceDisplay.from_estimator(embedder, questions),
        RelationSpectrumDisplay.from_estimator(embedder, zip(*corpus.concepts[:2], strict=True)),
        OverlapDisplay.from_estimators(embedder, embedder.truncate(3)),
        ConceptDisplay.from_estimator(embedder, n_words=3),
        SpectrumDisplay.from_estimator(embedder),
        EmbeddingDisplay.from_estimator(embedder, [word for words in corpus.concepts for word in words[:4]]),
    ]


def test_they_draw_into_given_axes_or_new_ones_and_return_themselves(displays, axes):
    for display in displays:
        axes.clear()  # of logarithmic scales and labels
        assert display.plot(ax=axes) is display
        assert display.ax_ is axes
        assert display.plot().ax_ is not axes
        assert display.figure_ is display.ax_.figure
        assert display.ax_.get_xlabel()
        display.figure_.canvas.draw()  # warnings are errors


def test_without_matplotlib_plotting_alone_fails(displays, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for display in displays:
        with pytest.raises(ModuleNotFoundError, match=r"pip install 'sk-w2v\[plot\]'"):
            display.plot()


def test_staircase_has_a_curve_for_each_mode_that_ends_at_its_eigenvalue(embedder, axes):
    display = LearningDynamicsDisplay.from_estimator(embedder, n_modes=3).plot(axes)
    ends = [line.get_ydata()[-1] for line in display.lines_]
    np.testing.assert_allclose(ends, embedder.eigenvalues_[:3], rtol=0.01)
    np.testing.assert_allclose(display.learning_times, embedder.learning_times_[:3])


@pytest.mark.parametrize(("quantity", "falls"), [("error", True), ("effective_rank", False)])
def test_other_quantities_are_one_curve(quantity, falls, embedder, axes):
    (line,) = LearningDynamicsDisplay.from_estimator(embedder).plot(axes, quantity=quantity).lines_
    curve = line.get_ydata()
    assert (curve[-1] < curve[len(curve) // 2]) == falls


def test_a_smaller_start_moves_the_staircase_to_later_times(embedder):
    usual, smaller = (LearningDynamicsDisplay.from_estimator(embedder, init_scale=scale) for scale in (None, 1e-4))
    assert np.all(smaller.learning_times > usual.learning_times)


def test_emergence_draws_its_accuracy(embedder, questions, axes):
    found = emergence(embedder, questions)
    display = EmergenceDisplay(found).plot(axes)
    np.testing.assert_array_equal(display.lines_[0].get_ydata(), found.rank_accuracy)
    display = EmergenceDisplay(found).plot(against="time", by_category=True)
    assert {line.get_label() for line in display.lines_} == {"one", "two"}
    assert len(display.lines_[0].get_xdata()) == 50


def test_a_trained_model_has_no_times_to_draw(corpus, questions):
    sgns = SGNSEmbedder(3, max_iter=1, subsample=0, random_state=0).fit(corpus.data)
    with pytest.raises(ValueError, match="a trained model has none"):
        EmergenceDisplay.from_estimator(sgns, questions).plot(against="time")


@pytest.mark.parametrize("against", ["place", "rank"])
def test_relations_show_their_edge(against, embedder, corpus, axes):
    pairs = list(zip(*corpus.concepts[:2], strict=True))
    display = RelationSpectrumDisplay(relation_spectrum(embedder, pairs)).plot(axes, against=against)
    assert "Marchenko-Pastur edge" in display.ax_.get_legend_handles_labels()[1]


def test_overlaps_are_those_of_the_modes(embedder, axes):
    other = embedder.truncate(3)
    display = OverlapDisplay.from_estimators(embedder, other, n_modes=4).plot(axes)
    np.testing.assert_array_equal(display.image_.get_array(), mode_overlaps(embedder, other)[:4])


def test_unknown_quantities_are_refused(displays):
    dynamics, found, relation, *_ = displays
    for display, options in [(dynamics, {"quantity": "loss"}), (found, {"against": "x"}), (relation, {"against": "x"})]:
        with pytest.raises(ValueError, match="is unknown; use one of"):
            display.plot(**options)


def test_concepts_are_bars_from_the_high_end_to_the_low(embedder, axes):
    display = ConceptDisplay.from_estimator(embedder, n_words=3).plot(axes, concept=1)
    shown = display.concepts[1]
    assert [bar.get_width() for bar in display.bars_] == [*shown.high_scores, *shown.low_scores[::-1]]
    assert [label.get_text() for label in axes.get_yticklabels()] == [*shown.high, *shown.low[::-1]]
    with pytest.raises(ValueError, match="concept=5 is not one of the 5"):
        display.plot(concept=5)


def test_spectra_of_both_kinds_go_into_one_figure(embedder, corpus, axes):
    sgns = SGNSEmbedder(4, max_iter=1, subsample=0, random_state=0).fit(corpus.data)
    SpectrumDisplay.from_estimator(embedder).plot(axes, relative=True)
    (line,) = SpectrumDisplay.from_estimator(sgns, name="trained").plot(axes, relative=True).lines_
    assert line.get_ydata()[0] == 1
    assert len(axes.lines) == 2
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["SpectralEmbedder", "trained"]


def boxes_overlap(left, right):
    return bool(np.all(left[:2] < right[2:]) and np.all(right[:2] < left[2:]))


@pytest.mark.parametrize("spread", [0.0, 20.0, 300.0])
def test_labels_cover_neither_each_other_nor_points_nor_obstacles(spread):
    rng = np.random.default_rng(0)
    points, sizes = spread * rng.random((40, 2)), rng.uniform(8, 60, (40, 2))
    obstacle = np.array([10.0, 10.0, 60.0, 40.0])
    centres = place_labels(points, sizes, bounds=(0, 0, 300, 300), obstacles=[obstacle], gap=3)
    boxes = np.hstack([centres - sizes / 2, centres + sizes / 2])
    for first, box in enumerate(boxes):
        assert not boxes_overlap(box, obstacle)
        assert not any(boxes_overlap(box, other) for other in boxes[:first])
        assert not any(boxes_overlap(box, np.hstack([point - 3, point + 3])) for point in points)


def test_labels_stay_in_bounds_while_there_is_room():
    corners = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 100.0], [100.0, 100.0]])
    centres = place_labels(corners, np.full((4, 2), 20.0), bounds=(0, 0, 100, 100))
    assert np.all((centres >= 10) & (centres <= 90))


def test_map_shows_each_word_at_its_principal_components(embedder, corpus, axes):
    groups = {f"concept {number}": corpus.concepts[number][:6] for number in range(4)}
    display = EmbeddingDisplay.from_estimator(embedder, groups).plot(axes)
    assert [label.get_text() for label in display.labels_] == [word for words in groups.values() for word in words]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(groups)
    display.figure_.canvas.draw()
    texts = [matplotlib.text.Text.get_window_extent(label) for label in display.labels_]  # without the leader
    assert not any(texts[first].overlaps(texts[second]) for first in range(24) for second in range(first))
    vectors = embedder.get_word_vectors(display.words).astype(float)
    cosines = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    centered = cosines - cosines.mean(axis=0)
    np.testing.assert_allclose(
        np.linalg.svd(display.positions, compute_uv=False), np.linalg.svd(centered, compute_uv=False)[:2], rtol=1e-5
    )


def test_a_map_needs_known_words_and_a_plane(embedder, corpus):
    with pytest.raises(KeyError, match="nonesuch"):
        EmbeddingDisplay.from_estimator(embedder, ["nonesuch", *corpus.concepts[0][:3]])
    with pytest.raises(ValueError, match="do not fill a plane; give at least 3 words"):
        EmbeddingDisplay.from_estimator(embedder, corpus.concepts[0][:2])
    with pytest.raises(ValueError, match="at least 2 components"):
        EmbeddingDisplay.from_estimator(embedder.truncate(1), corpus.concepts[0][:3])
