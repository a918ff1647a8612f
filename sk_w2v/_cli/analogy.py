"""Answer the analogy: A is to B as C is to what? The answers are the words nearest to B - A + C (3CosAdd)."""

from __future__ import annotations

from argparse import Namespace

from .parsing import CommandError, CommandParser, positive_int
from .tables import print_rows
from .vectors import add_vector_options, load_embedder, require_words


def add_arguments(parser: CommandParser, argv: list[str]) -> None:
    """Add the command's arguments."""
    parser.add_argument("vectors", metavar="VECTORS", help="file of word vectors, or - for standard input")
    for name in ("a", "b", "c"):
        parser.add_argument(name, metavar=name.upper(), help="a word")
    parser.add_argument("-n", type=positive_int, default=10, metavar="N", help="number of answers (default: 10)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    add_vector_options(parser)


def run(arguments: Namespace) -> None:
    """Print the answers, best first."""
    embedder = load_embedder(arguments)
    question = (arguments.a, arguments.b, arguments.c)
    require_words(embedder, question)
    answers = embedder.analogy(*question, n=arguments.n)
    if not answers:
        raise CommandError("the file holds no other words than the three of the question")
    print_rows([{"answer": word, "cosine": cosine} for word, cosine in answers], as_json=arguments.json)
