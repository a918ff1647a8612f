"""What a release shows to the outside agrees with the package: links, versions, requirements, supported Pythons."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REPOSITORY = PROJECT["urls"]["Repository"]
LINKED = ["README.md", "SECURITY.md", "CODE_OF_CONDUCT.md"]  # shown outside of the repository, too


def text_of(path):
    """Return a file's text."""
    return (ROOT / path).read_text(encoding="utf-8")


def links_of(path):
    """Return the targets of a Markdown file's links and images."""
    return re.findall(r"\]\(([^)\s]+)\)", text_of(path))


@pytest.mark.parametrize("path", LINKED)
def test_links_are_absolute(path):
    assert [link for link in links_of(path) if not link.startswith(("https://", "#"))] == []


@pytest.mark.parametrize("path", LINKED)
def test_links_to_the_repository_lead_to_files_that_exist(path):
    in_tree = [link for link in links_of(path) if link.startswith(f"{REPOSITORY}/blob/main/")]
    files = [link.removeprefix(f"{REPOSITORY}/blob/main/").partition("#")[0] for link in in_tree]
    assert [file for file in files if not (ROOT / file).is_file()] == []
    assert in_tree or path != "README.md"


def test_links_to_a_heading_lead_to_one():
    for link in links_of("README.md"):
        file, _, anchor = link.removeprefix(f"{REPOSITORY}/blob/main/").partition("#")
        if anchor and link.startswith(REPOSITORY):
            headings = re.findall(r"^#+ (.+)$", text_of(file), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]


def test_every_supported_python_has_a_classifier_and_is_tested():
    named = {each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r"Python :: 3\.\d+$", each)}
    (matrix,) = re.findall(r"python: (\[.*\])", text_of(".github/workflows/ci.yml"))
    (sessions,) = re.findall(r"python=(\[.*\])", text_of("noxfile.py"))
    assert named == set(json.loads(matrix)) == set(json.loads(sessions))
    assert min(named, key=lambda each: int(each[2:])) == PROJECT["requires-python"].removeprefix(">=")


def test_the_citation_is_of_this_version_and_of_the_paper():
    citation = text_of("CITATION.cff")
    assert f"\nversion: {PROJECT['version']}\n" in citation
    assert f'repository-code: "{REPOSITORY}"' in citation
    assert "10.48550/arXiv.2502.09863" in citation


def test_the_conda_recipe_has_the_requirements_of_the_package():
    recipe = text_of("recipe/recipe.yaml")
    assert f'version: "{PROJECT["version"]}"' in recipe
    assert f'python_min: "{PROJECT["requires-python"].removeprefix(">=")}"' in recipe
    required = set(re.findall(r"^    - ([\w-]+ >=[\d.]+)$", recipe.partition("  run:")[2], re.MULTILINE))
    assert required == {dependency.replace(">=", " >=") for dependency in PROJECT["dependencies"]}
    scripts = [f"{name} = {function}" for name, function in PROJECT["scripts"].items()]
    assert re.findall(r"^      - (.+ = .+)$", recipe, re.MULTILINE) == scripts
