"""Compilation of kernels with Numba, and a cache of the machine code on disk.

It replaces Numba's cache (``cache=True``), which fails if no folder is writable, the disk is full or a file is damaged.
If two processes compile different kernels of one function at once, Numba gives both the same file name, and one process
later runs the code of the other. Nor does it notice changes of functions that a kernel calls from other files.
"""

from __future__ import annotations

import hashlib
import pickle
import warnings
from collections.abc import Callable
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import FunctionCache, IndexDataCacheFile

from ..._progress import compiling

_DIGEST_BYTES = hashlib.sha256().digest_size
_warnings_given: list[str] = []


def kernel(function: Callable[..., Any] | None = None, /, *, depends_on: str = "", **options: Any) -> Any:
    """Compile a function with Numba to run without the GIL, and cache the machine code on disk if possible.

    `depends_on` identifies what the machine code depends on beyond the sources of the backends.

    Raises
    ------
    RuntimeError
        If ``NUMBA_DISABLE_JIT`` is set.
    """
    if function is None:
        return partial(kernel, depends_on=depends_on, **options)
    if numba.config.DISABLE_JIT:
        raise RuntimeError(
            "NUMBA_DISABLE_JIT is set, and the kernels of backend='cpu' cannot run without compilation. Unset "
            "NUMBA_DISABLE_JIT, or use backend='reference', which is plain NumPy and many times slower."
        )
    compiled = numba.njit(nogil=True, **options)(function)
    try:
        compiled._cache = _KernelCache(function, depends_on)  # as `enable_caching` does with Numba's cache
    except (OSError, RuntimeError) as error:  # Numba finds no writable folder
        _warn_once(f"Compiled kernels cannot be kept on disk ({error}).")
    return compiled


class _KernelCache(FunctionCache):
    """Numba's cache with other files. If one cannot be read or written, it warns and the kernel is compiled."""

    def __init__(self, function: Callable[..., Any], depends_on: str) -> None:
        super().__init__(function)
        self._cache_file = _KernelFiles(self.cache_path, self._impl.filename_base, _stamp() + depends_on)
        wanted = numba.config.CACHE_DIR
        if wanted and not self.cache_path.startswith(wanted):
            _warn_once(f"NUMBA_CACHE_DIR={wanted} cannot be written to; kernels are kept in {self.cache_path} instead.")

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the kernel for some argument types, or None if it has to be compiled."""
        try:
            found = super().load_overload(sig, target_context)
        except OSError as error:
            _warn_once(f"Compiled kernels cannot be read ({error}).")
            found = None
        if found is None:
            compiling(self._py_func.__name__)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Store a compiled kernel if possible."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            _warn_once(f"Compiled kernels cannot be kept on disk ({error}).")


class _KernelFiles(IndexDataCacheFile):
    """One file for each kernel, named by a digest of what the machine code depends on. It begins with a checksum."""

    def save(self, key: Any, data: Any) -> None:
        """Write a kernel to a temporary file, then move it: simultaneous writers do not interfere."""
        content = self._dump((key, data))
        with self._open_for_write(self._path(key)) as file:
            file.write(hashlib.sha256(content).digest() + content)

    def load(self, key: Any) -> Any:
        """Return what is stored under the key, or None if it is missing or damaged."""
        try:
            content = Path(self._path(key)).read_bytes()
        except FileNotFoundError:
            return None
        digest, content = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if hashlib.sha256(content).digest() != digest:
            return None
        kept, data = pickle.loads(content)
        return data if kept == key else None

    def _path(self, key: Any) -> str:
        """Return the path of the file for a key."""
        digest = hashlib.sha256(repr((self._version, self._source_stamp, key)).encode()).hexdigest()
        return self._data_path(f"{self._index_name.removesuffix('.nbi')}.{digest[:32]}.nbc")


@cache
def _stamp() -> str:
    """Return a digest of all sources of kernels, which may call each other."""
    backends = resources.files(__package__.rpartition(".")[0])
    files = [file for folder in (backends, backends / "cpu") for file in folder.iterdir()]
    sources = sorted((file for file in files if file.name.endswith(".py")), key=str)
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in sources)).hexdigest()


def _warn_once(reason: str) -> None:
    """Warn of the first problem of the cache, once per process."""
    if not _warnings_given:
        _warnings_given.append(reason)
        advice = "Set NUMBA_CACHE_DIR to a folder that can be written to; until then each process compiles for seconds."
        warnings.warn(f"{reason} {advice}", RuntimeWarning, stacklevel=3)
