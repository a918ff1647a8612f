"""The device: whether it can be used, compilation and launch of kernels, and its memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

import numpy as np

INSTALL = 'pip install "sk-w2v[cuda12]" (for CUDA 12; "sk-w2v[cuda13]" for CUDA 13)'
OLDEST_DRIVER, OLDEST_CUDA = 12_000, "12.0"
THREADS = 256  # of a block, by default
Size = tuple[int, ...]
DEFAULT_SHARED_BYTES = 48 << 10  # available to a block unless it requests more


def load_cupy() -> ModuleType:
    """Return CuPy."""
    return import_module("cupy")


def require_device() -> None:
    """Raise an error that says what is missing if CuPy or its device cannot be used.

    Raises
    ------
    ImportError
        If CuPy is not installed or does not load.
    RuntimeError
        If there is no driver, no device, or the driver is too old.
    """
    try:
        cupy = load_cupy()
    except ImportError as error:
        raise ImportError(
            f'backend="cuda" needs CuPy, which does not load here ({error}); install it: {INSTALL}, '
            'or use backend="cpu".'
        ) from error
    if not cupy.is_available():
        raise RuntimeError(_why_unavailable(cupy))


def _why_unavailable(cupy: ModuleType) -> str:
    """Return which of driver, version and device is missing."""
    version = cupy.cuda.runtime.driverGetVersion()
    found = f"{version // 1000}.{version % 1000 // 10}"
    if version == 0:
        problem = "there is no NVIDIA driver on this machine; install one"
    elif version < OLDEST_DRIVER:
        problem = f"its driver serves CUDA {found}; install a driver for CUDA {OLDEST_CUDA} or newer"
    else:
        problem = (
            f"CuPy {cupy.__version__} reaches no device, with a driver for CUDA {found}; look whether nvidia-smi lists "
            f"one and CUDA_VISIBLE_DEVICES does not hide it, and install the CuPy of the driver's CUDA: {INSTALL}"
        )
    return f'backend="cuda" finds no GPU: {problem}, or use backend="cpu".'


@dataclass(frozen=True)
class Kernels:
    """The kernels of one file, ``<name>.cu``, with some of its macros redefined."""

    name: str
    macros: tuple[tuple[str, int | str], ...] = ()

    def source(self) -> str:
        """Return the kernels in CUDA C, after the macros and the common part."""
        folder = Path(__file__).parent
        files = ((folder / f"{part}.cu").read_text(encoding="utf-8") for part in ("common", self.name))
        return "\n".join([*(f"#define {name} {value}" for name, value in self.macros), *files])

    def launch(self, kernel: str, grid: Size, block: Size, *arguments: Any, shared_bytes: int = 0) -> None:
        """Start a kernel; arguments are device arrays or NumPy scalars of the types that the kernel declares."""
        function = _compiled(load_cupy(), self.source()).get_function(kernel)
        if shared_bytes > DEFAULT_SHARED_BYTES:
            function.max_dynamic_shared_size_bytes = shared_bytes
        function(grid, block, arguments, shared_mem=shared_bytes)

    def launch_over(self, n_items: int, kernel: str, *arguments: Any) -> None:
        """Start a kernel with one thread for each item, if there are items."""
        if n_items:
            self.launch(kernel, (-(-n_items // THREADS),), (THREADS,), *arguments)


@cache
def _compiled(cupy: ModuleType, source: str) -> Any:
    """Return the kernels of a source. CuPy compiles them for the device and caches them on disk."""
    return cupy.RawModule(code=source, options=("-std=c++17",))


def to_host(array: Any, dtype: type[np.generic]) -> np.ndarray[Any, Any]:
    """Return a device array as a NumPy array of a type."""
    copied: np.ndarray[Any, Any] = array.get()
    return copied.astype(dtype, copy=False)


Function = TypeVar("Function", bound=Callable[..., Any])


def says_what_to_do(function: Function) -> Function:
    """Wrap a function so that its error says what to do if the device runs out of memory."""

    @wraps(function)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        return within_memory(lambda _: function(*arguments, **options), 0, 0, "lower max_features or n_components")

    return cast(Function, wrapped)


def within_memory(work: Callable[[int], Any], size: int, smallest: int, advice: str) -> Any:
    """Return ``work(size)``; halve the size whenever the device runs out of memory.

    Raises
    ------
    MemoryError
        If the device has too little memory for the smallest size.
    """
    while True:
        try:
            return work(size)
        except load_cupy().cuda.memory.OutOfMemoryError as error:
            if size <= smallest:
                raise MemoryError(
                    f'The device has not enough memory ({error}); {advice}, or use backend="cpu".'
                ) from error
        load_cupy().get_default_memory_pool().free_all_blocks()  # arrays of the failed attempt are released by now
        size = max(smallest, size // 2)
