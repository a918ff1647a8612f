"""English text without a download: the installed documentation of NumPy, SciPy and scikit-learn."""

from collections import Counter
from functools import lru_cache
from importlib.metadata import version
from itertools import chain, takewhile
from typing import NamedTuple

import numpy as np

from .._typing import Int64Array
from ._bunch import Dataset
from ._prose import extract_prose
from ._sources import Docstring, read_docstrings

PACKAGES = {"numpy": "numpy", "scipy": "scipy", "sklearn": "scikit-learn"}  # module: distribution
# NumPy keeps the sources of its main namespace in these submodules.
MAIN_NAMESPACE = {"numpy.core": "numpy", "numpy.lib": "numpy", "numpy.matrixlib": "numpy"}
MIN_WORDS = 20
MIN_DOCUMENTS = 20


class Document(NamedTuple):
    """Prose about one object, the qualified name of the object, and the submodule it belongs to as the label."""

    label: str
    name: str
    prose: str


def load_docstrings(*, return_X_y: bool = False) -> Dataset | tuple[list[str], Int64Array]:
    """Load the documentation of NumPy, SciPy and scikit-learn as labeled English text.

    Each document is the prose of one docstring of a function, class, method or module. Formulas, code, tables,
    headings, types and references are removed, see the Notes. The label of a document is the public submodule of the
    object. The text needs no download, because this package requires all three packages. It changes with their
    versions: about 5,400 documents, 820,000 words and 45 labels for NumPy 2.4, SciPy 1.17 and scikit-learn 1.9. Reading
    it takes a few seconds, once per process.

    Parameters
    ----------
    return_X_y : bool, default=False
        If True, return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    docstrings : :class:`~sklearn.utils.Bunch`
        Dictionary-like object, with the following attributes.

        data : list of str, of length n_documents
            The documents, with one paragraph per line.
        target : ndarray of shape (n_documents,), int64
            The label of each document, as an index into ``target_names``.
        target_names : list of str
            The labels, sorted, such as ``"numpy.linalg"`` or ``"sklearn.svm"``.
        names : list of str, of length n_documents
            The qualified name of the object that each document describes.
        DESCR : str
            The source and the size of the text.
    (data, target) : tuple, if ``return_X_y`` is True
        The attributes `data` and `target`.

    Raises
    ------
    ModuleNotFoundError
        If one of the three packages is not installed as a folder of source files.

    See Also
    --------
    load_docstring_analogies, load_docstring_similarity, load_docstring_categories : Evaluation sets of its words.
    make_planted_corpus : Synthetic text with known concepts.
    sklearn.datasets.fetch_20newsgroups : Labeled text that is downloaded.

    Notes
    -----
    A text that several objects share, such as that of an inherited method, is kept once, so no document of a test set
    has a copy in the training set. Documents of fewer than 20 words are dropped, and then labels of fewer than 20
    documents. Objects of a private module belong to the public module above it (``scipy.stats._stats_py`` to
    ``scipy.stats``). Docstrings of private modules are notes for developers and are dropped. Only source files are
    read, so compiled objects, such as most of ``numpy.random``, are missing.

    The texts were written by the authors of the three packages, under the BSD 3-clause license.

    Examples
    --------
    >>> from sk_w2v.datasets import load_docstrings
    >>> docstrings = load_docstrings()
    >>> row = docstrings.names.index("sklearn.cluster.KMeans")
    >>> print(docstrings.data[row].splitlines()[0])
    K-Means clustering.
    >>> docstrings.target_names[docstrings.target[row]]
    'sklearn.cluster'
    """
    documents = _read_documents()
    target_names, target = np.unique([each.label for each in documents], return_inverse=True)
    docstrings = Dataset(
        data=[each.prose for each in documents],
        target=target.astype(np.int64),  # (n_documents,)
        target_names=target_names.tolist(),
        names=[each.name for each in documents],
        DESCR=_describe(documents),
    )
    return (docstrings.data, docstrings.target) if return_X_y else docstrings


@lru_cache(maxsize=1)
def _read_documents() -> tuple[Document, ...]:
    """Return the documents of all packages, without duplicates, short documents and rare labels."""
    documents: dict[str, Document] = {}
    for docstring in chain.from_iterable(map(read_docstrings, PACKAGES)):
        prose = extract_prose(docstring.text)
        if len(prose.split()) >= MIN_WORDS and not _is_developer_note(docstring):
            documents.setdefault(prose, _label(docstring, prose))
    n_documents = Counter(document.label for document in documents.values())
    return tuple(each for each in documents.values() if n_documents[each.label] >= MIN_DOCUMENTS)


def _is_developer_note(docstring: Docstring) -> bool:
    """Tell whether a docstring is that of a private module."""
    return docstring.qualname == "" and _public_module(docstring.module) != docstring.module


def _label(docstring: Docstring, prose: str) -> Document:
    """Return the document of one object, labeled with the first two names of its public module."""
    module = _public_module(docstring.module)
    label = ".".join(module.split(".")[:2])
    if label in MAIN_NAMESPACE:
        label = module = MAIN_NAMESPACE[label]
    return Document(label, f"{module}.{docstring.qualname}".rstrip("."), prose)


def _public_module(module: str) -> str:
    """Return the dotted name of a module up to its first private part."""
    return ".".join(takewhile(lambda part: not part.startswith("_"), module.split(".")))


def _describe(documents: tuple[Document, ...]) -> str:
    """Return a description of the source and the size of the text."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES.values())
    n_words = sum(len(document.prose.split()) for document in documents)
    return (
        f"Prose of the docstrings of {versions}: {len(documents)} documents, {n_words} words. "
        "Each document is about one function, class, method or module and is labeled by its "
        "public submodule. Written by the authors of the three packages, BSD 3-clause license."
    )
