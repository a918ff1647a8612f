"""Text is split by compiled kernels exactly as CountVectorizer's analyzer splits it."""

from __future__ import annotations

import sys
from itertools import chain, pairwise
from math import inf

import numba
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v._backends import BACKENDS, get_backend
from sk_w2v._backends.characters import IRREGULAR, RUNS, character_table, decode_block, encode_document
from sk_w2v._backends.cpu import hashing, tokenizing
from sk_w2v._estimators.analysis import build_analyzer
from sk_w2v.corpus import PatternAnalyzer, count_words, encode_documents, number_tokens
from sk_w2v.corpus import _encoding as corpus_stage
from sk_w2v.datasets import load_docstrings

every_backend = pytest.mark.parametrize("backend", [get_backend(name) for name in BACKENDS], ids=BACKENDS)
every_pattern = pytest.mark.parametrize("token_pattern", RUNS)
distinct_pattern = pytest.mark.parametrize("token_pattern", [r"(?u)\b\w\w+\b", r"\S+"])
either_case = pytest.mark.parametrize("lowercase", [True, False], ids=["lower", "as is"])

# Characters at which splitting or lower case could go wrong: a lower case of other length, in characters or in bytes;
# a lower case that depends on what stands around; titlecase; marks, joiners and digits; every kind of white space;
# lone surrogates and the ends of the range; bytes that have a meaning in blocks and tables.
NASTY = (
    "İ\u0131Σ\u03c3ςẞßŉǅǆΐﬁKKÅÅȺⱥȾⱦⱯɐⱭ\u0251"
    "\u0301\u0307\u0345\u200c\u200d\u00ad\ufeff\u2019'.·:-_٣²½Ⅷⅷⓐ々ー〇あ字क्षि𐐀𐐨𝒜𝟘🎈"
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u3000\u200b\u180e"
    "\ud800\udbff\udc00\udfff\x00\x01\x7f\x80\xff\u07ff\u0800\uffff\U00010000\U0010ffff"
)
texts = st.text() | st.text(st.sampled_from(NASTY + "aAbzZ09")) | st.text(st.sampled_from("ab A\x00Σ.é"), max_size=40)
lists_of_texts = st.lists(texts, min_size=1, max_size=6)


def batched(items, size):
    """Cut a list into lists of a size."""
    return (items[start : start + size] for start in range(0, len(items), size))


def analyzers(token_pattern, lowercase, stop_words=None):
    """Return ours and CountVectorizer's."""
    vectorizer = CountVectorizer(token_pattern=token_pattern, lowercase=lowercase, stop_words=stop_words)
    left_out = vectorizer.get_stop_words() or frozenset()
    return PatternAnalyzer(token_pattern, lowercase=lowercase, stop_words=left_out), vectorizer.build_analyzer()


def assert_same_tokens(documents, ours, theirs, **options):
    """Number the documents both ways, and compare ids, offsets and words."""
    fast, fast_words = number_tokens(documents, analyzer=ours, **options)
    slow, slow_words = number_tokens(documents, analyzer=theirs)
    assert fast_words == slow_words
    assert fast.ids.dtype == np.int32
    assert fast.offsets.dtype == np.int64
    np.testing.assert_array_equal(fast.ids, slow.ids)
    np.testing.assert_array_equal(fast.offsets, slow.offsets)


# --- the tokens ----------------------------------------------------------------------------------


@every_backend
@every_pattern
@either_case
@settings(deadline=None)  # the first example compiles
@given(documents=lists_of_texts)
@example(documents=["ΔΣ.Δ ΔΣ'", "ΟΔΟΣ", "Σ", "aΣ\u0301 bΣ\u00adc"])
@example(documents=["İSTANBUL", "xİ", "İİ"])
@example(documents=["a\x00", "\x00a", "\x00", "a", "\x00\x00"])
def test_tokens_are_those_of_count_vectorizer_for_any_text(backend, token_pattern, lowercase, documents):
    assert_same_tokens(documents, *analyzers(token_pattern, lowercase), backend=backend)


@distinct_pattern
@either_case
def test_every_character_is_a_letter_or_none_as_for_count_vectorizer(token_pattern, lowercase):
    characters = [f"{chr(code)}{chr(code)} a{chr(code)}b" for code in range(sys.maxunicode + 1)]
    documents = list(map(" ".join, batched(characters, 256)))
    ours, theirs = analyzers(token_pattern, lowercase)
    corpus, words = number_tokens(documents, analyzer=ours)
    tokens = np.array(words, dtype=object)[corpus.ids]
    for document, (first, end) in zip(documents, pairwise(corpus.offsets), strict=True):
        assert tokens[first:end].tolist() == theirs(document)


@distinct_pattern
@either_case
def test_all_of_the_docstrings_are_split_as_count_vectorizer_splits_them(token_pattern, lowercase):
    assert_same_tokens(load_docstrings().data, *analyzers(token_pattern, lowercase))


@given(text=texts)
@pytest.mark.parametrize("stop_words", [frozenset(), frozenset({"ab", "b"})])
def test_the_analyzer_that_says_what_to_do_does_it_itself(text, stop_words):
    ours, theirs = analyzers(r"(?u)\b\w\w+\b", True, list(stop_words) or None)
    assert ours(text) == theirs(text)


@every_backend
@settings(deadline=None)
@given(documents=st.lists(st.text(st.sampled_from("aAbc ")), min_size=1))
def test_stop_words_get_no_numbers(backend, documents):
    ours, theirs = analyzers(r"\b\w+\b", True, ["a", "bb"])
    assert_same_tokens(documents, ours, theirs, backend=backend)


@settings(deadline=None)
@given(documents=lists_of_texts, known=st.lists(texts, unique=True, max_size=5), n_jobs=st.integers(1, 2))
def test_documents_are_encoded_as_by_the_general_way(documents, known, n_jobs):
    ours, theirs = analyzers(r"\b\w+\b", True)
    rows = {word: row for row, word in enumerate(chain(known, theirs(documents[0])[:3]))}
    fast = encode_documents(documents, rows, analyzer=ours, n_jobs=n_jobs)
    slow = encode_documents(documents, rows, analyzer=theirs)
    assert fast.ids.tolist() == slow.ids.tolist()
    assert fast.offsets.tolist() == slow.offsets.tolist()


def test_a_known_word_is_left_out_of_text_if_it_is_a_stop_word_and_not_of_tokens():
    ours, _ = analyzers(r"\b\w+\b", True, ["of"])
    corpus = encode_documents(["cup of tea", ["of"]], {"of": 0, "tea": 1}, analyzer=ours)
    assert corpus.ids.tolist() == [1, 0]


@every_backend
@settings(deadline=None)
@given(documents=st.lists(texts | st.lists(texts, max_size=3), min_size=1, max_size=6))
def test_texts_and_tokens_may_stand_side_by_side(backend, documents):
    assert_same_tokens(documents, *analyzers(r"(?u)\b\w\w+\b", True), backend=backend)


def test_a_wrong_document_behind_texts_is_named_with_its_place():
    with pytest.raises(TypeError, match="Document 2 is None of type NoneType"):
        number_tokens(["tea", "cup", None], analyzer=PatternAnalyzer(r"\S+"))


# --- words, blocks and threads -------------------------------------------------------------------


@settings(deadline=None)
@given(
    words=st.lists(st.text(st.sampled_from("aé\x00"), min_size=1, max_size=20), min_size=1, max_size=60),
    repeats=st.integers(1, 3),
)
def test_words_that_differ_late_or_in_length_alone_are_told_apart(words, repeats):
    documents = [" ".join(words * repeats)]
    assert_same_tokens(documents, PatternAnalyzer(r"\S+", lowercase=False), lambda text: text.split(" "))


@pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32, bytes(range(32))])
@given(st.lists(st.text("ab\u00e9", min_size=2, max_size=20), min_size=1, max_size=40))
def test_numbers_do_not_depend_on_the_secret_of_the_hash(secret, words):
    documents = [" ".join(words), " ".join(reversed(words))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokenizing, "urandom", lambda n_bytes: secret[:n_bytes])  # all zero: short words all collide
        assert_same_numbers(documents)


def assert_same_numbers(documents):
    """Compare the kernel's numbers with the reference's."""
    analyzer = PatternAnalyzer(r"(?u)\b\w\w+\b")
    (corpus, words), (same, same_words) = (
        number_tokens(documents, analyzer=analyzer, backend=get_backend(name)) for name in BACKENDS
    )
    assert words == same_words
    assert corpus.ids.tolist() == same.ids.tolist()
    assert corpus.offsets.tolist() == same.offsets.tolist()


def test_words_that_collide_under_one_secret_do_not_under_another():
    keys = np.arange(1 << 12, dtype=np.uint64)
    before = np.zeros_like(keys)

    def n_places(secrets):
        return len(np.unique(hashing.spread.py_func(hashing.hash_key.py_func(before, keys, secrets)) >> np.uint64(12)))

    assert n_places(np.zeros(4, np.uint64)) == 1
    for seed in range(10):
        secrets = np.random.default_rng(seed).integers(0, 2**64, 4, dtype=np.uint64)
        assert n_places(secrets) > 4000  # 4,094 of 2**20 places are expected to be taken, with a deviation of 3
    assert tokenizing.WordTable(16)._secret.tolist() != tokenizing.WordTable(16)._secret.tolist()


def test_words_stay_apart_while_their_table_grows(monkeypatch):
    rng = np.random.default_rng(0)
    words = ["".join(map(chr, rng.integers(97, 123, length))) for length in rng.integers(1, 25, 30_000)]
    monkeypatch.setattr(tokenizing, "FEWEST_SLOTS", 2)
    monkeypatch.setattr(tokenizing, "BYTES_PER_SLOT", 10**9)
    assert_same_tokens([" ".join(words), " ".join(words[::-1])], PatternAnalyzer(r"\S+"), str.split)


def test_long_words_are_compared_letter_by_letter():
    # All have the same key, their last letter, and 31 bits of hash: about 300,000**2 / 2**32 = 21 pairs agree in both.
    prefixes = np.random.default_rng(0).permutation(2**24)[:300_000]
    words = [f"{prefix:08}z" for prefix in prefixes]
    corpus, found = number_tokens([" ".join(words)], analyzer=PatternAnalyzer(r"\S+"))
    assert found == words
    np.testing.assert_array_equal(corpus.ids, np.arange(len(words)))


def test_the_kernel_stays_within_its_arrays(monkeypatch):
    checked = numba.njit(boundscheck=True)(tokenizing._number.py_func)
    monkeypatch.setattr(tokenizing, "_number", checked)
    for documents in (["a b c d"], ["ȺȺ ȾȾ ȺȾ ȾȺ"], ["ȺȾȺȾȺȾ", "", "🎈"], [""]):  # Ⱥ and Ⱦ grow by half in lower case
        assert_same_tokens(documents, *analyzers(r"\S+", True))


@pytest.mark.parametrize("n_jobs", [1, 2, 5])
@pytest.mark.parametrize("block_bytes", [1, 300, inf])
@every_backend
def test_the_result_does_not_depend_on_blocks_and_threads(backend, n_jobs, block_bytes, monkeypatch):
    monkeypatch.setattr(corpus_stage, "BLOCK_BYTES", block_bytes)
    documents = [*load_docstrings().data[:200], "", "ΟΔΟΣ İ\ud800", ""]
    assert_same_tokens(documents, *analyzers(r"(?u)\b\w\w+\b", True, "english"), backend=backend, n_jobs=n_jobs)


def test_a_stream_of_documents_is_read_a_few_blocks_ahead(monkeypatch):
    monkeypatch.setattr(corpus_stage, "BLOCK_BYTES", 1)
    n_read = []

    def documents():
        for number in range(100):
            n_read.append(number)
            yield "tea"

    blocks, _ = corpus_stage._leading_blocks(documents())
    parts = corpus_stage._read_blocks(
        blocks, PatternAnalyzer(r"\S+"), {"tea": 0}.__getitem__, backend=get_backend("cpu"), n_jobs=2
    )
    next(parts)
    assert len(n_read) <= 4
    assert len(list(parts)) == 99


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_an_error_in_the_middle_of_a_stream_comes_out(n_jobs, monkeypatch):
    monkeypatch.setattr(corpus_stage, "BLOCK_BYTES", 1)

    def documents():
        yield from ["tea"] * 10
        raise ArithmeticError("no more tea")

    with pytest.raises(ArithmeticError, match="no more tea"):
        number_tokens(documents(), analyzer=PatternAnalyzer(r"\S+"), n_jobs=n_jobs)


@given(documents=st.lists(texts, max_size=5))
def test_blocks_give_their_documents_back(documents):
    assert decode_block(b"".join(map(encode_document, documents))) == documents


# --- what the kernel relies on -------------------------------------------------------------------


def test_all_characters_but_the_irregular_have_one_lower_case_of_one_character():
    with_other_length = {character for character in map(chr, range(sys.maxunicode + 1)) if len(character.lower()) != 1}
    assert with_other_length | {"Σ"} == set(IRREGULAR)


def test_lower_case_is_the_lower_case_of_itself():
    # a block in which a document was turned to lower case goes through the kernel again
    text = "".join(map(chr, range(sys.maxunicode + 1)))
    assert text.lower().lower() == text.lower()


def test_a_character_in_lower_case_is_at_most_half_as_long_again():
    characters = [character for character in map(chr, range(sys.maxunicode + 1)) if character not in IRREGULAR]

    def n_bytes(character):
        return len(character.encode("utf-8", "surrogatepass"))

    assert max(n_bytes(character.lower()) / n_bytes(character) for character in characters) <= 1.5


def test_tables_hold_each_character_as_the_token_shows_it():
    assert [chr(code) for code in character_table(r"\w", lowercase=True)[list(map(ord, "AÉ9_"))]] == list("aé9_")
    assert character_table(r"\w", lowercase=False)[ord("É")] == ord("É")
    assert character_table(r"\S", lowercase=True)[ord("-")] == ord("-")


# --- the estimators ------------------------------------------------------------------------------


def test_counts_are_those_of_all_blocks(monkeypatch):
    corpus, words = number_tokens(["tea cup tea", "cup tea"], analyzer=str.split)
    monkeypatch.setattr("sk_w2v._numbers.IDS_PER_BLOCK", 2)
    assert count_words(corpus, len(words) + 1).tolist() == [3, 2, 0]


@pytest.mark.parametrize("parameters", [{}, {"lowercase": False, "stop_words": ["tea"]}, {"token_pattern": r"\S+"}])
def test_embedders_leave_known_patterns_to_the_kernel_with_the_same_result(embedder, planted, parameters):
    texts = [f"Tea, {document.title()}!" for document in planted.data]
    vectorizer = CountVectorizer(**parameters)
    embedder.set_params(min_count=1, vectorizer=vectorizer)
    assert isinstance(build_analyzer(vectorizer), PatternAnalyzer)
    general = clone(embedder).set_params(vectorizer__preprocessor=str.lower if vectorizer.lowercase else str)
    assert not isinstance(build_analyzer(general.vectorizer), PatternAnalyzer)
    assert embedder.fit(texts).vocabulary_ == general.fit(texts).vocabulary_
    np.testing.assert_array_equal(embedder.embedding_, general.embedding_)
    np.testing.assert_array_equal(embedder.transform(texts), general.transform(texts))


class Shouting(CountVectorizer):
    """A vectorizer with a step of its own."""

    def build_preprocessor(self):
        return str.upper


@pytest.mark.parametrize(
    "vectorizer",
    [
        CountVectorizer(tokenizer=str.split),
        CountVectorizer(preprocessor=str.upper),
        CountVectorizer(token_pattern="a+"),
        CountVectorizer(strip_accents="unicode"),
        CountVectorizer(ngram_range=(1, 2)),
        CountVectorizer(analyzer="char"),
        Shouting(),
    ],
    ids=str,
)
def test_what_the_kernel_does_not_know_goes_the_general_way(vectorizer):
    assert not isinstance(build_analyzer(vectorizer), PatternAnalyzer)
