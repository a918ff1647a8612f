"""Counts in a file come back to the bit, or the file is refused; and what was there before is never lost."""

from __future__ import annotations

import errno
import json
import os
import struct
import subprocess
import sys
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sk_w2v import Cooccurrence, SpectralEmbedder, Vocabulary
from sk_w2v.cooccurrence import _storage as _storage
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.cooccurrence._storage import ALIGNMENT, DTYPES, pack_words, read_arrays, unpack_words, write_arrays

WORDS = ["tea", "", "Größe", "茶", "\U0001f375", "a\x00b", "\ud800", "e\u0301", "new\nline", "\u202e"]


def some_counts(dtype=np.int64, *, words=WORDS, unit=1 / 3) -> Cooccurrence:
    """Return symmetric counts, with an empty row and with values that need all digits of their type."""
    rng = np.random.default_rng(0)
    upper = np.triu(rng.integers(0, 2**60, (len(words), len(words))) * (rng.random((len(words), len(words))) < 0.5))
    upper[:, 2] = upper[2] = 0
    counts = sparse.csr_array(abs((upper + upper.T).astype(dtype)))
    return Cooccurrence(counts, Vocabulary(np.array(words, dtype=object), np.arange(1, len(words) + 1)), unit)


def assert_same(left: Cooccurrence, right: Cooccurrence) -> None:
    """Compare everything, to the bit."""
    assert left.vocabulary.words.tolist() == right.vocabulary.words.tolist()
    assert left.unit == right.unit
    for array, same in [
        (left.vocabulary.counts, right.vocabulary.counts),
        *((getattr(left.counts, part), getattr(right.counts, part)) for part in ("indptr", "indices", "data")),
    ]:
        assert array.dtype == same.dtype
        assert array.tobytes() == same.tobytes()


@pytest.fixture
def path(tmp_path):
    """The path of a file to be written, in a new folder."""
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder" / "tea.counts"


@pytest.mark.parametrize("memory_map", [False, True])
@pytest.mark.parametrize("dtype", [np.int64, np.float64, np.float32, np.int32, np.bool_])
def test_counts_are_restored_bit_for_bit(path, dtype, memory_map):
    written = some_counts(dtype)
    written.save(path)
    assert_same(Cooccurrence.load(path, memory_map=memory_map), written)
    assert os.listdir(path.parent) == [path.name]


def test_empty_counts_are_restored(path):
    for words in ([], ["tea"]):
        none = Cooccurrence(
            sparse.csr_array((len(words), len(words)), dtype=np.int64),
            Vocabulary(np.array(words, dtype=object), np.ones(len(words), dtype=np.int64)),
        )
        none.save(path)
        assert_same(Cooccurrence.load(path), none)


@given(words=st.lists(st.text(st.characters(codec=None))))
def test_unicode_words_are_restored(words):
    assert unpack_words(*pack_words(np.array(words, dtype=object))).tolist() == words


@settings(max_examples=30, deadline=None)
@given(dtype=st.sampled_from(DTYPES), shape=st.lists(st.integers(0, 4), max_size=3), seed=st.integers(0, 9))
def test_arrays_of_every_type_and_shape_are_restored(tmp_path_factory, dtype, shape, seed):
    path = tmp_path_factory.mktemp("arrays") / "arrays"
    array = np.random.default_rng(seed).integers(0, 2, shape).astype(dtype)
    write_arrays(path, "arrays", {"first": array, "second": array[::-1].T if array.ndim else array})
    for memory_map in (False, True):
        back = read_arrays(path, "arrays", memory_map=memory_map)
        assert list(back) == ["first", "second"]
        assert back["first"].dtype == array.dtype.newbyteorder("=")
        assert np.array_equal(back["first"], array)
        assert np.array_equal(back["second"], array[::-1].T if array.ndim else array)


def test_arrays_of_other_types_are_refused_before_the_file_is_replaced(path):
    with pytest.raises(TypeError, match="array 'words' has the type object; give integers or floats"):
        write_arrays(path, "arrays", {"words": np.array(["tea"], dtype=object)})
    assert os.listdir(path.parent) == []


def test_mapped_counts_are_read_only_aligned_and_equal_to_loaded_ones(path, documents):
    embedder = SpectralEmbedder(n_components=2, random_state=0)
    corpus, vocabulary = embedder.read_corpus(documents)
    counted = count_cooccurrences(corpus, vocabulary, window=16)
    counted.save(path)
    mapped = Cooccurrence.load(path, memory_map=True)
    for array in (mapped.counts.indptr, mapped.counts.indices, mapped.counts.data):
        assert not array.flags.writeable
        assert array.ctypes.data % ALIGNMENT == 0
    path.unlink()  # which takes nothing from a mapping
    assert np.array_equal(embedder.fit(mapped).embedding_, embedder.fit(counted).embedding_)


def test_every_flipped_bit_is_detected(path):
    some_counts(words=["tea", "cup", "茶"]).save(path)
    good = path.read_bytes()
    refusals = "is damaged|is not a file of sk-w2v|has format|is truncated"
    for place in range(len(good)):
        damaged = bytearray(good)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        for memory_map in (False, True):
            with pytest.raises(ValueError, match=refusals):
                Cooccurrence.load(path, memory_map=memory_map)


def test_every_shorter_and_longer_file_is_refused(path):
    some_counts(words=["tea", "cup", "茶"]).save(path)
    good = path.read_bytes()
    for length in range(1, len(good)):
        path.write_bytes(good[:length])
        with pytest.raises(ValueError, match=f"tea.counts is truncated: it has {length} of at least"):
            Cooccurrence.load(path)
    path.write_bytes(good + b"\n")
    with pytest.raises(ValueError, match="is 1 bytes too long; something was appended"):
        Cooccurrence.load(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "tea.counts is empty; give a file that `save` wrote"),
        (b"tea cup 3\n", "tea.counts is not a file of sk-w2v; give a file that `save` wrote"),
        (
            b"\x93NUMPY\x01\x00",
            "is not a file of sk-w2v: it is a NumPy array; load it with numpy.load, or give a file that",
        ),
        (
            b"\x1f\x8b\x08\x00",
            "is not a file of sk-w2v: it is compressed; decompress it, or give a file that `save` wrote",
        ),
        (
            _storage.MAGIC + struct.pack("<II", 2, 0),
            "has format 2, but this sk-w2v reads formats up to 1; update",
        ),
        (_storage.MAGIC + struct.pack("<II", 1, 2**32 - 1), r"is truncated: it has 16 of at least 4294967315 bytes"),
    ],
)
def test_files_in_other_formats_are_refused_by_name(path, content, message):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        Cooccurrence.load(path)


def test_sizes_are_checked_before_memory_is_allocated(path):
    # A sound header that promises more than any machine has.
    text = b'{"kind": "cooccurrence", "arrays": [{"name": "unit", "dtype": "<f8", "shape": [1152921504606846976]}]}'
    start = _storage.MAGIC + struct.pack("<II", 1, len(text)) + text
    path.write_bytes(start + struct.pack("<I", crc32(start)))
    with pytest.raises(ValueError, match=r"is truncated: .* of at least 9223372036854"):
        Cooccurrence.load(path)


ENTRY = {"name": "unit", "dtype": "<f8", "shape": []}


@pytest.mark.parametrize(
    "header",
    [
        b"[]",
        b"{}",
        b"3",
        b"{",
        b"\xff",
        b"[" * 100_000,
        {"kind": 3, "arrays": []},
        {"kind": "cooccurrence", "arrays": 3},
        {"kind": "cooccurrence", "arrays": [3]},
        {"kind": "cooccurrence", "arrays": [{"name": "unit"}]},
        *(
            {"kind": "cooccurrence", "arrays": [{**ENTRY, key: value}]}
            for key, value in [
                ("name", 3),
                ("dtype", "O"),
                ("dtype", "V2000000000"),
                ("dtype", ["<f8"]),
                ("shape", 3),
                ("shape", [-1]),
                ("shape", [1.5]),
                ("shape", [True]),
                ("shape", [0, 2**62]),
                ("shape", [1] * 99),
            ]
        ),
    ],
)
def test_a_malformed_header_with_a_valid_checksum_is_refused(header, path):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    text += b" " * (-(16 + len(text) + 4) % ALIGNMENT)
    start = _storage.MAGIC + struct.pack("<II", 1, len(text)) + text
    path.write_bytes(start + struct.pack("<I", crc32(start)) + bytes(ALIGNMENT))
    for memory_map in (False, True):
        with pytest.raises(ValueError, match=r"tea.counts has a malformed header, .*; save it again"):
            Cooccurrence.load(path, memory_map=memory_map)


PARTS = {
    "unit": np.array(1.0),
    "words": np.frombuffer(b"teacup", np.uint8),
    "word_ends": np.array([3, 6]),
    "word_counts": np.array([2, 1]),
    "indptr": np.array([0, 1, 2], np.int32),
    "indices": np.array([1, 0], np.int32),
    "counts": np.array([1, 1]),
}


@pytest.mark.parametrize(
    ("part", "array"),
    [
        *((name, None) for name in PARTS),
        ("unit", np.ones(2)),
        ("words", np.frombuffer(b"\xffeacup", np.uint8)),
        ("words", np.zeros((2, 3), np.uint8)),
        ("word_ends", np.array([3, 5])),
        ("word_ends", np.array([3, 7])),
        ("word_ends", np.array([7, 6])),
        ("word_ends", np.array([-1, 6])),
        ("word_ends", np.array([[3, 6]])),
        ("word_counts", np.array([2])),
        ("indptr", np.array([0, 1, 3], np.int32)),
        ("indptr", np.array([0, 2, 1], np.int32)),
        ("indices", np.array([2, 0], np.int32)),
        ("indices", np.array([-1, 0], np.int32)),
        ("indices", np.array([0.5, 1.0])),
        ("counts", np.array([1])),
    ],
)
def test_arrays_that_are_not_counts_are_refused_despite_valid_checksums(part, array, path):
    arrays = {name: array if name == part else sound for name, sound in PARTS.items()}
    write_arrays(path, "cooccurrence", {name: each for name, each in arrays.items() if each is not None})
    for memory_map in (False, True):
        with pytest.raises(ValueError, match=r"tea.counts contains arrays that are not counts, .*; save it again"):
            Cooccurrence.load(path, memory_map=memory_map)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_loading_from_a_pipe_is_refused_at_once(path):
    os.mkfifo(path)
    with pytest.raises(OSError, match=r"tea\.counts is a pipe or a device, .*; write the content to a file first"):
        Cooccurrence.load(path)


def test_a_file_of_another_kind_is_refused(path):
    write_arrays(path, "corpus", {"ids": np.arange(3)})
    with pytest.raises(ValueError, match="contains a corpus instead of a cooccurrence"):
        Cooccurrence.load(path)


def test_a_folder_is_refused(path):
    with pytest.raises(IsADirectoryError, match="Is a directory; give the name of a file"):
        some_counts().save(path.parent)
    assert os.listdir(path.parent) == []
    with pytest.raises(IsADirectoryError, match="Is a directory"):
        Cooccurrence.load(path.parent)


def test_a_missing_folder_is_a_file_not_found_error(path):
    with pytest.raises(FileNotFoundError, match="No such file or directory"):
        some_counts().save(path.parent / "none" / "tea.counts")


def test_saving_to_a_link_replaces_its_target(path):
    some_counts().save(path)
    link = path.parent / "link"
    link.symlink_to(path)
    some_counts(unit=0.5).save(link)
    assert link.is_symlink()
    assert Cooccurrence.load(path).unit == 0.5


@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt("stop")])
def test_a_failed_write_keeps_the_existing_file(path, monkeypatch, failing, error):
    some_counts().save(path)

    def fail(*arguments):
        raise error

    monkeypatch.setattr(_storage.os, failing, fail)
    with pytest.raises(type(error), match=r"No space left|stop"):
        some_counts(unit=0.5).save(path)
    monkeypatch.undo()
    assert os.listdir(path.parent) == [path.name]
    assert_same(Cooccurrence.load(path), some_counts())


def test_an_interrupted_write_keeps_the_existing_file(path, monkeypatch):
    some_counts().save(path)
    pads = []

    def full(n_bytes):
        pads.append(n_bytes)
        if len(pads) > 2 * 7 - 3:  # once for each of 7 checksums, then between the arrays
            raise OSError(errno.ENOSPC, "No space left on device")
        return bytes(-n_bytes % ALIGNMENT)

    monkeypatch.setattr(_storage, "_padding", full)
    with pytest.raises(OSError, match="No space left on device"):
        some_counts(unit=0.5).save(path)
    monkeypatch.undo()
    assert os.listdir(path.parent) == [path.name]
    assert_same(Cooccurrence.load(path), some_counts())


def test_a_full_disk_keeps_the_existing_file(tmp_path):
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], check=False, capture_output=True, text=True
    )
    if mount.returncode:
        pytest.skip(f"no small file system can be mounted here: {mount.stderr.strip()}")
    try:
        some_counts().save(tmp_path / "tea.counts")
        many = some_counts(words=[f"word{row}" for row in range(200)])  # about 20,000 pairs of 12 bytes
        with pytest.raises(OSError, match="No space left on device"):
            many.save(tmp_path / "tea.counts")
        assert os.listdir(tmp_path) == ["tea.counts"]
        assert_same(Cooccurrence.load(tmp_path / "tea.counts"), some_counts())
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
