"""A stand-in for CuPy on a machine without a GPU: enough of it for the CUDA backend, and as strict.

Its arrays are no NumPy arrays and refuse to become any without `get`. Its `RawModule` compiles a kernel's own source
with a C++ compiler behind `cuda_shim.hpp` and runs it. It checks what CUDA would not: the types and the contiguity of
what a kernel is given, and that every thread reaches a barrier.
"""

from __future__ import annotations

import ctypes
import hashlib
import operator
import os
import re
import stat
import subprocess
import tempfile
import weakref
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import numpy as np

SHIM = Path(__file__).with_name("cuda_shim.hpp")
FLAGS = ("-std=c++20", "-Wno-unknown-pragmas", "-Wno-clobbered", "-U_FORTIFY_SOURCE")

# What the backend uses of CuPy's namespace; a test looks whether CuPy has it, too.
FUNCTIONS = [
    "abs", "arange", "argsort", "ascontiguousarray", "concatenate", "cumsum", "diff", "diagonal", "empty",
    "argmax", "clip", "empty_like", "exp", "flatnonzero", "isfinite", "log", "logaddexp", "matmul", "max", "maximum",
    "mean", "ones_like", "reshape", "searchsorted", "sort", "sqrt", "stack", "sum", "take", "take_along_axis", "where",
    "zeros", "zeros_like",
]  # fmt: skip
LINALG_FUNCTIONS = ("eigh", "norm", "qr", "svd")
TYPES = ("bool_", "float32", "float64", "int32", "int64", "uint8", "uint32", "uint64")


class Memory:
    """What the device holds: bytes in use, and how many it has (None for as many as are asked for)."""

    def __init__(self, size=None):
        self.size, self.used, self.peak = size, 0, 0

    def hold(self, array, n_bytes):
        """Count an array's bytes until it is gone, or refuse them."""
        if self.size is not None and self.used + n_bytes > self.size:
            raise OutOfMemoryError(f"Out of memory allocating {n_bytes} bytes (allocated so far: {self.used} bytes).")
        self.used += n_bytes
        self.peak = max(self.peak, self.used)
        weakref.finalize(array, self.release, n_bytes)

    def release(self, n_bytes):
        """Count so many bytes no longer."""
        self.used -= n_bytes


class Array:
    """A device array, which lets nobody but `get` see what it holds."""

    memory = Memory()  # of the device there is: `make_cupy` makes a new one

    __array_ufunc__ = None  # NumPy's operators leave their work to the methods here, which refuse it
    __hash__ = None
    __module__ = "cupy"

    def __init__(self, values):
        self._values = np.asarray(values)
        if self._values.base is None:
            Array.memory.hold(self, self._values.nbytes)

    def __array__(self, *arguments, **options):
        raise TypeError(
            "Implicit conversion to a NumPy array is not allowed. Please use `.get()` to construct a NumPy array "
            "explicitly."
        )

    def get(self):
        """Copy to the host."""
        return self._values.copy()

    def __getattr__(self, name):
        if name not in {"shape", "dtype", "ndim", "size", "nbytes", "T", "flags"} | METHODS:
            raise AttributeError(f"the stand-in's arrays have no attribute {name!r}")
        found = getattr(self._values, name)
        return wrapping(found) if callable(found) else wrapped(found)

    def __len__(self):
        return len(self._values)

    def __bool__(self):
        return bool(self._values)

    def __int__(self):
        return int(self._values)

    def __float__(self):
        return float(self._values)

    def __getitem__(self, index):
        return wrapped(self._values[unwrapped(index)])

    def __setitem__(self, index, value):
        self._values[unwrapped(index)] = unwrapped(value)


METHODS = {"astype", "sum", "max", "mean", "ravel", "reshape", "copy", "dot", "all", "any", "fill"}


def unwrapped(value):
    """Return what NumPy is to be given, refusing arrays of the host."""
    if isinstance(value, Array):
        return value._values
    if isinstance(value, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    if isinstance(value, tuple | list):
        return type(value)(map(unwrapped, value))
    return value


def wrapped(value):
    """Return an array of the device for one of the host."""
    if isinstance(value, tuple) and any(isinstance(each, np.ndarray) for each in value):
        return tuple(map(wrapped, value))
    return Array(value) if isinstance(value, np.ndarray | np.generic) else value


def wrapping(function):
    """Return a function of device arrays for one of host arrays."""

    def on_device(*arguments, **options):
        options = {name: unwrapped(value) for name, value in options.items()}
        return wrapped(function(*map(unwrapped, arguments), **options))

    return on_device


COMPARISONS = ("lt", "le", "eq", "ne", "gt", "ge")
ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor")


def _add_operators():
    """Give arrays their operators, those in place included."""
    for name in COMPARISONS + ARITHMETIC:
        plain, plain_in_place = getattr(operator, f"__{name}__"), getattr(operator, f"__i{name}__", None)

        def forward(self, other, plain=plain):
            return wrapped(plain(self._values, unwrapped(other)))

        def backward(self, other, plain=plain):
            return wrapped(plain(unwrapped(other), self._values))

        def in_place(self, other, plain=plain_in_place):
            self._values = plain(self._values, unwrapped(other))
            return self

        setattr(Array, f"__{name}__", forward)
        if name in ARITHMETIC:
            setattr(Array, f"__r{name}__", backward)
            setattr(Array, f"__i{name}__", in_place)
    for name in ("neg", "abs", "invert"):
        plain = getattr(operator, name)
        setattr(Array, f"__{name}__", lambda self, plain=plain: wrapped(plain(self._values)))


_add_operators()


class OutOfMemoryError(MemoryError):
    """CuPy's class of this name."""


class CudaSimulationError(RuntimeError):
    """A kernel was called in a way that would go wrong on a device, or hangs."""


# --- kernels -------------------------------------------------------------------------------------


def kernel_names(source):
    """Return the names of the kernels that a source defines.

    >>> kernel_names('extern "C" __global__ void add_pairs(int n) {}')
    ['add_pairs']
    """
    return re.findall(r'extern "C" __global__ void (\w+)\(', source)


def compile_shared(source):
    """Return the library of a source's kernels."""
    exports = "\n".join(f"EXPORT_KERNEL({name})" for name in kernel_names(source))
    return ctypes.CDLL(str(compile_program(f"{source}\n{exports}\n", ("-O1", "-march=native", "-shared", "-fPIC"))))


def compile_program(source, flags):
    """Compile a source behind the shim into a file of the user's folder of programs, or find it there."""
    whole, flags = f'#include "{SHIM}"\n{source}', (*FLAGS, *flags)
    key = hashlib.sha256((whole + SHIM.read_text() + repr(flags)).encode()).hexdigest()[:20]
    folder = program_folder()
    program = folder / key
    if not program.exists():
        with tempfile.TemporaryDirectory(dir=folder) as made:
            (Path(made) / "kernels.cpp").write_text(whole)
            command = ["g++", *flags, "-o", f"{made}/program", f"{made}/kernels.cpp"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise CudaSimulationError(done.stderr)
            os.replace(f"{made}/program", program)
    return program


def program_folder():
    """Return a folder below the temporary one, after making sure that nobody else can put programs there."""
    folder = Path(tempfile.gettempdir()) / f"sk_w2v-cuda-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(
            f"{folder} is not a folder that belongs to you and that only you can use, so that programs in it may be "
            "somebody else's; remove it, or set TMPDIR to another folder."
        )
    return folder


class RawModule:
    """CuPy's class of this name."""

    def __init__(self, *, code, options=()):
        self.library = compile_shared(code)

    def get_function(self, name):
        """Return a kernel."""
        return Kernel(self.library, name)


class Kernel:
    """A kernel of a library: called with a grid, a block and arguments."""

    def __init__(self, library, name):
        self.name, self.max_dynamic_shared_size_bytes = name, 48 << 10
        self._launch = getattr(library, f"launch_{name}")
        described = (ctypes.c_int * 96)()
        count = getattr(library, f"describe_{name}")(described)
        self.parameters = [
            (bool(described[3 * i]), described[3 * i + 1], chr(described[3 * i + 2])) for i in range(count)
        ]

    def __call__(self, grid, block, arguments, *, shared_mem=0):
        if len(arguments) != len(self.parameters):
            raise CudaSimulationError(f"{self.name} takes {len(self.parameters)} arguments, not {len(arguments)}.")
        if shared_mem > self.max_dynamic_shared_size_bytes:
            raise CudaSimulationError(f"{self.name} asks for {shared_mem} bytes of shared memory.")
        held = [self._held(*pair) for pair in zip(enumerate(arguments), self.parameters, strict=True)]
        Stream.note(self.name)
        pointers = (ctypes.c_void_p * len(held))(*(each.ctypes.data for each in held))
        sizes = [(ctypes.c_uint * 3)(*size, *(1,) * (3 - len(size))) for size in (grid, block)]
        code = self._launch(*sizes, ctypes.c_size_t(shared_mem), pointers)
        if code:
            reason = {1: "not all of its threads reach a barrier", 2: "its block is too large"}[code]
            raise CudaSimulationError(f"{self.name}: {reason}.")

    def _held(self, numbered, parameter):
        """Return memory that holds one argument, if it is of the parameter's type."""
        (index, value), (pointer, size, kind) = numbered, parameter
        values = value._values if isinstance(value, Array) else value
        fits = isinstance(value, Array) == pointer and isinstance(values, np.ndarray | np.generic)
        if not fits or values.itemsize != size or (values.dtype.kind == "f") != (kind == "f"):
            raise CudaSimulationError(f"{self.name}: argument {index} is {value!r:.60}, of another type than declared.")
        if pointer and not values.flags.c_contiguous:
            raise CudaSimulationError(f"{self.name}: argument {index} is not contiguous.")
        return np.array([values.ctypes.data if pointer else values])


# --- the module ----------------------------------------------------------------------------------


class Stream:
    """A queue of work; here everything is done when it is asked for, and noted in `events`.

    An event is what was asked for ("copy", "wait", or a kernel's name) and whether it was of the default queue.
    """

    events: ClassVar[list[tuple[str, bool]]] = []  # of all queues; `make_cupy` makes a new list
    entered: ClassVar[list[Stream]] = []

    def __init__(self, *, non_blocking=False):
        pass

    def __enter__(self):
        self.entered.append(self)
        return self

    def __exit__(self, *_):
        self.entered.pop()

    def synchronize(self):
        """Wait for nothing."""
        Stream.events.append(("wait", self is Stream.default))

    @classmethod
    def current(cls):
        """Return the queue that work is put into."""
        return cls.entered[-1] if cls.entered else cls.default

    @classmethod
    def note(cls, event):
        """Note that work was put into the present queue."""
        cls.events.append((event, cls.current() is cls.default))


Stream.default = Stream()


def make_cupy(*, most_bytes=None):
    """Return a module like CuPy, whose device has so many bytes of memory."""
    cupy = ModuleType("cupy")
    cupy.standin_memory = Array.memory = Memory(most_bytes)
    cupy.standin_events = Stream.events = []
    cupy.__version__ = "14.0.0"
    cupy.bytes_to_device = 0

    def asarray(values, dtype=None):
        if isinstance(values, Array):
            return values if dtype in (None, values.dtype) else values.astype(dtype)
        copied = np.array(values, dtype=dtype)
        cupy.bytes_to_device += copied.nbytes
        Stream.note("copy")
        return Array(copied)

    cupy.asarray = asarray
    cupy.asnumpy = lambda array: array.get()
    cupy.ndarray = Array
    for name in FUNCTIONS:
        setattr(cupy, name, wrapping(getattr(np, name)))
    for name in TYPES:
        setattr(cupy, name, getattr(np, name))
    cupy.linalg = SimpleNamespace(**{name: wrapping(getattr(np.linalg, name)) for name in LINALG_FUNCTIONS})
    cupy.RawModule = cache(lambda **options: RawModule(**options))
    cupy.is_available = lambda: True
    cupy.get_default_memory_pool = lambda: SimpleNamespace(free_all_blocks=lambda: None)
    runtime = SimpleNamespace(
        driverGetVersion=lambda: 12_090,
        runtimeGetVersion=lambda: 12_090,
        deviceSynchronize=lambda: None,
        getDeviceProperties=lambda _: {"name": b"no device", "multiProcessorCount": 4},
    )
    device = SimpleNamespace(attributes={"MaxSharedMemoryPerBlockOptin": 227 << 10, "MultiProcessorCount": 4})
    cupy.cuda = SimpleNamespace(
        runtime=runtime,
        Device=lambda: device,
        Stream=Stream,
        memory=SimpleNamespace(OutOfMemoryError=OutOfMemoryError),
        get_current_stream=Stream.current,
    )
    return cupy
