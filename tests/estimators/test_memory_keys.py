"""What a memory keeps belongs to documents and code as they are, not as they were."""

from __future__ import annotations

import functools
import os
import re
import threading
from unittest import mock

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import SpectralEmbedder
from sk_w2v._estimators import counting
from sk_w2v._estimators.memory_keys import documents_key, value_key
from sk_w2v.io import FileDocuments, LineDocuments
from sk_w2v.targets import mstar_target, ppmi_target

DOCUMENTS = ["tea cup tea pot", "pen ink pen paper", "tea pot cup", "pen paper ink"] * 2


def defined(source: str, name: str = "split", **names: object):
    """Return what a cell of a notebook defines under a name."""
    scope = {"__name__": "__main__", "functools": functools, "re": re, **names}
    exec(source, scope)  # a cell that is edited and run again
    return scope[name]


EDITS = {
    "its code": "def split(s): return s.split(SEP)",
    "a constant": "def split(s): return s.split('SEP')",
    "a default": "def split(s, by=SEP): return s.split(by)",
    "a keyword's default": "def split(s, *, by=SEP): return s.split(by)",
    "a global": "by = SEP\ndef split(s): return s.split(by)",
    "a function that it calls": "def cut(s): return s.split(SEP)\ndef split(s): return cut(s)",
    "a function within it": "def split(s):\n    def cut(): return s.split(SEP)\n    return cut()",
    "a closure": "def make(by):\n    return lambda s: s.split(by)\nsplit = make(SEP)",
    "a lambda": "split = lambda s: s.split(SEP)",
    "a partial": "def cut(by, s): return s.split(by)\nsplit = functools.partial(cut, SEP)",
    "what a partial calls": "def cut(s): return s.split(SEP)\nsplit = functools.partial(cut)",
    "a cached function": "@functools.lru_cache\ndef split(s): return s.split(SEP)",
    "a callable's class": "class Cut:\n    def __call__(self, s): return s.split(SEP)\nsplit = Cut()",
    "a callable's state": (
        "class Cut:\n    def __init__(self, by): self.by = by\n"
        "    def __call__(self, s): return s.split(self.by)\nsplit = Cut(SEP)"
    ),
    "a bound method": "class Cut:\n    def cut(self, s): return s.split(SEP)\nsplit = Cut().cut",
    "a static method": "class Cut:\n    @staticmethod\n    def cut(s): return s.split(SEP)\nsplit = Cut.cut",
    "a property": (
        "class Cut:\n    @property\n    def by(self): return SEP\n"
        "    def __call__(self, s): return s.split(self.by)\nsplit = Cut()"
    ),
    "a base class": (
        "class Base:\n    def cut(self, s): return s.split(SEP)\n"
        "class Cut(Base):\n    def __call__(self, s): return self.cut(s)\nsplit = Cut()"
    ),
    "a pattern": "split = re.compile(SEP).split",
    "a set": "def split(s): return [w for w in s.split() if w not in {SEP, 'b', 'c'}]",
}


@pytest.mark.parametrize("edit", EDITS)
def test_the_key_of_a_callable_changes_with_its_code_only(edit):
    first, again, edited = (defined(EDITS[edit].replace("SEP", by)) for by in ("' '", "' '", "','"))
    assert value_key(first, name="tokenizer") == value_key(again, name="tokenizer")
    if edit != "a constant":  # the name is in quotes there
        assert value_key(first, name="tokenizer") != value_key(edited, name="tokenizer")


def test_functions_that_call_themselves_and_each_other_have_keys():
    source = "def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and even(n - 1)"
    assert value_key(defined(source, "odd"), name="f") == value_key(defined(source, "odd"), name="f")
    assert value_key(defined(source, "odd"), name="f") != value_key(defined(source.replace("!=", ">"), "odd"), name="f")


@pytest.mark.parametrize("parameter", ["tokenizer", "preprocessor", "target"])
def test_editing_a_callable_invalidates_its_cached_results(tmp_path, parameter):
    sources = {
        "tokenizer": ("def f(s): return s.split()", "def f(s): return s.upper().split()"),
        "preprocessor": ("def f(s): return s", "def f(s): return s.upper()"),
        "target": ("def f(c, **how): return ppmi(c, **how)", "def f(c, **how): return mstar(c, **how)"),
    }
    for source in sources[parameter]:
        function = defined(source, "f", ppmi=ppmi_target, mstar=mstar_target)
        embedder = SpectralEmbedder(1, min_count=1, random_state=0)
        embedder.set_params(**{parameter if parameter == "target" else f"vectorizer__{parameter}": function})
        expected = embedder.fit(DOCUMENTS)
        words, eigenvalues = expected.words_.tolist(), expected.eigenvalues_.copy()
        embedder.set_params(memory=str(tmp_path)).fit(DOCUMENTS)
        assert embedder.words_.tolist() == words
        np.testing.assert_allclose(embedder.eigenvalues_, eigenvalues, rtol=1e-5)


def test_an_unpicklable_parameter_is_refused_without_repeating_the_documents(tmp_path):
    lock = threading.Lock()

    def split(text):
        with lock:
            return text.split()

    embedder = SpectralEmbedder(1, min_count=1, vectorizer=CountVectorizer(tokenizer=split), memory=str(tmp_path))
    with pytest.raises(TypeError, match=r"memory= cannot recognize vectorizer=.*lock.*set memory=None") as raised:
        embedder.fit(DOCUMENTS * 100)
    assert len(str(raised.value)) < 400


def test_the_cache_recognizes_a_lambda_by_its_code(tmp_path):
    with mock.patch.object(counting, "count_cooccurrences", wraps=counting.count_cooccurrences) as count:
        for source in ("f = lambda s: s.split()", "f = lambda s: s.split()", "f = lambda s: s.upper().split()"):
            embedder = SpectralEmbedder(
                1, min_count=1, vectorizer=CountVectorizer(tokenizer=defined(source, "f")), memory=str(tmp_path)
            )
            embedder.fit(DOCUMENTS)
    assert count.call_count == 2


def test_lines_that_changed_are_read_again(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("tea cup tea pot\npen ink pen paper\n" * 4)
    lines = LineDocuments(path)
    embedder = SpectralEmbedder(1, min_count=1, memory=str(tmp_path / "memory")).fit(lines)
    assert "tea" in embedder.words_
    path.write_text("TIE CAP TIE PAN\nPIN OAK PIN PARTY\n" * 4)
    assert "tie" in embedder.fit(lines).words_


@pytest.mark.parametrize("make", [LineDocuments, lambda path: FileDocuments([path])])
def test_the_key_of_a_file_changes_with_its_content_and_path(tmp_path, make):
    path, other = tmp_path / "tea.txt", tmp_path / "pen.txt"
    path.write_text("tea cup")
    other.write_text("tea cup")
    documents = make(path)
    before = documents_key(documents)
    assert documents_key(make(path)) == before
    assert documents_key(make(other)) != before
    os.replace(other, path)  # of the same size
    assert documents_key(documents) != before


def test_the_key_of_documents_does_not_depend_on_their_container():
    forms = (DOCUMENTS, tuple(DOCUMENTS), np.array(DOCUMENTS), np.array(DOCUMENTS, dtype=object))
    assert len({documents_key(form) for form in forms}) == 1
    others = ([*DOCUMENTS, "tea"], DOCUMENTS[::-1], [text.split() for text in DOCUMENTS], [" ".join(DOCUMENTS)])
    others += ([["ab", "c"]], [["a", "bc"]], [["a"], ["bc"]], ["abc"], ["ab", "c"])
    keys = [documents_key(documents) for documents in (DOCUMENTS, *others)]
    assert len(set(keys)) == len(keys)


def test_the_key_of_a_user_defined_collection_is_its_content(tmp_path):
    path = tmp_path / "lines.txt"

    class Lines:
        def __iter__(self):
            return iter(path.read_text().splitlines())

    keys = []
    for text in ("tea cup", "pen ink", "tea cup"):
        path.write_text(text)
        keys.append(documents_key(Lines()))
    assert keys[0] == keys[2] != keys[1]
