"""Dense algebra on our own threads: the right numbers, the same bits, and BLAS's threads left as they were."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack, suppress

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from sk_w2v._backends import blas, dense
from sk_w2v._backends.blas import single_threaded_blas
from sk_w2v._backends.dense import eigh, inner_product, orthonormalize, product, sum_over_rows

RNG = np.random.default_rng(0)
TALL = RNG.standard_normal((700, 24)).astype(np.float32)
OTHER = RNG.standard_normal((700, 9)).astype(np.float32)
SMALL = RNG.standard_normal((24, 9)).astype(np.float32)
VECTOR = RNG.standard_normal(24)
WIDE = TALL.T  # a view whose rows are not contiguous

OPERATIONS = {
    "rows": (lambda n_jobs: product(TALL, SMALL, n_jobs=n_jobs), TALL @ SMALL),
    "rows of a view": (
        lambda n_jobs: product(np.vstack([WIDE] * 8), OTHER, n_jobs=n_jobs),
        np.vstack([WIDE] * 8) @ OTHER,
    ),
    "vector": (lambda n_jobs: product(TALL, VECTOR, n_jobs=n_jobs), TALL @ VECTOR),
    "sum over rows": (lambda n_jobs: inner_product(TALL, OTHER, n_jobs=n_jobs), TALL.T @ OTHER),
    "gram": (lambda n_jobs: inner_product(TALL, TALL, n_jobs=n_jobs), TALL.T @ TALL),
}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Cut small arrays, too, into several pieces."""
    monkeypatch.setattr(dense, "PIECE_WORK", 64)
    monkeypatch.setattr(dense, "FEWEST_ROWS", 50)


def blas_threads() -> list[int]:
    """Return the number of threads of each BLAS library."""
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.fixture
def two_threads():
    """Let the user ask for two BLAS threads; return what that comes to."""
    with threadpool_limits(2, user_api="blas"):
        yield blas_threads()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_pieces_give_the_whole_product(operation):
    compute, expected = OPERATIONS[operation]
    np.testing.assert_allclose(compute(2), expected, rtol=1e-4, atol=1e-4)  # of sums of 700 float32 products


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_product_does_not_depend_on_threads(operation):
    compute, _ = OPERATIONS[operation]
    found = []
    for n_threads in (1, 2, 4):
        with threadpool_limits(n_threads, user_api="blas"):
            found += [compute(n_jobs) for n_jobs in (1, 2, 3, 7)]
    assert len({each.tobytes() for each in found}) == 1


@pytest.mark.parametrize("n_rows", [0, 1, 49, 99, 100, 101, 1234])
def test_pieces_cover_all_rows_in_order(n_rows):
    pieces = dense._cuts(n_rows, 10**9, fewest=50)
    assert [row for piece in pieces for row in range(piece.start, piece.stop)] == list(range(n_rows))
    assert all(piece.stop - piece.start >= min(50, n_rows) for piece in pieces)


def test_small_products_start_no_thread(monkeypatch):
    monkeypatch.setattr(dense, "PIECE_WORK", 1 << 24)
    monkeypatch.setattr(threading.Thread, "start", lambda thread: pytest.fail("a thread was started"))
    product(TALL, SMALL, n_jobs=7)
    inner_product(TALL[:90], OTHER[:90], n_jobs=7)


@pytest.mark.parametrize("rank", [24, 5])
def test_factors_of_pieces_are_those_of_the_whole(rank):
    matrix = (TALL[:, :rank] @ RNG.standard_normal((rank, 24))).astype(np.float32)
    found = [orthonormalize(matrix, n_jobs=n_jobs) for n_jobs in (1, 2, 7)]
    basis, triangle = found[0]
    assert all(np.array_equal(each[0], basis) and np.array_equal(each[1], triangle) for each in found)
    np.testing.assert_allclose(basis.T @ basis, np.eye(24), atol=1e-5)
    np.testing.assert_allclose(basis @ triangle, matrix, atol=1e-4)
    assert np.array_equal(triangle, np.triu(triangle))


def test_eigenpairs_do_not_depend_on_blas_threads():
    matrix = TALL.T @ TALL
    found = []
    for n_threads in (1, 2):
        with threadpool_limits(n_threads, user_api="blas"):
            found.append(b"".join(array.tobytes() for array in eigh(matrix)))
    assert found[0] == found[1]


def test_blas_has_one_thread_inside_and_as_many_as_before_afterwards(two_threads):
    with single_threaded_blas():
        assert set(blas_threads()) == {1}
        with single_threaded_blas():
            assert set(blas_threads()) == {1}
        assert set(blas_threads()) == {1}
    assert blas_threads() == two_threads


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_pieces_run_on_one_blas_thread(two_threads, n_jobs):
    inside = []
    sum_over_rows(lambda rows: inside.append(blas_threads()) or np.zeros(1), 200, 10**6, n_jobs=n_jobs)
    assert len(inside) == 4
    assert all(set(numbers) == {1} for numbers in inside)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]])
def test_the_last_to_leave_restores_the_threads(two_threads, order):
    stacks = [ExitStack() for _ in order]
    for stack in stacks:
        stack.enter_context(single_threaded_blas())
    for which in order:
        assert set(blas_threads()) == {1}
        stacks[which].close()
    assert blas_threads() == two_threads


def test_overlapping_threads_restore_the_threads(two_threads):
    both_inside, first_out = threading.Barrier(2), threading.Event()

    def first():
        with single_threaded_blas():
            both_inside.wait(10)
        first_out.set()

    thread = threading.Thread(target=first)
    thread.start()
    with single_threaded_blas():
        both_inside.wait(10)
        assert first_out.wait(10)
        assert set(blas_threads()) == {1}
    thread.join()
    assert blas_threads() == two_threads


def test_any_thread_can_limit_what_another_has_set(two_threads):
    inside = []

    def hold():
        with single_threaded_blas():
            inside.extend(blas_threads())

    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert set(inside) == {1}
    assert blas_threads() == two_threads


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_exceptions_restore_the_threads(two_threads, n_jobs):
    def fail(rows):
        raise RuntimeError("of a piece")

    with pytest.raises(RuntimeError, match="of a piece"):
        sum_over_rows(fail, 200, 10**6, n_jobs=n_jobs)
    assert blas_threads() == two_threads


def test_an_interrupt_at_the_end_restores_the_threads(two_threads, monkeypatch):
    release = blas._BlasThreads.release
    interrupts = [KeyboardInterrupt()]

    def interrupted(threads, key):
        if interrupts:
            raise interrupts.pop()
        release(threads, key)

    monkeypatch.setattr(blas._BlasThreads, "release", interrupted)
    with suppress(KeyboardInterrupt), single_threaded_blas():
        pass
    assert interrupts == []
    assert blas_threads() == two_threads


def test_a_number_changed_inside_is_one_again_at_the_next_entry(two_threads):
    with single_threaded_blas(), threadpool_limits(2, user_api="blas"), single_threaded_blas():
        assert set(blas_threads()) == {1}
    assert blas_threads() == two_threads


class Runtime:
    """An OpenMP runtime: each thread has its own number of threads."""

    user_api, internal_api = "openmp", "openmp"

    def __init__(self):
        self.local = threading.local()

    def get_num_threads(self):
        return getattr(self.local, "number", 4)

    def set_num_threads(self, number):
        self.local.number = number


class BlasOnOpenMP(Runtime):
    """A BLAS that says that it runs on OpenMP."""

    user_api, internal_api, threading_layer = "blas", "openblas", "openmp"


def test_a_blas_on_openmp_has_one_thread_in_each_thread(monkeypatch):
    runtime, library, numbers = Runtime(), BlasOnOpenMP(), []
    threads = blas._BlasThreads()
    monkeypatch.setattr(blas, "_blas_threads", threads)
    monkeypatch.setattr(
        blas, "ThreadpoolController", lambda: type("Found", (), {"lib_controllers": [library, runtime]})
    )
    sum_over_rows(lambda rows: numbers.append(runtime.get_num_threads()) or np.zeros(1), 200, 10**6, n_jobs=2)
    assert numbers == [1] * 4
    assert runtime.get_num_threads() == 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_process_has_the_threads_from_before(two_threads):
    with single_threaded_blas():
        blas._blas_threads.release_in_child()  # what runs in the child
        assert blas_threads() == two_threads
    assert blas_threads() == two_threads
