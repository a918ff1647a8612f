"""Score word vectors by files of questions: the score, and the share of the questions whose words are known."""

from __future__ import annotations

import warnings
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from .parsing import CommandError, CommandParser
from .tables import Row, print_rows
from .vectors import add_vector_options, load_embedder

METHODS = ("3cosadd", "3cosmul", "pairdirection", "3cosavg", "lrcos")


def add_arguments(parser: CommandParser, argv: list[str]) -> None:
    """Add the command's arguments."""
    parser.add_argument("vectors", metavar="VECTORS", help="file of word vectors, or - for standard input")
    files = parser.add_argument_group("questions; each option can be repeated")
    files.add_argument("--questions", action="append", default=[], metavar="FILE", help="analogies, as Google's")
    rated = "word pairs that people have rated, as WordSim-353 or SimLex-999"
    files.add_argument("--similarity", action="append", default=[], metavar="FILE", help=rated)
    files.add_argument("--categories", action="append", default=[], metavar="FILE", help="words and their categories")
    parser.add_argument("--method", choices=METHODS, default="3cosadd", help="of analogies (default: 3cosadd)")
    parser.add_argument("--by-category", action="store_true", help="also print each category of the analogies")
    parser.add_argument("--lowercase", action="store_true", help="put the words of the questions in lower case")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    add_vector_options(parser)


def run(arguments: Namespace) -> None:
    """Print a row for each file."""
    sets = list(_read(arguments))  # before the vectors, which take longer
    if not sets:
        raise CommandError("nothing to evaluate; give --questions, --similarity or --categories")
    embedder = load_embedder(arguments)
    print_rows([row for each in sets for row in _scored(embedder, *each, arguments)], as_json=arguments.json)


def _read(arguments: Namespace) -> Iterator[tuple[str, str, Any]]:
    """Yield what is measured, the file's name and its content."""
    from ..datasets import read_analogies, read_categories, read_similarity

    how = {"lowercase": arguments.lowercase}
    yield from (("analogy accuracy", path, read_analogies(path, **how)) for path in arguments.questions)
    yield from (("similarity correlation", path, read_similarity(path, **how)) for path in arguments.similarity)
    yield from (("categorization purity", path, read_categories(path, **how)) for path in arguments.categories)


def _scored(embedder: Any, measure: str, path: str, questions: Any, arguments: Namespace) -> Iterator[Row]:
    """Yield the row of a file, and those of its categories if they are asked for."""
    from ..scorers._base import case_advice

    if advice := case_advice(questions.words, embedder.vocabulary_):
        lowercase = advice.strip().replace("lowercase=True", "--lowercase").replace("lowercase=False", "no --lowercase")
        warnings.warn(f"{path}: {lowercase}", UserWarning, stacklevel=2)
    try:
        scores = _scores(embedder, measure, questions, arguments)
    except ValueError as error:
        raise CommandError(f"{path}: {error}") from error
    for category, score in scores.items():
        row = {"measure": measure, "file": path, "category": category, "score": score.value}
        row |= {"coverage": score.coverage, "n_used": score.n_used}
        yield row if arguments.by_category else {name: row[name] for name in row if name != "category"}


def _scores(embedder: Any, measure: str, questions: Any, arguments: Namespace) -> dict[str, Any]:
    """Return the score of all questions, and those of the categories if they are asked for."""
    from .. import metrics

    asked = (embedder.embedding_, embedder.vocabulary_, questions)
    if measure == "similarity correlation":
        return {"all": metrics.similarity_correlation(*asked)}
    if measure == "categorization purity":
        return {"all": metrics.categorization_purity(*asked)}
    scores = {"all": metrics.analogy_accuracy(*asked, method=arguments.method)}
    if arguments.by_category:
        scores |= metrics.analogy_accuracy_by_category(*asked, method=arguments.method)
    return scores
