"""Documentation that estimators share is inserted into their docstrings."""

from __future__ import annotations

import inspect
import re

import pytest

import sk_w2v
from sk_w2v._estimators.docstrings import PARAMETERS, document_shared_parameters

ESTIMATORS = [getattr(sk_w2v, name) for name in sk_w2v.__all__ if hasattr(getattr(sk_w2v, name), "fit")]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: estimator.__name__)
def test_every_parameter_is_documented(estimator):
    parameters, *_ = re.split(r"(?m)^ *Attributes$", estimator.__doc__)
    assert re.findall(r"(?m)^ *(\w+) : ", parameters) == list(inspect.signature(estimator).parameters)


@pytest.mark.parametrize("indentation", ["", "    "])  # Python 3.13 removes it
def test_shared_texts_are_inserted_at_any_indentation(indentation):
    class Estimator:
        def __init__(self, *, window=5):
            self.window = window

    Estimator.__doc__ = f"Summary.\n\n{indentation}{{window}}\n"
    kind, text = PARAMETERS["window"]
    assert document_shared_parameters(Estimator).__doc__.splitlines()[2:] == [
        f"{indentation}window : {kind}, default=5",
        *(f"{indentation}    {line}" for line in inspect.cleandoc(text).splitlines()),
    ]
