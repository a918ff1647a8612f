"""The oldest versions that pyproject.toml allows are those that the oldest environment installs."""

import os
import runpy
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture
def oldest(capsys):
    """The oldest version of each package, as the oldest environment is told."""
    runpy.run_path(str(ROOT / ".ci" / "oldest.py"), run_name="__main__")
    return dict(line.split("==") for line in capsys.readouterr().out.splitlines())


def test_every_requirement_is_tried_at_its_floor(oldest):
    extras = PROJECT["optional-dependencies"]
    needed = [each for name in ("explorer", "plot", "progress", "safetensors", "test") for each in extras[name]]
    for requirement in PROJECT["dependencies"] + needed:
        name, _, floor = requirement.partition(">=")
        assert name.startswith("sk-w2v[") or oldest[name] == floor, requirement


def test_extras_of_the_tests_are_tried_too():
    assert "sk-w2v[explorer,plot,progress,safetensors]" in PROJECT["optional-dependencies"]["test"]


@pytest.mark.skipif("SK_W2V_OLDEST" not in os.environ, reason="this is not the oldest environment")
def test_the_oldest_environment_has_the_floors(oldest):
    assert {name: Version(version(name)) for name in oldest} == {name: Version(floor) for name, floor in oldest.items()}
