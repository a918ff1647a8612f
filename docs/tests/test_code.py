"""The code of the pages runs: sessions give the output they show, and each cell of a table of code is evaluated."""

import ast
import builtins
import doctest
import gzip
import inspect
import re
from importlib import import_module
from pathlib import Path

import joblib
import matplotlib as mpl
import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import sk_w2v
import sk_w2v.cooccurrence
import sk_w2v.datasets
import sk_w2v.metrics

DOCS = Path(__file__).parents[1]
mpl.use("Agg")
SESSIONS = [path for path in sorted(DOCS.rglob("*.md")) if "```pycon" in path.read_text(encoding="utf-8")]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

# Pages whose tables have code in the last column, which may name these modules' names and these classes' parameters.
TABLES = [DOCS / "from_gensim.md", DOCS / "cheat_sheet.md"]
CELL = re.compile(r"`([^`]+)`")
MODULES = [sk_w2v] + [
    import_module(f"sk_w2v.{name}") for name in ("datasets", "inspection", "io", "metrics", "plotting", "scorers")
]
PARAMETERS = {
    parameter
    for name in ("SGNSEmbedder", "PhraseJoiner", "PretrainedEmbedder")
    for parameter in inspect.signature(getattr(sk_w2v, name)).parameters
}


NUMBER = re.compile(r"\d+\.\d+|\b\d{3,}\b")


class Checker(doctest.OutputChecker):
    """Compares fractions and large numbers roughly, since the text of the docstrings differs between versions."""

    def check_output(self, want, got, optionflags):
        numbers = [[float(number) for number in NUMBER.findall(text)] for text in (want, got)]
        texts = [NUMBER.sub("0.0", text) for text in (want, got)]
        near = len(numbers[0]) == len(numbers[1]) and np.allclose(*numbers, rtol=0.1, atol=0.03)
        return super().check_output(want, got, optionflags) or (near and super().check_output(*texts, optionflags))


@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: page.stem)
def test_a_session_gives_the_output_it_shows(page):
    text = "\n".join(re.findall(r"^```pycon\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE))
    session = doctest.DocTestParser().get_doctest(text, {}, page.stem, str(page), 0)
    failures = []
    doctest.DocTestRunner(Checker(), verbose=False, optionflags=FLAGS).run(session, out=failures.append)
    assert not failures, "".join(failures)


def snippets():
    """Return the page and each snippet of code in the last column of its tables."""
    found = []
    for page in TABLES:
        for line in page.read_text(encoding="utf-8").splitlines():
            last = line.strip("| ").rpartition(" | ")[2] if line.startswith("| ") else ""
            found += [pytest.param(page.stem, code, id=f"{page.stem}: {code}") for code in CELL.findall(last)]
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Make a folder with the files that tables name."""
    folder = tmp_path_factory.mktemp("files")
    with gzip.open(folder / "corpus.txt.gz", "wt", encoding="utf-8") as corpus:
        corpus.write("tea cup tea pot\npen ink pen paper\n" * 5)
    (folder / "questions-words.txt").write_text(": plural\narray arrays matrix matrices\n", encoding="utf-8")
    (folder / "wordsim353.tsv").write_text("matrix\tarray\t8\nmatrix\tmean\t2\nmean\tarray\t1\n", encoding="utf-8")
    (folder / "glove.txt").write_text("tea 1 0\ncup 0 1\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def names(files):
    """Return what the tables speak of: the public names, models of a small text, and questions."""
    documents = sk_w2v.datasets.load_docstrings().data
    trained = sk_w2v.SGNSEmbedder(20, min_count=2, random_state=0).fit(documents)
    closed = sk_w2v.SpectralEmbedder(60, min_count=2).fit(documents)
    counts = closed.count_cooccurrences(documents)
    return {
        **vars(builtins),
        **{name: getattr(module, name) for module in MODULES for name in module.__all__},
        "CountVectorizer": CountVectorizer,
        "GridSearchCV": GridSearchCV,
        "joblib": joblib,
        "make_pipeline": make_pipeline,
        "metrics": sk_w2v.metrics,
        "X": documents,
        "X_test": documents[:50],
        "documents": documents,
        "more": documents,
        "paths": [files / "glove.txt"],
        "from_gensim": trained,
        "cheat_sheet": closed,
        "a": trained,
        "b": closed,
        "t": 0.01,
        "vector": trained.embedding_[0],
        "keyed_vectors": None,
        "questions": sk_w2v.datasets.load_docstring_analogies(),
        "pairs": sk_w2v.datasets.load_docstring_similarity(),
        "grid": {"n_components": [2]},
        "words": counts.vocabulary.words,
        "word_counts": counts.vocabulary.counts,
        "matrix": counts.counts,
        "counts": counts,
        "sentences": documents,
        "joiner": sk_w2v.PhraseJoiner(min_count=5, threshold=10).fit(documents),
    }


def keywords(code):
    """Return the names of the keywords in code such as ``window=5, min_count=2``."""
    return {keyword.arg for keyword in ast.parse(f"dict({code})").body[0].value.keywords}


@pytest.mark.filterwarnings("ignore::UserWarning")  # the models are of a part of the text
@pytest.mark.parametrize(("page", "code"), snippets())
def test_a_cell_of_code_is_right(page, code, names, files, monkeypatch):
    monkeypatch.chdir(files)
    names = {**names, "embedder": names[page]}
    first = re.match(r"\w*", code)[0]
    if "..." in code:  # a function, and perhaps one of its keywords
        name = code.partition("(")[0]
        function = eval(name if first in names else f"embedder.{name}", names)
        assert set(re.findall(r"(\w+)=", code)) <= set(inspect.signature(function).parameters)
    elif re.match(r"\w+=[^=]", code) or first in PARAMETERS:
        assert keywords(code if "=" in code else f"{code}=0") <= PARAMETERS
    elif code.startswith("."):
        eval(f"SpectralEmbedder(1, min_count=1){code}", names)
    else:
        eval(code if first in names or not first else f"embedder.{code}", names)
