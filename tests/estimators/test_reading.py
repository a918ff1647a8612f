"""Documents as other libraries hold them: taken, or refused with what to give instead."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import PhraseJoiner, SpectralEmbedder
from sk_w2v._estimators.inputs import COLUMNS_OF, check_documents

TEXTS = ["Tea, café and a cup", "a pot of tea: café", "pen, ink and a blot", "ink of a pen"] * 2


class Chunks:
    """Stands for a column of pyarrow: it is sliced, and gives Python objects when asked for a list."""

    def __init__(self, items, *, longest=None):
        self.items = items
        self.longest = longest if longest is not None else []

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return map(SimpleNamespace, self.items)  # scalars of their own

    def slice(self, start, length):
        return Chunks(self.items[start : start + length], longest=self.longest)

    def to_pylist(self):
        self.longest.append(len(self.items))
        return list(self.items)


def foreign(library: str, **members: object):
    """Return an object of a class that another library defines."""
    return type("Thing", (), {"__module__": f"{library}.things", **members})()


@pytest.fixture(scope="module")
def embedder():
    return SpectralEmbedder(1, min_count=1, random_state=0)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("make", [list, iter, np.array, Chunks])
def test_bytes_are_decoded_as_count_vectorizer_decodes_them(embedder, encoding, make):
    encoded = [text.encode(encoding) for text in TEXTS]
    fitted = clone(embedder).set_params(vectorizer__encoding=encoding).fit(make(encoded))
    assert set(fitted.words_) == set(CountVectorizer(encoding=encoding).fit(encoded).vocabulary_)
    np.testing.assert_array_equal(fitted.transform(make(encoded)), fitted.transform(TEXTS))


def test_decode_error_applies_to_invalid_bytes(embedder):
    encoded = [*TEXTS, "café tea".encode("latin-1")]
    with pytest.raises(ValueError, match=r"Document 8 has the bytes b'\\xe9', .*not valid utf-8 .*decode_error="):
        clone(embedder).fit(encoded)
    assert "caf" in clone(embedder).set_params(vectorizer__decode_error="ignore").fit(encoded).vocabulary_


def test_bytes_str_and_tokens_can_be_mixed(embedder):
    mixed = [
        text.encode() if i % 3 == 0 else text.lower().split() if i % 3 == 1 else text for i, text in enumerate(TEXTS)
    ]
    assert "café" in clone(embedder).fit(mixed).vocabulary_
    joined = PhraseJoiner(1, threshold=1e9).fit_transform([text.encode() for text in TEXTS])
    assert joined == PhraseJoiner(1, threshold=1e9).fit_transform(TEXTS)


@pytest.mark.parametrize("texts", [TEXTS, [text.split() for text in TEXTS]])
def test_an_arrow_column_gives_the_fit_of_its_python_objects(embedder, texts):
    fitted, expected = (clone(embedder).fit(form) for form in (Chunks(texts), texts))
    assert fitted.vocabulary_ == expected.vocabulary_
    np.testing.assert_array_equal(fitted.transform(Chunks(texts)), expected.transform(texts))


def test_a_long_arrow_column_is_converted_in_batches():
    column = Chunks(["tea"] * 10_000)
    assert sum(1 for _ in check_documents(column)) == len(check_documents(column)) == 10_000
    assert max(column.longest) < 5_000


def test_pyarrow_columns_are_accepted():
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    for column in (pyarrow.array(TEXTS), pyarrow.chunked_array([TEXTS[:3], TEXTS[3:]])):
        assert list(check_documents(column)) == TEXTS
        assert list(check_documents(column.dictionary_encode())) == TEXTS
    with pytest.raises(TypeError, match=r"of 2 dimensions.*pyarrow: table\['text'\]"):
        check_documents(pyarrow.table({"text": TEXTS}))


def not_iterable(self):
    raise TypeError("Column is not iterable")


@pytest.mark.parametrize("library", COLUMNS_OF)
@pytest.mark.parametrize("members", [{}, {"shape": (3, 2)}, {"__iter__": not_iterable}])
def test_objects_of_other_libraries_are_refused_with_how_to_get_the_documents(library, members):
    with pytest.raises(TypeError, match=re.escape(f"({library}: {COLUMNS_OF[library]})")):
        check_documents(foreign(library, **members))


def test_a_graph_with_str_nodes_is_refused():
    graph = foreign("networkx", nodes=["a", "b"], edges=[("a", "b")], __iter__=lambda self: iter(self.nodes))
    with pytest.raises(TypeError, match=r"X is a graph, a Thing; give random walks .* as lists of str"):
        check_documents(graph)


def test_the_error_for_an_array_of_ids_says_how_to_convert_it(embedder):
    ids = np.array([[1, 2, 3], [4, 5, 6]] * 4)
    with pytest.raises(TypeError, match=r"of 2 dimensions; .* Rows of ids become documents by list\(array.astype\(str"):
        clone(embedder).fit(ids)
    assert "1" in clone(embedder).fit(list(ids.astype(str))).vocabulary_


TOKENIZERS = {
    "ids": (lambda text: [1, 2], "The tokenizer gave document 0 the token 1 of type int; tokens must be str"),
    "bytes": (lambda text: [b"tea"], "The tokenizer gave document 0 the token b'tea' of type bytes"),
    "a str": (str.upper, "Document 0 was split into 'TEA, CAFÉ AND A CUP' of type str; a tokenizer must return a list"),
    "None": (lambda text: None, "Document 0 was split into None of type NoneType; a tokenizer must return a list"),
}


@pytest.mark.parametrize("case", TOKENIZERS)
def test_the_result_of_a_tokenizer_is_checked_immediately(embedder, case):
    tokenizer, message = TOKENIZERS[case]
    asked = clone(embedder).set_params(vectorizer__tokenizer=tokenizer)
    with pytest.raises(TypeError, match=re.escape(message)):
        asked.fit(TEXTS)
    fitted = clone(embedder).fit(TEXTS).set_params(vectorizer__tokenizer=tokenizer)
    with pytest.raises(TypeError, match=re.escape(message)):
        fitted.transform(TEXTS)


def test_a_tokenizer_may_be_a_generator(embedder):
    fitted = clone(embedder).set_params(vectorizer__tokenizer=lambda text: (word for word in text.split())).fit(TEXTS)
    assert fitted.vocabulary_ == clone(embedder).set_params(vectorizer__tokenizer=str.split).fit(TEXTS).vocabulary_


def test_the_error_of_a_failing_tokenizer_names_the_document(embedder):
    def fail_on_ink(text):
        return text.split() if "ink" not in text else 1 / 0

    with pytest.raises(ZeroDivisionError) as raised:
        clone(embedder).set_params(vectorizer__tokenizer=fail_on_ink).fit(TEXTS)
    assert raised.value.__notes__ == ["Document 2 was being split into tokens."]
