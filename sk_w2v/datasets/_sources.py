"""Docstrings of an installed package, from its source files and without importing it."""

import ast
import gc
import importlib.util
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

# Tests, vendored copies and build tools, which are not about the subject of the package.
SKIPPED_NAMES = frozenset(
    {"tests", "conftest.py", "externals", "_lib", "distutils", "f2py"}
    | {"_build_utils", "_examples", "_precompute", "_pyinstaller", "__check_build"}
)


class Docstring(NamedTuple):
    """A docstring and its object: module, name within the module ("" is the module itself), text."""

    module: str
    qualname: str
    text: str


def read_docstrings(package: str) -> Iterator[Docstring]:
    """Yield the docstrings of an installed package, in the order of its sorted files.

    The sources are parsed and never executed, so nothing is imported, and the text is the same for every installation
    of a release. Calls of ``add_newdoc`` are read, too: they contain the documentation of functions written in C.

    Parameters
    ----------
    package : str
        Name of an importable top-level package.

    Yields
    ------
    docstring : Docstring
        Tuple ``(module, qualname, text)``; the indentation of the text is unchanged.

    Raises
    ------
    ModuleNotFoundError
        If the package is not installed as a folder of source files.

    Examples
    --------
    >>> next(read_docstrings("joblib")).module
    'joblib'
    """
    root = _package_folder(package)
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if SKIPPED_NAMES.isdisjoint(parts):
            yield from _module_docstrings(path, _module_name(package, parts))


def _package_folder(package: str) -> Path:
    """Return the folder of the sources of a package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            f"No folder of sources found for package {package!r}; install it with `pip install {package}`."
        )
    return Path(spec.submodule_search_locations[0])


def _module_name(package: str, parts: tuple[str, ...]) -> str:
    """Return the dotted name of the module of a file in the folder of a package."""
    *folders, file = parts
    stem = file.removesuffix(".py")
    return ".".join([package, *folders] + [stem] * (stem != "__init__"))


def _module_docstrings(path: Path, module: str) -> list[Docstring]:
    """Return the docstrings of one source file."""
    with _paused_garbage_collection():
        return [Docstring(module, name, text) for name, text in _documented(_parse(path), "")]


@contextmanager
def _paused_garbage_collection() -> Iterator[None]:
    """Pause the search for reference cycles: syntax trees have none, and the search doubles the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _parse(path: Path) -> ast.Module:
    """Return the syntax tree of a source file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about invalid escapes in strings of the package
        return ast.parse(path.read_bytes())


def _documented(node: ast.Module | ast.ClassDef | ast.FunctionDef, name: str) -> Iterator[tuple[str, str]]:
    """Yield (qualified name, docstring) of a module, class or function and of its members."""
    text = ast.get_docstring(node, clean=False)
    if text is not None:
        yield name, text
    if isinstance(node, ast.FunctionDef):
        return
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from _documented(child, f"{name}.{child.name}".lstrip("."))
        elif isinstance(child, ast.Expr) and isinstance(child.value, ast.Call):
            yield from _added(child.value)


def _added(call: ast.Call) -> Iterator[tuple[str, str]]:
    """Yield the (qualified name, docstring) that an ``add_newdoc`` call adds to a C function."""
    if "add_newdoc" in ast.unparse(call.func):
        # (place, name, text), (place, name, (attribute, text)) or (name, text)
        strings = [string for argument in call.args for string in _strings(argument)]
        text = max(strings, key=len, default="")
        yield ".".join(filter(str.isidentifier, strings)), text


def _strings(node: ast.expr) -> list[str]:
    """Return the string literals below a node, in order."""
    constants = (child for child in ast.walk(node) if isinstance(child, ast.Constant))
    return [constant.value for constant in constants if isinstance(constant.value, str)]
