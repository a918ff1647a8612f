"""Compiled kernels: kept on disk where that can be done, compiled again where not, and never another kernel's."""

import errno
import warnings
from contextlib import contextmanager

import numba
import pytest
from numba.core.caching import CacheImpl

from sk_w2v._backends.cpu import compiling
from sk_w2v._backends.cpu.compiling import kernel


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder for kernels, and a process that has not warned yet."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compiling, "_warnings_given", [])
    return tmp_path


def adding(number):
    """Return a kernel that adds a number, compiled for it, as a process that begins would have it."""

    def add(value):
        return value + number

    return kernel(add)


def was_found(compiled):
    """Tell whether a kernel was found on disk."""
    return bool(compiled.stats.cache_hits)


def kept(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_kernel_is_compiled_once_and_then_found(folder):
    first, second = adding(1), adding(1)
    assert (first(2), second(2)) == (3, 3)
    assert (was_found(first), was_found(second)) == (False, True)


def test_every_kernel_has_a_file_of_its_own(folder):
    # Processes that compile at once must not choose one name for two kernels of a function.
    assert [adding(number)(2) for number in (1, 2)] + [adding(1)(2.5)] == [3, 4, 3.5]
    assert len(kept(folder)) == 3
    assert [adding(number)(2) for number in (1, 2)] == [3, 4]


def test_a_kernel_is_compiled_again_when_a_function_that_it_calls_has_changed(folder, monkeypatch):
    adding(1)(2)
    monkeypatch.setattr(compiling, "_stamp", lambda: "of other sources")
    changed = adding(1)
    assert (changed(2), was_found(changed)) == (3, False)


def test_a_kernel_is_compiled_again_when_what_it_depends_on_has_changed(folder):
    found = []
    for text in ("one", "other", "one"):
        compiled = kernel(lambda value: value + 1, depends_on=text)
        assert compiled(2) == 3
        found.append(was_found(compiled))
    assert found == [False, False, True]


@pytest.mark.parametrize(
    "damage",
    [lambda content: b"", lambda content: content[:-9], lambda content: content[:99] + b"?" + content[100:]],
    ids=["empty", "cut off", "one byte"],
)
def test_a_damaged_file_is_compiled_and_written_again(folder, damage):
    adding(1)(2)
    (file,) = kept(folder)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    again, after = adding(1), adding(1)
    assert (again(2), was_found(again)) == (3, False)
    assert (after(2), was_found(after)) == (3, True)


def test_without_a_folder_kernels_are_compiled_with_one_warning(folder, monkeypatch):
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])  # what Numba finds where nothing can be written to
    with pytest.warns(RuntimeWarning, match="cannot be kept on disk .*Set NUMBA_CACHE_DIR to a folder"):
        compiled = adding(1)
    assert compiled(2) == 3
    with warnings.catch_warnings(action="error"):
        assert adding(2)(2) == 4


def test_on_a_full_disk_kernels_are_compiled_with_one_warning(folder, monkeypatch):
    @contextmanager
    def full(self, path):
        raise OSError(errno.ENOSPC, "No space left on device")
        yield

    monkeypatch.setattr(compiling._KernelFiles, "_open_for_write", full)
    with pytest.warns(RuntimeWarning, match="No space left on device.*NUMBA_CACHE_DIR"):
        assert adding(1)(2) == 3
    assert adding(2)(2) == 4


def test_a_file_that_cannot_be_read_is_compiled_with_a_warning(folder):
    adding(1)(2)
    (file,) = kept(folder)
    file.unlink()
    file.mkdir()
    with pytest.warns(RuntimeWarning, match="cannot be read .*NUMBA_CACHE_DIR"):
        assert adding(1)(2) == 3


def test_a_cache_folder_that_cannot_be_used_is_named(folder, monkeypatch):
    (folder / "file").write_text("no folder")
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(folder / "file"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    with pytest.warns(RuntimeWarning, match="NUMBA_CACHE_DIR=.*file cannot be written to; kernels are kept in"):
        adding(1)


def test_switching_compilation_off_is_refused(monkeypatch):
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    with pytest.raises(RuntimeError, match="Unset NUMBA_DISABLE_JIT, or use backend='reference'"):
        adding(1)
