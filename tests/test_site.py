"""The documentation site: it has a page for each public name, and estimators link to theirs."""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import sk_w2v
from sk_w2v._estimators.site import SITE

DOCS = Path(__file__).parents[1] / "docs"
ESTIMATORS = ("SpectralEmbedder", "ALSEmbedder", "SGNSEmbedder", "PhraseJoiner", "CommonComponentRemover")


@pytest.fixture(scope="module")
def api_pages():
    """The module that writes the API reference."""
    sys.path.insert(0, str(DOCS / "_ext"))
    yield import_module("api_pages")
    sys.path.pop(0)


def public_modules():
    """Return the package and its modules whose names do not begin with an underscore."""
    return {"sk_w2v"} | {f"sk_w2v.{each.name}" for each in iter_modules(sk_w2v.__path__) if each.name[0] != "_"}


def test_every_public_module_is_in_the_reference(api_pages):
    assert set(api_pages.MODULES) == public_modules()


@pytest.mark.parametrize("module", sorted(public_modules()))
def test_every_public_name_has_a_page_and_a_row(api_pages, module):
    homes, index = api_pages.homes(), api_pages.index_of((module,))
    for name in import_module(module).__all__:
        page = homes[f"{module}.{name}"]
        assert page in api_pages.page_of(*page.rpartition(".")[::2])
        assert f"`~{page}`" in index


def test_a_name_of_two_modules_has_one_page(api_pages):
    assert api_pages.homes()["sk_w2v.corpus.Vocabulary"] == "sk_w2v.Vocabulary"


def test_a_page_of_a_class_shows_inherited_methods_but_not_those_of_scikit_learn(api_pages):
    members = api_pages.own_members(sk_w2v.SGNSEmbedder)
    assert {"fit", "partial_fit", "transform", "most_similar"} <= set(members)
    assert {"get_params", "set_output", "get_metadata_routing"}.isdisjoint(members)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_an_estimator_s_html_links_to_its_page(api_pages, name):
    link = f"{SITE}api/{api_pages.homes()[f'sk_w2v.{name}']}.html"
    assert link in getattr(sk_w2v, name)()._repr_html_()


def test_each_page_is_in_a_table_of_contents():
    listed = {
        (page.parent / line.strip()).relative_to(DOCS).as_posix()
        for page in DOCS.rglob("*.md")
        for block in page.read_text(encoding="utf-8").split("```{toctree}")[1:]
        for line in block.partition("```")[0].splitlines()
        if line.strip() and not line.startswith(":")
    }
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    assert pages - listed == {"index"}
