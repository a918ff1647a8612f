"""The device: whether there is one, and how a kernel gets there."""

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
THREADS = 256  # of a block, where a kernel does not say otherwise
Size = tuple[int, ...]
DEFAULT_SHARED_BYTES = 48 << 10  # what a block may have without asking


def load_cupy() -> ModuleType:
    """Return CuPy, which `require_device` has found."""
    return import_module("cupy")


def require_device() -> None:
    """Say what is missing where CuPy or its device cannot be used.

    Raises
    ------
    ImportError
        If CuPy is not installed, or does not load.
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
    """Say which of driver, version and device is missing."""
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
    """The kernels of one file, ``<name>.cu``, with some of its macros defined otherwise than there."""

    name: str
    macros: tuple[tuple[str, int | str], ...] = ()

    def source(self) -> str:
        """Return the kernels in CUDA C, behind what all have before them."""
        folder = Path(__file__).parent
        files = ((folder / f"{part}.cu").read_text(encoding="utf-8") for part in ("common", self.name))
        return "\n".join([*(f"#define {name} {value}" for name, value in self.macros), *files])

    def launch(self, kernel: str, grid: Size, block: Size, *arguments: Any, shared_bytes: int = 0) -> None:
        """Start a kernel; arguments are device arrays or NumPy scalars of the width that the kernel declares."""
        function = _compiled(load_cupy(), self.source()).get_function(kernel)
        if shared_bytes > DEFAULT_SHARED_BYTES:
            function.max_dynamic_shared_size_bytes = shared_bytes
        function(grid, block, arguments, shared_mem=shared_bytes)

    def launch_over(self, n_items: int, kernel: str, *arguments: Any) -> None:
        """Start a kernel with a thread for each item, or not at all if there is none."""
        if n_items:
            self.launch(kernel, (-(-n_items // THREADS),), (THREADS,), *arguments)


@cache
def _compiled(cupy: ModuleType, source: str) -> Any:
    """Return a source's kernels; CuPy compiles them for the device and keeps them on disk."""
    return cupy.RawModule(code=source, options=("-std=c++17",))


def to_host(array: Any, dtype: type[np.generic]) -> np.ndarray[Any, Any]:
    """Return a device array as a NumPy array of a type."""
    copied: np.ndarray[Any, Any] = array.get()
    return copied.astype(dtype, copy=False)


Function = TypeVar("Function", bound=Callable[..., Any])


def says_what_to_do(function: Function) -> Function:
    """Wrap a function, so that its error says what to do where the device has not enough memory."""

    @wraps(function)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        return within_memory(lambda _: function(*arguments, **options), 0, 0, "lower max_features or n_components")

    return cast(Function, wrapped)


def within_memory(work: Callable[[int], Any], size: int, smallest: int, advice: str) -> Any:
    """Return ``work(size)``, halving the size whenever the device has not enough memory for it.

    Raises
    ------
    MemoryError
        If it has not enough for the smallest size.
    """
    while True:
        try:
            return work(size)
        except load_cupy().cuda.memory.OutOfMemoryError as error:
            if size <= smallest:
                raise MemoryError(
                    f'The device has not enough memory ({error}); {advice}, or use backend="cpu".'
                ) from error
        load_cupy().get_default_memory_pool().free_all_blocks()  # here nothing holds what the try has made
        size = max(smallest, size // 2)
