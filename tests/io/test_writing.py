"""Writing files: sources of vectors, replaced files, pipes and devices, and endings of names."""

from __future__ import annotations

import os
import stat
from functools import partial
from importlib.util import find_spec
from threading import Thread

import numpy as np
import pytest
from scipy import sparse
from sklearn.exceptions import NotFittedError

from sk_w2v import Cooccurrence, PretrainedEmbedder, SpectralEmbedder, Vocabulary
from sk_w2v.io import (
    WordVectors,
    read_glove,
    read_safetensors,
    read_word2vec,
    write_glove,
    write_projector,
    write_safetensors,
    write_word2vec,
)

WORDS, VECTORS = ["tea", "cup"], np.array([[0.5, 1], [0, -0.1]], dtype=np.float32)


def save_counts(path, words, vectors):
    """Write counts of the words."""
    vocabulary = Vocabulary(np.array(words, dtype=object), np.arange(1, len(words) + 1))
    Cooccurrence(sparse.csr_array(np.eye(len(words))), vocabulary).save(path)


COMPRESSIBLE = {
    "text": (write_word2vec, read_word2vec),
    "binary": (partial(write_word2vec, binary=True), partial(read_word2vec, binary=True)),
    "glove": (write_glove, read_glove),
}
WRITERS = {
    **{name: write for name, (write, _) in COMPRESSIBLE.items()},
    **({"safetensors": write_safetensors} if find_spec("safetensors") else {}),
    "counts": save_counts,
}
every_writer = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
on_posix = pytest.mark.skipif(os.name != "posix", reason="modes and pipes are those of POSIX")


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


# --- sources of vectors -----------------------------------------------------------------------------


VECTOR_WRITERS = {
    **{name: write for name, write in WRITERS.items() if write is not save_counts},
    "projector": lambda path, *what: write_projector(path.parent, *what),
}
every_vector_writer = pytest.mark.parametrize("write", VECTOR_WRITERS.values(), ids=VECTOR_WRITERS)


@pytest.fixture(scope="module")
def tea_embedder():
    """An embedder fitted to two words."""
    return PretrainedEmbedder(WordVectors(np.array(WORDS, dtype=object), VECTORS)).fit()


def contents(folder):
    """Return the content of each file of a folder, and delete the files."""
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in folder.iterdir():
        path.unlink()
    return found


@every_vector_writer
def test_an_embedder_or_word_vectors_are_written_as_their_words_and_vectors(write, tea_embedder, tmp_path):
    path = tmp_path / "tea"
    write(path, WORDS, VECTORS)
    expected = contents(tmp_path)
    for source in (tea_embedder, WordVectors(np.array(WORDS, dtype=object), VECTORS)):
        write(path, source)
        assert contents(tmp_path) == expected


def test_a_trained_embedder_is_read_again_as_it_was_written(documents, spectral, tmp_path):
    spectral.fit(documents)
    write_word2vec(tmp_path / "tea.bin", spectral, binary=True)
    restored = PretrainedEmbedder(tmp_path / "tea.bin", format="word2vec-binary").fit()
    np.testing.assert_array_equal(restored.embedding_, spectral.embedding_)
    assert restored.words_.tolist() == spectral.words_.tolist()


@every_vector_writer
def test_a_writer_asks_for_one_source_of_vectors(write, tea_embedder, tmp_path):
    path = tmp_path / "tea"
    with pytest.raises(NotFittedError, match=r"This SpectralEmbedder has no word vectors; .* fit it first"):
        write(path, SpectralEmbedder())
    with pytest.raises(
        TypeError, match=r"No vectors are given with \['tea', 'cup'\] of type list; give words and vectors"
    ):
        write(path, WORDS)
    with pytest.raises(TypeError, match="The PretrainedEmbedder has vectors already; give it alone"):
        write(path, tea_embedder, VECTORS)
    assert os.listdir(tmp_path) == []


# --- replaced files -------------------------------------------------------------------------------


@on_posix
@every_writer
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o666])
def test_the_mode_of_a_replaced_file_is_kept(write, mode, tmp_path):
    path = tmp_path / "tea"
    path.touch()
    path.chmod(mode)
    write(path, WORDS, VECTORS)
    assert mode_of(path) == mode
    assert path.stat().st_size > 0


@on_posix
def test_a_private_file_stays_private_during_replacement(tmp_path, monkeypatch):
    path, modes = tmp_path / "tea", []
    path.touch(0o600)
    monkeypatch.setattr(os, "fsync", lambda file: modes.extend(map(mode_of, tmp_path.iterdir())))
    write_glove(path, WORDS, VECTORS)
    assert set(modes) == {0o600}


@on_posix
@every_writer
def test_a_new_file_gets_the_default_mode(write, tmp_path):
    (tmp_path / "usual").touch()
    write(tmp_path / "tea", WORDS, VECTORS)
    assert mode_of(tmp_path / "tea") == mode_of(tmp_path / "usual")


@on_posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_of_a_replaced_file_is_kept(tmp_path):
    path = tmp_path / "tea"
    path.touch(0o640)
    os.chown(path, 12345, 23456)
    write_glove(path, WORDS, VECTORS)
    assert (path.stat().st_uid, path.stat().st_gid, mode_of(path)) == (12345, 23456, 0o640)


@on_posix
def test_replaced_projector_tables_keep_their_modes(tmp_path):
    write_projector(tmp_path, WORDS, VECTORS)
    (tmp_path / "metadata.tsv").chmod(0o600)
    write_projector(tmp_path, WORDS, VECTORS)
    assert mode_of(tmp_path / "metadata.tsv") == 0o600


# --- pipes and devices ---------------------------------------------------------------------------


@on_posix
@every_writer
@pytest.mark.parametrize("is_link", [False, True])
def test_a_pipe_is_written_to_directly(write, is_link, tmp_path):
    pipe, link, received = tmp_path / "pipe", tmp_path / "link", []
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    reader = Thread(target=lambda: received.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write(link if is_link else pipe, WORDS, VECTORS)
    reader.join(timeout=10)
    write(tmp_path / "file", WORDS, VECTORS)
    assert received == [(tmp_path / "file").read_bytes()]
    assert stat.S_ISFIFO(os.lstat(pipe).st_mode)
    assert link.is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["file", "link", "pipe"]


@on_posix
@every_writer
def test_a_device_is_written_to_directly(write):
    write(os.devnull, WORDS, VECTORS)
    assert stat.S_ISCHR(os.lstat(os.devnull).st_mode)


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="open files have no names")
@every_writer
def test_the_name_of_an_open_file_appends_to_it(write, tmp_path):
    write(tmp_path / "file", WORDS, VECTORS)
    with open(tmp_path / "all", "wb", buffering=0) as file:
        file.write(b"before\n")
        write(f"/dev/fd/{file.fileno()}", WORDS, VECTORS)
        file.write(b"after\n")
    assert (tmp_path / "all").read_bytes() == b"before\n" + (tmp_path / "file").read_bytes() + b"after\n"


# --- endings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("write", "read"), COMPRESSIBLE.values(), ids=COMPRESSIBLE)
@pytest.mark.parametrize(
    ("ending", "begin"), [("gz", b"\x1f\x8b"), ("bz2", b"BZh"), ("xz", b"\xfd7zXZ"), ("GZ", b"\x1f\x8b")]
)
def test_the_ending_of_a_name_determines_the_compression(write, read, ending, begin, tmp_path):
    path = tmp_path / f"tea.vec.{ending}"
    write(path, WORDS, VECTORS)
    content = path.read_bytes()
    assert content.startswith(begin)
    np.testing.assert_array_equal(read(path).vectors, VECTORS)
    write(path, WORDS, VECTORS)
    assert path.read_bytes() == content


@every_writer
@pytest.mark.parametrize("ending", ["zst", "zip", "7z", "Z", "tar"])
def test_endings_of_unsupported_compression_are_refused(write, ending, tmp_path):
    with pytest.raises(ValueError, match=f"cannot be written with the ending '.{ending.lower()}'"):
        write(tmp_path / f"tea.{ending}", WORDS, VECTORS)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", sorted(WRITERS.keys() - COMPRESSIBLE.keys()))
def test_uncompressed_formats_refuse_endings_of_compressed_files(name, tmp_path):
    with pytest.raises(ValueError, match=r"'\.gz'; this format is not compressed: remove the ending"):
        WRITERS[name](tmp_path / "tea.gz", WORDS, VECTORS)


def test_a_failed_compressed_write_keeps_the_existing_file(tmp_path, monkeypatch):
    path = tmp_path / "tea.gz"
    write_glove(path, WORDS, VECTORS)

    def fail(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_glove(path, WORDS[:1], VECTORS[:1])
    assert os.listdir(tmp_path) == [path.name]
    assert len(read_glove(path)) == 2


@pytest.mark.skipif(find_spec("safetensors") is None, reason="safetensors is not installed")
def test_safetensors_files_may_have_any_other_ending(tmp_path):
    write_safetensors(tmp_path / "tea.v1.0", WORDS, VECTORS)
    np.testing.assert_array_equal(read_safetensors(tmp_path / "tea.v1.0").vectors, VECTORS)
