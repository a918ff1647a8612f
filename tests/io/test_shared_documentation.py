"""Documentation that readers and writers share is inserted into their docstrings."""

from __future__ import annotations

import inspect
import re

import pytest

from sk_w2v import io
from sk_w2v.io._shared_documentation import TEXTS, with_shared_documentation

FUNCTIONS = [getattr(io, name) for name in io.__all__ if name.startswith(("read_", "write_"))]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_every_parameter_is_documented(function):
    parameters, *_ = re.split(r"(?m)^ *(?:Returns|Raises)$", function.__doc__)
    documented = re.findall(r"(?m)^ *(\w+) : ", parameters)
    assert documented == list(inspect.signature(function).parameters)
    assert not re.search(r"(?m)^ *\{\w+\}$", function.__doc__)


@pytest.mark.parametrize("indentation", ["", "    "])  # Python 3.13 removes it
def test_shared_texts_are_inserted_at_any_indentation(indentation):
    def function():
        pass

    function.__doc__ = f"Summary.\n\n{indentation}{{vectors}}\n"
    text = with_shared_documentation(function).__doc__.splitlines()[2:]
    assert text == [f"{indentation}{line}" for line in TEXTS["vectors"].splitlines()]
