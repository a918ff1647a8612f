from __future__ import annotations

import math
import pickle
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import config_context
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PhraseJoiner, SpectralEmbedder
from sk_w2v.corpus import first_of_pairs
from sk_w2v.io import LineDocuments

documents_of_letters = st.lists(st.lists(st.sampled_from("abcd"), max_size=12), min_size=1, max_size=8)
scorings = pytest.mark.parametrize(("scoring", "threshold"), [("default", 1.0), ("default", 3.0), ("npmi", 0.1)])


def some_documents(n_documents: int = 300, *, seed: int = 0) -> list[list[str]]:
    """Return documents in which some words follow others."""
    rng = np.random.default_rng(seed)
    documents = []
    for _ in range(n_documents):
        words = [f"w{word}" for word in rng.zipf(1.5, rng.integers(0, 30)) if word < 200]
        for _ in range(rng.integers(0, 4)):
            words[rng.integers(0, len(words) + 1) : 0] = [["new", "york"], ["san", "jose", "new"]][rng.integers(2)]
        documents.append(words)
    return documents


def slow_phrases(documents, *, scoring: str, threshold: float, min_count: int) -> dict[tuple[str, str], float]:
    """Return the phrases by counting pairs one by one."""
    words = Counter(word for document in documents for word in document)
    pairs = Counter(pair for document in documents for pair in pairwise(document))
    total = sum(words.values())
    scores = {}
    for (a, b), n in pairs.items():
        if scoring == "default":
            score = (n - min_count) / words[a] / words[b] * (len(words) + len(pairs))
        else:
            score = math.log(n / total / (words[a] / total * words[b] / total)) / -math.log(n / total)
        if n >= min_count and score > threshold:
            scores[a, b] = score
    return scores


def slow_joining(document, phrases) -> list[str]:
    """Return a document with its phrases joined, from left to right."""
    joined, place = [], 0
    while place < len(document):
        n = 2 if tuple(document[place : place + 2]) in phrases else 1
        joined.append("_".join(document[place : place + n]))
        place += n
    return joined


@scorings
@pytest.mark.parametrize("min_count", [1, 5])
def test_phrases_are_those_of_the_formulas(scoring, threshold, min_count):
    documents = some_documents()
    joiner = PhraseJoiner(min_count, scoring=scoring, threshold=threshold).fit(documents)
    expected = slow_phrases(documents, scoring=scoring, threshold=threshold, min_count=min_count)
    assert ("san", "jose") in joiner.phrases_
    assert joiner.phrases_ == pytest.approx(expected, rel=1e-9)


@given(documents=documents_of_letters, others=documents_of_letters)
def test_tokens_are_joined_from_left_to_right(documents, others):
    joiner = PhraseJoiner(1, threshold=0.5).fit(documents)
    assert joiner.phrases_ == pytest.approx(slow_phrases(documents, scoring="default", threshold=0.5, min_count=1))
    for each in (documents, others):
        joined = joiner.transform(each)
        assert joined == [slow_joining(document, joiner.phrases_) for document in each]
        assert [[part for token in document for part in token.split("_")] for document in joined] == each


@given(flags=st.lists(st.booleans(), max_size=30))
def test_of_overlapping_bigrams_the_first_is_joined(flags):
    expected, free = [], True
    for flag in flags:
        expected.append(flag and free)
        free = not expected[-1]
    assert first_of_pairs(np.array(flags, dtype=bool)).tolist() == expected


@scorings
def test_phrases_equal_those_of_gensim(scoring, threshold):
    phrases = pytest.importorskip("gensim.models.phrases", reason="gensim is not installed")
    documents = some_documents()
    joiner = PhraseJoiner(3, scoring=scoring, threshold=threshold, delimiter="+").fit(documents)
    theirs = phrases.Phrases(documents, min_count=3, threshold=threshold, scoring=scoring, delimiter="+")
    ours = {"+".join(pair): score for pair, score in joiner.phrases_.items()}
    assert ours == pytest.approx(theirs.export_phrases(), rel=1e-9)
    assert joiner.transform(documents) == list(theirs[documents])


def test_bigrams_do_not_span_documents():
    joiner = PhraseJoiner(1, threshold=0.1).fit([["a", "b"], ["c", "d"], [], ["a", "b"]])
    assert joiner.phrases_.keys() == {("a", "b")}
    assert joiner.transform([["a"], ["b"], [], ["a", "b"]]) == [["a"], ["b"], [], ["a_b"]]


def test_text_is_tokenized_as_by_an_embedder():
    texts = ["New York is new", "york, not New York!", "we like New York"]
    joiner = PhraseJoiner(1, threshold=1)
    assert joiner.fit_transform(texts) == [
        ["new_york", "is", "new"],
        ["york", "not", "new_york"],
        ["we", "like", "new_york"],
    ]
    kept = (
        clone(joiner)
        .set_params(vectorizer=CountVectorizer(lowercase=False, token_pattern=r"\S+", stop_words=["we"]))
        .fit_transform(texts)
    )
    assert kept == [["New_York", "is", "new"], ["york,", "not", "New", "York!"], ["like", "New_York"]]
    assert (
        joiner.transform(iter(texts)) == joiner.transform(np.array(texts)) == joiner.fit(iter(texts)).transform(texts)
    )


def test_one_or_two_joiners_precede_an_embedder_in_a_pipeline():
    documents = [["we", "love", "new", "york", "city"], ["in", "new", "york", "city", "we", "sing"]] * 10
    model = make_pipeline(PhraseJoiner(threshold=0.2), PhraseJoiner(threshold=0.2), SpectralEmbedder(1))
    model.fit(documents)
    assert any("new_york" in word and word.count("_") > 1 for word in model[-1].vocabulary_)
    grid = {"phrasejoiner__threshold": [0.2, 1e9]}
    search = GridSearchCV(make_pipeline(PhraseJoiner(), SpectralEmbedder(1)), grid, cv=2).fit(documents)
    assert np.all(search.cv_results_["mean_test_score"] > 0)


def test_without_phrases_documents_are_unchanged():
    joiner = PhraseJoiner(threshold=1e9).fit(["tea cup"])
    assert joiner.phrases_ == {}
    assert joiner.transform([]) == []
    assert joiner.transform(["tea cup", ""]) == [["tea", "cup"], []]
    assert PhraseJoiner().fit(["", "tea"]).transform(["tea"]) == [["tea"]]


def test_it_can_be_pickled():
    documents = some_documents()
    joiner = PhraseJoiner(threshold=1).fit(documents)
    assert pickle.loads(pickle.dumps(joiner)).transform(documents) == joiner.transform(documents)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"scoring": "npmi", "threshold": 10.0},
            r"threshold=10.0 is not between -1 and 1, the range of scoring='npmi'",
        ),
        ({"scoring": "pmi"}, "The 'scoring' parameter of PhraseJoiner must be a str among"),
        ({"min_count": 0}, "The 'min_count' parameter of PhraseJoiner must be"),
        ({"delimiter": None}, "The 'delimiter' parameter of PhraseJoiner must be"),
    ],
)
def test_invalid_parameters_are_errors(parameters, message):
    with pytest.raises(ValueError, match=message):
        PhraseJoiner(**parameters).fit(["tea cup"])


def test_bad_documents_are_refused():
    with pytest.raises(TypeError, match="X is one str"):
        PhraseJoiner().fit("tea cup")
    with pytest.raises(TypeError, match="Document 1 is 3 of type int"):
        PhraseJoiner().fit(["tea", 3])
    with pytest.raises(ValueError, match="X holds no documents"):
        PhraseJoiner().fit([])


GAPS = {
    "a stop word": ({"stop_words": ["of", "the"]}, "of"),
    "an English stop word": ({"stop_words": "english"}, "of"),
    "a word of one character": ({}, "x"),
    "a word of one character, with a preprocessor": ({"preprocessor": str.lower}, "x"),
    "a stop word that a tokenizer gives": ({"stop_words": ["of"], "tokenizer": str.split}, "of"),
    "a stop word by a pattern": ({"stop_words": ["of"], "token_pattern": r"[a-z]+"}, "of"),
}


@pytest.mark.parametrize("make", [list, iter, np.array])
@pytest.mark.parametrize("gap", GAPS)
def test_words_are_not_joined_across_dropped_tokens(gap, make):
    parameters, between = GAPS[gap]
    joiner = PhraseJoiner(1, threshold=0.1, vectorizer=CountVectorizer(**parameters))
    documents = [f"bank {between} america", f"rob bank {between} america", "stone bridge"] * 2
    assert (
        joiner.fit(make(documents)).transform(make(documents))
        == [
            ["bank", "america"],
            ["rob_bank", "america"],
            ["stone_bridge"],
        ]
        * 2
    )
    assert joiner.phrases_.keys() == {("rob", "bank"), ("stone", "bridge")}
    assert joiner.transform(["bank america rob bank"]) == [["bank", "america", "rob_bank"]]


def test_stop_words_are_dropped_from_texts_but_not_from_tokens():
    documents = ["bank of america", ["bank", "of", "america"], "stone bridge"] * 2
    joiner = PhraseJoiner(1, threshold=0.1, vectorizer=CountVectorizer(stop_words=["of"])).fit(documents)
    assert joiner.transform(documents) == [["bank", "america"], ["bank_of", "america"], ["stone_bridge"]] * 2


def test_a_file_of_lines_has_the_phrases_of_its_lines(tmp_path):
    documents = ["bank of america", "see bank of america", "stone bridge"]
    path = tmp_path / "lines.txt"
    path.write_text("\n".join(documents))
    joiner = PhraseJoiner(1, threshold=0.1, vectorizer=CountVectorizer(stop_words=["of"]))
    assert joiner.fit_transform(LineDocuments(path)) == joiner.fit_transform(documents)


# --- tables ------------------------------------------------------------------------------------

TABLE_TEXTS = ["the cup of green tea", "a pot of black coffee", "green tea in a cup", "black coffee is hot"] * 3


@pytest.fixture(scope="module")
def shuffled():
    """A table of text and numbers, whose index is not in order."""
    index = np.random.default_rng(0).permutation(len(TABLE_TEXTS))
    return pd.DataFrame({"text": TABLE_TEXTS, "n": np.arange(len(TABLE_TEXTS), dtype=float)}, index=index)


def embedding():
    """Return a joiner with an embedder behind it, not fitted."""
    return make_pipeline(PhraseJoiner(1, threshold=0.1), SpectralEmbedder(1, min_count=1, random_state=0))


def in_columns(transformer):
    return make_column_transformer((transformer, "text"), (StandardScaler(), ["n"]))


def in_a_union(transformer):
    text = make_column_transformer((transformer, "text"))
    return FeatureUnion([("text", text), ("n", make_column_transformer((StandardScaler(), ["n"])))])


def test_rows_of_a_table_keep_their_index(shuffled):
    joiner = PhraseJoiner(1, threshold=0.1).fit(shuffled["text"])
    joined = joiner.transform(shuffled["text"])
    assert joined.index.equals(shuffled.index)
    assert joined.to_list() == joiner.transform(TABLE_TEXTS)
    assert joiner.transform(shuffled["text"][:0]).to_list() == []


def test_feature_names_come_from_the_following_embedder(shuffled):
    model = embedding().set_output(transform="pandas")
    table = model.fit_transform(shuffled["text"])
    assert table.columns.tolist() == model.get_feature_names_out().tolist() == ["spectralembedder0"]
    assert table.index.equals(shuffled.index)
    np.testing.assert_array_equal(table, embedding().fit_transform(TABLE_TEXTS))
    assert PhraseJoiner().fit(TABLE_TEXTS).get_feature_names_out().tolist() == ["phrasejoiner0"]
    with pytest.raises(NotFittedError):
        PhraseJoiner().get_feature_names_out()


@pytest.mark.parametrize("beside", [in_columns, in_a_union])
@pytest.mark.parametrize("by", ["the transformer", "the configuration"])
def test_each_row_of_a_table_gets_its_vector(shuffled, beside, by):
    model = beside(embedding())
    if by == "the transformer":
        table = model.set_output(transform="pandas").fit_transform(shuffled)
    else:
        with config_context(transform_output="pandas"):
            table = model.fit_transform(shuffled)
    assert table.index.equals(shuffled.index)
    assert table.shape == (len(TABLE_TEXTS), 2)
    np.testing.assert_array_equal(table.iloc[:, :1], embedding().fit_transform(TABLE_TEXTS))


def test_an_unknown_kind_of_table_is_refused():
    with pytest.raises(ValueError, match="transform='arrow' is unknown; use 'default', 'pandas', 'polars' or None"):
        PhraseJoiner().set_output(transform="arrow")
