"""Files of word vectors: reading restores what was written, and malformed files are refused with a reason."""

from __future__ import annotations

import bz2
import codecs
import gzip
import lzma
import os
import tracemalloc
from threading import Thread

import numpy as np
import pytest

from sk_w2v.io import read_glove, read_word2vec, write_glove, write_word2vec

# More of them on demand: FUZZED_FILES=10000 python -m pytest tests/io/test_word_vectors.py -k fuzzed
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


# --- writing and reading ------------------------------------------------------------------------------


@every_format
@pytest.mark.parametrize("n_components", [1, 4, 300])
def test_reading_restores_written_vectors_bit_for_bit(name, n_components, path):
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
def test_the_block_size_does_not_change_what_is_read(name, path, monkeypatch):
    read, write = FORMATS[name]
    words = [f"word{row}" * (1 + row % 7) for row in range(3000)]
    vectors = make_vectors(3000, 7)
    write(path, words, vectors)
    for size in (1, 97, 4096):
        monkeypatch.setattr("sk_w2v.io._source.Source.read.__defaults__", (size,))
        restored = read(path, max_words=None if size > 1 else 5)
        n_words = len(restored)
        assert n_words == (3000 if size > 1 else 5)
        assert restored.words.tolist() == words[:n_words]
        assert_same_bits(restored.vectors, vectors[:n_words])


@every_format
@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_files_are_decompressed(name, compress, path):
    read, write = FORMATS[name]
    write(path, WORDS, make_vectors())
    path.write_bytes(compress(path.read_bytes()))
    assert_same_bits(read(path).vectors, make_vectors())
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(OSError, match=r"tea\.vectors is damaged or not complete"):
        read(path)


@every_format
@pytest.mark.parametrize("max_words", [1, 5, 9, 10**9])
def test_max_words_limits_the_words_read(name, max_words, path):
    read, write = FORMATS[name]
    write(path, WORDS, make_vectors())
    restored = read(path, max_words=max_words)
    assert restored.words.tolist() == WORDS[:max_words]
    assert_same_bits(restored.vectors, make_vectors()[:max_words])
    with pytest.raises(ValueError, match="max_words=0 reads no word; use max_words >= 1"):
        read(path, max_words=0)


@every_format
def test_a_failed_write_keeps_the_existing_file(name, path, monkeypatch):
    read, write = FORMATS[name]
    write(path, WORDS, make_vectors())

    def fail(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write(path, WORDS[:2], make_vectors()[:2])
    assert os.listdir(path.parent) == [path.name]
    assert len(read(path)) == len(WORDS)


# --- files of other tools ------------------------------------------------------------------------


@pytest.mark.parametrize("binary", [False, True])
def test_word2vec_files_are_exchanged_with_gensim(binary, path):
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
def test_gensim_reads_glove_files(path):
    models = pytest.importorskip("gensim.models", reason="gensim is not installed")
    write_glove(path, WORDS, make_vectors())
    keyed = models.KeyedVectors.load_word2vec_format(path, binary=False, no_header=True)
    assert keyed.index_to_key == WORDS
    assert_same_bits(keyed.vectors, make_vectors())


@pytest.mark.parametrize("between", [b"", b"\n"])
def test_line_breaks_after_binary_vectors_are_optional(between, path):
    vector = np.array([10.0, 32.0], dtype="<f4").tobytes()  # whatever the numbers' bytes are
    path.write_bytes(b"2 2\ntea " + vector + between + b"cup " + vector + between)
    assert read_word2vec(path, binary=True).words.tolist() == ["tea", "cup"]


@pytest.mark.parametrize(
    "text", ["2 2\r\ntea 1 2\r\ncup 3 4\r\n", "2 2\ntea 1 2 \ncup 3 4 \n", "2  2 \ntea 1\t2\ncup  3 4\n"]
)
def test_text_may_have_other_spaces_and_line_breaks(text, path):
    path.write_bytes(text.encode())
    restored = read_word2vec(path)
    assert restored.words.tolist() == ["tea", "cup"]
    assert restored.vectors.tolist() == [[1, 2], [3, 4]]


def test_words_in_glove_files_may_contain_spaces(path):
    path.write_text("tea 1 2\n. . . 3 4\nat name@domain.com 5 6\n", encoding="utf-8")
    restored = read_glove(path)
    assert restored.words.tolist() == ["tea", ". . .", "at name@domain.com"]
    assert restored.vectors.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_decode_error_determines_how_invalid_utf_8_is_read(path):
    path.write_bytes(b"2 1\ncaf\xe9 1\ntea 2\n")
    with pytest.raises(ValueError, match=r"word 1, b'caf.xe9', is not in UTF-8; try decode_error='replace'"):
        read_word2vec(path)
    assert read_word2vec(path, decode_error="replace").words.tolist() == ["caf\ufffd", "tea"]
    assert read_word2vec(path, decode_error="ignore").words.tolist() == ["caf", "tea"]


# --- published files -----------------------------------------------------------------------------


def binary_file(words: list[bytes], vectors: np.ndarray) -> bytes:
    """Return a file in word2vec's binary format, whatever the words are."""
    rows = [word + b" " + row.astype("<f4").tobytes() + b"\n" for word, row in zip(words, vectors, strict=True)]
    return b"%d %d\n" % vectors.shape + b"".join(rows)


def text_lines(words: list[bytes], vectors: np.ndarray) -> bytes:
    """Return lines of words and their numbers, whatever the words are."""
    return b"".join(
        b"%b %b\n" % (word, " ".join(map(str, row)).encode()) for word, row in zip(words, vectors, strict=True)
    )


CONTENTS = {
    "binary": binary_file,
    "text": lambda words, vectors: b"%d %d\n" % vectors.shape + text_lines(words, vectors),
    "glove": text_lines,
}


@every_format
def test_duplicates_first_keeps_the_first_vector_with_one_warning(name, path):
    read, _ = FORMATS[name]
    vectors = np.arange(10, dtype=np.float32).reshape(5, 2)
    path.write_bytes(CONTENTS[name]([b"tea", b"cup", b"tea", b"pen", b"tea"], vectors))
    with pytest.raises(
        ValueError, match=r"word 3, 'tea', repeats word 1; duplicates='first' keeps the first .* other 2"
    ):
        read(path)
    with pytest.warns(UserWarning, match=r"2 of 5 words repeat earlier ones and are dropped, such as 'tea'") as caught:
        restored = read(path, duplicates="first")
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert restored.words.tolist() == ["tea", "cup", "pen"]
    np.testing.assert_array_equal(restored.vectors, vectors[[0, 1, 3]])
    assert read(path, duplicates="first", max_words=2).words.tolist() == ["tea", "cup"]
    with pytest.raises(ValueError, match="duplicates='last' is unknown; use one of"):
        read(path, duplicates="last")


@every_format
def test_following_the_advice_about_invalid_utf_8_reads_the_file(name, path):
    read, _ = FORMATS[name]
    path.write_bytes(CONTENTS[name]([b"caf\xe9", b"caf\xe8", b"\xe9", b"tea"], np.eye(4, dtype=np.float32)))
    with pytest.raises(ValueError, match=r"is not in UTF-8; try decode_error='replace', with duplicates='first'"):
        read(path)
    with pytest.raises(ValueError, match=r"word 2, 'caf.', repeats word 1; duplicates='first'"):
        read(path, decode_error="replace")
    with pytest.warns(UserWarning, match="1 of 4 words"):
        assert read(path, decode_error="replace", duplicates="first").words.tolist() == ["caf\ufffd", "\ufffd", "tea"]
    with pytest.raises(
        ValueError, match=r"word 3 is empty: no byte of b'\\xe9' is in UTF-8; use decode_error='replace'"
    ):
        read(path, decode_error="ignore", duplicates="first")


@every_format
def test_a_byte_order_mark_is_skipped(name, path):
    read, write = FORMATS[name]
    write(path, WORDS, make_vectors())
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    assert read(path).words.tolist() == WORDS


def test_a_word_that_begins_with_a_byte_order_mark_is_refused(path):
    with pytest.raises(ValueError, match=r"The first word, .* begins with a byte order mark"):
        write_glove(path, ["\ufefftea", "cup"], np.eye(2))
    write_glove(path, ["tea", "\ufeffcup"], np.eye(2))
    assert read_glove(path).words.tolist() == ["tea", "\ufeffcup"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@every_format
@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_a_pipe_is_read_like_a_file(name, compress, path, tmp_path):
    read, write = FORMATS[name]
    write(path, WORDS, make_vectors())
    os.mkfifo(tmp_path / "pipe")
    writer = Thread(target=(tmp_path / "pipe").write_bytes, args=[compress(path.read_bytes())], daemon=True)
    writer.start()
    assert_same_bits(read(tmp_path / "pipe").vectors, make_vectors())
    writer.join(timeout=10)


@every_format
def test_words_longer_than_readers_accept_are_refused(name, path):
    read, write = FORMATS[name]
    words = ["x" * (1 << 16), "cup"]
    write(path, words, np.eye(2))
    assert read(path).words.tolist() == words
    with pytest.raises(ValueError, match="1 words are longer than 65536 bytes"):
        write(path, ["x" * (1 + (1 << 16)), "cup"], np.eye(2))


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_glove_vectors_may_have_a_header(ends, path):
    path.write_bytes(ends.join([b"2 3", b"tea 1 2 3", b"ice tea 4 5 6", b""]))
    assert read_glove(path).words.tolist() == ["tea", "ice tea"]
    assert read_glove(path, max_words=1).words.tolist() == ["tea"]
    path.write_bytes(b"3 3\ntea 1 2 3\ncup 4 5 6\n")
    with pytest.raises(ValueError, match="it ends after 2 of 3 words; it may be truncated; max_words=2 reads these"):
        read_glove(path)
    assert len(read_glove(path, max_words=2)) == 2


def test_words_in_glove_files_may_be_numbers(path):
    path.write_text("2 3 4\n5 6 7\n")
    assert read_glove(path).words.tolist() == ["2", "5"]
    path.write_text("2 3\n5 6\n")  # one component: no header of three components
    assert read_glove(path).vectors.tolist() == [[3], [6]]


@pytest.mark.parametrize("read", [read_word2vec, read_glove])
def test_a_missing_final_line_break_is_a_warning_if_a_header_counts_the_words(read, path):
    path.write_text("2 2\ntea 0.5 1.25\ncup 3.5 4.25")
    with pytest.warns(UserWarning, match="no line break follows the last of its 2 words, b'cup 3.5 4.25'; if"):
        restored = read(path)
    assert restored.vectors.tolist() == [[0.5, 1.25], [3.5, 4.25]]
    assert len(read(path, max_words=1)) == 1


@pytest.mark.parametrize("binary", [False, True])
def test_following_the_advice_about_the_number_of_words_reads_the_file(binary, path):
    write_word2vec(path, [f"w{row}" for row in range(99)], np.full((99, 3), 0.125), binary=binary)
    _, _, content = path.read_bytes().partition(b"\n")
    path.write_bytes(b"100 3\n" + content)
    with pytest.raises(
        ValueError, match="it ends after 99 of 100 words; it may be truncated; max_words=99 reads these"
    ):
        read_word2vec(path, binary=binary)
    assert len(read_word2vec(path, binary=binary, max_words=99)) == 99
    path.write_bytes(b"98 3\n" + content)
    with pytest.raises(ValueError, match=r"more content follows the 98 words .*; max_words=98 ignores it"):
        read_word2vec(path, binary=binary)
    assert len(read_word2vec(path, binary=binary, max_words=98)) == 98


@every_format
@pytest.mark.filterwarnings("ignore:.*no line break follows the last")
def test_a_truncated_file_is_an_error_wherever_it_ends(name, path):
    read, write = FORMATS[name]
    write(path, WORDS[:3], make_vectors(3, 2))
    content = path.read_bytes()
    n_cut = 2 if name == "binary" else len(content.rpartition(b" ")[2])  # the last number may be cut, with a warning
    for length in range(len(content)):
        path.write_bytes(content[:length])
        try:
            restored = read(path)
        except ValueError as error:
            assert str(error).startswith(f"{path} cannot be read: ")  # noqa: PT017 - either is right
        else:
            assert (
                len(restored) == content.count(b"\n", 0, length) if name == "glove" else length > len(content) - n_cut
            )


# --- bad files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"the first line b'' is not the numbers of words and components"),
        ("tea 1 2\n", r"the first line b'tea 1 2\\n' is not .* it may be in GloVe's format: read_glove"),
        ("0 2\n", "the first line b'0 2.*' is not the numbers"),
        ("2 -2\n", "the first line b'2 -2.*' is not the numbers"),
        (f"2 {10**7}\n", "its header announces 10000000 components; at most 1048576 can be read"),
        ("1000000 200\ntea 1 2\n", "word 1 has 2 numbers for 200 components"),
        ("1000000 2\ntea 1 2\n", "it ends after 1 of 1000000 words; it may be truncated; max_words=1 reads these"),
        ("2 2\n", "it ends after 0 of 2 words; it may be truncated"),
        ("1 2\ntea 1 2\ncup 3 4\n", "more content follows the 1 words that its header announces; max_words=1 ignores"),
        ("2 2\ntea 1 2\ncup 3\n", "word 2 has 1 numbers for 2 components"),
        ("2 2\ntea 1 2\nice tea 3 4\n", "word 2 has 3 numbers for 2 components"),
        ("2 2\ntea 1 2\ncup 3 four\n", "word 2, b'cup': could not convert string to float: b'four'"),
        ("2 2\ntea 1 2\ncup 3 4_0\n", "word 2, b'cup', has '_' among its numbers"),
        ("2 2\ntea 1 2\ncup 3 1e39\n", "1 of 2 vectors contain infinity or NaN, such as 'cup'"),
        ("3 1\ntea 1\ncup inf\npen nan\n", "2 of 3 vectors contain infinity or NaN, such as 'cup', 'pen'; give finite"),
        ("2 2\ntea 1 2\ncup nan 1\n", "1 of 2 vectors contain infinity or NaN, such as 'cup'"),
        ("2 2\ntea 1 2\ntea 3 4\n", "word 2, 'tea', repeats word 1; duplicates='first' keeps the first vector"),
        ("2 2\ntea 1 2\n 3 4\n", "word 2 is empty"),
        ("2 2\ntea 1 2\ncup 3", "word 2 has 1 numbers for 2 components"),
        (
            "1 2\n" + "tea" * 30000,
            r"its words has no line break within 65664 bytes; if they are in word2vec's binary format",
        ),
    ],
)
def test_a_malformed_text_file_says_what_is_wrong(content, message, path):
    path.write_text(content, encoding="utf-8", newline="\n")
    with pytest.raises(ValueError, match=rf"tea.vectors cannot be read: .*({message})"):
        read_word2vec(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"2 1\ntea \0\0\0\0", "it ends after 1 of 2 words"),
        (b"2 1\ntea \0\0\0\0\ncups\0\0\0", "it ends after 1 of 2 words; it may be truncated; max_words=1 reads"),
        (b"2 2\ntea 1 2\ncup 3 4\n", "the first word b'tea 1 2' has its numbers as text; use binary=False"),
        (b"1 1\ntea \0\0\0\0\ncup \0\0\0\0", "more content follows the 1 words"),
        (b"1 1\n" + b"tea" * 30000, r"word 1 has no end within 65536 bytes; is the file binary\?"),
        (b"1 1\ntea \0\0\xc0\x7f", "1 of 1 vectors contain infinity or NaN, such as 'tea'"),
        (b"2 1\ntea \0\0\0\0\ntea \0\0\0\0\n", "word 2, 'tea', repeats word 1"),
        (b"1 1\n \0\0\0\0\0", "word 1 is empty|more content follows"),
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
        ("tea 1 2\ntea 3 4\n", "word 2, 'tea', repeats word 1"),
    ],
)
def test_a_malformed_glove_file_says_what_is_wrong(content, message, path):
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=f"tea.vectors cannot be read: {message}"):
        read_glove(path)


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("header", [b"99999999999 300\n", b"99999999999 1048576\n"])
def test_a_false_header_allocates_little_memory(binary, header, path):
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
@pytest.mark.filterwarnings("ignore:.*(no line break follows the last|words repeat earlier ones)")
def test_fuzzed_files_are_read_as_announced_or_refused_in_bounded_memory(name, path):
    read, write = FORMATS[name]
    write(path, WORDS, make_vectors())
    valid, rng = path.read_bytes(), np.random.default_rng(0)
    refused = 0
    for index in range(N_FUZZED):
        content = mutate(valid, rng)
        path.write_bytes(gzip.compress(content, 1) if index % 4 == 0 else content)

        def judge(content: bytes = content, index: int = index) -> None:
            nonlocal refused
            how = {"decode_error": "replace", "duplicates": "first"} if index % 3 == 0 else {}
            try:
                restored = read(path, **how)
            except ValueError as error:
                if not str(error).startswith(f"{path} cannot be read: "):
                    raise
                refused += 1
                return
            n_words, n_components = restored.vectors.shape
            if name == "glove":  # every line that is there
                assert n_words == content.count(b"\n") or (how and n_words < content.count(b"\n"))
            else:
                n_announced, *components = map(int, content.split(b"\n")[0].split())
                assert components == [n_components]
                assert n_words == n_announced or (how and n_words < n_announced)
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
            r"1 words are empty or contain spaces or line breaks.*\['ice tea'\]; replace them",
        ),
        (["tea", ""], np.eye(2), "1 words are empty or contain spaces"),
        (["tea", "cup\n"], np.eye(2), "1 words are empty or contain spaces"),
        (["tea", "\ud800"], np.eye(2), "cannot be encoded in UTF-8"),
        (["tea", "cup"], [[1, np.nan], [0, 1]], "1 of 2 vectors contain infinity or NaN, such as 'tea'; give finite"),
    ],
)
def test_words_and_vectors_that_a_format_cannot_store_are_refused(name, words, vectors, message, path):
    with pytest.raises(ValueError, match=message):
        FORMATS[name][1](path, words, vectors)
    assert not path.exists()
