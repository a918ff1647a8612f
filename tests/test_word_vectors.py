"""Files of word vectors: what comes back is what was written, or an error says what is wrong."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import tracemalloc

import numpy as np
import pytest

from sk_w2v.io import read_glove, read_word2vec, write_glove, write_word2vec

# More of them on demand: FUZZED_FILES=10000 python -m pytest tests/test_word_vectors.py -k fuzzed
N_FUZZED = int(os.environ.get("FUZZED_FILES", 300))

WORDS = ["tea", "naïve", "東京", "a", "</s>", "non\xa0breaking", "x=0.5", "1.5", "🍵"]
FORMATS = {
    "binary": (
        lambda path, **how: read_word2vec(path, binary=True, **how),
        lambda *what: write_word2vec(*what, binary=True),
    ),
    "text": (read_word2vec, write_word2vec),
    "glove": (read_glove, write_glove),
}
every_format = pytest.mark.parametrize("name", FORMATS)


def make_vectors(n_words: int = len(WORDS), n_components: int = 4) -> np.ndarray:
    """Return vectors of all magnitudes that float32 has."""
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((n_words, n_components)) * 10.0 ** rng.integers(-38, 38, (n_words, n_components))
    vectors[0, 0], vectors[1, 0], vectors[2, 0] = (
        -0.0,
        np.finfo(np.float32).max,
        np.finfo(np.float32).smallest_subnormal,
    )
    return vectors.astype(np.float32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tea.vectors"


def assert_same_bits(left: np.ndarray, right: np.ndarray) -> None:
    """Compare floats to the bit, the sign of zero included."""
    assert left.dtype == right.dtype == np.float32
    np.testing.assert_array_equal(left.view(np.uint32), right.view(np.uint32))


# --- there and back ------------------------------------------------------------------------------


@every_format
@pytest.mark.parametrize("n_components", [1, 4, 300])
def test_what_is_read_is_what_was_written_to_the_bit(name, n_components, path):
    read, write = FORMATS[name]
    vectors = make_vectors(n_components=n_components)
    write(path, WORDS, vectors)
    restored = read(path)
    assert restored.words.tolist() == WORDS
    assert restored.words.dtype == object
    assert_same_bits(restored.vectors, vectors)
    assert restored.vectors.flags.owndata
    assert len(restored) == len(WORDS)


@every_format
def test_many_words_are_read_over_the_borders_of_blocks(name, path, monkeypatch):
    read, write = FORMATS[name]
    words = [f"word{row}" * (1 + row % 7) for row in range(3000)]
    vectors = make_vectors(3000, 7)
    write(path, words, vectors)
    for size in (1, 97, 4096):
        monkeypatch.setattr("sk_w2v.io._vectors.Source.read.__defaults__", (size,))
        restored = read(path, max_words=None if size > 1 else 5)
        n_words = len(restored)
        assert n_words == (3000 if size > 1 else 5)
        assert restored.words.tolist() == words[:n_words]
        assert_same_bits(restored.vectors, vectors[:n_words])


@every_format
@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_is_read_as_it_is(name, compress, path):
    read, write = FORMATS[name]
    write(path, WORDS, make_vectors())
    path.write_bytes(compress(path.read_bytes()))
    assert_same_bits(read(path).vectors, make_vectors())
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(OSError, match=r"tea\.vectors is damaged or not complete"):
        read(path)


@every_format
@pytest.mark.parametrize("max_words", [1, 5, 9, 10**9])
def test_the_first_words_can_be_read_alone(name, max_words, path):
    read, write = FORMATS[name]
    write(path, WORDS, make_vectors())
    restored = read(path, max_words=max_words)
    assert restored.words.tolist() == WORDS[:max_words]
    assert_same_bits(restored.vectors, make_vectors()[:max_words])
    with pytest.raises(ValueError, match="max_words=0 reads no word; use max_words >= 1"):
        read(path, max_words=0)


@every_format
def test_a_failure_leaves_the_earlier_file_and_nothing_else(name, path, monkeypatch):
    read, write = FORMATS[name]
    write(path, WORDS, make_vectors())

    def fail(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write(path, WORDS[:2], make_vectors()[:2])
    assert os.listdir(path.parent) == [path.name]
    assert len(read(path)) == len(WORDS)


# --- other people's files ------------------------------------------------------------------------


@pytest.mark.parametrize("binary", [False, True])
def test_gensim_reads_our_files_and_we_read_gensim_s(binary, path):
    models = pytest.importorskip("gensim.models", reason="gensim is not installed")
    vectors = make_vectors()
    write_word2vec(path, WORDS, vectors, binary=binary)
    keyed = models.KeyedVectors.load_word2vec_format(path, binary=binary)
    assert keyed.index_to_key == WORDS
    assert_same_bits(keyed.vectors, vectors)
    keyed.save_word2vec_format(path, binary=binary)
    restored = read_word2vec(path, binary=binary)
    assert restored.words.tolist() == WORDS
    assert_same_bits(restored.vectors, vectors)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # gensim leaves the file open
def test_gensim_reads_our_glove_files(path):
    models = pytest.importorskip("gensim.models", reason="gensim is not installed")
    write_glove(path, WORDS, make_vectors())
    keyed = models.KeyedVectors.load_word2vec_format(path, binary=False, no_header=True)
    assert keyed.index_to_key == WORDS
    assert_same_bits(keyed.vectors, make_vectors())


@pytest.mark.parametrize("between", [b"", b"\n"])
def test_binary_vectors_may_end_with_a_line_break_or_not(between, path):
    vector = np.array([10.0, 32.0], dtype="<f4").tobytes()  # whatever the numbers' bytes are
    path.write_bytes(b"2 2\ntea " + vector + between + b"cup " + vector + between)
    assert read_word2vec(path, binary=True).words.tolist() == ["tea", "cup"]


@pytest.mark.parametrize(
    "text", ["2 2\r\ntea 1 2\r\ncup 3 4\r\n", "2 2\ntea 1 2 \ncup 3 4 \n", "2  2 \ntea 1\t2\ncup  3 4\n"]
)
def test_text_may_have_other_spaces_and_ends_of_lines(text, path):
    path.write_bytes(text.encode())
    restored = read_word2vec(path)
    assert restored.words.tolist() == ["tea", "cup"]
    assert restored.vectors.tolist() == [[1, 2], [3, 4]]


def test_a_glove_word_may_hold_spaces(path):
    path.write_text("tea 1 2\n. . . 3 4\nat name@domain.com 5 6\n", encoding="utf-8")
    restored = read_glove(path)
    assert restored.words.tolist() == ["tea", ". . .", "at name@domain.com"]
    assert restored.vectors.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_words_that_are_not_in_utf_8_can_be_kept_otherwise(path):
    path.write_bytes(b"2 1\ncaf\xe9 1\ntea 2\n")
    with pytest.raises(ValueError, match=r"word 1, b'caf.xe9', is not in UTF-8; try decode_error='replace'"):
        read_word2vec(path)
    assert read_word2vec(path, decode_error="replace").words.tolist() == ["caf\ufffd", "tea"]
    assert read_word2vec(path, decode_error="ignore").words.tolist() == ["caf", "tea"]


# --- bad files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"the first line b'' is not the numbers of words and components"),
        ("tea 1 2\n", r"the first line b'tea 1 2\\n' is not .* it may be in GloVe's format: read_glove"),
        ("0 2\n", "the first line b'0 2.*' is not the numbers"),
        ("2 -2\n", "the first line b'2 -2.*' is not the numbers"),
        (f"2 {10**7}\n", "its header tells of 10000000 components; 1048576 are the most"),
        ("1000000 200\ntea 1 2\n", "its header asks for at least 402000000 bytes, and it has 20; it may be truncated"),
        ("2 2\ntea 1 2\n", "its header asks for at least 12 bytes|it ends after 1 of 2 words; it may be truncated"),
        ("1 2\ntea 1 2\ncup 3 4\n", "something comes after the 1 words that its header tells of"),
        ("2 2\ntea 1 2\ncup 3\n", "word 2 has 1 numbers for 2 components"),
        ("2 2\ntea 1 2\nice tea 3 4\n", "word 2 has 3 numbers for 2 components"),
        ("2 2\ntea 1 2\ncup 3 four\n", "word 2, b'cup': could not convert string to float: b'four'"),
        ("2 2\ntea 1 2\ncup 3 4_0\n", "word 2, b'cup', has '_' among its numbers"),
        ("2 2\ntea 1 2\ncup 3 1e39\n", "the vector of word 2, b'cup', holds infinity or NaN"),
        ("2 2\ntea 1 2\ncup nan 1\n", "the vector of word 2, b'cup', holds infinity or NaN"),
        ("2 2\ntea 1 2\ntea 3 4\n", "word 2, 'tea', is word 1 again"),
        ("2 2\ntea 1 2\n 3 4\n", "word 2 is empty"),
        ("2 2\ntea 1 2\ncup 3 4", "it ends within a line, b'cup 3 4'; it may be truncated"),
        ("1 2\n" + "tea" * 3000, r"its words has no end within 4224 bytes; is it binary\?"),
    ],
)
def test_a_malformed_text_file_says_what_is_wrong(content, message, path):
    path.write_text(content, encoding="utf-8", newline="\n")
    with pytest.raises(ValueError, match=rf"tea.vectors cannot be read: .*({message})"):
        read_word2vec(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"2 1\ntea \0\0\0\0", "its header asks for at least 12 bytes|it ends after 1 of 2 words"),
        (b"2 1\ntea \0\0\0\0\ncups\0\0\0", "it ends after 1 of 2 words; it may be truncated"),
        (b"1 1\ntea \0\0\0\0\ncup \0\0\0\0", "something comes after the 1 words"),
        (b"1 1\n" + b"tea" * 3000, r"word 1 has no end within 4096 bytes; is it binary\?"),
        (b"1 1\ntea \0\0\xc0\x7f", "the vector of word 1, b'tea', holds infinity or NaN"),
        (b"2 1\ntea \0\0\0\0\ntea \0\0\0\0\n", "word 2, 'tea', is word 1 again"),
        (b"1 1\n \0\0\0\0\0", "word 1 is empty|something comes after"),
    ],
)
def test_a_malformed_binary_file_says_what_is_wrong(content, message, path):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"tea.vectors cannot be read: .*({message})"):
        read_word2vec(path, binary=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the first line b'' is not a word and its numbers"),
        ("tea\n", "the first line b'tea' is not a word and its numbers"),
        ("tea 1 2\ncup 3\n", "word 2 has 1 numbers for 2 components"),
        ("tea 1 2\ncup 3 4 5\n", "word 2 has 3 numbers for 2 components"),
        ("tea 1 2\ncup 3 4", "it ends within a line"),
        ("tea 1 2\ntea 3 4\n", "word 2, 'tea', is word 1 again"),
    ],
)
def test_a_malformed_glove_file_says_what_is_wrong(content, message, path):
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=f"tea.vectors cannot be read: {message}"):
        read_glove(path)


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("header", [b"99999999999 300\n", b"99999999999 1048576\n"])
def test_a_compressed_file_is_not_believed_what_it_announces(binary, header, path):
    path.write_bytes(gzip.compress(header + b"tea 1 2\n"))

    def read() -> None:
        with pytest.raises(ValueError, match="cannot be read: "):
            read_word2vec(path, binary=binary)

    assert peak_memory(read) < 40e6


def peak_memory(run) -> int:
    """Return the most memory that a function takes at once (bytes)."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def mutate(content: bytes, rng: np.random.Generator) -> bytes:
    """Return a file with a few bytes changed, put in, taken out, moved, or cut off."""
    changed = bytearray(content)
    for _ in range(rng.integers(1, 4)):
        start, end = sorted(rng.integers(0, len(changed) + 1, 2).tolist())
        kind = rng.integers(6)
        if kind == 0 and start < len(changed):
            changed[start] = rng.integers(256)
        elif kind == 1:
            changed[start:start] = rng.bytes(rng.integers(1, 9))
        elif kind == 2:
            del changed[start : start + rng.integers(1, 9)]
        elif kind == 3:
            del changed[start:]
        elif kind == 4:
            changed[start:start] = changed[start:end]
        else:  # where it hurts: a digit of the header, or a separator
            changed[start:start] = rng.choice([b"9", b"0", b" ", b"\n", b"-", b"e9", b"\t", b"_", b"\r"])
        if not changed:
            break
    return bytes(changed)


@every_format
def test_a_fuzzed_file_gives_what_its_header_says_or_a_clear_error_in_bounded_memory(name, path):
    read, write = FORMATS[name]
    write(path, WORDS, make_vectors())
    valid, rng = path.read_bytes(), np.random.default_rng(0)
    refused = 0
    for index in range(N_FUZZED):
        content = mutate(valid, rng)
        path.write_bytes(gzip.compress(content, 1) if index % 4 == 0 else content)

        def judge(content: bytes = content) -> None:
            nonlocal refused
            try:
                restored = read(path)
            except ValueError as error:
                if not str(error).startswith(f"{path} cannot be read: "):
                    raise
                refused += 1
                return
            n_words, n_components = restored.vectors.shape
            if name == "glove":  # every line that is there
                assert n_words == content.count(b"\n")
            else:
                assert [n_words, n_components] == list(map(int, content.split(b"\n")[0].split()))
            assert len(set(restored.words)) == n_words
            assert np.isfinite(restored.vectors).all()

        assert peak_memory(judge) < 40e6
    assert refused > N_FUZZED / 4


# --- bad vectors ---------------------------------------------------------------------------------


@every_format
@pytest.mark.parametrize(
    ("words", "vectors", "message"),
    [
        (["tea"], np.eye(2), r"1 words have vectors of shape \(2, 2\); give \(n_words, n_components\)"),
        ([], np.empty((0, 2)), r"0 words have vectors of shape \(0, 2\)"),
        (["tea", "cup"], [1, 2], r"2 words have vectors of shape \(2,\)"),
        (["tea", "tea"], np.eye(2), "1 words are given twice; give each word once"),
        (
            ["tea", "ice tea"],
            np.eye(2),
            r"1 words are empty or hold spaces or line breaks.*\['ice tea'\]; replace them",
        ),
        (["tea", ""], np.eye(2), "1 words are empty or hold spaces"),
        (["tea", "cup\n"], np.eye(2), "1 words are empty or hold spaces"),
        (["tea", "\ud800"], np.eye(2), "cannot be written in UTF-8"),
        (["tea", "cup"], [[1, np.nan], [0, 1]], "The vectors hold infinity or NaN; give finite numbers"),
    ],
)
def test_what_a_file_cannot_hold_is_not_written(name, words, vectors, message, path):
    with pytest.raises(ValueError, match=message):
        FORMATS[name][1](path, words, vectors)
    assert not path.exists()
