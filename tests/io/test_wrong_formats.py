"""A file that is given to the reader of another format: the error names the format and the reader to use."""

from __future__ import annotations

import gzip
import pickle
from importlib.util import find_spec

import numpy as np
import pytest

from sk_w2v import PretrainedEmbedder
from sk_w2v.io import read_glove, read_safetensors, read_word2vec, write_glove, write_safetensors, write_word2vec

WORDS = ["tea", "東京", "cup"]

needs_safetensors = pytest.mark.skipif(find_spec("safetensors") is None, reason="safetensors is not installed")
each_width = pytest.mark.parametrize("n_components", [1, 2, 3, 50])
READERS = {
    "text": read_word2vec,
    "binary": lambda path: read_word2vec(path, binary=True),
    "glove": read_glove,
    "safetensors": pytest.param(read_safetensors, marks=needs_safetensors),
}


def vectors_of(n_components):
    """Return random vectors of the words."""
    return np.random.default_rng(0).standard_normal((len(WORDS), n_components)).astype(np.float32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tea.vectors"


@each_width
@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("line_break", [b"\n", b""], ids=["lines", "no lines"])
@pytest.mark.parametrize("read", [read_word2vec, read_glove])
def test_text_readers_recognize_binary_vectors(read, line_break, compress, n_components, path):
    rows = [word.encode() + b" " + row.tobytes() for word, row in zip(WORDS, vectors_of(n_components), strict=True)]
    path.write_bytes(compress(b"3 %d\n" % n_components + line_break.join(rows) + line_break))
    assert len(read_word2vec(path, binary=True)) == 3
    with pytest.raises(ValueError, match=r"are not text; .* use read_word2vec\(path, binary=True\)"):
        read(path)


def test_pretrained_embedder_names_the_binary_format(path):
    write_word2vec(path, WORDS, vectors_of(50), binary=True)
    with pytest.raises(ValueError, match="in PretrainedEmbedder, format='word2vec-binary'"):
        PretrainedEmbedder(path).fit()
    assert PretrainedEmbedder(path, format="word2vec-binary").fit().words_.tolist() == WORDS


@each_width
def test_the_binary_reader_recognizes_text(n_components, path):
    write_word2vec(path, WORDS, vectors_of(n_components))
    with pytest.raises(ValueError, match=r"the first word b'tea .*' has its numbers as text; use binary=False"):
        read_word2vec(path, binary=True)
    write_glove(path, WORDS, vectors_of(n_components))
    for binary in (True, False):
        with pytest.raises(ValueError, match="a file without it may be in GloVe's format: read_glove"):
            read_word2vec(path, binary=binary)


@needs_safetensors
@each_width
def test_the_safetensors_reader_recognizes_other_formats_of_vectors(n_components, path):
    for binary in (True, False):
        write_word2vec(path, WORDS, vectors_of(n_components), binary=binary)
        with pytest.raises(
            ValueError, match=rf"word2vec's format; read it with read_word2vec\(path, binary={binary}\)"
        ):
            read_safetensors(path)
    write_glove(path, WORDS, vectors_of(n_components))
    with pytest.raises(ValueError, match="it is in GloVe's format; read it with read_glove"):
        read_safetensors(path)
    write_safetensors(path, WORDS, vectors_of(n_components))
    for read in (read_glove, read_word2vec):
        with pytest.raises(ValueError, match="it is a safetensors file; read it with read_safetensors"):
            read(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04", "it is a zip archive; unpack it and give a file from it"),
        (pickle.dumps({"tea": 1}), "it is a pickle, such as gensim saves; load it with gensim"),
        (b"\x93NUMPY", "it is a NumPy array; load it with numpy.load"),
    ],
)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_every_reader_recognizes_archives_and_pickles(read, content, message, path):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"tea.vectors cannot be read: {message}"):
        read(path)


@pytest.mark.parametrize("read", [read_word2vec, read_glove])
def test_vectors_in_utf_16_are_recognized(read, path):
    path.write_text("1 2\ntea 1 2\n", encoding="utf-16")
    with pytest.raises(ValueError, match="it is in UTF-16; save it in UTF-8"):
        read(path)


@pytest.mark.parametrize("read", [read_word2vec, read_glove])
def test_numbers_are_not_called_binary_because_words_are_not_ascii(read, path):
    path.write_bytes("1 2\nthé à la menthe 1 2 3\n".encode("latin-1"))
    with pytest.raises(ValueError, match=r"word 1 has [0-9]+ numbers for 2 components|is not in UTF-8"):
        read(path)
