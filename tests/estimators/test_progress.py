"""What a fit tells of its progress: stages as tasks of callbacks, and lines on the terminal."""

import io
from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from sk_w2v import ALSEmbedder, EmbeddingUnion, PretrainedEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v._estimators import printing
from sk_w2v._progress import Stage, advance, compiling, expect, listening
from sk_w2v.io import LineDocuments, WordVectors

needs_callbacks = pytest.mark.skipif(find_spec("sklearn.callback") is None, reason="callbacks came with 1.9")

READING = ["read documents", "choose words"]
CLOSED_FORM = ["make target", "find eigenpairs"]
MODELS = {
    "spectral": (SpectralEmbedder(4), [*READING, "count pairs", *CLOSED_FORM]),
    "als": (
        ALSEmbedder(4, max_iter=2, subsample=0),
        [*READING, "count pairs", *CLOSED_FORM, "weigh pairs", "pass", "pass"],
    ),
    "sgd": (SGNSEmbedder(4, max_iter=2), [*READING, "pass", "pass"]),
    "sgd from the closed form": (
        SGNSEmbedder(4, max_iter=1, init="spectral"),
        [*READING, "count pairs", *CLOSED_FORM, "pass"],
    ),
    "gd": (SGNSEmbedder(4, max_iter=1, solver="gd"), [*READING, "count pairs", "weigh pairs", "pass"]),
    "given": (
        PretrainedEmbedder(WordVectors(np.array(["common0"], dtype=object), np.ones((1, 2), np.float32))),
        ["read vectors", "read documents", "count words"],
    ),
}
every_model = pytest.mark.parametrize("model", MODELS)


class Tasks:
    """A callback that writes down the path of each task that begins, and those that end."""

    max_propagation_depth = None

    def __init__(self):
        self.begun, self.ended, self.planned = [], [], {}

    def setup(self, estimator, context):
        pass

    def teardown(self, estimator, context):
        pass

    def on_fit_task_begin(self, estimator, context):
        self.begun.append(path_of(context))
        self.planned[path_of(context)] = context.max_subtasks

    def on_fit_task_end(self, estimator, context):
        self.ended.append(path_of(context))

    def names(self, path):
        """The names of the tasks right below a path, without totals and without kernels that happened to be missing."""
        names = [each[-1][0].partition(":")[0] for each in self.begun if each[:-1] == path]
        return [name for name in names if not name.startswith("compile")]

    def path(self, name):
        """The path of the first task of a name."""
        return next(each for each in self.begun if each[-1][0].startswith(name))


def path_of(context):
    """The names and numbers of a task and of those around it."""
    above = () if context.parent is None else path_of(context.parent)
    return (*above, (context.task_name, context.task_id))


def fitted(model, X, **parameters):
    """What the tasks of a fit were."""
    tasks = Tasks()
    embedder = MODELS[model][0] if isinstance(model, str) else model
    embedder.set_params(**parameters).set_callbacks(tasks).fit(X)
    embedder.set_callbacks()
    return tasks


@needs_callbacks
@every_model
def test_the_stages_of_a_fit_are_its_tasks_in_order(documents, model):
    tasks = fitted(model, documents)
    fit = tasks.begun[0]
    assert tasks.names(fit) == MODELS[model][1]
    assert tasks.planned[fit] == len(MODELS[model][1])  # so that a bar of the whole fit ends at its end


@needs_callbacks
@every_model
def test_every_task_that_begins_ends_within_the_one_around_it(documents, model):
    tasks = fitted(model, documents)
    assert sorted(tasks.begun) == sorted(tasks.ended)
    ended = {path: index for index, path in enumerate(tasks.ended)}
    assert all(ended[path] < ended[path[:-1]] for path in tasks.begun if len(path) > 1)


@needs_callbacks
def test_stages_of_ready_counts_are_those_that_are_left(documents):
    counts = SpectralEmbedder(4).fit(documents).count_cooccurrences(documents)
    for embedder, names in (
        (SpectralEmbedder(4), CLOSED_FORM),
        (SGNSEmbedder(4, max_iter=1), ["draw pairs", "pass"]),
        (ALSEmbedder(4, max_iter=1, init="random"), ["weigh pairs", "pass"]),
    ):
        tasks = fitted(embedder, counts)
        assert tasks.names(tasks.begun[0]) == names
        assert tasks.planned[tasks.begun[0]] == len(names)


@needs_callbacks
def test_a_stage_makes_all_the_steps_that_it_plans(documents, monkeypatch, tmp_path):
    monkeypatch.setattr("sk_w2v._estimators.documents.BYTES_PER_STEP", 1000)
    monkeypatch.setattr("sk_w2v.corpus._encoding.BLOCK_BYTES", 1000)
    monkeypatch.setattr("sk_w2v.io._lines.BLOCK_BYTES", 1000)
    monkeypatch.setattr("sk_w2v.cooccurrence._counting.TOKENS_PER_STEP", 100)
    monkeypatch.setattr("sk_w2v.solvers._sgd.TOKENS_PER_STEP", 100)
    monkeypatch.setattr("sk_w2v.solvers._als.PAIRS_PER_STEP", 100)
    path = tmp_path / "text.txt"
    path.write_text("\n".join(documents), encoding="utf-8")
    for model in (SGNSEmbedder(4, max_iter=1, init="spectral"), ALSEmbedder(4, max_iter=1, subsample=0)):
        tasks = fitted(model, LineDocuments(path))
        for name in ("read documents", "count pairs", "pass"):
            stage = tasks.path(name)
            assert tasks.planned[stage] > 3
            assert len(tasks.names(stage)) == tasks.planned[stage]


@needs_callbacks
def test_the_residual_of_eigenpairs_falls(documents, monkeypatch):
    monkeypatch.setattr("sk_w2v.factorization._eigenpairs.DENSE_UP_TO", 0)
    monkeypatch.setattr("sk_w2v.factorization._eigenpairs._space_size", lambda n_components: 36)
    monkeypatch.setattr("sk_w2v.factorization._krylov.BLOCK_SIZE", 4)
    monkeypatch.setattr("sk_w2v.factorization._eigenpairs.BLOCK_SIZE", 4)
    monkeypatch.setattr("sk_w2v.factorization._eigenpairs.BLOCKS_PER_TEST", 1)
    rng = np.random.default_rng(0)
    many_words = [" ".join(rng.choice([f"word{i}" for i in range(100)], 30)) for _ in range(200)]
    tasks = fitted(SpectralEmbedder(4, tol=1e-3), many_words)
    steps = [path[-1][0] for path in tasks.begun if len(path) == 3 and path[-1][0].startswith("residual")]
    residuals = [float(step.split()[1]) for step in steps]
    assert len(set(residuals)) > 2
    assert residuals[-1] < residuals[0]


@needs_callbacks
def test_a_cached_stage_says_so(documents, tmp_path):
    embedder = SpectralEmbedder(4, memory=str(tmp_path))
    assert fitted(embedder, documents).names((("fit", 0),)) == ["recognize documents", *MODELS["spectral"][1]]
    lines = printed_by(embedder.set_params(verbose=1), documents)
    assert any(line.startswith("find eigenpairs: from memory") for line in lines)
    assert not any(line.startswith("count pairs") for line in lines)


@needs_callbacks
def test_a_pipeline_tells_of_the_stages_of_its_embedder(documents, planted):
    tasks = Tasks()
    make_pipeline(SpectralEmbedder(4), LogisticRegression()).set_callbacks(tasks).fit(documents, planted.target)
    stage = tasks.path("find eigenpairs")
    assert [name for name, _ in stage[:-2]] == ["fit"]
    assert tasks.names(stage[:-1]) == MODELS["spectral"][1]


@needs_callbacks
def test_a_search_tells_of_the_stages_of_each_fit(documents, planted):
    tasks = Tasks()
    pipeline = make_pipeline(SpectralEmbedder(4), LogisticRegression())
    search = GridSearchCV(pipeline, {"spectralembedder__n_components": [2, 3]}, cv=2).set_callbacks(tasks)
    search.fit(documents, planted.target)
    assert sum(path[-1][0] == "find eigenpairs" for path in tasks.begun) == 2 * 2 + 1  # and the last fit to all
    assert sorted(tasks.begun) == sorted(tasks.ended)


@needs_callbacks
def test_a_union_reads_once_and_tells_of_the_stages_of_each_embedder(documents):
    union = EmbeddingUnion([("closed", SpectralEmbedder(4)), ("trained", SGNSEmbedder(4, max_iter=2))])
    tasks = fitted(union, documents)
    assert len([path for path in tasks.begun if path[-1][0].startswith("read documents")]) == 1
    assert len([path for path in tasks.begun if path[-1][0] == "pass"]) == 2
    assert tasks.names(tasks.begun[0])[-1] == "join vectors"
    assert sorted(tasks.begun) == sorted(tasks.ended)


@needs_callbacks
@every_model
def test_being_followed_changes_nothing(documents, model, capsys):
    alone = MODELS[model][0].set_params(**seeded(model)).fit(documents).embedding_
    fitted(model, documents)
    assert np.array_equal(MODELS[model][0].embedding_, alone)
    MODELS[model][0].set_params(verbose=1).fit(documents)
    assert np.array_equal(MODELS[model][0].embedding_, alone)
    assert capsys.readouterr().out
    MODELS[model][0].set_params(verbose=0)


def seeded(model):
    return {} if model == "given" else {"random_state": 0}


@needs_callbacks
def test_kernels_that_are_compiled_are_a_task_of_their_own():
    tasks = Tasks()

    def tokenizer(text):
        if not any(path[-1][0].startswith("compile") for path in tasks.begun):
            compiling("count")  # what the backend says when a kernel is not on the disk
            compiling("sort")
        return text.split()

    embedder = SpectralEmbedder(1, min_count=1, vectorizer=CountVectorizer(tokenizer=tokenizer, token_pattern=None))
    embedder.set_callbacks(tasks).fit(["tea cup tea pot", "pen ink pen paper"])
    compiled = [path for path in tasks.begun if path[-1][0].startswith("compile")]
    assert [path[:-1] for path in compiled] == [tasks.begun[0]]
    assert sorted(tasks.begun) == sorted(tasks.ended)


@needs_callbacks
def test_scikit_learn_s_bars_show_each_stage(documents, monkeypatch):
    rich = pytest.importorskip("rich.console")
    from sklearn.callback import ProgressBar

    monkeypatch.setattr("sk_w2v._estimators.documents.DOCUMENTS_PER_STEP", 1)
    monkeypatch.setattr("sk_w2v.solvers._sgd.TOKENS_PER_STEP", 100)
    shown = rich.Console(file=io.StringIO(), force_terminal=True, width=120)
    monkeypatch.setattr("rich._console", shown)
    SGNSEmbedder(4, max_iter=2).set_callbacks(ProgressBar()).fit(documents)
    text = shown.file.getvalue()
    for bar in ("SGNSEmbedder - fit", "read documents: 200 documents #0", "pass #2", "pass #3", "100%"):
        assert bar in text


class Clock:
    """A clock that goes on when it is told to."""

    now = 0.0

    def __call__(self):
        return self.now


class Terminal:
    """A printer with a clock of its own, and its lines."""

    def __init__(self):
        self.clock, self.lines = Clock(), []
        self.printer = printing.Printer("Model", clock=self.clock, write=self.lines.append)

    def wait(self, seconds):
        """Let time pass, a quarter of a second at a time."""
        for _ in range(int(4 * seconds)):
            self.clock.now += 0.25
            self.printer.tick()

    def after(self, n_lines):
        """The lines from one on, without the model's name."""
        return [line.removeprefix("[Model] ") for line in self.lines[n_lines:]]


@pytest.fixture
def terminal():
    return Terminal()


def test_the_first_line_comes_at_once_with_the_total(terminal):
    with listening(terminal.printer), Stage("read documents", 100e6, "bytes"):
        assert terminal.lines == ["[Model] read documents: 100.0 MB ..."]


def test_a_line_comes_every_two_seconds_whether_a_stage_advances_or_not(terminal):
    with listening(terminal.printer), Stage("choose words"):
        terminal.wait(7)
    terminal.wait(4)  # of no stage
    assert terminal.after(1) == [
        "choose words: 2.0 s", "choose words: 4.0 s", "choose words: 6.0 s", "choose words: in 7.0 s", "fit: 9.0 s",
        "fit: 11 s",
    ]  # fmt: skip


def test_a_line_tells_total_seconds_rate_and_an_estimate_of_the_rest(terminal):
    with listening(terminal.printer), Stage("count pairs", 1000, "tokens") as stage:
        terminal.wait(1)
        advance(250)
        terminal.wait(1)
        stage.note = "90 pairs"
    assert terminal.after(1) == [
        "count pairs: 25 % of 1,000 tokens, 2.0 s, 125 tokens/s, about 6.0 s left",
        "count pairs: 90 pairs, 250 tokens in 2.0 s",
    ]


def test_passes_tell_how_long_all_of_them_may_take(terminal):
    with listening(terminal.printer), Stage("pass", index=1, count=3, expects=True) as stage:
        expect(100, "tokens")
        advance(50)
        terminal.wait(2)
        advance(50)
        stage.note = "loss 2.5"
        terminal.wait(2)
    half, _, whole = terminal.after(1)
    assert half == "pass 1 of 3: 50 % of 100 tokens, 2.0 s, 25 tokens/s, about 2.0 s left, 10 s with all 3"
    assert whole == "pass 1 of 3: loss 2.5, 100 tokens in 4.0 s, at most 8.0 s left"


def test_estimated_totals_are_told_as_such(terminal):
    with listening(terminal.printer), Stage("find eigenpairs", expects=True) as stage:
        expect(24.2, "block iterations", is_estimate=True)
        advance(12)
        stage.note = "residual 0.1"
        terminal.wait(2)
    assert "12 of about 24 block iterations, residual 0.1, 2.0 s" in terminal.lines[1]


def test_compilation_is_announced_once_and_named_while_it_goes_on(terminal):
    with listening(terminal.printer), Stage("count pairs", 10, "tokens"):
        for kernel in ("count", "sort"):
            compiling(kernel)
        terminal.wait(2)
        advance(5)
        terminal.wait(2)
    announced, named, after, _ = terminal.after(1)
    assert announced == "compiling kernels for this processor, once: later fits load them from the disk"
    assert named.endswith(", compiling sort")
    assert "compiling" not in after


def test_many_passes_do_not_get_a_line_each(terminal):
    with listening(terminal.printer):
        for index in range(1, 1001):
            with Stage("pass", index=index, count=1000):
                terminal.clock.now += 0.01
    assert 4 <= len(terminal.lines) <= 6


@pytest.mark.parametrize(("number", "text"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (42.4, "42 s"), (200.0, "3 min 20 s")])
def test_seconds_are_rounded_to_what_one_reads(number, text):
    assert printing.seconds(number) == text


def printed_by(embedder, X):
    """The lines of a fit with verbose=1, without the name of the estimator."""
    import contextlib

    with contextlib.redirect_stdout(io.StringIO()) as out:
        embedder.fit(X)
    lines = out.getvalue().splitlines()
    name = f"[{type(embedder).__name__}] "
    assert all(line.startswith(name) for line in lines)
    return [line.removeprefix(name) for line in lines]


@pytest.mark.parametrize("model", ["spectral", "als", "sgd"])
def test_verbose_prints_each_stage_and_the_whole(documents, model):
    embedder, stages = MODELS[model]
    lines = printed_by(embedder.set_params(verbose=1), documents)
    embedder.set_params(verbose=0)
    printed = [line for line in lines[1:] if not line.startswith("compiling")]
    assert [name for name in stages if not any(line.startswith(name) for line in printed)] == []
    assert lines[0] == "read documents: 200 documents ..."
    assert lines[-1].startswith("fit: ")


def test_a_quiet_fit_prints_nothing(documents, capsys):
    SpectralEmbedder(2).fit(documents)
    assert capsys.readouterr() == ("", "")


def test_a_further_pass_is_printed_too(documents):
    embedder = SGNSEmbedder(4, max_iter=1, verbose=1)
    embedder.set_params(verbose=0).fit(documents).set_params(verbose=1)
    embedder.fit = embedder.partial_fit
    assert any(line.startswith("pass 1 of 1: loss") for line in printed_by(embedder, documents))
