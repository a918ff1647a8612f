"""The layout of the package: who may import whom, and what an import costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path

import pytest

import sk_w2v

ROOT = Path(sk_w2v.__file__).parent

# From the bottom up. A module imports modules of the layers below its own, never of its own or above.
LAYERS = [
    {"_typing", "_tables"},
    # Arrays in, arrays out: they know of no documents and words; `_compat` knows scikit-learn alone.
    {"_array_api", "_choices", "_compat", "_numbers", "_progress"},
    {"losses"},
    {"_backends"},
    {"corpus"},
    {"cooccurrence"},
    {"targets"},
    {"factorization", "dynamics", "pooling", "postprocessing"},
    {"solvers"},  # they descend what the stages count
    {"metrics"},
    {"_estimators"},
    {"inspection"},
    {"scorers", "plotting", "selection", "testing"},
    {"_cli"},
    {"__main__"},
]
# Any layer may use these, and they need no layer: they import the names of array types and tables of text alone.
BESIDE = {"datasets", "io"}

STAGES = {"corpus", "cooccurrence", "targets", "factorization", "dynamics", "pooling", "postprocessing"}
# No stage itself: it runs others, perhaps elsewhere.
NO_STAGE = {"_shards.py"}

HEAVY = {"cupy", "matplotlib", "numba", "pandas", "rich", "scipy", "sklearn"}


def layer_of(module: str) -> int:
    """Return a module's place in `LAYERS`, from the bottom."""
    return next((level for level, layer in enumerate(LAYERS) if module in layer), len(LAYERS))


def top_level_modules() -> set[str]:
    """Return the modules and packages right below the package."""
    files = {path.stem for path in ROOT.glob("*.py")} - {"__init__"}
    return files | {path.parent.name for path in ROOT.glob("*/__init__.py")}


def files_of(module: str) -> list[Path]:
    """Return the source files of a top-level module or package."""
    return [ROOT / f"{module}.py"] if (ROOT / f"{module}.py").exists() else sorted((ROOT / module).rglob("*.py"))


def imports_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (dotted name below the package, name imported from it) for each import of the package's own."""
    place = [ROOT.name, *path.relative_to(ROOT).parts[:-1]]  # the package that relative imports start from
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[2], "") for alias in node.names if names_package(alias.name))
        elif isinstance(node, ast.ImportFrom):
            start = place[: len(place) + 1 - node.level] if node.level else []
            dotted = ".".join([*start, *([node.module] if node.module else [])])
            if names_package(dotted):
                yield from ((dotted.partition(".")[2], alias.name) for alias in node.names)


def names_package(dotted: str) -> bool:
    """Tell whether a dotted name is the package or in it."""
    return dotted.partition(".")[0] == ROOT.name


def imported_modules(module: str) -> set[str]:
    """Return the other top-level modules that a module's files import."""
    found = {(dotted or name).partition(".")[0] for path in files_of(module) for dotted, name in imports_of(path)}
    return found - {module}


def test_every_module_has_a_place():
    # A new module belongs into `LAYERS` or, if it needs nothing of the others, into `BESIDE`.
    assert top_level_modules() - set().union(*LAYERS) - BESIDE == set()


@pytest.mark.parametrize("module", sorted(set().union(*LAYERS)))
def test_imports_point_down(module):
    not_below = {other for other in imported_modules(module) - BESIDE if layer_of(other) >= layer_of(module)}
    assert not_below == set()


@pytest.mark.parametrize("module", sorted(BESIDE))
def test_what_any_layer_may_use_imports_array_types_and_tables_alone(module):
    assert imported_modules(module) <= {"_typing", "_tables"}


@pytest.mark.parametrize("module", sorted(STAGES))
def test_a_stage_imports_from_other_stages_frozen_dataclasses_alone(module):
    for path in files_of(module):
        if path.name in NO_STAGE:
            continue
        for dotted, name in imports_of(path):
            if dotted.partition(".")[0] in STAGES - {module}:
                imported = getattr(import_module(f"{ROOT.name}.{dotted}"), name)
                assert is_dataclass(imported), f"{path.name} imports {name} from {dotted}"
                assert imported.__dataclass_params__.frozen, f"{name} is not frozen"


def test_backends_do_not_know_each_other():
    for backend, others in {"reference": {"cpu", "cuda"}, "cpu": {"cuda", "reference"}, "cuda": {"reference"}}.items():
        for path in (ROOT / "_backends" / backend).rglob("*.py"):
            for dotted, name in imports_of(path):
                assert not ({*dotted.split("."), name} & others), f"{path} imports {name} from {dotted}"


@pytest.mark.parametrize("statement", ["import sk_w2v", "import sk_w2v; dir(sk_w2v); sk_w2v.__version__"])
def test_importing_the_package_imports_no_other(statement):
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert ROOT.name in loaded
    assert HEAVY.intersection(loaded) == set()


def test_the_estimators_load_no_plotting():
    code = "import sys, sk_w2v; sk_w2v.SGNSEmbedder, sk_w2v.SpectralEmbedder; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert {"cupy", "matplotlib"}.intersection(loaded) == set()  # scikit-learn itself loads pandas and rich


@pytest.mark.parametrize(
    "package",
    [
        "sk_w2v",
        "sk_w2v.cooccurrence",
        "sk_w2v.corpus",
        "sk_w2v.datasets",
        "sk_w2v.dynamics",
        "sk_w2v.factorization",
        "sk_w2v.inspection",
        "sk_w2v.io",
        "sk_w2v.solvers",
        "sk_w2v.targets",
        "sk_w2v.testing",
        "sk_w2v._backends.cpu",
    ],
)
def test_every_public_name_is_there(package):
    module = import_module(package)
    assert len(set(module.__all__)) == len(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None
    assert set(module.__all__) <= set(dir(module))


def test_a_public_class_says_where_it_lives():
    for name in sk_w2v.__all__:
        public = getattr(sk_w2v, name)
        assert public.__name__ == name
        assert public is getattr(import_module(public.__module__), name)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'sk_w2v' has no attribute 'Word2Vec'"):
        sk_w2v.Word2Vec  # noqa: B018 - the access is what is tested
