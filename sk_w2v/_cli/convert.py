"""Write word vectors in another format."""

from __future__ import annotations

from argparse import Namespace

from .formats import FORMATS, check_output, format_of, write_vectors
from .parsing import CommandParser
from .vectors import add_vector_options, read_given


def add_arguments(parser: CommandParser, argv: list[str]) -> None:
    """Add the command's arguments."""
    parser.add_argument("vectors", metavar="IN", help="file of word vectors, or - for standard input")
    parser.add_argument("output", metavar="OUT", help="file to write, or - for standard output")
    by_ending = "format to write (default: by the ending of OUT); projector writes a folder for TensorBoard"
    parser.add_argument("--to", choices=FORMATS, help=by_ending)
    add_vector_options(parser, option="--from")


def run(arguments: Namespace) -> None:
    """Read the vectors and write them."""
    name = format_of(arguments.output, arguments.to, option="--to")
    check_output(arguments.output, name, inputs=[arguments.vectors])
    vectors = read_given(arguments, option="--from")
    write_vectors(arguments.output, name, vectors.words, vectors.vectors)
