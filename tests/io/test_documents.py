"""Documents from files: their content, and errors when they cannot be read."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import os
import pickle
import tarfile
import zipfile
from contextlib import contextmanager, suppress
from threading import Thread

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v._backends import BACKENDS, get_backend
from sk_w2v.corpus import PatternAnalyzer, encode_documents, number_tokens
from sk_w2v.io import FileDocuments, LineDocuments, _lines, read_glove, read_word2vec

COMPRESSIONS = {"plain": bytes, "gzip": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
PACKERS = [gzip.compress, bz2.compress, lzma.compress]
READERS = {"lines": LineDocuments, "files": lambda path, **options: FileDocuments([path], **options)}

every_compression = pytest.mark.parametrize("compress", COMPRESSIONS.values(), ids=COMPRESSIONS)
every_backend = pytest.mark.parametrize("backend", [get_backend(name) for name in BACKENDS], ids=BACKENDS)
either_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)

LINES = ["Tea and Café", "", "ΟΔΟΣ, İ", "  ", "last 🎈"]


@pytest.fixture
def write(tmp_path):
    """Write bytes to a file of no telling name, and return its path."""

    def write(content):
        path = tmp_path / "documents"
        path.write_bytes(content)
        return path

    return write


@pytest.fixture(params=[1, 2, 5, 1 << 22])
def block_bytes(request, monkeypatch):
    """How much is read at once."""
    monkeypatch.setattr(_lines, "BLOCK_BYTES", request.param)
    return request.param


def lines_in_text_mode(content, encoding, errors):
    """Return the lines as a file opened as text gives them, without their ends and a byte order mark."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding, errors).read().removeprefix("\ufeff")
    return [line.removesuffix("\n") for line in io.StringIO(text)]


@contextmanager
def pipe_of(content, path):
    """Give the path of a pipe that a thread writes the bytes into, a few at a time."""
    os.mkfifo(path)

    def feed():
        with suppress(BrokenPipeError), open(path, "wb", buffering=0) as file:
            for start in range(0, len(content), max(1, len(content) // 3)):
                file.write(content[start : start + max(1, len(content) // 3)])

    writer = Thread(target=feed, daemon=True)
    writer.start()
    yield path
    writer.join(timeout=10)


needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")


# --- lines ---------------------------------------------------------------------------------------


@every_compression
@pytest.mark.parametrize("last", ["", "\n"])
def test_each_line_is_a_document_with_every_compression(compress, last, block_bytes, write):
    path = write(compress(("\n".join(LINES) + last).encode()))
    assert list(LineDocuments(path)) == LINES


@pytest.mark.parametrize("size", [1, 2, 3, 1 << 22])
@pytest.mark.parametrize("errors", ["strict", "ignore", "replace"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "latin-1", "gb18030"])
@given(text=st.text(st.sampled_from("aé€🎈\r\n\x0b\x0c\x1c\x85\u2028\ufeff"), max_size=30))
def test_lines_are_split_as_in_text_mode(size, errors, encoding, text, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "lines"
    content = text.encode(encoding, "ignore")
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(_lines, "BLOCK_BYTES", size)
        documents = list(LineDocuments(path, encoding=encoding, decode_error=errors))
    assert documents == lines_in_text_mode(content, encoding, errors)


@pytest.mark.parametrize("errors", ["ignore", "replace"])
@given(content=st.binary(max_size=30))
def test_decode_error_drops_or_replaces_invalid_bytes(errors, content, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "bytes"
    path.write_bytes(b"." + content)  # which no compressed file begins with
    assert list(LineDocuments(path, decode_error=errors)) == lines_in_text_mode(b"." + content, "utf-8", errors)


def test_lines_can_be_read_again_and_at_the_same_time(write):
    documents = LineDocuments(write(b"a\nb\nc\n"))
    assert list(documents) == list(documents)
    assert list(zip(documents, documents, strict=True)) == [("a", "a"), ("b", "b"), ("c", "c")]


def test_a_file_is_read_in_blocks(write, monkeypatch):
    monkeypatch.setattr(_lines, "BLOCK_BYTES", 100)
    blocks = list(LineDocuments(write(b"a cup of tea\n" * 1000)).blocks())
    assert "".join(blocks) == "a cup of tea\n" * 1000
    assert all(len(block) <= 100 + len("a cup of tea\n") and block.endswith("\n") for block in blocks)


@every_compression
def test_consecutive_compressed_streams_are_all_read(compress, write):
    parts = [compress(part) for part in (b"tea\n", b"", b"cup\n", b"")]
    assert list(LineDocuments(write(b"".join(parts)))) == ["tea", "cup"]


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress], ids=["gzip", "xz"])
@pytest.mark.parametrize("n_zeros", [4, 8, 1 << 17])
def test_zero_padding_after_compressed_streams_is_accepted(compress, n_zeros, write):
    part, zeros = compress(b"tea\n"), bytes(n_zeros)
    assert list(LineDocuments(write(part + zeros + part + zeros))) == ["tea", "tea"]


@pytest.mark.parametrize(
    ("compress", "between"),
    [(bz2.compress, b"\0"), (lzma.compress, b"\0"), *((each, b"tea") for each in PACKERS)],
)
def test_content_outside_of_compressed_streams_is_an_error(compress, between, write):
    part = compress(b"tea\n")
    for content in (part + between, part + between + part):
        with pytest.raises(OSError, match="documents is damaged or not complete"):
            list(LineDocuments(write(content)))


@pytest.mark.parametrize("compress", PACKERS, ids=["gzip", "bz2", "xz"])
def test_a_damaged_second_stream_is_an_error(compress, write):
    first, second = compress(b"tea\n" * 9), compress(b"cup\n" * 9)
    for place in range(len(second)):
        changed = second[:place] + bytes([second[place] ^ 1]) + second[place + 1 :]
        for rest in (second[:place], changed) if place else (changed,):
            try:
                documents = list(LineDocuments(write(first + rest)))
            except OSError as error:
                assert "documents is damaged or not complete" in str(error)  # noqa: PT017 - either is right
            else:  # of gzip's header, some bytes say nothing about the content
                assert documents == ["tea"] * 9 + ["cup"] * 9


@pytest.mark.parametrize("size", [1, 3])
def test_a_line_may_be_longer_than_a_block(size, write, monkeypatch):
    monkeypatch.setattr(_lines, "BLOCK_BYTES", size)
    assert list(LineDocuments(write("é".encode() * 500 + b"\ntea"))) == ["é" * 500, "tea"]


def test_memory_errors_are_not_reported_as_damage(write, monkeypatch):
    documents = LineDocuments(write(gzip.compress(b"tea")))

    def fail(*arguments):
        raise MemoryError

    monkeypatch.setattr(gzip.GzipFile, "readinto", fail)
    with pytest.raises(MemoryError):
        list(documents)


def test_text_that_resembles_compressed_content_is_read_as_text(write):
    assert list(LineDocuments(write(b"BZh9 is how bzip2 begins\n"))) == ["BZh9 is how bzip2 begins"]


@every_compression
def test_an_empty_file_holds_no_documents(compress, write):
    documents = LineDocuments(write(compress(b"")))
    assert list(documents) == []
    with pytest.raises(ValueError, match="X holds no documents; give at least one"):
        number_tokens(documents, analyzer=PatternAnalyzer(r"\S+"))


# --- pipes ---------------------------------------------------------------------------------------


@needs_pipes
@every_compression
@either_reader
@pytest.mark.parametrize("n_lines", [1, 30_000])
def test_a_pipe_is_read_completely(reader, compress, n_lines, tmp_path):
    content = "".join(f"tea {line}\n" for line in range(n_lines))
    with pipe_of(compress(content.encode()), tmp_path / "pipe") as path:
        assert "\n".join(reader(path)).rstrip() == content.rstrip()


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="open files have no names")
@either_reader
def test_a_pipe_without_a_name_can_be_read(reader):
    reading, writing = os.pipe()
    os.write(writing, b"tea\ncup\n")
    os.close(writing)
    assert "\n".join(reader(f"/dev/fd/{reading}")).split() == ["tea", "cup"]
    os.close(reading)


@needs_pipes
@either_reader
def test_reading_a_pipe_twice_is_an_error(reader, tmp_path):
    with pipe_of(b"tea", tmp_path / "pipe") as path:
        documents = reader(path)
        copy = pickle.loads(pickle.dumps(documents))
        assert list(documents) == ["tea"]
        for spent in (documents, copy, pickle.loads(pickle.dumps(documents))):
            with pytest.raises(OSError, match="pipe is a pipe, which can be read once"):
                list(spent)


@needs_pipes
def test_a_cache_distinguishes_pipes(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert joblib.hash(LineDocuments(tmp_path / "pipe")) != joblib.hash(LineDocuments(tmp_path / "pipe"))


@needs_pipes
def test_an_embedder_is_fitted_to_a_pipe(spectral, documents, tmp_path):
    expected = clone(spectral).fit(documents).embedding_
    content = "\n".join(documents).encode()
    with pipe_of(content, tmp_path / "pipe") as path:
        np.testing.assert_array_equal(spectral.fit(LineDocuments(path)).embedding_, expected)
    with (
        pipe_of(content, tmp_path / "another") as path,
        pytest.raises(OSError, match="as `fit_transform` does, write its content to a file first"),
    ):
        spectral.fit_transform(LineDocuments(path))


@needs_pipes
def test_an_error_in_a_pipe_has_its_line(block_bytes, tmp_path):
    with (
        pipe_of(b"tea\r\ncup\r\xff\n", tmp_path / "pipe") as path,
        pytest.raises(ValueError, match=r"pipe, line 3: b'\\xff' is not utf-8"),
    ):
        list(LineDocuments(path))


# --- binary files -------------------------------------------------------------------------------


@either_reader
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_not_part_of_the_text(reader, encoding, block_bytes, write):
    content = codecs.BOM_UTF8 * (encoding == "utf-8") + "tea".encode(encoding)
    assert list(reader(write(content), encoding=encoding)) == ["tea"]


def archive(name):
    """Return a file of text in an archive."""
    content, file = io.BytesIO(), io.BytesIO(b"tea\n")
    if name == "zip":
        with zipfile.ZipFile(content, "w") as packed:
            packed.writestr("tea.txt", file.read())
    else:
        with tarfile.open(fileobj=content, mode=f"w:{name.partition('.')[2]}") as tar:
            member = tarfile.TarInfo("tea.txt")
            member.size = 4
            tar.addfile(member, file)
    return content.getvalue()


@either_reader
@pytest.mark.parametrize("name", ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_an_archive_is_named_and_not_read_as_text(reader, name, write):
    kind = name.partition(".")[0]
    with pytest.raises(ValueError, match=f"documents cannot be read: it is a {kind} archive; unpack it"):
        list(reader(write(archive(name)), encoding="latin-1"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x28\xb5\x2f\xfd", "it is compressed by zstd; decompress it"),
        (lzma.compress(b"tea", lzma.FORMAT_ALONE), "it is compressed by lzma; decompress it"),
        (pickle.dumps({"tea": np.eye(2)}), "it is a pickle, .*; load it with gensim"),
        (pickle.dumps([1], protocol=2), "it is a pickle"),
        (b"\xba\x16\x4f\x2f\x0c\0\0\0", r"it is a fastText model \(.bin\); give the .vec file"),
        (b'\x40\0\0\0\0\0\0\0{"embedding"', "it is a safetensors file; read it with read_safetensors"),
        (b"\x89SKW2V\r\n", "it is a file of counts; read it with Cooccurrence.load"),
    ],
)
def test_binary_files_are_recognized(content, message, write):
    for reader in (LineDocuments, read_word2vec, read_glove):
        with pytest.raises(ValueError, match=f"documents cannot be read: {message}"):
            list(reader(write(content)))


# --- files of one document -----------------------------------------------------------------------


@pytest.mark.parametrize("as_path", [str, os.fspath, lambda path: path])
def test_each_file_is_a_document(as_path, tmp_path):
    paths = [tmp_path / name for name in "ab"]
    for path, text in zip(paths, ["tea\r\ncup", ""], strict=True):
        path.write_bytes(text.encode())
    documents = FileDocuments(map(as_path, paths))
    assert list(documents) == list(documents) == ["tea\r\ncup", ""]
    assert len(documents) == 2


@pytest.mark.parametrize("decode_error", ["ignore", "replace"])
def test_files_are_decoded_as_count_vectorizer_decodes_them(decode_error, write):
    path = write(b"caf\xe9 \xff tea")
    vectorizer = CountVectorizer(input="filename", decode_error=decode_error)
    assert list(FileDocuments([path], decode_error=decode_error)) == [vectorizer.decode(path)]


@pytest.mark.parametrize("path", [3, None, b"tea.txt", ["tea.txt"]])
def test_an_invalid_path_is_an_error_with_its_position(path, write):
    with pytest.raises(TypeError, match=f"Document 1 is .* of type {type(path).__name__}; give the path of its file"):
        FileDocuments([write(b"tea"), path])


# --- errors, versions ----------------------------------------------------------------------------


@either_reader
@pytest.mark.parametrize("size", [1, 3, 1 << 22])
@pytest.mark.parametrize(("begin", "line"), [(b"", 1), (b"tea\n", 2), (b"tea\n\ncup\n  ", 4)])
def test_text_in_another_encoding_is_an_error_with_path_and_line(reader, size, begin, line, write, monkeypatch):
    monkeypatch.setattr(_lines, "BLOCK_BYTES", size)
    path = write(begin + b"caf\xe9\n and more\n")
    with pytest.raises(ValueError, match=rf"documents, line {line}: b'\\xe9' is not utf-8 \(.*\); give the encoding"):
        list(reader(path))


@pytest.mark.parametrize(("begin", "line"), [(b"a\r", 2), (b"a\r\n", 2), (b"a\r\nb\r\r", 4)])
def test_error_messages_count_lines_with_every_kind_of_line_break(begin, line, block_bytes, write):
    with pytest.raises(ValueError, match=rf"line {line}: b'\\xff' is not utf-8"):
        list(LineDocuments(write(begin + b"\xff")))


def test_text_that_ends_within_a_character_is_an_error(block_bytes, write):
    with pytest.raises(ValueError, match=r"line 2: b'\\xe2\\x82' is not utf-8 \(unexpected end of data\)"):
        list(LineDocuments(write("tea\n€".encode()[:-1])))


@either_reader
def test_a_missing_file_is_an_error_at_construction(reader, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"No such file or directory: .*none\.txt"):
        reader(tmp_path / "none.txt")
    with pytest.raises(IsADirectoryError, match="Is a directory"):
        reader(tmp_path)


def test_utf_16_without_a_byte_order_mark_is_an_error(write):
    with pytest.raises(ValueError, match=r"documents is not in utf-16: .*BOM; give the encoding of the text"):
        list(LineDocuments(write("tea".encode("utf-16-le")), encoding="utf-16"))


@either_reader
def test_utf_16_is_recognized(reader, write):
    with pytest.raises(ValueError, match=r"is not utf-8 .*; it begins as UTF-16: encoding='utf-16'"):
        list(reader(write("tea".encode("utf-16"))))


@either_reader
def test_unknown_encodings_and_decode_errors_are_refused_at_construction(reader, write):
    with pytest.raises(LookupError, match="unknown encoding: utf-9"):
        reader(write(b"tea"), encoding="utf-9")
    with pytest.raises(ValueError, match="encoding='hex' is not an encoding of text; give one such as 'utf-8'"):
        reader(write(b"tea"), encoding="hex")
    with pytest.raises(ValueError, match=r"decode_error='hide' is unknown; use one of \('strict', 'ignore', 'replace'"):
        reader(write(b"tea"), decode_error="hide")


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress], ids=["gzip", "bz2", "xz"])
def test_a_truncated_or_damaged_file_is_an_error_with_its_path(compress, write):
    content = compress(np.random.default_rng(0).bytes(10_000))
    for damaged in (content[:-100], content[:2000] + b"damaged" * 100 + content[2700:]):
        with pytest.raises(OSError, match="documents is damaged or not complete: "):
            list(LineDocuments(write(damaged), decode_error="replace"))


@either_reader
def test_a_cache_distinguishes_versions_of_a_file(reader, write):
    path = write(b"tea")
    before, same = reader(path), reader(path)
    assert joblib.hash(before) == joblib.hash(same) == joblib.hash(pickle.loads(pickle.dumps(before)))
    longer = reader(write(b"teas"))
    os.utime(write(b"cups"), ns=(0, 0))
    assert len({joblib.hash(each) for each in (before, longer, reader(path))}) == 3


# --- tokens --------------------------------------------------------------------------------------


@every_backend
@every_compression
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_lines_of_a_file_are_numbered_like_documents_in_memory(backend, compress, n_jobs, block_bytes, write):
    documents = LineDocuments(write(compress("\r\n".join(LINES * 2).encode())))
    analyzer = PatternAnalyzer(r"(?u)\b\w\w+\b")
    general = CountVectorizer().build_analyzer()
    for number in (number_tokens, lambda *args, **options: (encode_documents(*args, {"tea": 0}, **options), ["tea"])):
        fast, fast_words = number(documents, analyzer=analyzer, backend=backend, n_jobs=n_jobs)
        slow, slow_words = number(LINES * 2, analyzer=general)
        assert fast_words == slow_words
        assert fast.ids.tolist() == slow.ids.tolist()
        assert fast.offsets.tolist() == slow.offsets.tolist()


@pytest.fixture
def line_file(documents, tmp_path):
    path = tmp_path / "documents.gz"
    path.write_bytes(gzip.compress("\n".join(documents).encode()))
    return path


@pytest.fixture
def file_names(documents, tmp_path):
    paths = [tmp_path / f"{number}.txt" for number in range(len(documents))]
    for path, document in zip(paths, documents, strict=True):
        path.write_text(document, encoding="utf-16")
    return list(map(str, paths))


@pytest.mark.parametrize("parameters", [{}, {"vectorizer__tokenizer": str.split}, {"backend": "reference"}])
def test_fitting_a_file_of_lines_equals_fitting_its_documents(spectral, documents, line_file, parameters):
    spectral.set_params(**parameters)
    from_list = clone(spectral).fit(documents)
    spectral.fit(LineDocuments(line_file))
    assert spectral.vocabulary_ == from_list.vocabulary_
    np.testing.assert_array_equal(spectral.embedding_, from_list.embedding_)
    np.testing.assert_array_equal(spectral.transform(LineDocuments(line_file)), from_list.transform(documents))


@pytest.mark.parametrize("form", [list, iter, np.array])
def test_fitting_file_names_equals_fitting_their_documents(embedder, documents, file_names, form):
    from_list = clone(embedder).fit(documents)
    embedder.set_params(vectorizer__input="filename", vectorizer__encoding="utf-16")
    vectors = embedder.fit_transform(form(file_names))
    assert embedder.vocabulary_ == from_list.vocabulary_
    np.testing.assert_array_equal(embedder.embedding_, from_list.embedding_)
    np.testing.assert_array_equal(vectors, from_list.transform(documents))
    assert embedder.score(form(file_names)) == from_list.score(documents)


def test_file_names_may_be_read_from_a_file(spectral, documents, file_names, tmp_path):
    names = tmp_path / "names"
    names.write_text("\n".join(file_names))
    spectral.set_params(vectorizer__input="filename", vectorizer__encoding="utf-16")
    assert (
        spectral.fit(LineDocuments(names)).vocabulary_
        == spectral.set_params(vectorizer__input="content").fit(documents).vocabulary_
    )


def test_a_memory_recomputes_after_a_file_changed(spectral, documents, tmp_path):
    spectral.set_params(memory=joblib.Memory(tmp_path / "memory", verbose=0), n_components=2)
    path = tmp_path / "documents"
    for how in (LineDocuments, lambda path: [path]):
        spectral.set_params(vectorizer__input="content" if how is LineDocuments else "filename")
        path.write_text("\n".join(documents))
        before = spectral.fit(how(path)).word_counts_.sum()
        path.write_text("\n".join(documents * 2))
        assert spectral.fit(how(path)).word_counts_.sum() == 2 * before


def test_wrong_file_names_are_errors(embedder, tmp_path, write):
    embedder.set_params(vectorizer__input="filename")
    with pytest.raises(FileNotFoundError, match=r"none\.txt"):
        embedder.fit([str(tmp_path / "none.txt")])
    with pytest.raises(TypeError, match=r"X is one str, .*; give a list of documents"):
        embedder.fit(str(write(b"tea")))
    with pytest.raises(ValueError, match=r"line 1: b'\\xe9' is not utf-8"):
        embedder.fit([write(b"caf\xe9")])


@pytest.mark.parametrize(("parameter", "value"), [("input", "folder"), ("decode_error", "hide"), ("encoding", None)])
def test_invalid_reading_parameters_are_errors(embedder, documents, parameter, value):
    with pytest.raises(ValueError, match=f"The '{parameter}' parameter of .* Got {value!r}"):
        embedder.set_params(**{f"vectorizer__{parameter}": value}).fit(documents)
