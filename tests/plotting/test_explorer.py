"""What the page of the explorer is made of; `test_explorer_in_chromium.py` opens it."""

from __future__ import annotations

import builtins
import json
import re
from base64 import b64decode
from importlib.util import find_spec

import numpy as np
import pytest

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.dynamics import RunRecorder, effective_rank
from sk_w2v.plotting import explore
from sk_w2v.plotting._explorer import _page


@pytest.fixture(autouse=True)
def without_library(monkeypatch):
    """Leave out the drawing library, which these tests do not run."""
    monkeypatch.setattr(_page, "library", lambda: "")


@pytest.fixture(scope="module")
def embedder(documents):
    return SpectralEmbedder(4, random_state=0).fit(documents)


@pytest.fixture(scope="module")
def recorded(documents):
    """A trained model and the recorder of its fit."""
    if find_spec("sklearn.callback") is None:
        pytest.skip("callbacks came with scikit-learn 1.9")
    recorder = RunRecorder(n_records=6, keep_vectors=True)
    embedder = SGNSEmbedder(3, solver="gd", max_iter=30, random_state=0)
    return embedder.set_callbacks(recorder).fit(documents), recorder


def content_of(path):
    """Return the page's content, read as a browser reads it."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
    return json.loads(found.group(1))


def unpacked(text, dtype="<f4"):
    return np.frombuffer(b64decode(text), dtype)


def test_the_file_has_the_eigenpairs_of_its_words(embedder, tmp_path):
    words = ["concept1_word2", "concept0_word0", "concept2_word1"]
    content = content_of(explore(embedder, tmp_path / "page.html", words=words))
    model = content["models"][0]
    assert content["words"] == words
    rows = [embedder.vocabulary_[word] for word in words]
    np.testing.assert_array_equal(unpacked(model["modes"]).reshape(3, -1), embedder.modes().directions[rows])
    np.testing.assert_array_equal(model["eigenvalues"], embedder.eigenvalues_)


def test_words_are_the_most_frequent_by_default(embedder, tmp_path):
    content = content_of(explore(embedder, tmp_path / "page.html", words=10))
    assert content["words"] == embedder.words_[:10].tolist()


def test_an_embedder_stopped_early_gives_the_same_page(embedder, tmp_path):
    whole, early = (
        content_of(explore(each, tmp_path / "page.html"))["models"][0] for each in (embedder, embedder.at_time(0.02))
    )
    np.testing.assert_allclose(unpacked(early["modes"]), unpacked(whole["modes"]), rtol=1e-5, atol=1e-7)
    assert early["range"] == whole["range"]


def test_the_slider_ends_when_all_modes_are_learned(embedder, tmp_path):
    first, last = content_of(explore(embedder, tmp_path / "page.html"))["models"][0]["range"]
    assert first < embedder.learning_times_[0]
    lengths = [np.sum(each.embedding_**2, axis=0) for each in (embedder.at_time(last), embedder.at_time(None))]
    np.testing.assert_allclose(*lengths, rtol=0.02)


def test_questions_are_listed_in_the_order_of_their_times_and_unknown_ones_last(embedder, tmp_path):
    questions = [
        ["concept0_word0", "concept0_word1", "concept1_word0", "unicorn"],
        ["concept0_word0", "concept0_word1", "concept1_word0", "concept1_word1"],
        ["concept0_word2", "concept0_word1", "concept2_word0", "concept2_word1"],
        ["concept0_word0", "concept0_word0", "concept1_word0", "concept1_word1"],
    ]
    model = content_of(explore(embedder, tmp_path / "page.html", questions=questions))["models"][0]
    times = [np.inf if each["time"] is None else each["time"] for each in model["questions"]]
    assert len(times) == 4
    assert times == sorted(times)
    reasons = {tuple(each["words"]): each["reason"] for each in model["questions"]}
    assert "unknown word" in reasons[tuple(questions[0])]
    assert "no analogy" in reasons[tuple(questions[3])]
    for each in model["questions"]:
        assert len(each["answered"]) == len(model["questionTimes"])


def test_more_words_than_the_page_searches_have_precomputed_neighbors(embedder, tmp_path, monkeypatch):
    monkeypatch.setattr("sk_w2v.plotting._explorer._models.MAX_EXACT", 20)
    monkeypatch.setattr("sk_w2v.plotting._explorer._models.N_KEPT_MODES", 2)
    content = content_of(explore(embedder, tmp_path / "page.html", words=30))
    model, stages = content["models"][0], content["models"][0]["stages"]
    assert unpacked(model["modes"]).shape == (30 * 2,)
    assert len(stages["times"]) == 12
    rows = unpacked(stages["rows"], "<i4").reshape(12, 30, -1)
    cosines = unpacked(stages["cosines"]).reshape(rows.shape)
    vectors = embedder.at_time(stages["times"][6]).embedding_[:30]
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    expected = units @ units[5]
    expected[5] = -1
    np.testing.assert_allclose(cosines[6, 5], np.sort(expected)[::-1][: rows.shape[2]], atol=1e-5)
    np.testing.assert_allclose(expected[rows[6, 5]], cosines[6, 5], atol=1e-5)


def test_no_word_ends_the_element_that_holds_it():
    text = _page.as_json({"words": ["</script>", "<!--", "&lt;", "\u2028", "שלום", "😀"]})
    assert text.isascii()
    assert not set("<>&") & set(text)
    assert json.loads(text)["words"][0] == "</script>"


def test_the_title_is_text(embedder, tmp_path):
    page = explore(embedder, tmp_path / "page.html", title="<b>bold</b> $data").read_text("utf-8")
    assert "<h1>&lt;b&gt;bold&lt;/b&gt; $data</h1>" in page


def test_the_page_names_no_address_to_load_from(embedder, tmp_path):
    page = explore(embedder, tmp_path / "page.html").read_text("utf-8")
    assert re.findall(r"""(?:src|href)=["'](?!data:)""", page) == []


def test_unknown_words_are_an_error(embedder, tmp_path):
    with pytest.raises(
        KeyError, match="1 of 2 words are not in the vocabulary of a SpectralEmbedder, such as 'unicorn'"
    ):
        explore(embedder, tmp_path / "page.html", words=["concept0_word0", "unicorn"])
    assert not (tmp_path / "page.html").exists()


def test_two_words_make_no_map(embedder, tmp_path):
    with pytest.raises(ValueError, match="2 words make no map; give 3 to"):
        explore(embedder, tmp_path / "page.html", words=2)


def test_a_text_is_no_list_of_words(embedder, tmp_path):
    with pytest.raises(TypeError, match="words='abc' is one text; give a list"):
        explore(embedder, tmp_path / "page.html", words="abc")


def test_a_question_has_four_words(embedder, tmp_path):
    with pytest.raises(ValueError, match=r"\['a', 'b', 'c'\] has 3 words"):
        explore(embedder, tmp_path / "page.html", questions=[["a", "b", "c"]])


def test_a_projection_has_one_row_for_each_mode(embedder, tmp_path):
    with pytest.raises(ValueError, match=r"has shape \(3, 2\); give finite numbers of shape \(4, 2\)"):
        explore(embedder, tmp_path / "page.html", projection=np.ones((3, 2)))


def test_without_the_extra_the_error_says_what_to_install(embedder, tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(_page, "library", _page.library.__wrapped__)
    real_import = builtins.__import__

    def refuse(name, *rest):
        if name == "vl_convert":
            raise ModuleNotFoundError(name)
        return real_import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'sk-w2v\[explorer\]'"):
        explore(embedder, tmp_path / "page.html")


def test_a_trained_model_has_the_vectors_of_its_recorded_passes_up_to_a_rotation(recorded, tmp_path):
    embedder, recorder = recorded
    model = content_of(explore(embedder, tmp_path / "page.html", recorder=recorder))["models"][0]
    assert model["times"] == recorder.passes_.tolist()
    frames = unpacked(model["frames"]).reshape(len(recorder.passes_), len(embedder.words_), 3)
    for frame, vectors in zip(frames, recorder.vectors_, strict=True):
        np.testing.assert_allclose(frame @ frame.T, vectors @ vectors.T, atol=1e-4)
    np.testing.assert_allclose(model["ranks"], recorder.effective_ranks_)
    np.testing.assert_allclose(model["losses"], recorder.losses_)
    assert model["unit"] == "steps"


def test_a_trained_model_without_a_recorder_has_its_last_pass(recorded, tmp_path):
    embedder, _ = recorded
    model = content_of(explore(embedder, tmp_path / "page.html", words=12))["models"][0]
    assert model["times"] == [embedder.n_iter_]
    frame = unpacked(model["frames"]).reshape(12, 3)
    np.testing.assert_allclose(frame @ frame.T, embedder.embedding_[:12] @ embedder.embedding_[:12].T, atol=1e-4)
    np.testing.assert_allclose(model["ranks"], effective_rank(embedder.modes().strengths))


def test_questions_of_a_trained_model_are_answered_as_its_last_pass_answers_them(recorded, tmp_path):
    embedder, recorder = recorded
    rng = np.random.default_rng(0)
    questions = [rng.permutation(embedder.words_)[:4].tolist() for _ in range(30)]
    content = content_of(explore(embedder, tmp_path / "page.html", recorder=recorder, questions=questions))
    for each in content["models"][0]["questions"]:
        units = recorder.vectors_[-1] / np.linalg.norm(recorder.vectors_[-1], axis=1, keepdims=True)
        a, b, c, d = (embedder.vocabulary_[word] for word in each["words"])
        scores = units @ (units[b] - units[a] + units[c])
        scores[[a, b, c]] = -np.inf
        assert (each["answered"][-1] == "1") == (scores.argmax() == d)


def test_models_side_by_side_have_the_words_that_both_know(embedder, documents, tmp_path):
    models = {"all": embedder, "few": SpectralEmbedder(2, max_features=10, random_state=0).fit(documents)}
    content = content_of(explore(models, tmp_path / "page.html"))
    assert [model["name"] for model in content["models"]] == ["all", "few"]
    assert set(content["words"]) == set(models["few"].words_)
    with pytest.raises(KeyError, match="10 of 20 words are not in the vocabulary"):
        explore(models, tmp_path / "page.html", words=embedder.words_[:20])


def test_a_clock_in_a_trained_models_passes_links_the_sliders(embedder, recorded, tmp_path):
    trained, recorder = recorded
    models = {"trained": trained, "closed form": embedder}
    content = content_of(
        explore(models, tmp_path / "page.html", recorder={"trained": recorder}, clocks={"steps": 50.0})
    )
    passes, times = (model["range"] for model in content["models"])
    np.testing.assert_allclose(passes, 50 * np.array(times))


def test_the_curves_of_a_run_are_drawn_in_the_flows_time(embedder, recorded, tmp_path):
    recorder = recorded[1]
    page = explore(embedder, tmp_path / "page.html", recorder=recorder, clocks={"steps": 50.0})
    run = content_of(page)["models"][0]["run"]
    np.testing.assert_allclose(run["times"], recorder.passes_ / 50)
    np.testing.assert_allclose(run["ranks"], recorder.effective_ranks_)
    with pytest.raises(ValueError, match="time of the recorded run is not known; give clocks"):
        explore(embedder, tmp_path / "page.html", recorder=recorder)


def test_recorders_have_the_names_of_models(embedder, tmp_path):
    with pytest.raises(ValueError, match="No model is named 'unicorn'; recorders have the models' names: one"):
        explore({"one": embedder}, tmp_path / "page.html", recorder={"unicorn": RunRecorder()})
    with pytest.raises(ValueError, match="One recorder for 2 models"):
        explore({"one": embedder, "two": embedder}, tmp_path / "page.html", recorder=RunRecorder())


def test_a_recorder_without_vectors_is_an_error(recorded, tmp_path):
    empty = RunRecorder()
    empty.vectors_ = []
    with pytest.raises(ValueError, match="kept no vectors; fit with RunRecorder"):
        explore(recorded[0], tmp_path / "page.html", recorder=empty)
