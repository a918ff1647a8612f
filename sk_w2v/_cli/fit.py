"""Fit a model to a text, one document a line, and write its word vectors.

The text may be compressed by gzip, bzip2 or xz.
"""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace
from contextlib import redirect_stdout
from dataclasses import replace
from typing import Any

from .._estimators.als import ALSEmbedder
from .._estimators.sgns import SGNSEmbedder
from .._estimators.spectral import SpectralEmbedder
from ..io import LineDocuments
from .formats import FORMATS, STANDARD, check_output, format_of, write_vectors
from .parameters import Parameter, parameters_of, vectorizer_parameters
from .parsing import CommandParser

MODELS: dict[str, Any] = {"als": ALSEmbedder, "spectral": SpectralEmbedder, "sgns": SGNSEmbedder}


def add_arguments(parser: CommandParser, argv: list[str]) -> None:
    """Add the command's arguments: its own, and the parameters of the model that they name."""
    parser.add_argument("corpus", metavar="CORPUS", help="text file, one document a line, or - for standard input")
    parser.add_argument("vectors", metavar="VECTORS", help="file to write, or - for standard output")
    parser.add_argument("--model", choices=MODELS, default="als", help="model (default: als); --help shows its options")
    parser.add_argument("--format", choices=FORMATS, help="of VECTORS (default: by its ending; word2vec for -)")
    parser.add_argument("--encoding", default="utf-8", help="of the text (default: utf-8)")
    wrong = "what to do with bytes that the encoding does not allow (default: strict)"
    parser.add_argument("--decode-error", choices=["strict", "ignore", "replace"], default="strict", help=wrong)
    parser.add_argument("--quiet", action="store_true", help="print no progress")
    model = model_of(argv)
    _add_parameters(parser, f"parameters of {model.__name__}", parameters_of(model))
    _add_parameters(parser, "from text to words", vectorizer_parameters())


def _add_parameters(parser: CommandParser, title: str, parameters: list[Parameter]) -> None:
    """Add a group of options to the help, one for each parameter."""
    group = parser.add_argument_group(title)
    for parameter in parameters:
        shown = replace(parameter, default="1 on a terminal, else 0") if parameter.name == "verbose" else parameter
        shown.add_to(group)


def model_of(argv: list[str]) -> Any:
    """Return the class of the model that the arguments name; that of the default if the name is unknown."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--model", nargs="?", default="als")
    name = parser.parse_known_args(argv)[0].model
    return MODELS.get(name, ALSEmbedder)


def run(arguments: Namespace) -> None:
    """Fit the model and write its vectors."""
    name = format_of(arguments.vectors, arguments.format, option="--format")
    check_output(arguments.vectors, name, inputs=[arguments.corpus])
    path = "/dev/stdin" if arguments.corpus == STANDARD else arguments.corpus
    documents = LineDocuments(path, encoding=arguments.encoding, decode_error=arguments.decode_error)
    embedder = make_embedder(arguments)
    with redirect_stdout(sys.stderr):  # standard output may be for the vectors
        embedder.fit(documents)
    write_vectors(arguments.vectors, name, embedder.words_, embedder.embedding_)
    if embedder.verbose:
        print(f"wrote {len(embedder.words_)} words of {embedder.n_components_} components", file=sys.stderr)


def make_embedder(arguments: Namespace) -> Any:
    """Return the model with the parameters that are given; progress is shown on a terminal."""
    model = MODELS[arguments.model]
    offered: list[Parameter] = [*parameters_of(model), *vectorizer_parameters()]
    given = {each.name: getattr(arguments, each.name) for each in offered if hasattr(arguments, each.name)}
    shown = {"verbose": int(sys.stderr.isatty()), **given}
    return model().set_params(**{**shown, **({"verbose": 0} if arguments.quiet else {})})
