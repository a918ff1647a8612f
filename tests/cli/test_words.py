"""Commands that read word vectors: neighbors, analogies, scores and other formats."""

import io
import json

import numpy as np
import pytest

from sk_w2v._cli import main
from sk_w2v._cli.evaluate import METHODS
from sk_w2v._cli.formats import FORMATS, READABLE
from sk_w2v.io import read_word2vec, write_word2vec
from sk_w2v.metrics import ANALOGY_METHODS

WORDS = ["king", "queen", "man", "woman", "Oslo", "tea"]
VECTORS = np.array(
    [[1, 0, 1, 0], [1, 0.5, 1, 0], [1, 0, 0, 0], [1, 0.5, 0, 0], [0, 0, 0, 1], [0, 0, 0.5, 1]], np.float32
)


@pytest.fixture(scope="module")
def vectors(tmp_path_factory):
    """A file of six words in word2vec's text format."""
    path = tmp_path_factory.mktemp("vectors") / "six.vec"
    write_word2vec(path, WORDS, VECTORS)
    return str(path)


@pytest.fixture
def sk_w2v(capsys):
    """A function that runs a command; it returns the exit code, the output and the messages."""

    def run(*arguments):
        return main([str(each) for each in arguments]), *capsys.readouterr()

    return run


def table(output):
    """Return the rows of a table as dicts."""
    names, *rows = (line.split("\t") for line in output.splitlines())
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_neighbors_are_those_of_the_embedder(sk_w2v, vectors):
    code, output, messages = sk_w2v("neighbors", vectors, "man", "Oslo", "-n", 1)
    assert (code, messages) == (0, "")
    assert output == "word\tneighbor\tcosine\nman\twoman\t0.8944\nOslo\ttea\t0.8944\n"


@pytest.mark.parametrize("given", [[], ["-"]])
def test_words_come_from_standard_input(sk_w2v, vectors, monkeypatch, given):
    monkeypatch.setattr("sys.stdin", io.StringIO("man\n\nOslo\n"))
    code, output, _ = sk_w2v("neighbors", vectors, *given, "-n", 1)
    assert code == 0
    assert [row["neighbor"] for row in table(output)] == ["woman", "tea"]


def test_neighbors_as_json_are_records(sk_w2v, vectors):
    _, output, _ = sk_w2v("neighbors", vectors, "man", "-n", 1, "--json")
    assert json.loads(output) == [{"word": "man", "neighbor": "woman", "cosine": 0.894427}]


def test_an_analogy_is_answered(sk_w2v, vectors):
    code, output, _ = sk_w2v("analogy", vectors, "man", "king", "woman", "-n", 1)
    assert code == 0
    assert table(output)[0]["answer"] == "queen"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("kings", "unknown word 'kings' among 6 words; did you mean king?"),
        ("oslo", "unknown word 'oslo' among 6 words; did you mean Oslo?"),
        ("xyz", "unknown word 'xyz' among 6 words"),
    ],
)
def test_an_unknown_word_is_an_error_with_known_words_of_similar_spelling(sk_w2v, vectors, word, message):
    code, output, messages = sk_w2v("neighbors", vectors, "tea", word)
    assert (code, output, messages) == (2, "", f"sk-w2v: error: {message}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["neighbors", "nothing.vec", "tea"], "nothing.vec: No such file or directory"),
        (["neighbors", "six.npy", "tea"], "six.npy does not end as a file of word vectors does"),
        (["neighbors", "six.vec", "tea", "--json=yes"], "argument --json: ignored explicit argument 'yes'"),
        (["neighbors", "six.vec", "tea", "--max-word", "3"], "unknown option --max-word; did you mean --max-words"),
        (["neighbors", "six.vec", "tea", "-n", "0"], "argument -n: '0' is not an INT of at least 1"),
        (["neighbors", "-"], "standard input cannot be both vectors and words"),
        (["analogy", "six.vec", "a", "b"], "the following arguments are required: C"),
        (["analogy", "six.vec", "a", "b", "c", "d"], "too many arguments: d"),
        (["evaluate", "six.vec"], "nothing to evaluate; give --questions, --similarity or --categories"),
        (["convert", "six.vec"], "the following arguments are required: OUT"),
        (["analogies"], "argument COMMAND: invalid choice: 'analogies'"),
    ],
)
def test_an_argument_that_cannot_be_used_is_an_error_in_one_line(sk_w2v, arguments, message):
    code, output, messages = sk_w2v(*arguments)
    assert (code, output) == (2, "")
    assert messages.startswith(f"sk-w2v: error: {message}")
    assert messages.count("\n") == 1


def test_a_file_in_another_format_is_an_error_in_one_line(sk_w2v, vectors):
    code, _, messages = sk_w2v("neighbors", vectors, "tea", "--format", "safetensors")
    assert code == 2
    assert f"error: {vectors} cannot be read" in messages
    assert messages.count("\n") == 1


@pytest.fixture(scope="module")
def questions(tmp_path_factory):
    """Files of analogies, rated pairs and categories."""
    folder = tmp_path_factory.mktemp("questions")
    contents = {
        "analogies": ": royal\nman king woman queen\n: capital\nOslo Norway Rome Italy\n",
        "pairs": "King,queen,9\nman,tea,1\nOslo,tea,2\n",
        "categories": "king person\nqueen person\nOslo other\ntea other\n",
    }
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return {name: str(folder / name) for name in contents}


def test_evaluation_prints_score_and_coverage_of_each_file(sk_w2v, vectors, questions):
    asked = ("--questions", questions["analogies"], "--similarity", questions["pairs"])
    code, output, _ = sk_w2v("evaluate", vectors, *asked, "--categories", questions["categories"])
    assert code == 0
    analogies, pairs, categories = table(output)
    assert (analogies["score"], analogies["coverage"], analogies["n_used"]) == ("1.0000", "0.5000", "1")
    assert (pairs["measure"], pairs["coverage"]) == ("similarity correlation", "0.6667")
    assert (categories["score"], categories["n_used"]) == ("1.0000", "4")


def test_evaluation_by_category_has_null_for_a_category_without_known_questions(sk_w2v, vectors, questions):
    _, output, _ = sk_w2v("evaluate", vectors, "--questions", questions["analogies"], "--by-category", "--json")
    rows = {row["category"]: row for row in json.loads(output)}
    assert list(rows) == ["all", "royal", "capital"]
    assert (rows["capital"]["score"], rows["capital"]["coverage"]) == (None, 0)


def test_words_unknown_for_their_case_are_told_of(sk_w2v, vectors, questions):
    asked = ("evaluate", vectors, "--similarity", questions["pairs"])
    assert "1 of 1 unknown words are known in lower case: read the questions with --lowercase" in sk_w2v(*asked)[2]
    assert table(sk_w2v(*asked, "--lowercase")[1])[0]["coverage"] == "0.6667"  # Oslo is unknown then


def test_questions_without_known_words_are_an_error_that_names_their_file(sk_w2v, vectors, questions, tmp_path):
    (tmp_path / "others").write_text("a b c d\n", encoding="utf-8")
    code, output, messages = sk_w2v(
        "evaluate", vectors, "--similarity", questions["pairs"], "--questions", tmp_path / "others"
    )
    assert (code, output) == (2, "")
    assert "others: None of the 1 questions has all of its words in the vocabulary" in messages


def test_every_method_for_analogies_is_offered():
    assert set(METHODS) == set(ANALOGY_METHODS)


@pytest.mark.parametrize("ending", [".vec", ".vec.gz", ".bin", ".bin.xz", ".txt", ".glove.bz2", ".safetensors"])
def test_vectors_are_the_same_after_conversion(sk_w2v, vectors, tmp_path, ending):
    other, back = tmp_path / f"other{ending}", tmp_path / "back.vec"
    assert sk_w2v("convert", vectors, other) == (0, "", "")
    assert sk_w2v("convert", other, back) == (0, "", "")
    converted = read_word2vec(back)
    assert converted.words.tolist() == WORDS
    np.testing.assert_array_equal(converted.vectors, VECTORS)


def test_every_format_is_written_by_name(sk_w2v, vectors, tmp_path):
    for name in FORMATS:
        assert sk_w2v("convert", vectors, tmp_path / name, "--to", name)[0] == 0
        if name in READABLE:
            code, output, _ = sk_w2v("neighbors", tmp_path / name, "man", "--format", name, "-n", 1)
            assert (code, table(output)[0]["neighbor"]) == (0, "woman")
    assert (tmp_path / "projector" / "metadata.tsv").exists()


def test_standard_output_takes_word2vecs_text(sk_w2v, vectors):
    code, output, _ = sk_w2v("convert", vectors, "-", "--max-words", 2)
    assert (code, output) == (0, "2 4\nking 1.0 0.0 1.0 0.0\nqueen 1.0 0.5 1.0 0.0\n")


def test_standard_output_gets_nothing_if_writing_fails(sk_w2v, tmp_path):
    (tmp_path / "spaces.txt").write_text("cup 1 0\nice tea 0 1\n", encoding="utf-8")  # a word with a space
    code, output, messages = sk_w2v("convert", tmp_path / "spaces.txt", "-")
    assert (code, output) == (2, "")
    assert "spaces" in messages


@pytest.mark.parametrize(
    ("output", "options", "message"),
    [
        ("missing/out.vec", [], "there is no folder"),
        ("out.safetensors.gz", [], "cannot be written with the ending .gz"),
        ("out.zip", ["--to", "glove"], "cannot be written with the ending .zip"),
        ("out", [], "does not end as a file of word vectors does"),
        (".", ["--to", "glove"], "is a folder"),
        ("six.vec", [], "is also the input"),
        ("six.vec", ["--to", "projector"], "is a file, and projector writes a folder"),
    ],
)
def test_an_output_that_cannot_be_written_is_an_error(sk_w2v, vectors, tmp_path, monkeypatch, output, options, message):
    write_word2vec(tmp_path / "six.vec", WORDS, VECTORS)
    monkeypatch.chdir(tmp_path)
    code, _, messages = sk_w2v("convert", "six.vec", output, *options)
    assert code == 2
    assert message in messages
    assert [path.name for path in tmp_path.iterdir()] == ["six.vec"]


def test_projector_is_not_written_to_standard_output(sk_w2v, vectors):
    code, _, messages = sk_w2v("convert", vectors, "-", "--to", "projector")
    assert (code, messages) == (2, "sk-w2v: error: projector writes a folder; give its name instead of -\n")
