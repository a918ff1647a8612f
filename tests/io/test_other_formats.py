"""Formats of other tools: safetensors, TensorBoard's projector, skops."""

from __future__ import annotations

import json
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
def test_safetensors_give_back_what_was_written_to_the_bit(max_words, path, safetensors):
    write_safetensors(path, WORDS, VECTORS)
    restored = read_safetensors(path, max_words=max_words)
    assert restored.words.tolist() == WORDS[:max_words]
    np.testing.assert_array_equal(restored.vectors.view(np.uint32), VECTORS[:max_words].view(np.uint32))
    assert restored.vectors.dtype == np.float32


def test_the_library_reads_our_file(path, safetensors):
    write_safetensors(path, WORDS, VECTORS)
    np.testing.assert_array_equal(safetensors.load_file(path)["embedding"], VECTORS)


@pytest.mark.parametrize("vocabulary", [WORDS, {word: row for row, word in reversed(list(enumerate(WORDS)))}])
def test_words_may_stand_in_a_file_of_their_own(vocabulary, path, safetensors):
    safetensors.save_file({"embeddings": VECTORS.astype(np.float16)}, path)
    beside = path.with_suffix(".json")
    beside.write_text(json.dumps(vocabulary), encoding="utf-8")
    restored = read_safetensors(path, vocabulary=beside, tensor="embeddings")
    assert restored.words.tolist() == WORDS
    np.testing.assert_array_equal(restored.vectors, VECTORS.astype(np.float16).astype(np.float32))


def test_a_failure_leaves_the_earlier_file(path, safetensors, monkeypatch):
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
        ({"embeddings": VECTORS}, {}, r"it has the arrays \['embeddings'\], and no 'embedding'"),
        ({"embedding": VECTORS}, None, "it names no words; give a JSON file of them as `vocabulary`"),
        ({"embedding": VECTORS}, {"vocabulary": '["tea"]'}, r"1 words have vectors of shape \(5, 3\)"),
        ({"embedding": VECTORS}, {"vocabulary": '{"tea": 1}'}, "does not give 1 words the rows 0 to 0"),
        ({"embedding": VECTORS}, {"vocabulary": "[1]"}, "neither a JSON list of words nor an object of their rows"),
        ({"embedding": VECTORS}, {"vocabulary": "[tea"}, "Expecting value"),
        ({"embedding": VECTORS * np.inf}, {"vocabulary": json.dumps(WORDS)}, "The vectors hold infinity or NaN"),
        ({"embedding": VECTORS}, {"vocabulary": json.dumps(["tea"] * 5)}, "4 words are given twice"),
    ],
)
def test_a_safetensors_file_that_does_not_fit_says_why(tensors, metadata, message, path, safetensors):
    safetensors.save_file(tensors, path, metadata=metadata)
    with pytest.raises(ValueError, match=f"tea.safetensors cannot be read: .*{message}"):
        read_safetensors(path)


def test_a_damaged_safetensors_file_is_refused_wherever_it_is_cut(path, safetensors):
    write_safetensors(path, WORDS, VECTORS)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"tea\.safetensors cannot be read: "):
            read_safetensors(path)
    with pytest.raises(FileNotFoundError):
        read_safetensors(path.with_suffix(".none"))


def test_without_the_library_it_is_said_how_to_get_it(path, monkeypatch):
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


def test_counts_are_a_second_column_with_titles(tmp_path):
    write_projector(tmp_path, WORDS, VECTORS, counts=range(5))
    lines = (tmp_path / "metadata.tsv").read_text(encoding="utf-8").splitlines()
    assert lines == ["word\tcount", *(f"{word}\t{count}" for count, word in enumerate(WORDS))]
    with pytest.raises(ValueError, match="There are 2 counts for 5 words; give one for each"):
        write_projector(tmp_path, WORDS, VECTORS, counts=[1, 2])
    with pytest.raises(ValueError, match="1 words are empty or hold spaces or line breaks"):
        write_projector(tmp_path, ["a\tb"], VECTORS[:1])


# --- skops ---------------------------------------------------------------------------------------


def test_a_fitted_embedder_is_kept_by_skops_without_pickle(fitted, documents):
    skops = pytest.importorskip("skops.io", reason="skops is not installed")
    stored = skops.dumps(fitted)
    untrusted = skops.get_untrusted_types(data=stored)
    assert all(name.startswith(("sk_w2v.", "numpy.")) for name in untrusted), untrusted
    restored = skops.loads(stored, trusted=untrusted)
    np.testing.assert_array_equal(restored.transform(documents), fitted.transform(documents))
    assert restored.score(documents) == fitted.score(documents)
    assert restored.most_similar("concept0_word0") == fitted.most_similar("concept0_word0")
