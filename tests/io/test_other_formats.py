"""Formats of other tools: safetensors, TensorBoard's projector, skops."""

from __future__ import annotations

import gzip
import json
import os
import sys

import numpy as np
import pytest

from sk_w2v.io import read_safetensors, write_projector, write_safetensors

WORDS = ["tea", "ice tea", "東京", '"', "x"]
VECTORS = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tea.safetensors"


@pytest.fixture
def safetensors():
    pytest.importorskip("safetensors", reason="safetensors is not installed")
    return pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")


# --- safetensors ---------------------------------------------------------------------------------


@pytest.mark.parametrize("max_words", [None, 1, 5, 9])
def test_safetensors_restore_written_vectors_bit_for_bit(max_words, path, safetensors):
    write_safetensors(path, WORDS, VECTORS)
    restored = read_safetensors(path, max_words=max_words)
    assert restored.words.tolist() == WORDS[:max_words]
    np.testing.assert_array_equal(restored.vectors.view(np.uint32), VECTORS[:max_words].view(np.uint32))
    assert restored.vectors.dtype == np.float32


def test_the_safetensors_library_reads_a_written_file(path, safetensors):
    write_safetensors(path, WORDS, VECTORS)
    np.testing.assert_array_equal(safetensors.load_file(path)["embedding"], VECTORS)


@pytest.mark.parametrize("vocabulary", [WORDS, {word: row for row, word in reversed(list(enumerate(WORDS)))}])
def test_words_may_be_in_a_separate_file(vocabulary, path, safetensors):
    safetensors.save_file({"embeddings": VECTORS.astype(np.float16)}, path)
    separate = path.with_suffix(".json")
    separate.write_text(json.dumps(vocabulary), encoding="utf-8")
    restored = read_safetensors(path, vocabulary=separate, tensor="embeddings")
    assert restored.words.tolist() == WORDS
    np.testing.assert_array_equal(restored.vectors, VECTORS.astype(np.float16).astype(np.float32))


def test_a_failed_write_of_safetensors_keeps_the_existing_file(path, safetensors, monkeypatch):
    write_safetensors(path, WORDS, VECTORS)
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda file: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_safetensors(path, WORDS[:2], VECTORS[:2])
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("tensors", "metadata", "message"),
    [
        ({"embeddings": VECTORS}, {}, r"it has the arrays \['embeddings'\], but no 'embedding'"),
        ({"embedding": VECTORS}, None, "it contains no words; give a JSON file of the words as `vocabulary`"),
        ({"embedding": VECTORS}, {"vocabulary": '["tea"]'}, r"1 words have vectors of shape \(5, 3\)"),
        ({"embedding": VECTORS}, {"vocabulary": '{"tea": 1}'}, "does not map 1 words to the rows 0 to 0"),
        ({"embedding": VECTORS}, {"vocabulary": "[1]"}, "is not a JSON list of words, an object that maps"),
        ({"embedding": VECTORS}, {"vocabulary": "[tea"}, "Expecting value"),
        (
            {"embedding": VECTORS * np.inf},
            {"vocabulary": json.dumps(WORDS)},
            "5 of 5 vectors contain infinity or NaN, such as",
        ),
        (
            {"embedding": VECTORS},
            {"vocabulary": json.dumps(["tea"] * 5)},
            "word 2, 'tea', repeats word 1; duplicates='first'",
        ),
    ],
)
def test_an_unusable_safetensors_file_is_refused_with_the_reason(tensors, metadata, message, path, safetensors):
    safetensors.save_file(tensors, path, metadata=metadata)
    with pytest.raises(ValueError, match=f"tea.safetensors cannot be read: .*{message}"):
        read_safetensors(path)


def safetensors_file(dtype: str, shape: list[int], data: bytes) -> bytes:
    """Return a file of one array, `embedding`."""
    header = json.dumps({"embedding": {"dtype": dtype, "shape": shape, "data_offsets": [0, len(data)]}}).encode()
    return len(header).to_bytes(8, "little") + header + data


@pytest.fixture
def vocabulary(path):
    """The path of a file of the words."""
    separate = path.with_suffix(".json")
    separate.write_text(json.dumps(WORDS), encoding="utf-8")
    return separate


@pytest.mark.parametrize("dtype", ["F64", "F32", "F16", "I8", "U8", "I16", "I64"])
def test_numbers_of_every_type_become_float32(dtype, path, vocabulary, safetensors):
    array = np.arange(15).reshape(5, 3).astype({"F": "f", "I": "i", "U": "u"}[dtype[0]] + str(int(dtype[1:]) // 8))
    path.write_bytes(safetensors_file(dtype, [5, 3], array.tobytes()))
    for max_words in (None, 2):
        restored = read_safetensors(path, vocabulary=vocabulary, max_words=max_words)
        assert restored.vectors.dtype == np.float32
        np.testing.assert_array_equal(restored.vectors, array[:max_words])


def test_bfloat16_is_read_exactly(path, vocabulary, safetensors):
    bits = np.random.default_rng(0).integers(0, 0x7F80, (5, 3)).astype("<u2")  # below infinity
    bits[0] |= 0x8000  # negative
    path.write_bytes(safetensors_file("BF16", [5, 3], bits.tobytes()))
    restored = read_safetensors(path, vocabulary=vocabulary)
    np.testing.assert_array_equal(restored.vectors.view(np.uint32) >> 16, bits)
    assert not np.any(restored.vectors.view(np.uint32) & 0xFFFF)


@pytest.mark.parametrize("dtype", ["F8_E4M3", "F8_E5M2", "BOOL"])
def test_unsupported_number_types_are_refused(dtype, path, vocabulary, safetensors):
    path.write_bytes(safetensors_file(dtype, [5, 3], bytes(15)))
    refused = f".*'embedding' has the type {dtype}; use one of F64, F32"
    unknown = "Error while deserializing header"  # what a safetensors that is older than the type says
    with pytest.raises(ValueError, match=f"tea.safetensors cannot be read: ({refused}|{unknown})"):
        read_safetensors(path, vocabulary=vocabulary)


def test_a_damaged_header_is_not_taken_for_another_format(path, safetensors):
    header = b'{"embedding": {"dtype": "F32", "shape": '
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    with pytest.raises(ValueError, match=r"tea\.safetensors cannot be read: Error while deserializing header"):
        read_safetensors(path)


@pytest.mark.parametrize("shape", [[], [15], [5, 3, 1], [0, 3], [5, 0]])
def test_an_array_of_another_shape_is_refused(shape, path, vocabulary, safetensors):
    path.write_bytes(safetensors_file("F32", shape, bytes(4 * int(np.prod(shape)))))
    with pytest.raises(
        ValueError, match=r"cannot be read: .* has the shape \[.*\] instead of \(n_words, n_components\)"
    ):
        read_safetensors(path, vocabulary=vocabulary)


TOKENIZERS = {
    "WordPiece": {"vocab": {word: row for row, word in enumerate(WORDS[:4])}},
    "Unigram": {"vocab": [[word, -1.5] for word in WORDS[:4]]},
}


@pytest.mark.parametrize("kind", TOKENIZERS)
@pytest.mark.parametrize(
    "added", [[{"id": 4, "content": "x"}], [{"id": 4, "content": "x"}, {"id": 0, "content": "tea"}]]
)
def test_the_words_of_a_tokenizer_and_its_added_tokens_are_taken(kind, added, path, vocabulary, safetensors):
    tokenizer = {"version": "1.0", "added_tokens": added, "model": {"type": kind, **TOKENIZERS[kind]}}
    vocabulary.write_text(json.dumps(tokenizer), encoding="utf-8-sig")
    path.write_bytes(safetensors_file("F32", [5, 3], VECTORS.tobytes()))
    assert read_safetensors(path, vocabulary=vocabulary).words.tolist() == WORDS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"model": {"type": "WordPiece"}}', "a tokenizer.json whose model.vocab or added_tokens are malformed"),
        ('{"model": {"vocab": [1, 2]}}', "a tokenizer.json whose model.vocab or added_tokens are malformed"),
        ('{"model": {"vocab": {}}, "added_tokens": [{"id": 3}]}', "model.vocab or added_tokens are malformed"),
        (
            '{"tea": 0, "cup": [1]}',
            "is not a JSON list of words, an object that maps words to rows, or a tokenizer.json",
        ),
        ('{"tea": 0, "cup": 0}', "does not map 2 words to the rows 0 to 1"),
        ('{"tea"', "its vocabulary .*tea.json is not valid JSON"),
        ("[" * 100_000, "its vocabulary .*tea.json is not valid JSON"),
    ],
)
def test_a_malformed_vocabulary_is_refused(content, message, path, vocabulary, safetensors):
    vocabulary.write_text(content)
    path.write_bytes(safetensors_file("F32", [5, 3], VECTORS.tobytes()))
    with pytest.raises(ValueError, match=f"tea.safetensors cannot be read: .*{message}"):
        read_safetensors(path, vocabulary=vocabulary)


def test_duplicates_first_keeps_the_first_vector(path, vocabulary, safetensors):
    vocabulary.write_text(json.dumps(["tea", "cup", "tea", "pen", "tea"]))
    path.write_bytes(safetensors_file("F32", [5, 3], VECTORS.tobytes()))
    with pytest.warns(UserWarning, match="2 of 5 words repeat earlier ones and are dropped, such as 'tea'") as caught:
        restored = read_safetensors(path, vocabulary=vocabulary, duplicates="first")
    assert len(caught) == 1
    assert restored.words.tolist() == ["tea", "cup", "pen"]
    np.testing.assert_array_equal(restored.vectors, VECTORS[[0, 1, 3]])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_reading_safetensors_from_a_pipe_is_refused_at_once(path, safetensors):
    os.mkfifo(path)
    with pytest.raises(OSError, match=r"tea\.safetensors is a pipe or a device, .*; write the content to a file first"):
        read_safetensors(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"tea", mtime=0), "it is compressed; decompress it"),
        (b"PK\x03\x04", "it is a zip archive"),
        (b"tea 1 2", ""),
    ],
)
def test_another_format_given_as_safetensors_is_named(content, message, path, safetensors):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"tea\.safetensors cannot be read: {message}"):
        read_safetensors(path)


def test_a_changed_byte_gives_finite_vectors_or_an_error(path, safetensors):
    write_safetensors(path, WORDS, VECTORS)
    whole, rng = path.read_bytes(), np.random.default_rng(0)
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([rng.integers(256)]) + whole[place + 1 :])
        try:
            restored = read_safetensors(path)
        except ValueError as error:
            assert str(error).startswith(f"{path} cannot be read: ")  # noqa: PT017 - either is right
        else:
            assert len(set(restored.words)) == len(restored.vectors)
            assert np.isfinite(restored.vectors).all()


def test_a_truncated_safetensors_file_is_refused(path, safetensors):
    write_safetensors(path, WORDS, VECTORS)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"tea\.safetensors cannot be read: "):
            read_safetensors(path)
    with pytest.raises(FileNotFoundError):
        read_safetensors(path.with_suffix(".none"))


def test_a_missing_safetensors_library_is_an_error_that_says_how_to_install_it(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    for run in (lambda: read_safetensors(path), lambda: write_safetensors(path, WORDS, VECTORS)):
        with pytest.raises(ImportError, match="pip install safetensors"):
            run()


# --- TensorBoard's projector ---------------------------------------------------------------------


def test_the_projector_gets_a_row_for_each_word(tmp_path):
    folder = tmp_path / "projector"
    write_projector(folder, WORDS, VECTORS)
    np.testing.assert_array_equal(np.loadtxt(folder / "vectors.tsv", delimiter="\t", dtype=np.float32), VECTORS)
    assert (folder / "metadata.tsv").read_text(encoding="utf-8") == "\n".join(WORDS) + "\n"
    named = {line.split('"')[1] for line in (folder / "projector_config.pbtxt").read_text().splitlines() if '"' in line}
    assert {path.name for path in folder.glob("*.tsv")} <= named


def test_counts_become_a_second_column_with_a_header(tmp_path):
    write_projector(tmp_path, WORDS, VECTORS, counts=range(5))
    lines = (tmp_path / "metadata.tsv").read_text(encoding="utf-8").splitlines()
    assert lines == ["word\tcount", *(f"{word}\t{count}" for count, word in enumerate(WORDS))]
    with pytest.raises(ValueError, match="There are 2 counts for 5 words; give one count for each word"):
        write_projector(tmp_path, WORDS, VECTORS, counts=[1, 2])
    with pytest.raises(ValueError, match="1 words are empty or contain spaces or line breaks"):
        write_projector(tmp_path, ["a\tb"], VECTORS[:1])


# --- skops ---------------------------------------------------------------------------------------


def test_skops_stores_fitted_embedders_without_pickle(fitted, documents):
    skops = pytest.importorskip("skops.io", reason="skops is not installed")
    stored = skops.dumps(fitted)
    untrusted = skops.get_untrusted_types(data=stored)
    assert all(name.startswith(("sk_w2v.", "numpy.")) for name in untrusted), untrusted
    restored = skops.loads(stored, trusted=untrusted)
    np.testing.assert_array_equal(restored.transform(documents), fitted.transform(documents))
    assert restored.score(documents) == fitted.score(documents)
    assert restored.most_similar("concept0_word0") == fitted.most_similar("concept0_word0")
