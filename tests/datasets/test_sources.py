import gc

import pytest

from sk_w2v.datasets._sources import Docstring, read_docstrings


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make an importable package, from file names and sources."""

    def write(**sources):
        for name, source in sources.items():
            path = tmp_path / "planted" / f"{name.replace('__', '/', 1)}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        return "planted"

    return write


def test_docstrings_of_modules_classes_methods_and_functions_are_read(package):
    name = package(
        nodes='"""A module."""\nclass Node:\n    """A class."""\n'
        '    def cut(self):\n        """A method."""\n'
        'def join(a):\n    """A function."""\ndef bare(): ...\n'
    )
    assert list(read_docstrings(name)) == [
        Docstring("planted.nodes", "", "A module."),
        Docstring("planted.nodes", "Node", "A class."),
        Docstring("planted.nodes", "Node.cut", "A method."),
        Docstring("planted.nodes", "join", "A function."),
    ]


def test_files_are_read_in_sorted_order(package):
    name = package(b='"""Second."""', a='"""First."""', sub__c='"""Third."""')
    assert [each.module for each in read_docstrings(name)] == [
        "planted.a",
        "planted.b",
        "planted.sub.c",
    ]


@pytest.mark.parametrize(
    ("call", "qualname"),
    [
        ("add_newdoc('planted.core', 'dot', 'The dot product.')", "dot"),
        ("add_newdoc('planted.core', 'array', ('T', 'The dot product.'))", "array.T"),
        ("add_newdoc('dot', 'The dot product.')", "dot"),
        ("docs.add_newdoc('p.q', 'dot', 'The dot product.'.replace('x', 'y'))", "dot"),
    ],
)
def test_docstrings_of_compiled_functions_are_read(package, call, qualname):
    name = package(added=call)
    assert [each.text for each in read_docstrings(name)] == ["The dot product."]
    assert next(read_docstrings(name)).qualname.startswith(qualname)


def test_tests_and_vendored_code_are_skipped(package):
    name = package(a='"""Kept."""', tests__test_a='"""Test."""', externals__b='"""Copy."""')
    assert [each.text for each in read_docstrings(name)] == ["Kept."]


def test_sources_are_never_run(package):
    name = package(fatal='"""Read only."""\nraise RuntimeError("this module was run")\n')
    assert [each.text for each in read_docstrings(name)] == ["Read only."]


def test_invalid_escapes_in_sources_raise_no_warning(package, recwarn):
    list(read_docstrings(package(escapes='"""Text."""\npattern = "\\d"\n')))
    assert not recwarn.list


def test_garbage_collection_is_restored(package):
    name = package(a='"""Text."""')
    assert gc.isenabled()
    list(read_docstrings(name))
    assert gc.isenabled()


@pytest.mark.parametrize("missing", ["no_such_package_here", "keyword"])
def test_a_package_without_a_folder_of_sources_is_an_error(missing):
    with pytest.raises(ModuleNotFoundError, match=f"No folder of sources.*{missing}.*pip install"):
        next(read_docstrings(missing))
