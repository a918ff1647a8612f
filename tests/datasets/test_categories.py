from __future__ import annotations

import pytest

from sk_w2v.datasets import read_categories


@pytest.fixture
def write(tmp_path):
    """Write a text to a file and return its path."""

    def write_text(text: str):
        path = tmp_path / "words.txt"
        path.write_text(text, encoding="utf-8")
        return path

    return write_text


@pytest.mark.parametrize("separator", ["\t", ";", ",", " ", "   "])
def test_words_and_categories_are_read_in_order(write, separator):
    path = write(f"# words\n\nTea{separator}Drink\npen{separator}tool\n")
    categories = read_categories(path)
    assert categories.words.tolist() == ["Tea", "pen"]
    assert categories.categories.tolist() == ["Drink", "tool"]
    assert len(categories) == 2
    assert read_categories(path, lowercase=True).words.tolist() == ["tea", "pen"]
    assert read_categories(path, lowercase=True).categories.tolist() == ["Drink", "tool"]


@pytest.mark.parametrize("line", ["tea", "tea drink hot", "tea\t", "\tdrink\t"])
def test_a_malformed_line_is_reported_with_its_place(write, line):
    with pytest.raises(ValueError, match=r"words.txt, line 2: cannot read .*; a line is a word and its category"):
        read_categories(write(f"pen tool\n{line}\n"))


def test_a_file_without_words_is_refused(write):
    with pytest.raises(ValueError, match=r"words.txt contains no words; a line is a word and its category"):
        read_categories(write("# nothing\n"))
