"""Keys of the values that `memory=` caches: digests of documents, files, parameters and the code of callables.

`joblib.hash` identifies functions and classes by name, so it does not notice changes of their code.
"""

from __future__ import annotations

import dis
import hashlib
import os
import re
import site
import stat
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from importlib.metadata import version
from itertools import chain
from pickle import _Pickler  # the base of joblib's
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
from joblib.hashing import NumpyHasher

from ..cooccurrence import Cooccurrence
from ..corpus import NumberedDocuments
from ..io import FileDocuments, LineDocuments
from .inputs import check_documents

_CachedFunction = type(lru_cache(len))
_PLAIN = (bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset, type(None), re.Pattern)
_NOT_CODE = {"__dict__", "__weakref__", "__doc__", "__annotations__", "__firstlineno__", "__abstractmethods__"}


def documents_key(X: Any) -> str:
    """Return a digest of documents: of the identity of files, of the content of others."""
    if isinstance(X, Cooccurrence):
        counts = X.counts.tocsr()
        arrays = (counts.indptr, counts.indices, counts.data, X.vocabulary.counts)
        return value_key((*arrays, X.unit, X.vocabulary.words.tolist()), name="X")
    if isinstance(X, NumberedDocuments):
        return value_key((X.corpus.ids, X.corpus.offsets, X.words), name="X")
    if type(X) is LineDocuments:
        return value_key(("lines", X.encoding, X.decode_error, _file_identity(X.path)), name="X")
    if type(X) is FileDocuments:
        return value_key(("files", X.encoding, X.decode_error, [_file_identity(path) for path in X.paths]), name="X")
    return _content_key(check_documents(X))


def parameters_key(parameters: Mapping[str, Any]) -> str:
    """Return a digest of parameters; that of a callable changes with its code."""
    digests = [f"{name}={value_key(value, name=name)}" for name, value in sorted(parameters.items())]
    digests.append(version("sk-w2v"))  # results may change between versions
    return value_key(digests, name="parameters")


def value_key(value: Any, *, name: str) -> str:
    """Return a digest of one value, or raise an error if it cannot be pickled."""
    try:
        digest: str = _CodeHasher().hash(value)
    except Exception as error:  # pickling runs code of the value's class
        raise TypeError(
            f"memory= cannot recognize {name}={value!r:.60} later ({type(error).__name__}: {error!s:.80}); "
            "give a picklable value, such as a function without open files or locks, or set memory=None."
        ) from None
    return digest


def _file_identity(path: str | os.PathLike[str]) -> tuple[str, int, int, int, int]:
    """Return a file's path, inode, size (bytes) and times of change (ns), which identify its version."""
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(
            f"memory= cannot recognize {os.fspath(path)!r}, which is not a regular file; read its documents into a "
            "list, or set memory=None."
        )
    return os.path.realpath(path), status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _content_key(documents: Iterable[Any]) -> str:
    """Return a digest of the content of documents; objects of a wrong type raise an error later, in counting."""
    digest = hashlib.sha256()
    for document in documents:
        parts = [document] if isinstance(document, str | bytes) else _tokens(document)
        encoded = [each if isinstance(each, bytes) else each.encode("utf-8", "surrogatepass") for each in parts]
        lengths = np.array([len(each) for each in encoded], dtype=np.int64)
        digest.update(f"{_kind(document)} {len(encoded)} ".encode())
        digest.update(lengths.tobytes())
        digest.update(b"".join(encoded))
    return digest.hexdigest()


def _kind(document: Any) -> str:
    """Return the kind of a document: subclasses of str, such as NumPy's, count as str."""
    return "str" if isinstance(document, str) else "bytes" if isinstance(document, bytes) else "tokens"


def _tokens(document: Any) -> list[str]:
    """Return the tokens of a document; for an object of a wrong type, its type and representation."""
    if isinstance(document, Iterable):
        return [each if isinstance(each, str) else f"{type(each).__name__} {each!r:.80}" for each in document]
    return [f"{type(document).__name__} {document!r:.80}"]


class _Function:
    """Placeholder of a function in the hashed stream."""


class _Class:
    """Placeholder of a class in the hashed stream."""


class _CodeHasher(NumpyHasher):
    """Hash values as `joblib.hash` does, but functions and users' classes by code and the globals it reads."""

    def save(self, obj: Any) -> None:
        """Write one value to the hashed stream."""
        if id(obj) in self.memo:
            super().save(obj)
        elif isinstance(obj, FunctionType):
            self.save_reduce(_Function, (), _function_state(obj), obj=obj)  # the state may contain obj
        elif isinstance(obj, type) and not _in_library(obj.__module__):
            self.save_reduce(_Class, (), _class_state(obj), obj=obj)
        elif isinstance(obj, MethodType):
            self.save((obj.__func__, obj.__self__))
        elif isinstance(obj, _CachedFunction):
            self.save(obj.__wrapped__)
        elif isinstance(obj, ModuleType):
            self.save((obj.__name__, str(getattr(obj, "__version__", ""))))
        else:
            super().save(obj)

    def _batch_setitems(self, items: Any, *args: Any) -> None:
        """Write a dict's items in sorted order; joblib's method hides a TypeError raised while a value is written."""
        _Pickler._batch_setitems(self, iter(_sorted_items(items)), *args)  # type: ignore[attr-defined]  # not in its stub


def _sorted_items(items: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return a dict's items in an order that does not depend on the order of insertion."""
    pairs = list(items)
    try:
        return sorted(pairs, key=lambda pair: pair[0])
    except TypeError:  # keys of several types
        return sorted(pairs, key=lambda pair: f"{type(pair[0]).__name__} {pair[0]!r}")


def _function_state(function: FunctionType) -> dict[str, Any]:
    """Return all that a function's results depend on; for a library's function, its version instead of globals."""
    state = {
        "code": _code_text(function.__code__),
        "defaults": (function.__defaults__, function.__kwdefaults__),
        "closure": [_cell_value(cell) for cell in function.__closure__ or ()],
        "attributes": {name: value for name, value in vars(function).items() if name != "__wrapped__"},
    }
    if _in_library(function.__module__):
        return state | {"library": f"{function.__module__}.{function.__qualname__} {_version(function.__module__)}"}
    names = sorted(set(_global_names(function.__code__)) & function.__globals__.keys())
    return state | {"globals": {name: function.__globals__[name] for name in names}}


def _cell_value(cell: Any) -> Any:
    """Return the value of a closure's variable, or "empty" if it is not set yet."""
    try:
        return cell.cell_contents
    except ValueError:
        return "empty"


def _class_state(cls: type) -> dict[str, Any]:
    """Return the bases, functions and plain values of a class."""
    members = {name: _unwrapped(value) for name, value in vars(cls).items() if name not in _NOT_CODE}
    kept = {
        name: value
        for name, value in members.items()
        if isinstance(value, (FunctionType, type, *_PLAIN)) and not name.startswith(("__dataclass", "_abc_"))
    }
    return {"name": f"{cls.__module__}.{cls.__qualname__}", "bases": cls.__bases__, "members": kept}


def _unwrapped(member: Any) -> Any:
    """Return the functions of static methods, class methods and properties; other members are unchanged."""
    if isinstance(member, staticmethod | classmethod):
        return member.__func__
    if isinstance(member, property):
        return (member.fget, member.fset, member.fdel)
    return member.func if isinstance(member, cached_property) else member


def _code_text(code: CodeType) -> str:
    """Return a code object as text, without its location in a file."""
    constants = [_constant_text(each) for each in code.co_consts]
    shape = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return repr((code.co_code, code.co_exceptiontable, shape, names, constants))


def _constant_text(constant: Any) -> str:
    """Return a constant of a code object as text; sets are sorted."""
    if isinstance(constant, CodeType):
        return _code_text(constant)
    if isinstance(constant, tuple | frozenset):
        parts = [_constant_text(each) for each in constant]
        return f"{type(constant).__name__}{sorted(parts) if isinstance(constant, frozenset) else parts}"
    return repr(constant)


def _global_names(code: CodeType) -> Iterator[str]:
    """Yield the names of globals that a function and its nested functions read."""
    reads = (each.argval for each in dis.get_instructions(code) if each.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    return chain(reads, *(_global_names(each) for each in code.co_consts if isinstance(each, CodeType)))


def _in_library(module: str | None) -> bool:
    """Return whether a module belongs to Python or an installed package, not to user code."""
    if module is None or module == "__main__" or module not in sys.modules:
        return False
    if module.partition(".")[0] == __name__.partition(".")[0]:
        return True
    file = getattr(sys.modules[module], "__file__", None)
    if file is None:
        return module.partition(".")[0] in sys.stdlib_module_names
    return os.path.realpath(file).startswith(_library_folders())


def _library_folders() -> tuple[str, ...]:
    """Return the folders of Python and of installed packages."""
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return tuple(os.path.join(os.path.realpath(path), "") for path in [*paths, site.getusersitepackages()] if path)


def _version(module: str) -> str:
    """Return the version of the package that a module belongs to, or an empty string."""
    return str(getattr(sys.modules[module.partition(".")[0]], "__version__", ""))
