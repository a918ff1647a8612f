import dataclasses

import numpy as np
import pytest

from sk_w2v.datasets import read_analogies, read_similarity

QUESTIONS = """\
: capitals
Athens Greece Oslo Norway

Bern Switzerland  Paris France
: gram1 adjective to adverb
calm calmly slow slowly
"""


@pytest.fixture
def write(tmp_path):
    """Write a text to a file and return its path."""

    def write_text(text, encoding="utf-8"):
        path = tmp_path / "evaluation.txt"
        path.write_text(text, encoding=encoding)
        return path

    return write_text


def test_questions_are_read_with_their_sections(write):
    questions = read_analogies(write(QUESTIONS))
    assert len(questions) == 3
    assert questions.words.shape == (3, 4)
    assert questions.words[1].tolist() == ["Bern", "Switzerland", "Paris", "France"]
    assert questions.categories.tolist() == ["capitals"] * 2 + ["gram1 adjective to adverb"]


def test_questions_before_the_first_section_have_no_category(write):
    questions = read_analogies(write("calm calmly slow slowly\n"))
    assert questions.categories.tolist() == [""]


def test_lowercase_changes_words_but_not_sections(write):
    questions = read_analogies(write(": Capitals\nAthens Greece Oslo Norway\n"), lowercase=True)
    assert questions.words[0].tolist() == ["athens", "greece", "oslo", "norway"]
    assert questions.categories.tolist() == ["Capitals"]


@pytest.mark.parametrize("line", ["Athens Greece Oslo", "a b c d e", ":", ": "])
def test_a_malformed_question_is_reported_with_its_place(write, line):
    with pytest.raises(ValueError, match=rf"evaluation\.txt, line 2: .*'{line.strip()}'; .*four"):
        read_analogies(write(f": capitals\n{line}\nAthens Greece Oslo Norway\n"))


@pytest.mark.parametrize("text", ["", "\n\n", ": capitals\n"])
def test_a_file_without_questions_is_an_error(write, text):
    with pytest.raises(ValueError, match=r"evaluation\.txt holds no question; .*four words"):
        read_analogies(write(text))


@pytest.mark.parametrize("separator", ["\t", ",", ", ", ";", " ", "   "])
@pytest.mark.parametrize("header", ["", "first{0}second{0}rating\n", "# source: nobody\n\n"])
def test_pairs_are_read_with_any_separator_and_header(write, separator, header):
    text = header.format(separator) + f"tiger{separator}cat{separator}7.35\n\nbook{separator}paper"
    pairs = read_similarity(write(f"{text}{separator}-1\n# the end\n"))
    assert len(pairs) == 2
    assert pairs.words.tolist() == [["tiger", "cat"], ["book", "paper"]]
    np.testing.assert_array_equal(pairs.ratings, [7.35, -1])
    assert pairs.ratings.dtype == np.float64


def test_words_may_hold_spaces_where_tabs_separate(write):
    pairs = read_similarity(write("New York\tcity\t9\n"), lowercase=True)
    assert pairs.words.tolist() == [["new york", "city"]]


@pytest.mark.parametrize(
    "line", ["tiger\tcat", "tiger\tcat\t7\t8", "tiger\tcat\thigh", "tiger\t\t7", "tiger\tcat\tnan"]
)
def test_a_malformed_pair_is_reported_with_its_place(write, line):
    with pytest.raises(ValueError, match=r"evaluation\.txt, line 2: cannot read 'tiger.*two words"):
        read_similarity(write(f"book\tpaper\t7\n{line}\n"))


def test_a_malformed_first_line_is_not_taken_for_a_header(write):
    with pytest.raises(ValueError, match="line 1: cannot read 'tiger;cat;7,35'"):
        read_similarity(write("tiger;cat;7,35\nbook;paper;7\n"))


@pytest.mark.parametrize("text", ["", "# nothing\n", "first,second,rating\n"])
def test_a_file_without_pairs_is_an_error(write, text):
    with pytest.raises(ValueError, match=r"evaluation\.txt holds no pair; .*two words and a number"):
        read_similarity(write(text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_words_of_all_languages_are_read(write, encoding):
    pairs = read_similarity(write("größe,длина,3\n", encoding))
    assert pairs.words.tolist() == [["größe", "длина"]]


@pytest.mark.parametrize("read", [read_analogies, read_similarity])
def test_another_encoding_is_an_error(write, read):
    with pytest.raises(ValueError, match=r"evaluation\.txt is not in UTF-8"):
        read(write("größe länge 3\n", "latin-1"))


@pytest.mark.parametrize("read", [read_analogies, read_similarity])
def test_paths_may_be_str_and_missing_files_are_errors(tmp_path, read):
    with pytest.raises(FileNotFoundError, match=r"missing\.txt"):
        read(str(tmp_path / "missing.txt"))


def test_what_is_read_cannot_be_reassigned(write):
    questions = read_analogies(write(QUESTIONS))
    with pytest.raises(dataclasses.FrozenInstanceError, match="words"):
        questions.words = questions.words[:1]
