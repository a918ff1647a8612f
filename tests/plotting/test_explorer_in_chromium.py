"""The explorer's page, opened from disk in headless Chromium without a network."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import numpy as np
import pytest

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.dynamics import RunRecorder
from sk_w2v.plotting import explore

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MISSING = [name for name in ("playwright", "vl_convert") if find_spec(name) is None]
MISSING += [] if CHROMIUM else ["Chromium"]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")


@pytest.fixture(scope="module")
def browser():
    """Chromium, started once for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(browser):
    """Open a file without a network; any error of the page or line in its console fails the test."""
    messages = []

    def open_one(path, **options):
        context = browser.new_context(offline=True, **{"viewport": {"width": 1280, "height": 900}, **options})
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("console", lambda message: messages.append(message.text))
        page.goto(path.as_uri())
        page.wait_for_function("document.documentElement.dataset.state === 'ready'")
        return page

    yield open_one
    assert messages == []


@pytest.fixture(scope="module")
def embedder(documents):
    return SpectralEmbedder(4, random_state=0).fit(documents)


@pytest.fixture(scope="module")
def file(embedder, tmp_path_factory):
    rng = np.random.default_rng(0)
    questions = [rng.permutation(embedder.words_)[:4] for _ in range(40)]  # chance answers some of them for a while
    questions.append(["concept0_word0", "concept0_word1", "concept1_word0", "unicorn"])
    return explore(embedder, tmp_path_factory.mktemp("explorer") / "learning.html", questions=questions)


@pytest.fixture(scope="module")
def shared_page(open_page, file):
    return open_page(file)


@pytest.fixture
def page(shared_page):
    """The page at its end, with nothing chosen."""
    shared_page.evaluate("explorer.chooseWord(null); explorer.clock.moveTo(1)")
    return shared_page


def vectors_at(embedder, page):
    """Return the vectors at the page's time, in the page's order of the words."""
    time, words = page.evaluate("[explorer.model.time, explorer.words]")
    return embedder.at_time(time).get_word_vectors(words).astype(np.float64)


@pytest.mark.parametrize("step", [0, 250, 600, 1000])
def test_the_slider_moves_words_to_where_at_time_has_them(page, embedder, step):
    page.locator("#slider").fill(str(step))
    positions, projection = page.evaluate("[explorer.positions(), explorer.model.projection]")
    np.testing.assert_allclose(positions, vectors_at(embedder, page) @ np.array(projection), rtol=0, atol=1e-5)


def test_the_map_shows_two_chosen_modes(page, embedder):
    menus = page.locator(".axes select")
    menus.nth(0).select_option("2")
    menus.nth(1).select_option("0")
    page.evaluate("explorer.clock.moveTo(0.5)")
    positions = page.evaluate("explorer.positions()")
    np.testing.assert_allclose(positions, vectors_at(embedder, page)[:, [2, 0]], rtol=0, atol=1e-5)
    menus.nth(0).select_option("projection")
    assert not menus.nth(1).is_visible()


def test_keys_move_the_slider_and_the_space_bar_plays(page):
    page.locator("#slider").focus()
    page.keyboard.press("Home")
    assert page.evaluate("explorer.model.time") == 0
    page.keyboard.press("ArrowRight")
    assert page.evaluate("explorer.model.time") > 0
    page.locator("h1").click()
    page.keyboard.press(" ")
    page.wait_for_function("explorer.clock.position > 0.01")
    page.keyboard.press(" ")
    assert page.locator("#play").inner_text() == "Play"


def test_keys_move_and_zoom_the_map(page):
    limits = "explorer.maps[0].view.signal('xLimits')"
    page.locator(".map").focus()
    first, last = page.evaluate(limits)
    page.keyboard.press("+")
    left, right = page.evaluate(limits)
    assert first < left < right < last
    page.keyboard.press("ArrowRight")
    assert page.evaluate(limits)[0] > left
    page.keyboard.press("0")
    np.testing.assert_allclose(page.evaluate(limits), [first, last])


def test_the_wheel_zooms_and_dragging_pans(page):
    limits = "explorer.maps[0].view.signal('xLimits')"
    box = page.locator(".map").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    before = page.evaluate(limits)
    page.mouse.move(*middle)
    page.mouse.wheel(0, -200)
    page.wait_for_function(f"{limits}[1] < {before[1]}")
    zoomed = page.evaluate(limits)
    page.mouse.down()
    page.mouse.move(middle[0] - 60, middle[1], steps=3)
    page.mouse.up()
    page.wait_for_function(f"{limits}[0] > {zoomed[0]}")
    page.get_by_label("Show all words").click()
    np.testing.assert_allclose(page.evaluate(limits), before)


def test_hovering_names_a_word_there(page):
    x, y, near = page.evaluate("""() => {
        const map = explorer.maps[0], box = map.element.querySelector("canvas").getBoundingClientRect();
        const [left, top] = map.view.origin(), edge = map.view.padding();
        const [toX, toY] = ["x", "y"].map((axis) => map.view.scale(axis));
        const distance = (row) => Math.hypot(toX(map.x[row]) - toX(map.x[3]), toY(map.y[row]) - toY(map.y[3]));
        return [box.left + left + edge.left + toX(map.x[3]), box.top + top + edge.top + toY(map.y[3]),
                map.words.filter((_, row) => distance(row) < 8)];
    }""")
    page.mouse.move(x + 40, y)
    page.mouse.move(x, y, steps=4)
    page.wait_for_selector("#tip", state="visible")
    assert page.locator("#tip bdi").inner_text() in near


def test_labels_cover_no_other_label(page):
    boxes = page.evaluate("explorer.maps[0].labels.map(({ box }) => [box.left, box.top, box.right, box.bottom])")
    assert len(boxes) > 5
    for place, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:place]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_concepts_light_up_at_their_learning_times(page, embedder):
    for mode, time in enumerate(embedder.learning_times_):
        page.evaluate("time => explorer.setTime(time)", float(time) * 1.001)
        assert page.evaluate("document.querySelectorAll('.concept.lit').length") == mode + 1


def test_a_concept_shows_its_words_and_its_sigmoid(page, embedder):
    page.locator(".concept").nth(1).click()
    assert page.locator(".concept").nth(1).get_attribute("aria-pressed") == "true"
    chosen = page.evaluate("[...explorer.maps[0].chosen].map(row => explorer.words[row])")
    entries = embedder.modes().directions[:, 1]
    order = np.argsort(-entries)
    assert set(chosen) == {*embedder.words_[order[:8]], *embedder.words_[order[-8:]]}
    assert page.evaluate("explorer.curves.charts.sigmoid.view.data('points').some(point => point.width > 3)")
    page.locator(".concept").nth(1).click()
    assert page.evaluate("explorer.maps[0].chosen.size") == 0


@pytest.mark.parametrize("position", [0.4, 1.0])
def test_search_lists_the_neighbors_at_the_sliders_time(page, embedder, position):
    page.evaluate("position => explorer.clock.moveTo(position)", position)
    page.locator("#search").fill("concept1_word3")
    page.keyboard.press("Enter")
    now = embedder.at_time(page.evaluate("explorer.model.time"))
    shown = page.locator(".neighbors li").all_inner_texts()
    cosines = [float(text.split()[-1]) for text in shown]
    expected = now.most_similar("concept1_word3", n=10)
    np.testing.assert_allclose(cosines, [cosine for _, cosine in expected], atol=0.0051)  # two digits
    assert page.locator(".stages li").count() == 12


def test_a_word_that_is_not_there_is_named(page):
    page.locator("#search").fill("<i>unicorn</i>")
    page.keyboard.press("Enter")
    assert "“<i>unicorn</i>” is not among" in page.locator("#neighbors").inner_text()


def test_an_analogy_turns_green_at_its_time(page):
    times, questions = page.evaluate("[explorer.model.questionTimes, explorer.model.questions]")
    changed = 0
    for lane, question in enumerate(questions):
        for step, flag in enumerate(question["answered"]):
            if step and flag != question["answered"][step - 1]:
                page.evaluate("time => explorer.setTime(time)", times[step])
                green = "answered" in page.locator(".lane").nth(lane).get_attribute("class").split()
                assert green == (flag == "1")
                changed += 1
    assert changed


def test_a_click_on_an_analogy_says_why(page):
    lane = page.locator(".lane", has_text="unicorn")
    lane.click()
    assert lane.get_attribute("aria-expanded") == "true"
    assert "unknown word" in page.locator(".reason:visible").inner_text()
    lane.click()
    assert page.locator(".reason:visible").count() == 0


def test_the_page_fits_a_telephone_and_follows_the_dark_scheme(open_page, file):
    page = open_page(file, viewport={"width": 390, "height": 844}, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    style = "getComputedStyle(document.body)"
    assert page.evaluate(f"[{style}.backgroundColor, {style}.color]") == ["rgb(16, 20, 27)", "rgb(232, 236, 242)"]
    page.emulate_media(color_scheme="light")
    page.wait_for_function("explorer.maps[0].theme.paper === '#ffffff'")
    page.context.close()


@pytest.fixture(scope="module")
def recorder():
    return RunRecorder(n_records=6, keep_vectors=True)


@pytest.fixture(scope="module")
def two_models(open_page, embedder, recorder, documents, tmp_path_factory):
    """A page of a trained model, with its passes, and the closed form."""
    if find_spec("sklearn.callback") is None:
        pytest.skip("callbacks came with scikit-learn 1.9")
    trained = SGNSEmbedder(6, solver="gd", max_iter=30, random_state=0).set_callbacks(recorder).fit(documents)
    path = tmp_path_factory.mktemp("two") / "two.html"
    models = {"trained": trained, "closed form": embedder}
    return open_page(explore(models, path, recorder={"trained": recorder}, questions=[embedder.words_[:4].tolist()]))


def test_recorded_passes_take_the_place_of_the_formula(two_models, recorder):
    for record, vectors in enumerate(recorder.vectors_):
        two_models.evaluate("time => explorer.setTime(time)", float(recorder.passes_[record]))
        places = np.array(two_models.evaluate("explorer.positions(0)"))
        # Both axes of the map are directions of the vectors' space.
        assert np.linalg.norm(vectors @ np.linalg.lstsq(vectors, places, rcond=None)[0] - places) < 1e-3
    two_models.evaluate("explorer.clock.moveTo(1)")
    assert np.ptp(two_models.evaluate("explorer.positions(0)"), axis=0).min() > 0


def test_two_models_share_the_clock_and_the_selection(two_models):
    two_models.evaluate("explorer.clock.moveTo(0.5); explorer.chooseWord(3)")
    first, second = two_models.evaluate("explorer.maps.map(map => [...map.chosen].sort())")
    assert first == second
    assert len(first) > 1
    assert two_models.locator(".answer").count() == 2
    assert two_models.locator("#time").inner_text().startswith("trained: ")
    before = two_models.evaluate("explorer.maps.map((_, place) => explorer.positions(place))")
    two_models.evaluate("explorer.clock.moveTo(0.9)")
    after = two_models.evaluate("explorer.maps.map((_, place) => explorer.positions(place))")
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, True]


def test_the_panels_speak_of_the_chosen_model(two_models):
    two_models.locator("#model").select_option(label="closed form")
    assert two_models.locator(".concept").count() == 4
    two_models.locator("#model").select_option(label="trained")
    assert two_models.locator(".concept").count() == 6


HOSTILE = [
    "</script><script>hacked=1</script>{}",
    "<img/src=x/onerror=hacked=1>{}",
    "<svg/onload=hacked=1>{}",
    "\"'`{}",
    "<!--<script>{}",
    "&lt;b&gt;{}",
    "${{hacked=1}}{}",
    "\\u003cb\\u003e{}",
    "שלום{}",
    "\u202e\u0645\u0631\u062d\u0628\u0627{}",
    "😀👩‍👩‍👧{}",
    "\u2028\u0000{}",
    "]]>{}",
    "__proto__{}",
    "constructor{}",
    "$title{}",
    "javascript:hacked=1//{}",
    "{{{{7*7}}}}{}",
    "%3Cscript%3E{}",
    "<b>{}",
]


@pytest.fixture(scope="module")
def hostile_page(open_page, tmp_path_factory):
    words = [pattern.format(number) for number in range(50) for pattern in HOSTILE]
    rng = np.random.default_rng(0)
    documents = [[words[place] for place in rng.permutation(1000)[:100]] for _ in range(150)]
    embedder = SpectralEmbedder(2, min_count=1, window=3, random_state=0).fit(documents)
    assert len(embedder.words_) == 1000
    path = tmp_path_factory.mktemp("hostile") / "<b>.html"
    return open_page(explore({"<i>model</i>": embedder}, path, questions=[embedder.words_[:4].tolist()])), embedder


def test_a_thousand_hostile_words_are_text_and_never_markup(hostile_page):
    page, embedder = hostile_page
    assert page.evaluate("explorer.words") == embedder.words_.tolist()
    shown = page.evaluate("""() => explorer.words.map((word, row) => {
        explorer.search.show(row, explorer.models, () => {});
        explorer.hover(explorer.model, row, { clientX: 0, clientY: 0 });
        return [document.querySelector("#neighbors h3 bdi").textContent, document.querySelector("#tip bdi").textContent,
                document.querySelectorAll("#words option")[row].value, explorer.search.rows.get(word)];
    })""")
    assert shown == [[word, word, word, row] for row, word in enumerate(embedder.words_)]
    assert page.evaluate("typeof hacked") == "undefined"
    allowed = {"BDI", "BUTTON", "SPAN", "B", "LI", "OL", "DIV", "H3", "DETAILS", "SUMMARY", "SMALL", "P", "OPTION"}
    tags = page.evaluate(
        "[...document.querySelectorAll('#neighbors *, #tip *, #strip *, #lanes *, #words *')].map(each => each.tagName)"
    )
    assert set(tags) <= allowed
    assert page.evaluate("document.scripts.length") == 3
    assert page.evaluate("document.querySelectorAll('main img, main svg, main i').length") == 0
