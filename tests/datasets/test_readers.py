import bz2
import dataclasses
import gzip
import os

import numpy as np
import pytest

from sk_w2v.datasets import read_analogies, read_categories, read_similarity

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
    with pytest.raises(ValueError, match=r"evaluation\.txt contains no questions; .*four words"):
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


SIMLEX = "word1\tword2\tPOS\tSimLex999\tconc(w1)\tconc(w2)\tconcQ\tAssoc(USF)\tSimAssoc333\tSD(SimLex)\n"
LAYOUTS = {
    "SimLex-999": SIMLEX + "cup\tmug\tN\t8.5\t4.9\t4.8\t4\t0.3\t1\t0.9\nsip\tpour\tV\t2.25\t4\t4\t1\t0\t0\t1\n",
    "SimVerb-3500": "cup\tmug\tN\t8.5\tSYNONYMS\nsip\tpour\tV\t2.25\tNONE\n",
    "RW": "cup\tmug\t8.5\t9\t8\t8.5\t9\t8\nsip\tpour\t2.25\t2\t2.5\n",  # not all people rated each pair
    "WordSim-353, set1.csv": "Word 1,Word 2,Human (mean),1,2,3\ncup,mug,8.5,9,8,8.5\nsip,pour,2.25,2,2,2.75\n",
    "WordSim-353, combined.csv": "Word 1,Word 2,Human (mean)\ncup,mug,8.50\nsip,pour,2.25\n",
    "WordSim-353, combined.tab": "Word 1\tWord 2\tHuman (mean)\ncup\tmug\t8.50\nsip\tpour\t2.25\n",
    "MEN": "cup mug 8.500000\nsip pour 2.250000\n",
    "semicolons": "cup;mug;8.5\nsip;pour;2.25\n",
    "quotes": '"Word 1","Word 2","Human (mean)"\n"cup","mug",8.5\n"sip", "pour", "2.25"\n',
    "quotes and spaces": '"cup" "mug"  8.5\n"sip" "pour" 2.25',
}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_published_sets_are_read_in_their_own_layouts(name, encoding, ends, tmp_path):
    path = tmp_path / "evaluation.txt"
    path.write_bytes(LAYOUTS[name].replace("\n", ends).encode(encoding))
    pairs = read_similarity(path)
    assert pairs.words.tolist() == [["cup", "mug"], ["sip", "pour"]]
    assert pairs.ratings.tolist() == [8.5, 2.25]


def test_quoted_words_may_contain_separators_and_quotes(write):
    pairs = read_similarity(write('"tea; or ""chai""","New York, NY",7\n'))
    assert pairs.words.tolist() == [['tea; or "chai"', "New York, NY"]]
    assert read_similarity(write('"\tinch\t9\n')).words.tolist() == [['"', "inch"]]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("t\tcup\tmug\t8.5\n", "line 1"),  # a relation before the words, as in an annotated WordSim-353
        ("cup\tmug\tN\t8.5\nsip\tpour\t2.25\n", "line 2"),
        ("cup\tmug\tN\t8.5\nsip\tpour\tV\tlow\n", "line 2"),
        (SIMLEX + "cup\tmug\tN\tA\n", "line 2"),
        ("cup,mug,NaN\nsip,pour,2.25\n", "line 1"),
    ],
)
def test_a_rating_in_another_column_than_the_first_is_refused(text, place, write):
    with pytest.raises(
        ValueError, match=rf"evaluation\.txt, {place}: cannot read .*; a pair is two words and a number"
    ):
        read_similarity(write(text))


def test_words_in_other_columns_than_the_first_are_refused(write):
    with pytest.raises(
        ValueError, match=r"has the columns \['Type', 'Word 1', 'Word 2', .*; put those of the two words"
    ):
        read_similarity(write("Type,Word 1,Word 2,Human (mean)\nt,cup,mug,8.5\n"))


@pytest.mark.parametrize("read", [read_analogies, read_similarity, read_categories])
@pytest.mark.parametrize(
    ("pack", "kind"),
    [
        (gzip.compress, "compressed by gzip"),
        (bz2.compress, "compressed by bzip2"),
        (lambda text: b"PK\x03\x04", "a zip"),
    ],
)
def test_compressed_files_and_archives_are_refused_by_name(read, pack, kind, tmp_path):
    path = tmp_path / "evaluation.txt"
    path.write_bytes(pack(b"cup mug 8.5\n"))
    with pytest.raises(ValueError, match=rf"evaluation\.txt is {kind}.*; unpack it"):
        read(path)


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="open files have no names")
@pytest.mark.parametrize("read", [read_analogies, read_similarity, read_categories])
def test_evaluation_sets_are_read_from_pipes(read):
    text = {read_analogies: "tea cup ink pen", read_similarity: "tea cup 7", read_categories: "tea drink"}[read]
    reading, writing = os.pipe()
    os.write(writing, (text + "\n").encode() * 1000)
    os.close(writing)
    assert len(read(f"/dev/fd/{reading}")) == 1000
    os.close(reading)


def test_words_may_contain_spaces_between_tabs(write):
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
    with pytest.raises(ValueError, match=r"evaluation\.txt contains no pairs; .*two words and a number"):
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


def test_evaluation_sets_are_immutable(write):
    questions = read_analogies(write(QUESTIONS))
    with pytest.raises(dataclasses.FrozenInstanceError, match="words"):
        questions.words = questions.words[:1]
