"""Displays: computed first, drawn when asked, into any axes."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import AnalogyQuestions, make_planted_corpus
from sk_w2v.inspection import Emergence, emergence, mode_overlaps, relation_spectrum
from sk_w2v.plotting import (
    ConceptDisplay,
    EmbeddingDisplay,
    EmergenceDisplay,
    LearningDynamicsDisplay,
    OverlapDisplay,
    RelationSpectrumDisplay,
    SpectrumDisplay,
)
from sk_w2v.plotting._labels import place_labels, spread
from sk_w2v.plotting._style import line_styles, point_styles

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


@pytest.fixture(scope="module")
def found_by_category(embedder, questions):
    return emergence(embedder, questions)


@pytest.fixture(autouse=True)
def no_figures_are_left():
    from matplotlib import pyplot

    yield
    pyplot.close("all")


@pytest.fixture
def axes():
    from matplotlib import pyplot

    return pyplot.subplots()[1]


@pytest.fixture(scope="module")
def trained(corpus):
    return SGNSEmbedder(4, max_iter=1, subsample=0, random_state=0).fit(corpus.data)


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


def test_emergence_by_time_starts_at_the_lowest_accuracy_in_the_first_half(axes):
    answered = np.array([[1, 1, 0, 0, 0, 1, 1], [1, 0, 0, 0, 1, 1, 0]], dtype=bool)  # (n_questions, n_times)
    words, times = np.full((2, 4), "word", dtype=object), np.arange(1.0, 8)
    found = Emergence(words, words[:, 0], 1.0, np.array([1]), times, answered[:, -1:], answered)
    (line,) = EmergenceDisplay(found).plot(axes, against="time").lines_
    np.testing.assert_array_equal(line.get_xdata(), times[2:])
    assert "shaded" in axes.get_xlabel()
    assert axes.patches[0].get_extents().transformed(axes.transData.inverted()).x1 == pytest.approx(times[2])


def test_a_trained_model_has_no_times_to_draw(trained, questions):
    with pytest.raises(ValueError, match="a trained model has none"):
        EmergenceDisplay.from_estimator(trained, questions).plot(against="time")
    with pytest.raises(TypeError, match=r"has no gradient flow; give a SpectralEmbedder .*RunRecorder"):
        LearningDynamicsDisplay.from_estimator(trained)


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


def test_spectra_of_both_kinds_go_into_one_figure(embedder, trained, axes):
    SpectrumDisplay.from_estimator(embedder).plot(axes, relative=True)
    (line,) = SpectrumDisplay.from_estimator(trained, name="trained").plot(axes, relative=True).lines_
    assert line.get_ydata()[0] == 1
    assert len(axes.lines) == 2
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["SpectralEmbedder", "trained"]


def ticks_shown(axis):
    """Return positions and texts of the ticks within the limits."""
    low, high = sorted(axis.get_view_interval())
    ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [tick.get_loc() for tick in ticks], [tick.label1.get_text() for tick in ticks]


@pytest.mark.parametrize("highest", [3.0, 30.0, 700.0, 2e4, 5e8])
def test_spectra_have_a_few_ticks_of_plain_numbers(highest, axes):
    display = SpectrumDisplay(np.geomspace(highest, 1.5, 40)).plot(axes)
    display.figure_.canvas.draw()
    for axis in (axes.xaxis, axes.yaxis):
        places, texts = ticks_shown(axis)
        assert 2 <= len(places) <= 12
        assert [float(text.replace(",", "")) for text in texts] == pytest.approx(places)


def test_ticks_of_small_numbers_have_no_exponent(axes):
    display = SpectrumDisplay(np.geomspace(1, 3e-6, 40)).plot(axes, relative=True)
    display.figure_.canvas.draw()
    places, texts = ticks_shown(axes.yaxis)
    assert "0.00001" in texts
    assert [float(text) for text in texts] == pytest.approx(places)


def test_spectra_say_which_quantity_they_show(embedder, trained, axes):
    assert SpectrumDisplay.from_estimator(trained).plot().ax_.get_ylabel() == "squared singular value"
    assert SpectrumDisplay.from_estimator(embedder).plot(axes).ax_.get_ylabel() == "eigenvalue"
    assert (
        SpectrumDisplay.from_estimator(trained).plot(axes).ax_.get_ylabel() == "eigenvalue or\nsquared singular value"
    )


@pytest.mark.parametrize("n_modes", [3, 7, 12, 13, 100, 317])
def test_modes_and_ranks_have_whole_numbers_at_their_ticks(n_modes, axes):
    OverlapDisplay(np.eye(n_modes)).plot(axes).figure_.canvas.draw()
    for axis in (axes.xaxis, axes.yaxis):
        places, _ = ticks_shown(axis)
        assert places[0] == 1
        assert all(place == int(place) <= n_modes for place in places)
        assert len(places) <= 12


def test_ranks_have_whole_numbers_at_their_ticks(displays):
    _, found, relation, *_ = displays
    for drawn in (found.plot(), relation.plot(), relation.plot(against="rank")):
        drawn.figure_.canvas.draw()
        assert all(place == int(place) for place in ticks_shown(drawn.ax_.xaxis)[0])


def test_zero_overlap_is_light_and_one_is_dark(axes):
    image = OverlapDisplay(np.eye(2)).plot(axes).image_
    lightness = image.cmap(image.norm([0.0, 0.5, 1.0]))[:, :3].mean(axis=1)
    assert lightness[0] > 0.85
    assert np.all(np.diff(lightness) < -0.2)


def test_learning_curves_end_at_the_words_of_their_modes(embedder, axes):
    wide = LearningDynamicsDisplay.from_estimator(embedder).plot()
    narrow = LearningDynamicsDisplay.from_estimator(embedder, n_words=1).plot(axes)  # without a layout that makes room
    for display in (wide, narrow):
        display.figure_.canvas.draw()
        assert len(display.labels_) == len(display.lines_) == 5
        texts = [matplotlib.text.Text.get_window_extent(label) for label in display.labels_]
        assert not any(texts[first].overlaps(texts[second]) for first in range(5) for second in range(first))
        assert all(text.x1 <= display.figure_.bbox.x1 for text in texts)
        ends = [display.ax_.transData.transform((line.get_xdata()[-1], 0))[0] for line in display.lines_]
        assert min(text.x0 for text in texts) > max(ends)
        heights = [text.y0 for text in texts]
        assert heights == sorted(heights, reverse=True)  # as the modes are
    assert wide.labels_[0].get_window_extent().x1 > wide.ax_.bbox.x1
    assert any(word in wide.labels_[0].get_text() for word in ("common", "concept"))


def test_twelve_modes_are_drawn_unless_more_are_asked_for(corpus):
    many = SpectralEmbedder(15).fit(corpus.data)
    assert LearningDynamicsDisplay.from_estimator(many).squared.shape == (400, 12)
    every = LearningDynamicsDisplay.from_estimator(many, n_modes=None)
    assert (every.squared.shape[1], len(every.labels)) == (15, 12)
    assert LearningDynamicsDisplay.from_estimator(many, n_words=0).plot().labels_ == []


def test_legends_of_several_curves_are_beside_the_axes(found_by_category):
    display = EmergenceDisplay(found_by_category).plot(by_category=True)
    display.figure_.canvas.draw()
    assert display.ax_.get_legend().get_window_extent().x0 >= display.ax_.bbox.x1
    assert display.ax_.get_legend().get_window_extent().x1 <= display.figure_.bbox.x1


def test_legends_of_relations_and_spectra_are_above_the_axes(displays):
    _, _, relation, _, _, spectrum, _ = displays
    for drawn in (relation.plot(), relation.plot(against="rank"), spectrum.plot()):
        drawn.figure_.canvas.draw()
        assert drawn.ax_.get_legend().get_window_extent().y0 >= drawn.ax_.bbox.y1


def test_lines_and_groups_are_told_apart_by_more_than_color():
    for styles in (list(line_styles()), list(point_styles())):
        assert len({tuple(style.values()) for style in styles}) == len(styles) == 28
        assert len({style["color"] for style in styles}) == 7


def test_relations_show_one_quantity_at_a_time(embedder, corpus, axes):
    display = RelationSpectrumDisplay(relation_spectrum(embedder, list(zip(*corpus.concepts[:2], strict=True))))
    (line,) = display.plot(axes, against="rank", quantity="snr").ax_.lines
    np.testing.assert_array_equal(line.get_ydata(), display.spectrum.snr)
    assert len(display.plot(against="rank").ax_.lines) == 2
    with pytest.raises(ValueError, match="one number for each rank; use against='rank'"):
        display.plot(quantity="snr")


def test_titles_of_concepts_say_their_index_and_what_the_share_is_of(embedder, trained):
    title = ConceptDisplay.from_estimator(embedder).plot(concept=2).ax_.get_title()
    assert title.startswith("concept 2: eigenvalue ")
    assert title.endswith("% of the target's squared norm")
    title = ConceptDisplay.from_estimator(trained).plot().ax_.get_title()
    assert title.startswith("concept 0: squared singular value ")


def test_displays_take_pipelines_and_searches(embedder, trained, corpus, questions):
    pipeline = make_pipeline(embedder, StandardScaler())
    search = GridSearchCV(pipeline, {})
    search.best_estimator_ = pipeline
    pairs = list(zip(*corpus.concepts[:2], strict=True))
    for model in (pipeline, search):
        np.testing.assert_array_equal(SpectrumDisplay.from_estimator(model).strengths, embedder.eigenvalues_)
        assert SpectrumDisplay.from_estimator(model).name == "SpectralEmbedder"
        assert LearningDynamicsDisplay.from_estimator(model).squared.shape == (400, 5)
        assert len(ConceptDisplay.from_estimator(model).concepts) == 5
        assert OverlapDisplay.from_estimators(model, trained).names == ("SpectralEmbedder", "SGNSEmbedder")
        assert len(EmergenceDisplay.from_estimator(model, questions, times=[]).emergence.words) == 2
        assert EmbeddingDisplay.from_estimator(model, corpus.concepts[0][:5]).positions.shape == (5, 2)
        assert RelationSpectrumDisplay.from_estimator(model, pairs).spectrum.n_pairs == len(pairs)


def test_models_without_an_embedder_are_refused(corpus):
    with pytest.raises(TypeError, match="StandardScaler contains 0 embedders; give exactly one"):
        SpectrumDisplay.from_estimator(StandardScaler())
    with pytest.raises(NotFittedError):
        SpectrumDisplay.from_estimator(make_pipeline(SpectralEmbedder(), StandardScaler()))


def test_displays_are_shown_in_one_line(displays):
    for display in displays:
        assert repr(display).startswith(type(display).__name__ + "(")
        assert len(repr(display)) < 100
        assert "\n" not in repr(display)
        assert display._repr_html_().startswith("<code>")


@pytest.mark.parametrize("positions", [[0.5] * 8, [0.0, 0.01, 0.5, 0.99, 1.0], [0.9, 0.1, 0.5]])
def test_spread_positions_are_apart_within_the_axes_and_in_order(positions):
    placed = spread(np.array(positions), 0.1)
    assert np.all(np.diff(np.sort(placed)) >= 0.1 - 1e-12)
    assert placed.min() >= 0.05 - 1e-12
    assert placed.max() <= 0.95 + 1e-12
    np.testing.assert_array_equal(np.argsort(placed, kind="stable"), np.argsort(positions, kind="stable"))


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


def test_of_many_words_those_near_whose_points_there_is_room_are_labeled(axes):
    axes.figure.set_size_inches(3, 2.5)
    words = [f"word{number}" for number in range(50)]
    positions = np.random.default_rng(0).standard_normal((50, 2))
    display = EmbeddingDisplay(words, positions, [""] * 50, np.array([0.5, 0.2])).plot(axes)
    n_labels = len(display.labels_)
    assert 5 < n_labels < 50
    assert axes.get_title() == f"{n_labels} of 50 words are labeled"
    texts = [matplotlib.text.Text.get_window_extent(label) for label in display.labels_]
    assert not any(texts[first].overlaps(texts[second]) for first in range(n_labels) for second in range(first))
    for text, label in zip(texts, display.labels_, strict=True):
        x, y = axes.transData.transform(label.xy)
        assert np.hypot(max(text.x0 - x, 0, x - text.x1), max(text.y0 - y, 0, y - text.y1)) < 4 * text.height
        assert axes.bbox.contains(text.x0, text.y0)
        assert axes.bbox.contains(text.x1, text.y1)


def test_a_map_needs_known_words_and_a_plane(embedder, corpus):
    with pytest.raises(KeyError, match="nonesuch"):
        EmbeddingDisplay.from_estimator(embedder, ["nonesuch", *corpus.concepts[0][:3]])
    with pytest.raises(ValueError, match="do not fill a plane; give at least 3 words"):
        EmbeddingDisplay.from_estimator(embedder, corpus.concepts[0][:2])
    with pytest.raises(ValueError, match="at least 2 components"):
        EmbeddingDisplay.from_estimator(embedder.truncate(1), corpus.concepts[0][:3])
