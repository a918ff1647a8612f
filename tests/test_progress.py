"""Stages tell their progress to the listeners of their thread."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sk_w2v._progress import MAX_STEPS, Stage, advance, compiling, expect, listening, note


class Log:
    """A listener that writes down what it is told."""

    def __init__(self):
        self.events = []

    def begin(self, stage):
        self.events.append(("begin", stage.name))

    def advance(self, stage):
        self.events.append((stage.done, stage.total))

    def end(self, stage):
        self.events.append(("end", stage.name, stage.note))

    def compiling(self, kernel):
        self.events.append(("compiling", kernel))


def test_a_stage_tells_its_beginning_its_progress_and_its_end():
    log = Log()
    with listening(log), Stage("count", 3, "tokens"):
        advance(1)
        advance(2)
        note("done")
    assert log.events == [("begin", "count"), (1, 3), (3, 3), ("end", "count", "done")]


def test_a_total_can_be_told_later():
    log = Log()
    with listening(log), Stage("pass", expects=True) as stage:
        expect(400, "tokens", grain=100)
        assert stage.n_steps == 4
    assert log.events == [("begin", "pass"), (0, 400), ("end", "pass", "")]


def test_nobody_is_told_outside_of_listening():
    log = Log()
    with listening(log):
        pass
    with Stage("count", 1):
        advance()
    advance()  # of no stage
    assert log.events == []


def test_a_stage_within_a_stage_is_not_told_and_changes_nothing_of_the_outer_one():
    log = Log()
    with listening(log), Stage("outer", 10) as outer:
        with Stage("inner", 5):
            advance(5)
        assert outer.done == 0
    assert log.events == [("begin", "outer"), ("end", "outer", "")]


def test_a_stage_that_fails_does_not_end():
    log = Log()
    with listening(log), pytest.raises(KeyError), Stage("count"):
        raise KeyError
    with listening(log), Stage("next"):  # and nothing of it is left
        advance()
    assert log.events == [("begin", "count"), ("begin", "next"), (1, None), ("end", "next", "")]


def test_other_threads_do_not_advance_a_stage_but_are_heard_when_they_compile():
    log = Log()
    with listening(log), Stage("count", 2) as stage, ThreadPoolExecutor(1) as pool:
        pool.submit(advance).result()
        pool.submit(compiling, "kernel").result()
        assert stage.done == 0
    assert log.events == [("begin", "count"), ("compiling", "kernel"), ("end", "count", "")]


@pytest.mark.parametrize(
    ("total", "grain", "n_steps"), [(None, 1, 0), (0, 1, 0), (10, 10, 0), (40, 10, 4), (10**9, 1, MAX_STEPS)]
)
def test_steps_are_not_smaller_than_the_grain_and_not_many(total, grain, n_steps):
    assert Stage("count", total, grain=grain).n_steps == n_steps


def test_a_fraction_never_exceeds_one():
    stage = Stage("read", 100)
    assert stage.fraction == 0
    stage.done = 120
    assert stage.fraction == 1
