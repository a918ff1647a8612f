"""The command that fits a model: its options are the model's parameters, and its result is whole or not there."""

import gzip
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sk_w2v import ALSEmbedder, SpectralEmbedder
from sk_w2v._cli import main, parameters
from sk_w2v._cli.docstrings import first_sentence, parameter_sentences
from sk_w2v._cli.fit import MODELS
from sk_w2v._cli.parameters import parameters_of, vectorizer_parameters
from sk_w2v.io import read_safetensors, read_word2vec, write_word2vec

SMALL = ["--n-components", "4", "--random-state", "0"]


@pytest.fixture(scope="module")
def corpus(documents, tmp_path_factory):
    """The planted documents, one a line of a compressed file."""
    path = tmp_path_factory.mktemp("corpus") / "planted.txt.gz"
    path.write_bytes(gzip.compress("\n".join(documents).encode()))
    return str(path)


@pytest.mark.parametrize("model", MODELS)
def test_a_fit_writes_the_vectors_of_the_estimator(model, corpus, documents, tmp_path):
    more = [] if model == "spectral" else ["--subsample", "0"]
    output = str(tmp_path / "vectors.safetensors")
    assert main(["fit", corpus, output, "--model", model, *SMALL, *more]) == 0
    given = {"subsample": 0} if more else {}
    expected = MODELS[model](4, random_state=0, **given).fit(documents)
    written = read_safetensors(output)
    assert written.words.tolist() == expected.words_.tolist()
    np.testing.assert_array_equal(written.vectors, expected.embedding_)


def test_progress_is_on_standard_error_and_only_where_it_is_asked_for(corpus, tmp_path, capsys):
    command = ["fit", corpus, str(tmp_path / "vectors.vec"), "--model", "spectral", *SMALL]
    assert main(command) == 0
    assert capsys.readouterr() == ("", "")  # it is no terminal
    assert main([*command, "--verbose", "1"]) == 0
    output, messages = capsys.readouterr()
    assert output == ""
    assert "[SpectralEmbedder]" in messages
    assert "words of 4 components" in messages
    assert main([*command, "--verbose", "1", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_text_from_standard_input_becomes_vectors_on_standard_output(corpus, tmp_path, capsysbinary):
    ours = os.dup(0)
    with gzip.open(corpus) as file:
        text = file.read()
    (tmp_path / "plain").write_bytes(text)
    try:
        with open(tmp_path / "plain", "rb") as file:
            os.dup2(file.fileno(), 0)
        assert main(["fit", "-", "-", "--model", "spectral", *SMALL]) == 0
    finally:
        os.dup2(ours, 0)
        os.close(ours)
    (tmp_path / "out.vec").write_bytes(capsysbinary.readouterr().out)
    assert read_word2vec(tmp_path / "out.vec").vectors.shape[1] == 4


def test_parameters_of_the_vectorizer_are_options(corpus, tmp_path, capsys):
    output = str(tmp_path / "vectors.safetensors")
    options = [
        "--vectorizer-token-pattern",
        r"\b[a-z]{2,}",
        "--no-vectorizer-lowercase",
        "--vectorizer-ngram-range=1,1",
    ]
    assert main(["fit", corpus, output, "--model", "spectral", *SMALL, *options]) == 0
    assert all(word.isalpha() for word in read_safetensors(output).words)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--n-components", "0"], "The 'n_components' parameter of ALSEmbedder must be an int in the range [1, inf)"),
        (["--n-components", "many"], "argument --n-components: 'many' is not INT"),
        (["--loss", "hinge"], "argument --loss: 'hinge' is not {logistic,quartic}"),
        (["--max-features", "all"], "argument --max-features: 'all' is not INT or none"),
        (["--n-component", "5"], "unknown option --n-component; did you mean --n-components"),
        (["--model", "svd"], "argument --model: invalid choice: 'svd'"),
        (["--target", "ppmi"], "unknown option --target"),  # of another model
        (["--vectorizer-ngram-range", "1"], "argument --vectorizer-ngram-range: '1' is not INT,INT"),
        (["--vectorizer-token-pattern", "none"], "The vectorizer has token_pattern=None"),
        (["--min-count", "1000000"], "min_count=1000000"),
        (["--encoding", "utf-9"], "unknown encoding: utf-9"),
    ],
)
def test_a_fit_that_cannot_be_done_is_an_error_in_one_line_and_writes_nothing(
    corpus, tmp_path, capsys, options, message
):
    assert main(["fit", corpus, str(tmp_path / "vectors.vec"), *options]) == 2
    output, messages = capsys.readouterr()
    assert output == ""
    assert message in messages
    assert messages.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("text", "message"), [("", "holds no documents"), ("\n\n", "hold no words")])
def test_an_empty_corpus_is_an_error(tmp_path, capsys, text, message):
    (tmp_path / "empty.txt").write_text(text, encoding="utf-8")
    assert main(["fit", str(tmp_path / "empty.txt"), str(tmp_path / "vectors.vec")]) == 2
    assert message in capsys.readouterr().err


def test_an_interrupted_fit_leaves_an_earlier_file_as_it_was(corpus, tmp_path, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(ALSEmbedder, "fit", interrupted)
    (tmp_path / "vectors.vec").write_text("earlier", encoding="utf-8")
    assert main(["fit", corpus, str(tmp_path / "vectors.vec")]) == 130
    assert capsys.readouterr().err == "sk-w2v: interrupted\n"
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["earlier"]


def test_a_warning_is_one_line_without_a_place_in_the_source(tmp_path, capsys):
    (tmp_path / "letters.txt").write_text("a b c d e f g h tea cup\n" * 40, encoding="utf-8")
    main(["fit", str(tmp_path / "letters.txt"), str(tmp_path / "vectors.vec"), "--model", "spectral"])
    warning, *_ = capsys.readouterr().err.splitlines()
    assert warning.startswith("sk-w2v: warning: The token pattern skips 320 of the first 400 words")


@pytest.mark.parametrize("model", MODELS.values())
def test_every_parameter_that_text_can_give_is_an_option_with_a_sentence(model):
    offered = {each.name: each for each in parameters_of(model)}
    not_offered = set(model().get_params()) - set(offered)
    assert not_offered == {"vectorizer", *parameters.NOT_OF_WORDS} & set(model().get_params())
    assert all(each.sentence for each in offered.values())


def test_every_parameter_of_the_vectorizer_that_decides_about_words_is_an_option():
    offered = {each.name.removeprefix("vectorizer__"): each for each in vectorizer_parameters()}
    assert set(offered) == {
        "strip_accents",
        "lowercase",
        "stop_words",
        "token_pattern",
        "ngram_range",
        "analyzer",
    }
    assert all(each.sentence for each in offered.values())


def test_defaults_can_be_given_as_they_are_shown():
    for each in [parameter for model in MODELS.values() for parameter in parameters_of(model)]:
        if not each.is_flag:
            shown = "none" if each.default is None else str(each.default)
            assert each.parse(shown) == each.default, each.name


def test_an_option_of_a_new_parameter_appears_by_itself():
    class Scaled(SpectralEmbedder):
        """Vectors that are scaled.

        Parameters
        ----------
        scale : float or None, default=None
            Length of the vectors. None keeps it.
        """

        _parameter_constraints = {**SpectralEmbedder._parameter_constraints, "scale": [float, None]}  # noqa: RUF012

        def __init__(self, scale=None):
            self.scale = scale

    (scale,) = parameters_of(Scaled)
    assert (scale.option, scale.sentence) == ("--scale", "Length of the vectors")
    assert (scale.parse("0.5"), scale.parse("none")) == (0.5, None)


def test_a_docstring_is_read_as_numpydoc():
    class Documented:
        """Something.

        Parameters
        ----------
        a, b : int, default=1
            Numbers of ``x`` [1]_, e.g. `y`. Then more.

            Another paragraph.
        c : {"one", "two"} or array of shape (n_words, n_components), \
                default="one"
            A name: "one". "two" is another.

        Attributes
        ----------
        d : int
            Not a parameter.
        """

    sentences = parameter_sentences(Documented)
    assert sentences == {"a": "Numbers of x, e.g. y", "b": "Numbers of x, e.g. y", "c": 'A name: "one"'}
    assert parameter_sentences(type("Undocumented", (), {})) == {}
    assert first_sentence("`docs/gpu.md` says 0.5 of it") == "docs/gpu.md says 0.5 of it"


HELP = """
import sys
from sk_w2v._cli import main
for argv in (["--version"], ["--help"], ["neighbors", "--help"], ["fit", "--help"]):
    loaded = {name.partition(".")[0] for name in sys.modules}
    assert not ({"numba", "matplotlib"} & loaded), argv
    assert argv[0] == "fit" or not ({"sklearn", "scipy"} & loaded), argv
    assert main(argv) == 0
assert "numba" not in sys.modules
"""


def test_help_imports_no_more_than_it_shows():
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--weight-exponent" in done.stdout


def test_a_reader_that_closes_the_output_early_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        command = [sys.executable, "-m", "sk_w2v", "--help"]
        done = subprocess.run(
            command, stdout=closed, stderr=subprocess.PIPE, check=False, cwd=Path(__file__).parents[2]
        )
    assert done.returncode in (0, 141)  # argparse itself ignores it if Python does not buffer
    assert done.stderr == b""


def test_a_closed_pipe_is_told_by_the_exit_code_alone(tmp_path, capsys, monkeypatch):
    class Closed(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    write_word2vec(tmp_path / "two.vec", ["tea", "cup"], [[1, 0], [0, 1]])
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", Closed())
        assert main(["neighbors", str(tmp_path / "two.vec"), "tea"]) == 141
    assert capsys.readouterr().err == ""
