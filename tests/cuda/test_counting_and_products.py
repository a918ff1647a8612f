"""The CUDA backend's counting and products, run whole: they compute what the reference computes."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from cupy_standin import make_cupy
from scipy import sparse

from sk_w2v._backends import get_backend, reference
from sk_w2v._backends.cuda import counting

OFFSETS = {
    "many short documents": [0, 1, 3, 6, 23, 23, 28, 58, 59],
    "one long document": [0, 400],
    "empty documents": [0, 0, 0],
    "one word alone": [0, 1],
}


def random_ids(offsets, n_words):
    """Return words whose frequencies fall like 1 / rank."""
    frequencies = 1 / np.arange(1, n_words + 1)
    rng = np.random.default_rng(0)
    return rng.choice(n_words, offsets[-1], p=frequencies / frequencies.sum()).astype(np.int32)


def assert_counts_are_the_reference_s(backend, ids, offsets, weights, n_words, rows=None):
    arguments = np.array(ids, dtype=np.int32), np.array(offsets, dtype=np.int64), np.array(weights, dtype=np.int64)
    counted = backend.count_pairs(*arguments, n_words=n_words, rows=rows)
    for array, same in zip(counted, reference.count_pairs(*arguments, n_words=n_words, rows=rows), strict=True):
        assert array.dtype == same.dtype
        assert array.tolist() == same.tolist()


@pytest.mark.parametrize("n_words", [1, 40, 3000])
@pytest.mark.parametrize("weights", [[1], [4, 3, 2, 1], [2**40, 1, 1], [1] * 70])
@pytest.mark.parametrize("offsets", list(OFFSETS.values()), ids=list(OFFSETS))
def test_counts_equal_the_reference_exactly(backend, offsets, weights, n_words):
    assert_counts_are_the_reference_s(backend, random_ids(offsets, n_words), offsets, weights, n_words)


@pytest.mark.parametrize("dense_share", [0, 4, 10**6], ids=["sorted", "mixed", "dense"])
@pytest.mark.parametrize("most_cells", [1, 50, 1 << 20])
def test_counts_do_not_depend_on_how_rows_are_added_up(backend, monkeypatch, dense_share, most_cells):
    monkeypatch.setattr(counting, "DENSE_SHARE", dense_share)
    monkeypatch.setattr(counting, "CELLS_AT_ONCE", most_cells)
    offsets = OFFSETS["many short documents"]
    assert_counts_are_the_reference_s(backend, random_ids(offsets, 40), offsets, [3, 2, 1], 40)


@pytest.mark.parametrize("rows", [(0, 1), (0, 40), (7, 8), (3, 31), (39, 40)])
def test_some_rows_are_those_of_the_whole(backend, rows):
    offsets = OFFSETS["many short documents"]
    assert_counts_are_the_reference_s(backend, random_ids(offsets, 40), offsets, [3, 2, 1], 40, rows)


@pytest.mark.parametrize("tokens_at_once", [1, 7, 50])
@pytest.mark.parametrize("offsets", list(OFFSETS.values()), ids=list(OFFSETS))
def test_counts_do_not_depend_on_where_the_text_is_cut(backend, monkeypatch, offsets, tokens_at_once):
    monkeypatch.setattr(counting, "CELLS_AT_ONCE", tokens_at_once)
    assert_counts_are_the_reference_s(backend, random_ids(offsets, 40), offsets, [3, 2, 1], 40)
    assert_counts_are_the_reference_s(backend, random_ids(offsets, 40), offsets, [3, 2, 1], 40, rows=(7, 31))


def test_text_that_does_not_fit_into_the_device_s_memory_is_counted_in_pieces(monkeypatch, cupy):
    offsets = np.arange(0, 60_001, 300)
    ids, weights = random_ids(offsets, 200), np.array([2, 1])
    monkeypatch.setattr(counting, "FEWEST_CELLS", 1 << 8)
    device = make_cupy(most_bytes=300_000)  # of the ids alone 240,000
    monkeypatch.setitem(sys.modules, "cupy", device)
    counted = get_backend("cuda").count_pairs(ids, offsets, weights, n_words=200)
    for array, same in zip(counted, reference.count_pairs(ids, offsets, weights, n_words=200), strict=True):
        assert np.array_equal(array, same)
    assert 100_000 < device.standin_memory.peak <= 300_000
    assert device.standin_memory.used == 0


def test_a_device_too_small_for_the_smallest_piece_is_refused(monkeypatch, cupy):
    monkeypatch.setattr(counting, "FEWEST_CELLS", 1 << 8)
    monkeypatch.setitem(sys.modules, "cupy", make_cupy(most_bytes=2000))
    arguments = np.zeros(5000, np.int32), np.array([0, 5000]), np.ones(2, np.int64)
    with pytest.raises(MemoryError, match=r'not enough memory .*; lower max_features, or use backend="cpu"'):
        get_backend("cuda").count_pairs(*arguments, n_words=200)


def random_matrix(n_words, share=0.1):
    """Return a symmetric float32 CSR array; a third of its rows are empty."""
    rng = np.random.default_rng(0)
    dense = rng.standard_normal((n_words, n_words)) * (rng.random((n_words, n_words)) < share)
    alive = np.arange(n_words) % 3 > 0
    return sparse.csr_array(np.where(np.outer(alive, alive), dense + dense.T, 0).astype(np.float32))


@pytest.mark.parametrize("placed", [False, True])
@pytest.mark.parametrize("n_columns", [1, 15, 32, 33, 70])
def test_products_equal_the_reference(backend, n_columns, placed):
    matrix = random_matrix(90)
    block = np.random.default_rng(1).standard_normal((90, n_columns)).astype(np.float32)
    left = backend.place_matrix(matrix) if placed else matrix
    product = backend.matmat(left, backend.xp.asarray(block))
    assert product.dtype == np.float32
    # Sums of about 10 float32 numbers of order 1, in another order: a few units of 1e-7 each.
    np.testing.assert_allclose(product.get(), reference.matmat(matrix, block), atol=1e-5)
    assert np.all(product.get()[::3] == 0)  # empty rows


def test_products_take_columns_of_a_larger_array(backend):
    matrix, wide = random_matrix(60), np.random.default_rng(1).standard_normal((60, 50)).astype(np.float32)
    product = backend.matmat(matrix, backend.xp.asarray(wide)[:, 7:40])
    np.testing.assert_allclose(product.get(), reference.matmat(matrix, wide[:, 7:40]), atol=1e-5)


def test_a_matrix_that_was_placed_does_not_travel_again(standin_backend, cupy):
    block = cupy.asarray(np.ones((90, 4), np.float32))
    placed, before = standin_backend.place_matrix(random_matrix(90)), cupy.bytes_to_device
    standin_backend.matmat(placed, block)
    assert cupy.bytes_to_device == before
