"""Synthetic text whose concepts, and their order, are known."""

from __future__ import annotations

from itertools import chain
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.utils import Bunch, check_random_state
from sklearn.utils._param_validation import Interval, validate_parameter_constraints

from .._typing import Float64Array, Int64Array

WEAKEST = 0.5  # strength of the last concept; the first has 1

COUNT = [Interval(Integral, 1, None, closed="left")]
CONSTRAINTS: dict[str, list[Any]] = {
    "n_documents": COUNT,
    "n_concepts": COUNT,
    "n_words_per_concept": COUNT,
    "n_common_words": COUNT,
    "document_length": COUNT,
    "concept_share": [Interval(Real, 0, 1, closed="right")],
    "random_state": ["random_state"],
}


def make_planted_corpus(
    n_documents: int = 2000,
    *,
    n_concepts: int = 6,
    n_words_per_concept: int = 20,
    n_common_words: int = 50,
    document_length: int = 50,
    concept_share: float = 0.5,
    random_state: int | np.random.RandomState | None = None,
) -> Bunch:
    """Make documents about planted concepts, for tests and for teaching.

    Each document is about one concept, drawn with equal probabilities. Concept ``k`` has a
    strength ``s[k]``, which falls evenly from 1 (the first) to 1/2 (the last). A token of a
    document about concept ``k`` is

    * with probability ``concept_share * s[k]`` one of the concept's own words;
    * otherwise a background word: with probability ``(1 - s[j]) / n_concepts`` a word of concept
      ``j``, for each ``j``, and else one of the common words.

    So a weaker concept is less present in its own documents and more present in all others.
    Both put it behind the stronger ones, in the spectrum of ``M* = 2 (P - Q) / (P + Q)`` as in
    that of ``P - Q``, where ``P`` is the probability of a pair of words and ``Q`` that of the pair
    under independence: with enough text, mode ``k`` tells the words of concept ``k``
    from those of concept ``k + 1``, and there are ``n_concepts - 1`` modes.
    Within each group the word of rank ``r`` has a probability proportional to ``1 / r`` (Zipf).

    Parameters
    ----------
    n_documents : int, default=2000
        Number of documents.
    n_concepts : int, default=6
        Number of concepts.
    n_words_per_concept : int, default=20
        Number of words that belong to each concept.
    n_common_words : int, default=50
        Number of words that belong to none.
    document_length : int, default=50
        Length of every document, in tokens.
    concept_share : float, default=0.5
        Probability, in (0, 1], that a token of a document about the first concept is one of the
        concept's own words.
    random_state : int, RandomState instance or None, default=None
        Source of the draws; an int gives the same corpus at every call.

    Returns
    -------
    corpus : :class:`~sklearn.utils.Bunch`
        Dictionary-like object, with the following attributes.

        data : list of str, of length n_documents
            The documents: words separated by single spaces.
        target : ndarray of shape (n_documents,), int64
            The concept that each document is about.
        concepts : tuple of n_concepts tuples of n_words_per_concept str
            The words of each concept, the strongest concept first, the most frequent word first.
        common_words : tuple of n_common_words str
            The words of no concept, the most frequent first.
        strengths : ndarray of shape (n_concepts,), float64
            The strengths ``s``.
        DESCR : str
            The corpus in one sentence.

    Raises
    ------
    ValueError
        If a parameter is out of its range (``InvalidParameterError``).

    Examples
    --------
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> corpus = make_planted_corpus(100, n_concepts=3, random_state=0)
    >>> len(corpus.data), len(corpus.concepts), len(corpus.common_words)
    (100, 3, 50)
    >>> corpus.concepts[0][:2]
    ('concept0_word0', 'concept0_word1')
    """
    validate_parameter_constraints(CONSTRAINTS, locals(), caller_name="make_planted_corpus")
    random = check_random_state(random_state)
    concepts = tuple(
        tuple(f"concept{concept}_word{rank}" for rank in range(n_words_per_concept)) for concept in range(n_concepts)
    )
    common_words = tuple(f"common{rank}" for rank in range(n_common_words))
    strengths = np.linspace(1, WEAKEST, n_concepts)
    target = random.randint(n_concepts, size=n_documents, dtype=np.int64)
    groups = _draw_groups(target, strengths, concept_share, document_length, random)
    return Bunch(
        data=_write_documents(groups, concepts, common_words, random),
        target=target,
        concepts=concepts,
        common_words=common_words,
        strengths=strengths,
        DESCR=f"{n_documents} documents of {document_length} words about {n_concepts} concepts.",
    )


def _draw_groups(
    target: Int64Array,
    strengths: Float64Array,
    concept_share: float,
    document_length: int,
    random: np.random.RandomState,
) -> Int64Array:
    """Return each token's group: a concept, or the number of concepts for the common words."""
    n_concepts = len(strengths)
    shape = (len(target), document_length)
    strays = (1 - strengths) / n_concepts  # (n_concepts,)
    background = random.choice(n_concepts + 1, size=shape, p=[*strays, 1 - strays.sum()])
    is_own = random.random_sample(shape) < concept_share * strengths[target][:, np.newaxis]
    groups: Int64Array = np.where(is_own, target[:, np.newaxis], background)
    return groups  # (n_documents, document_length)


def _write_documents(
    groups: Int64Array,
    concepts: tuple[tuple[str, ...], ...],
    common_words: tuple[str, ...],
    random: np.random.RandomState,
) -> list[str]:
    """Draw a word of each token's group and join the words of each document."""
    words = np.array([*chain.from_iterable(concepts), *common_words], dtype=object)
    n_words_per_concept = len(concepts[0])
    concept_rank = _draw_ranks(n_words_per_concept, groups.shape, random)
    common_rank = _draw_ranks(len(common_words), groups.shape, random)
    rank = np.where(groups < len(concepts), concept_rank, common_rank)
    documents = words[groups * n_words_per_concept + rank]  # (n_documents, document_length)
    return [" ".join(document) for document in documents.tolist()]


def _draw_ranks(n_words: int, shape: tuple[int, ...], random: np.random.RandomState) -> Int64Array:
    """Draw ranks, from 0, of words whose probabilities follow Zipf's law."""
    weights = 1 / np.arange(1, n_words + 1)
    ranks: Int64Array = random.choice(n_words, size=shape, p=weights / weights.sum())
    return ranks
