"""Results say in one line what they are, and show tables in a notebook."""

from __future__ import annotations

import numpy as np
import pytest

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import AnalogyQuestions, SimilarityPairs, WordCategories, make_planted_corpus
from sk_w2v.inspection import diagnose_analogy, emergence, relation_spectrum
from sk_w2v.metrics import Score
from sk_w2v.selection import DimensionSelection


@pytest.fixture(scope="module")
def results():
    """Return one result of each kind, and a word that its representation in one line has."""
    corpus = make_planted_corpus(n_documents=400, random_state=0)
    embedder = SpectralEmbedder(4).fit(corpus.data)
    pairs = list(zip(*corpus.concepts[:2], strict=True))
    words = np.array([[*pairs[0], *pairs[1]], [*pairs[2], *pairs[3]]], dtype=object)
    questions = AnalogyQuestions(words, np.array(["one", "two"], dtype=object))
    return {
        "400 documents": corpus,
        "2 questions in 2 categories": questions,
        "4 ranks": emergence(embedder, questions),
        "20 pairs": relation_spectrum(embedder, pairs),
        "unknown word": diagnose_analogy(embedder, *pairs[0], pairs[1][0], "unicorn"),
        "rated from 1 to 7.5": SimilarityPairs(words[:, :2], np.array([1.0, 7.5])),
        "2 words in 1 category": WordCategories(words[0, :2], np.array(["a", "a"], dtype=object)),
        "value=0.3333": Score(1 / 3, 1.0, 3),
    }


def test_a_selected_dimension_is_shown_without_its_curve():
    assert repr(DimensionSelection("pip", 3, np.ones(9))) == "DimensionSelection(3 of 9 components by 'pip')"


def test_representations_are_one_short_line(results):
    for part, result in results.items():
        assert part in repr(result)
        assert repr(result).startswith(type(result).__name__ + "(")
        assert "\n" not in repr(result)
        assert len(repr(result)) < 250


def test_notebooks_show_tables(results):
    for result in results.values():
        html = result._repr_html_()
        assert html.startswith("<table>")
        assert html.count("<tr>") >= 2


def test_tables_escape_words():
    words = np.array([["<b>", "&", "c", "d"]], dtype=object)
    html = AnalogyQuestions(words, np.array(["<i>"], dtype=object))._repr_html_()
    assert "&lt;b&gt; &amp; c d" in html
    assert "<i>" not in html


def test_categories_of_emergence_print_as_a_table(results):
    header, *rows = repr(results["4 ranks"].table()).splitlines()
    assert header.split()[:2] == ["category", "n_questions"]
    assert len(rows) == 2
