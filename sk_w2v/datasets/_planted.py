"""Synthetic text with known concepts of known order."""

from __future__ import annotations

from itertools import chain
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, validate_parameter_constraints

from .._typing import Float64Array, Int64Array
from ._bunch import Dataset

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
) -> Dataset:
    """Make documents with planted concepts, for tests and for teaching.

    Each document is about one concept, and all concepts are equally probable. Concept ``k`` has the strength ``s[k]``,
    which decreases linearly from 1 (the first concept) to 1/2 (the last). A token of a document about concept ``k`` is

    * with probability ``concept_share * s[k]`` a word of this concept;
    * otherwise a background word: for each concept ``j``, a word of it with probability ``(1 - s[j]) / n_concepts``,
      and in all other cases a common word.

    So a weaker concept is rarer in its documents and more frequent in all others. For both reasons its mode has a
    smaller eigenvalue, in the spectrum of ``M* = 2 (P - Q) / (P + Q)`` and in that of ``P - Q``, where ``P`` is the
    probability of a pair of words and ``Q`` its probability under independence. With enough text, mode ``k``
    distinguishes the words of concept ``k`` from those of concept ``k + 1``, and there are ``n_concepts - 1`` modes.
    Within each group of words, the probability of the word of rank ``r`` is proportional to ``1 / r`` (Zipf).

    Parameters
    ----------
    n_documents : int, default=2000
        Number of documents.
    n_concepts : int, default=6
        Number of concepts.
    n_words_per_concept : int, default=20
        Number of words of each concept.
    n_common_words : int, default=50
        Number of words that belong to no concept.
    document_length : int, default=50
        Length of every document (tokens).
    concept_share : float, default=0.5
        Probability, in (0, 1], that a token of a document about the first concept is a word of this concept.
    random_state : int, RandomState instance or None, default=None
        Source of the draws; with an int, every call returns the same corpus.

    Returns
    -------
    corpus : :class:`~sklearn.utils.Bunch`
        Dictionary-like object, with the following attributes.

        data : list of str, of length n_documents
            The documents: words separated by single spaces.
        target : ndarray of shape (n_documents,), int64
            The concept of each document.
        concepts : tuple of n_concepts tuples of n_words_per_concept str
            The words of each concept, in descending order of strength and then of frequency.
        common_words : tuple of n_common_words str
            The words of no concept, in descending order of frequency.
        strengths : ndarray of shape (n_concepts,), float64
            The strengths ``s``.
        DESCR : str
            A description in one sentence.

    Raises
    ------
    ValueError
        If a parameter is out of its range (``InvalidParameterError``).

    See Also
    --------
    load_docstrings : Labeled English text.
    sk_w2v.inspection.concepts : Finds the concepts of a fitted embedder.
    sk_w2v.testing.check_embedder : Checks an embedder on this corpus.

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
    return Dataset(
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
    """Return the group of each token: the number of its concept, or `n_concepts` for common words."""
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
    """Draw a word from the group of each token, and join the words of each document."""
    words = np.array([*chain.from_iterable(concepts), *common_words], dtype=object)
    n_words_per_concept = len(concepts[0])
    concept_rank = _draw_ranks(n_words_per_concept, groups.shape, random)
    common_rank = _draw_ranks(len(common_words), groups.shape, random)
    rank = np.where(groups < len(concepts), concept_rank, common_rank)
    documents = words[groups * n_words_per_concept + rank]  # (n_documents, document_length)
    return [" ".join(document) for document in documents.tolist()]


def _draw_ranks(n_words: int, shape: tuple[int, ...], random: np.random.RandomState) -> Int64Array:
    """Draw ranks of words, from 0, by Zipf's law."""
    weights = 1 / np.arange(1, n_words + 1)
    ranks: Int64Array = random.choice(n_words, size=shape, p=weights / weights.sum())
    return ranks
