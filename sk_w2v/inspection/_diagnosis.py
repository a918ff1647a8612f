"""Diagnosis of an analogy that a model does not answer, and what to change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from .._estimators.base import BaseEmbedder
from .._estimators.lookup import find_embedder
from .._estimators.spectral import SpectralEmbedder
from .._tables import counted, html_table
from .._typing import AnyFloatArray, Float32Array, Int64Array
from ._relations import relation_spectrum
from ._remedies import (
    Remedy,
    fewer_components,
    later_time,
    more_components,
    other_exponent,
    scores_of,
    smaller_start,
)

_LINEAR = 0.01  # a relation is linear if at most this share of all words fits its direction better than d
# More components are suggested if d ranks at least this high, in at most half its rank with half of the components: of
# such analogies 4 in 10 were answered with twice the components.
_NEAR = 5


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """The cause of a failed analogy, and possible remedies.

    Attributes
    ----------
    words : tuple of str
        a, b, c and the expected answer d.
    verdict : str
        One of "answered", "unknown word", "not yet learned: time", "not yet learned: rank", "too rare", "no linear
        relation", "out-ranked".
    explanation : str
        The verdict in a sentence, with its numbers.
    remedies : tuple of Remedy
        Suggested changes, tested ones first.
    numbers : dict
        ``counts`` of the four words (tokens). For known words also: ``place``, the rank of d among the answers (1 is
        the best); ``answer``, the best answer; ``margin``, its lead over d (cosines); ``place_at_half``, the rank of d
        with half of the components; ``direction_place``, the rank of d among all words by the cosine of ``d - c`` with
        ``b - a``. With `pairs`, the ``snr`` of the relation.
    """

    words: tuple[str, str, str, str]
    verdict: str
    explanation: str
    remedies: tuple[Remedy, ...]
    numbers: dict[str, Any]

    def __repr__(self) -> str:
        """Return the question and the verdict."""
        a, b, c, d = self.words
        return f"Diagnosis({a} : {b} = {c} : {d}? {self.verdict}; {counted(len(self.remedies), 'remedy', 'remedies')})"

    def _repr_html_(self) -> str:
        """Return the verdict, and a row for each remedy."""
        verdict = str(self).partition("\n")[0]
        if not self.remedies:
            return f"<p>{escape(verdict)}</p>"
        tests = {True: "answered", False: "not tested"}
        return html_table(
            [{"change": remedy.change, "test": tests[remedy.tested]} for remedy in self.remedies], caption=verdict
        )

    def __str__(self) -> str:
        """Return the verdict and one line per remedy."""
        a, b, c, d = self.words
        lines = [f"{a} : {b} = {c} : {d}? {self.verdict}. {self.explanation}"]
        return "\n".join([*lines, *(f"  change: {remedy}" for remedy in self.remedies)])


def diagnose_analogy(
    embedder: Any,
    a: str,
    b: str,
    c: str,
    d: str,
    *,
    fuller: SpectralEmbedder | None = None,
    pairs: Iterable[tuple[str, str]] | None = None,
    rare: int = 50,
) -> Diagnosis:
    """Explain why *a is to b as c is to d* is not answered, and what to change.

    Remedies that need no new fit are tested, in this order: a later time and a smaller initial scale, if the model was
    stopped early; more components, from a `fuller` model; fewer components; a smaller exponent of the eigenvalues.

    The verdict is the first that applies: a word is unknown; the analogy is answered; a later time or smaller initial
    scale answers it; more components answer it; a word is too rare; ``d - c`` does not point in the direction of
    ``b - a``; d is out-ranked.

    Without a `fuller` model, more components are suggested but not tested. This happens if d is among the first five
    answers and ranked at least twice as low with half of the components. On Wikipedia text this guess was right 4 times
    in 10.

    Parameters
    ----------
    embedder : fitted embedder, or a pipeline or search with one
        A SpectralEmbedder allows all tests. For trained or pretrained vectors and unions only fewer components are
        tested, of their singular value decomposition.
    a, b, c, d : str
    fuller : fitted SpectralEmbedder or None
        A fit to the same text with more components. To get one, fit many components and diagnose its `truncate`.
    pairs : iterable of (str, str) or None
        At least 4 other pairs of the relation. `relation_spectrum` then tells whether the relation is linear.
    rare : int
        Words with fewer occurrences (tokens) are called rare.

    Returns
    -------
    Diagnosis

    Raises
    ------
    ValueError
        If the fuller model has other words, or two of the four words are equal.

    See Also
    --------
    emergence : At which rank and time analogies are answered.
    relation_spectrum : Whether a relation has a direction.
    sk_w2v.metrics.analogy_accuracy : The share of analogies answered.

    Examples
    --------
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> found = diagnose_analogy(embedder, "concept0_word0", "concept1_word0", "concept0_word1", "unicorn")
    >>> print(found)
    concept0_word0 : concept1_word0 = concept0_word1 : unicorn? unknown word. Not in the vocabulary of 170 words (of 5
    tokens or more): unicorn.
      change: min_count=1 (not tested)
      change: more text with these words (not tested)
    """
    embedder = find_embedder(embedder)
    words = (a, b, c, d)
    if len(set(words)) < 4:
        raise ValueError(f"The words {words} are not all different; give four different words.")
    if fuller is not None and not np.array_equal(fuller.words_, embedder.words_):
        raise ValueError("The fuller model has other words; fit both to the same documents and vocabulary.")
    unknown = [word for word in words if word not in embedder.vocabulary_]
    if unknown:
        return _unknown(embedder, words, unknown)
    rows = np.array([embedder.vocabulary_[word] for word in words], dtype=np.int64)
    numbers = _numbers(embedder, rows)
    if pairs is not None:
        numbers["snr"] = float(relation_spectrum(embedder, pairs).snr[-1])
    if numbers["place"] == 1:
        return Diagnosis(words, "answered", f"{d} is first by {-numbers['margin']:.3f}.", (), numbers)
    return _failed(embedder, words, rows, numbers, fuller, rare)


def _unknown(embedder: BaseEmbedder, words: tuple[str, str, str, str], unknown: list[str]) -> Diagnosis:
    """Return the diagnosis of an analogy with unknown words."""
    parameters = embedder.get_params(deep=False)  # vectors from a file have no min_count
    min_count, max_features = parameters.get("min_count"), parameters.get("max_features")
    kept = "" if min_count is None else f" (of {min_count} tokens or more)"
    explanation = f"Not in the vocabulary of {len(embedder.words_)} words{kept}: {', '.join(unknown)}."
    remedies = [Remedy("corpus", "more text with these words", tested=False)]
    if max_features is not None:
        remedies.insert(0, Remedy("max_features", None, tested=False))
    if min_count is not None and min_count > 1:
        remedies.insert(0, Remedy("min_count", 1, tested=False))
    counts = {word: _count(embedder, word) for word in words}
    return Diagnosis(words, "unknown word", explanation, tuple(remedies), {"counts": counts})


def _count(embedder: BaseEmbedder, word: str) -> int:
    """Return the count of a word, 0 if it is unknown."""
    return int(embedder.word_counts_[embedder.vocabulary_[word]]) if word in embedder.vocabulary_ else 0


def _numbers(embedder: BaseEmbedder, rows: Int64Array) -> dict[str, Any]:
    """Return the numbers that the verdict is based on."""
    vectors = embedder.modes().vectors
    scores = scores_of(vectors, rows)
    best = int(np.argmax(scores))
    half = scores_of(vectors[:, : -(-vectors.shape[1] // 2)], rows)
    return {
        "counts": {str(embedder.words_[row]): int(embedder.word_counts_[row]) for row in rows},
        "place": _place(scores, rows[3]),
        "answer": str(embedder.words_[best]),
        "margin": float(np.max(np.delete(scores, rows[3])) - scores[rows[3]]),
        "place_at_half": _place(half, rows[3]),
        "direction_place": _direction_place(vectors, rows),
    }


def _failed(
    embedder: BaseEmbedder,
    words: tuple[str, str, str, str],
    rows: Int64Array,
    numbers: dict[str, Any],
    fuller: SpectralEmbedder | None,
    rare: int,
) -> Diagnosis:
    """Return the diagnosis of an analogy of known words that is not answered."""
    in_time: list[Remedy] = []
    by_rank: list[Remedy] = []
    others = list(fewer_components(embedder, rows))
    if embedder.has_flow:
        in_time = [*later_time(embedder, rows), *smaller_start(embedder, rows)]
        by_rank = [] if fuller is None else list(more_components(embedder, fuller, rows))
        others += other_exponent(embedder, rows)
    verdict, explanation, untested = _verdict(embedder, words, numbers, in_time, by_rank, rare)
    if fuller is None and numbers["place"] <= min(_NEAR, numbers["place_at_half"] / 2):
        untested.append(Remedy("n_components", 2 * embedder.n_components_, tested=False))
    remedies = [*in_time, *by_rank, *others, *untested]
    return Diagnosis(words, verdict, explanation, tuple(sorted(remedies, key=lambda each: not each.tested)), numbers)


def _verdict(
    embedder: BaseEmbedder,
    words: tuple[str, str, str, str],
    numbers: dict[str, Any],
    in_time: list[Remedy],
    by_rank: list[Remedy],
    rare: int,
) -> tuple[str, str, list[Remedy]]:
    """Return the verdict, its explanation and untested remedies."""
    place, d = numbers["place"], words[3]
    now = f"{d} ranks {place}, {numbers['margin']:.3f} behind {numbers['answer']}"
    if in_time:
        return "not yet learned: time", f"At time {embedder.get_params()['time']} {now}.", []
    if by_rank:
        rank = embedder.n_components_
        came = f"with half of the {rank} components it ranked {numbers['place_at_half']}"
        return "not yet learned: rank", f"{now}; {came}.", []
    rarest, count = min(numbers["counts"].items(), key=lambda each: each[1])
    if count < rare:
        more = [Remedy("corpus", f"more text with {rarest}", tested=False)]
        return "too rare", f"{rarest} occurs only {count} times; {now}.", more
    if numbers["direction_place"] > max(1, _LINEAR * len(embedder.words_)) or numbers.get("snr") == 0:
        fit = f"{numbers['direction_place']:,} words fit {words[0]} → {words[1]} from {words[2]} as well as {d} does"
        return (
            "no linear relation",
            f"{fit}; {now}.",
            [Remedy("corpus", "other text, or another window: here the relation has no direction", tested=False)],
        )
    return "out-ranked", f"The relation has a direction, but {now}.", []


def _place(scores: Float32Array, row: np.int64) -> int:
    """Return the rank of a word by its score, 1 for the best."""
    return 1 + int(np.sum(scores > scores[row]))


def _direction_place(vectors: Float32Array, rows: Int64Array) -> int:
    """Return the rank of d among all words x except a, b and c by the cosine of ``x - c`` with ``b - a``."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = vectors / np.where(lengths > 0, lengths, 1)
    a, b, c, _ = units[rows]
    offsets = units - c
    sizes = np.linalg.norm(offsets, axis=1)
    cosines: AnyFloatArray = offsets @ (b - a) / np.where(sizes > 0, sizes, 1)
    cosines[rows[:3]] = -np.inf
    return _place(cosines, rows[3])
