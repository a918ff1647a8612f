"""Formulas as MathML, which browsers set themselves: no script and no font has to be loaded."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

NAMED_BEFORE_NO_BRACKET = re.compile(r"(<mi>(?:log|exp|cosh|tanh)</mi>)(?!<mo[^>]*>\()")


def mathml_of(formula: str, **options: str) -> str:
    """Return a formula as MathML, with a thin space between the name of a function and what it is applied to."""
    return NAMED_BEFORE_NO_BRACKET.sub(r'\1<mspace width="0.17em"/>', convert(formula, **options))


def visit_inline(writer: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    writer.body.append(mathml_of(node.astext()))
    raise nodes.SkipNode


def visit_block(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, which scrolls if the screen is narrower."""
    writer.body.append(f'<div class="math-block">{mathml_of(node.astext(), display="block")}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the two visitors as Sphinx's renderer of mathematics."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
