"""numpydoc's validation of every public name and of the methods that the package gives to public classes."""

import inspect
import re
import sys
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest
from numpydoc.validate import validate

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "_ext"))

from api_pages import homes, own_members  # noqa: E402 - the folder has to be on the path first

# Checks that are left out, with the reason.
LEFT_OUT = {
    "ES01": "A sentence that says everything needs no second one.",
    "PR07": "A type such as `fitted embedder` can say everything about a parameter.",
    "RT03": "So can the type of what is returned, under a summary that begins with `Return`.",
}
# The same for methods alone.
LEFT_OUT_OF_METHODS = {
    "EX01": "The example of the class shows its methods.",
    "SA01": "The class says what to see also.",
}
# And for functions whose summary begins with "Return".
LEFT_OUT_OF_RETURNING = {"RT01": "The summary says what is returned."}
# And for dataclasses alone.
LEFT_OUT_OF_DATACLASSES = {"PR01": "The attributes are the parameters, and are documented as such."}


def exceptions():
    """Return the codes of each name that the file of exceptions lists."""
    listed = defaultdict(set)
    for line in (HERE / "docstring_exceptions.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, *names = line.split()
            for name in names:
                listed[name].add(code)
    return listed


def documented():
    """Return each public function and class, and each of its methods."""
    names = []
    for full in dict.fromkeys(homes().values()):
        module, _, name = full.rpartition(".")
        value = getattr(import_module(module), name)
        if inspect.isclass(value):
            names += [full, *(f"{full}.{member}" for member in own_members(value))]
        elif inspect.isfunction(value):
            names.append(full)
    return names


def errors_of(name):
    """Return the codes of what is wrong with a docstring, but for checks that are left out."""
    found = validate(name)
    codes = {code for code, _ in found["errors"]} - set(LEFT_OUT)
    if name.split(".")[-2][:1].isupper():  # a method
        codes -= set(LEFT_OUT_OF_METHODS)
    if re.search(r"^\s*Return ", found["docstring"]):
        codes -= set(LEFT_OUT_OF_RETURNING)
    if re.search(r"^ *Attributes$", found["docstring"], re.MULTILINE):
        codes -= set(LEFT_OUT_OF_DATACLASSES)
    return codes


@pytest.mark.parametrize("name", documented())
def test_a_docstring_is_valid_or_listed_as_an_exception(name):
    assert errors_of(name) <= exceptions()[name], dict(validate(name)["errors"])
