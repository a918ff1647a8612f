"""Print the words whose vectors have the largest cosine with those of given words."""

from __future__ import annotations

import sys
from argparse import Namespace

from .parsing import CommandError, CommandParser, positive_int
from .tables import print_rows
from .vectors import add_vector_options, load_embedder, require_words


def add_arguments(parser: CommandParser, argv: list[str]) -> None:
    """Add the command's arguments."""
    parser.add_argument("vectors", metavar="VECTORS", help="file of word vectors, or - for standard input")
    parser.add_argument("words", metavar="WORD", nargs="*", help="words; none or - takes one a line of standard input")
    parser.add_argument("-n", type=positive_int, default=10, metavar="N", help="neighbors of each word (default: 10)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    add_vector_options(parser)


def run(arguments: Namespace) -> None:
    """Print the neighbors of each word."""
    words = given_words(arguments)
    embedder = load_embedder(arguments)
    require_words(embedder, words)
    rows = [
        {"word": word, "neighbor": neighbor, "cosine": cosine}
        for word in words
        for neighbor, cosine in embedder.most_similar(word, n=arguments.n)
    ]
    if not rows:
        raise CommandError(f"the file holds no other word than {words[0]!r}")
    print_rows(rows, as_json=arguments.json)


def given_words(arguments: Namespace) -> list[str]:
    """Return the words of the arguments or of standard input."""
    if arguments.words and arguments.words != ["-"]:
        return list(arguments.words)
    if arguments.vectors == "-":
        raise CommandError("standard input cannot be both vectors and words; give the words as arguments")
    if sys.stdin.isatty():
        raise CommandError("no word was given; give words after the file, or one a line on standard input")
    words = [line.strip() for line in sys.stdin if line.strip()]
    if not words:
        raise CommandError("standard input holds no word; give one a line")
    return words
