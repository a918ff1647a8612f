"""What NVIDIA's own compilers make of the kernels, where they are installed: neither needs a GPU."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.util import find_spec

import cupy_standin
import pytest

from sk_w2v._backends.cuda.device import Kernels

ARCHITECTURES = [75, 80, 86, 89, 90, 100, 120]
# Of 65,536 on a multiprocessor, in a file's hungriest kernel. Training needs 2 warps on each of a large card's (256 at
# once); there are 16 at 128 and 8 at 240.
MOST_REGISTERS = {Kernels("counting"): 32, Kernels("draws"): 32, Kernels("least_squares"): 128, Kernels("products"): 40}
MOST_REGISTERS |= {
    Kernels("sgns", (("PARTS_IN_REGISTERS", n_parts),)): most
    for n_parts, most in {0: 128, 1: 128, 3: 152, 8: 240}.items()
}

every_file = pytest.mark.parametrize(
    "kernels", MOST_REGISTERS, ids=[f"{each.name}{''.join(f'-{n}' for _, n in each.macros)}" for each in MOST_REGISTERS]
)


@pytest.fixture(scope="module")
def real_cupy():
    """CuPy itself, with NVRTC; no device is asked for."""
    if find_spec("cupy") is None:
        pytest.skip("CuPy is not installed")
    import cupy

    try:
        cupy.cuda.nvrtc.getVersion()
    except (ImportError, RuntimeError) as error:
        pytest.skip(f"NVRTC does not load: {error}")
    return cupy


@every_file
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_nvrtc_compiles_the_kernels(real_cupy, kernels, architecture):
    nvrtc = real_cupy.cuda.nvrtc
    program = nvrtc.createProgram(kernels.source(), f"{kernels.name}.cu", (), ())
    nvrtc.compileProgram(program, (f"--gpu-architecture=sm_{architecture}", "-std=c++17"))
    assert len(nvrtc.getCUBIN(program)) > 1000


def test_cupy_has_what_the_stand_in_has(real_cupy):
    for name in (*cupy_standin.FUNCTIONS, *cupy_standin.TYPES, "RawModule", "asarray", "asnumpy", "is_available"):
        assert hasattr(real_cupy, name), name
    for name in cupy_standin.LINALG_FUNCTIONS:
        assert hasattr(real_cupy.linalg, name), name
    for name in cupy_standin.METHODS:
        assert hasattr(real_cupy.ndarray, name), name
    for name in ("Device", "Stream", "get_current_stream"):
        assert hasattr(real_cupy.cuda, name), name
    assert issubclass(real_cupy.cuda.memory.OutOfMemoryError, MemoryError)


def test_without_a_device_cupy_says_so(real_cupy):
    if real_cupy.is_available():
        pytest.skip("there is a device")
    from sk_w2v._backends import get_backend

    with pytest.raises(RuntimeError, match=r'backend="cuda" finds no GPU: .*or use backend="cpu"'):
        get_backend("cuda")


@every_file
@pytest.mark.parametrize("architecture", [80, 90])
def test_kernels_spill_nothing_and_leave_registers_for_enough_warps(kernels, architecture, tmp_path):
    if shutil.which("nvcc") is None:
        pytest.skip("nvcc is not installed")
    source = tmp_path / f"{kernels.name}.cu"
    source.write_text(kernels.source())
    command = ["nvcc", "-cubin", f"-arch=sm_{architecture}", "-std=c++17", "--resource-usage", "-o", "out.cubin"]
    done = subprocess.run([*command, str(source)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    usage = done.stdout + done.stderr
    compiled = re.findall(r"Compiling entry function '(\w+)'", usage)
    assert sorted(compiled) == sorted(cupy_standin.kernel_names(kernels.source()))
    assert set(re.findall(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes", usage)) == {
        ("0", "0", "0")
    }
    assert max(map(int, re.findall(r"Used (\d+) registers", usage))) <= MOST_REGISTERS[kernels]
