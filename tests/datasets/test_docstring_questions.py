from __future__ import annotations

import re
from collections import Counter

import numpy as np

from sk_w2v.datasets import (
    load_docstring_analogies,
    load_docstring_categories,
    load_docstring_similarity,
    load_docstrings,
)


def test_the_words_of_questions_occur_in_the_documentation():
    counts = Counter(word for text in load_docstrings().data for word in re.findall(r"(?u)\b\w\w+\b", text.lower()))
    asked = {*load_docstring_analogies().words.ravel(), *load_docstring_similarity().words.ravel()}
    asked |= set(load_docstring_categories().words)
    rare = sorted(word for word in asked if counts[word] < 5)
    assert len(rare) <= len(asked) / 20, rare  # the documentation changes with its packages' versions


def test_questions_are_distinct_and_have_four_distinct_words():
    questions = load_docstring_analogies()
    assert len({tuple(question) for question in questions.words}) == len(questions) > 200
    assert all(len(set(question)) == 4 for question in questions.words)
    assert len(questions.categories) == len(questions)
    asked = {tuple(question) for question in questions.words}
    assert all((c, d, a, b) in asked for a, b, c, d in asked)


def test_pairs_and_words_occur_once():
    pairs, categories = load_docstring_similarity(), load_docstring_categories()
    assert len({frozenset(pair) for pair in pairs.words}) == len(pairs) == 30
    assert np.all((pairs.ratings >= 0) & (pairs.ratings <= 10))
    assert len(set(categories.words)) == len(categories)
    assert len(set(categories.categories)) == 7
