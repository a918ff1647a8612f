"""Word vectors as a command's input: options, reading, and looking words up."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from .formats import READABLE, format_of, read_vectors
from .parsing import CommandError, CommandParser, positive_int

SEARCHED = 100_000  # words among which a similar spelling is looked for


def add_vector_options(parser: CommandParser, *, option: str = "--format") -> None:
    """Add the options for reading a file of word vectors."""
    group = parser.add_argument_group("reading word vectors")
    by_ending = "format of the file (default: by its ending)"
    group.add_argument(option, dest="input_format", choices=READABLE, help=by_ending)
    group.add_argument("--max-words", type=positive_int, metavar="N", help="read the first N words (default: all)")
    repeated = "what to do with words that are there twice (default: error)"
    group.add_argument("--duplicates", choices=["error", "first"], default="error", help=repeated)
    wrong = "what to do with bytes that are not UTF-8 (default: strict)"
    group.add_argument("--decode-error", choices=["strict", "ignore", "replace"], default="strict", help=wrong)


def read_given(arguments: Namespace, *, option: str = "--format") -> Any:
    """Return the words and vectors of the file that the arguments name."""
    name = format_of(arguments.vectors, arguments.input_format, option=option)
    how = {"max_words": arguments.max_words, "duplicates": arguments.duplicates}
    return read_vectors(arguments.vectors, name, decode_error=arguments.decode_error, **how)


def load_embedder(arguments: Namespace) -> Any:
    """Return a fitted embedder of the vectors that the arguments name."""
    vectors = read_given(arguments)
    from .._estimators.pretrained import PretrainedEmbedder

    embedder = PretrainedEmbedder(vectors, backend="reference")  # words are looked up; no text is read
    return embedder.set_params(vectorizer__lowercase=False).fit()


def require_words(embedder: Any, words: Iterable[str]) -> None:
    """Raise an error if a word is unknown, with known words of a similar spelling."""
    unknown = [word for word in words if word not in embedder.vocabulary_]
    if unknown:
        near = _similar_spelling(unknown[0], embedder)
        advice = f"; did you mean {' or '.join(near)}?" if near else ""
        others = f" (and {len(unknown) - 1} other words)" if unknown[1:] else ""
        raise CommandError(f"unknown word {unknown[0]!r}{others} among {len(embedder.words_)} words{advice}")


def _similar_spelling(word: str, embedder: Any) -> list[str]:
    """Return up to three known words, those in another case first."""
    cases = [each for each in (word.lower(), word.capitalize(), word.upper()) if each in embedder.vocabulary_]
    near = get_close_matches(word.lower(), [str(each) for each in embedder.words_[:SEARCHED]], n=3)
    return list(dict.fromkeys([*cases, *near]))[:3]
