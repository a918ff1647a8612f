"""What is distributed is whole: a wheel is built from a source distribution, unpacked elsewhere and used from there."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GENERATED = {"__pycache__", "_build", "api", "gallery"}
USE = """
import sk_w2v
from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import make_planted_corpus

documents = make_planted_corpus(n_documents=200, random_state=0).data
for embedder in (SpectralEmbedder(3), SGNSEmbedder(3, max_iter=1)):
    assert embedder.fit_transform(documents).shape == (200, 3)
print(sk_w2v.__file__, sk_w2v.__version__)
"""


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """A folder with a source distribution, and a wheel built from it."""
    folder = tmp_path_factory.mktemp("distributions")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def wheel(distributions):
    (path,) = distributions.glob("*.whl")
    return path


def test_source_distribution_can_lint_test_and_describe_itself(distributions):
    (path,) = distributions.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    files = {"Makefile", "noxfile.py", "CHANGELOG.md", "CONTRIBUTING.md", ".ci/run", ".ci/oldest.py"}
    files |= {
        path.relative_to(ROOT).as_posix()
        for folder in ("benchmarks", "docs", "examples", "sk_w2v", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not GENERATED.intersection(path.relative_to(ROOT).parts)
    }
    assert files <= packed
    assert not [name for name in packed if "__pycache__" in name]


def test_wheel_holds_every_file_of_the_package_and_nothing_else(wheel):
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (ROOT / "sk_w2v").rglob("*")
    assert packed == {
        str(path.relative_to(ROOT)).replace(os.sep, "/")
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_is_typed_and_carries_the_license(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "sk_w2v/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_unpacked_wheel_fits_both_models(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", USE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.split()[0]).is_relative_to(tmp_path)
