"""Write the API reference: a page for each public name, and one that lists them by module."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGE = re.compile(r"`docs/([\w/]+)\.md`")
FITTED = re.compile(r"\b(\w*[a-z])_(?![\w`])")

# The public modules, in the order in which data flows through them.
MODULES = (
    "sk_w2v",
    "sk_w2v.datasets",
    "sk_w2v.io",
    "sk_w2v.corpus",
    "sk_w2v.cooccurrence",
    "sk_w2v.targets",
    "sk_w2v.factorization",
    "sk_w2v.losses",
    "sk_w2v.solvers",
    "sk_w2v.dynamics",
    "sk_w2v.pooling",
    "sk_w2v.postprocessing",
    "sk_w2v.metrics",
    "sk_w2v.scorers",
    "sk_w2v.selection",
    "sk_w2v.inspection",
    "sk_w2v.plotting",
    "sk_w2v.testing",
)


def homes() -> dict[str, str]:
    """Return the full name under which each public name is documented: a name of two modules has one page."""
    first, found = {}, {}
    for module in MODULES:
        for name in public_names(module):
            value = getattr(import_module(module), name)
            found[f"{module}.{name}"] = first.setdefault(id(value), f"{module}.{name}")
    return found


def public_names(module: str) -> list[str]:
    """Return the public names of a module, sorted without regard to case."""
    return sorted(import_module(module).__all__, key=str.lower)


def own_members(cls: type) -> list[str]:
    """Return the documented public methods and properties that the package itself defines, inherited ones included."""
    found = {}
    for base in reversed(cls.__mro__):
        if base.__module__.partition(".")[0] == "sk_w2v":
            found.update(vars(base))
    return [name for name, member in found.items() if not name.startswith("_") and is_documented(member)]


def is_documented(member: Any) -> bool:
    """Tell whether a class's member is a method or property with a docstring."""
    function = getattr(member, "__func__", getattr(member, "fget", member))
    return (callable(function) or isinstance(member, property)) and bool(getattr(function, "__doc__", None))


def first_line(module: str, name: str) -> str:
    """Return what a name is, in one line."""
    value = getattr(import_module(module), name)
    if inspect.isclass(value) or callable(value):
        return " ".join((inspect.getdoc(value) or "").split("\n\n")[0].split())
    return "Names, and what each stands for."


def page_of(module: str, name: str) -> str:
    """Return the page of one name, as reStructuredText."""
    full, value = f"{module}.{name}", getattr(import_module(module), name)
    lines = [name, "=" * len(name), "", f".. py:currentmodule:: {module}", ""]
    if inspect.isclass(value):
        lines += [f".. autoclass:: {full}"]
        if members := own_members(value):
            lines += [f"   :members: {', '.join(members)}"]
    elif callable(value):
        lines += [f".. autofunction:: {full}"]
    else:
        lines += [f".. py:data:: {full}", "", f"   {shown(value)}"]
    return "\n".join([*lines, ""])


def shown(value: Any) -> str:
    """Return what a constant holds: the names of its entries."""
    return "Entries: " + ", ".join(f'``"{entry}"``' for entry in value) + "."


def index_of(modules: tuple[str, ...]) -> str:
    """Return the page that lists all names by module."""
    full_names = homes()
    lines = ["API reference", "=============", "", "Every public name, in the order in which data flows.", ""]
    for module in modules:
        heading = module
        lines += [heading, "-" * len(heading), "", summary(module), "", ".. list-table::", "   :class: names", ""]
        for name in public_names(module):
            lines += [f"   * - :py:obj:`~{full_names[f'{module}.{name}']}`", f"     - {first_line(module, name)}"]
        lines += [""]
    lines += [".. toctree::", "   :hidden:", ""]
    lines += [f"   {name.rpartition('.')[2]} <{name}>" for name in dict.fromkeys(full_names.values())]
    return "\n".join([*lines, ""])


def summary(module: str) -> str:
    """Return the first sentence of a module's docstring."""
    return (inspect.getdoc(import_module(module)) or "").split("\n\n")[0]


def write(app: Sphinx) -> None:
    """Write all pages; a page that has not changed keeps its time, so that Sphinx does not read it again."""
    folder = Path(app.srcdir, "api")
    folder.mkdir(exist_ok=True)
    pages = {name: page_of(*name.rpartition(".")[::2]) for name in homes().values()}
    pages["index"] = index_of(MODULES)
    for old in folder.glob("*.rst"):
        if old.stem not in pages:
            old.unlink()
    for name, text in pages.items():
        path = folder / f"{name}.rst"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def as_markup(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Make markup of what docstrings write plainly: names that end in an underscore, and files of the documentation."""
    for number, line in enumerate(lines):
        line = PAGE.sub(r":doc:`/\1`", line)
        parts = re.split(r"(``.*?``|`.*?`)", line)  # code stays as it is
        lines[number] = "".join(part if part.startswith("`") else FITTED.sub(r"\1\\_", part) for part in parts)


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the pages before Sphinx looks for its sources."""
    app.connect("builder-inited", write)
    app.connect("autodoc-process-docstring", as_markup, priority=900)  # after numpydoc
    return {"parallel_read_safe": True, "parallel_write_safe": True}
