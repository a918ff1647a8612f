"""Text that the default token pattern skips is counted in a warning."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import EmbeddingUnion, PhraseJoiner, PretrainedEmbedder, SGNSEmbedder
from sk_w2v.io import LineDocuments, WordVectors

IDS = ["1 2 3 10 11 1 12", "10 11 3 2 1 12"] * 3
LOST = {
    "ids": IDS,
    "few ids of one digit among many": [" ".join(map(str, range(start, 500, 7))) for start in range(10)],
    "ids behind a hyphen": ["user-1 user-2 user-3", "user-2 user-1 user-3"] * 3,
    "letters": ["A C G T A C AA", "G T C A AA"] * 3,
    "words of one sign each": ["我 喜欢 喝 茶 的 我", "他 喜欢 喝 茶 的 他"] * 3,
    "signs that are no letters": ["😀 👍 ok lol 😀", "👍 😀 ok lol 😂"] * 3,
    "words cut up at their vowels": ["मैं चाय पीता हूँ और वह कॉफ़ी", "हम चाय पीते हैं और वह कॉफ़ी"] * 3,
}
KEPT = {
    "English": [
        "I don't think it's a good idea, and told a friend - some days ago - that we'd rather like to drink tea."
    ]
    * 9,
    "French": ["L'homme qui a dit que j'ai l'air d'un fou n'a pas raison : il y a là-bas à boire et à manger."] * 9,
    "numbers in prose": ["In 1998 some 3 of 12 people drank 2 cups of tea a day, and 7 of 12 drank coffee."] * 9,
    "ids of two digits": ["10 11 12 13", "12 11 10 13"] * 3,
    "few words": ["a b tea cup", "tea cup"],
}


def embedder(**parameters):
    return SGNSEmbedder(1, min_count=1, max_iter=1, subsample=0, random_state=0, **parameters)


@pytest.mark.parametrize("case", LOST)
@pytest.mark.parametrize(
    "parameters", [{}, {"vectorizer": CountVectorizer(preprocessor=str)}, {"backend": "reference"}]
)
def test_words_that_the_pattern_skips_are_counted(case, parameters):
    match = r"skips \d+ of the first \d+ words of the text .*Use .*token_pattern=r\".*give lists of tokens"
    with pytest.warns(UserWarning, match=match) as told:
        PhraseJoiner(**parameters).fit(LOST[case])
    assert len(told) == 1


@pytest.mark.parametrize("case", KEPT)
def test_prose_does_not_warn(case):
    PhraseJoiner().fit(KEPT[case])  # a warning would be an error


@pytest.mark.parametrize(
    "parameters", [{"token_pattern": r"(?u)\b\w+\b"}, {"tokenizer": str.split}, {"token_pattern": r"[0-9][0-9]+"}]
)
def test_a_chosen_token_pattern_does_not_warn(parameters):
    PhraseJoiner(vectorizer=CountVectorizer(**parameters)).fit(IDS)


@pytest.mark.parametrize("make", [list, iter, np.array, lambda ids: [each.encode() for each in ids]])
def test_the_warning_names_counts_words_and_the_pattern_that_keeps_them(make):
    with pytest.warns(
        UserWarning, match=r"21 of the first 39 words of the text .53.8%., such as \['1', '2', '3'\]"
    ) as told:
        embedder().fit(make(IDS))
    assert len(told) == 1
    assert r'token_pattern=r"(?u)\b\w+\b"' in str(told[0].message)
    embedder().fit([text.split() for text in IDS])


def test_a_file_of_lines_is_sampled_too(tmp_path):
    path = tmp_path / "ids.txt"
    path.write_text("\n".join(IDS))
    with pytest.warns(UserWarning, match="21 of the first 39 words"):
        embedder().fit(LineDocuments(path))


def test_each_embedder_that_is_fitted_to_text_warns_once():
    vectors = WordVectors(np.array(["10", "11", "1"], dtype=object), np.eye(3, dtype=np.float32))
    with pytest.warns(UserWarning, match="21 of the first 39 words") as told:
        fitted = PretrainedEmbedder(vectors, pooling="mean").fit(IDS)
    assert len(told) == 1
    fitted.transform(IDS)  # a warning would be an error
    union = EmbeddingUnion([("one", clone(fitted)), ("two", clone(fitted))])
    with pytest.warns(UserWarning, match="21 of the first 39 words") as told:
        union.fit(IDS)
    assert len(told) == 1
