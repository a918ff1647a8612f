"""The page as text: the content as JSON, our scripts, and the drawing library, all in one file."""

from __future__ import annotations

import html
import json
from functools import lru_cache
from importlib.resources import files
from string import Template
from typing import Any

# In the order in which they need each other.
SCRIPTS = (
    "decode",
    "flow",
    "recorded",
    "neighbors",
    "elements",
    "theme",
    "labels",
    "map_spec",
    "map",
    "charts",
    "clock",
    "concepts",
    "search",
    "analogies",
    "curves",
    "main",
)


def page_of(content: dict[str, Any], title: str) -> str:
    """Return the whole page."""
    return Template(_source("page.html")).substitute(
        title=html.escape(title),
        summary=_summary(content),
        style=_source("style.css"),
        data=as_json(content),
        library=library(),
        script="\n".join(_source(f"{name}.js") for name in SCRIPTS),
    )


def as_json(content: dict[str, Any]) -> str:
    """Return JSON in ASCII that cannot end the element around it, whatever the words are."""
    text = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@lru_cache(maxsize=1)
def library() -> str:
    """Return Vega's scripts, which come inside of the package vl-convert-python."""
    try:
        import vl_convert
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "The explorer needs vl-convert-python, which has Vega's scripts; install it with "
            "`pip install 'sk-w2v[explorer]'`."
        ) from error
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed=vegaEmbed;")
    return bundle.replace("</script", "<\\/script")


def _source(name: str) -> str:
    """Return a file of this folder."""
    return (files(__package__) / name).read_text(encoding="utf-8")


def _summary(content: dict[str, Any]) -> str:
    """Return what the page shows, in a line."""
    n_questions = len(content["models"][0]["questions"])
    asked = f", {n_questions:,} analogies" if n_questions else ""
    modes = " and ".join(f"{model['nModes']} concepts of {html.escape(model['name'])}" for model in content["models"])
    note = f" of {content['models'][0]['vocabularySize']:,}" if len(content["models"]) == 1 else ""
    return f"{len(content['words']):,}{note} words, {modes}{asked}."
