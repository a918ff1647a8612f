"""Vectors for words that the closed form was not fitted with (the Nyström extension)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._numbers import row_sums
from .._typing import Float32Array, Int64Array
from ..cooccurrence import count_cooccurrences
from ..corpus import Corpus, Vocabulary
from ..targets import TARGETS, target_rows


def new_word_vectors(embedder: Any, words: list[str], documents: Any) -> tuple[Float32Array, Int64Array, list[str]]:
    """Return a closed-form model's vectors of words by the company they keep, their counts, and which have no company.

    A word's row of the target ``m`` gives the vector ``m W / Lambda``: for a word that is in the vocabulary,
    ``M W = W Lambda`` gives its own vector back.

    Returns
    -------
    vectors : float32 array of shape (n_words_given, n_components_)
    counts : int64 array of shape (n_words_given,)
        Tokens of each word.
    lonely : list of str
        Words that never stand near a known one; their vectors mean nothing.

    Raises
    ------
    ValueError
        If the target is the user's own, or the documents hold no pair of known words.
    """
    if not isinstance(embedder.target, str):
        raise ValueError(f"target={embedder.target!r} has no formula for new words; use one of {sorted(TARGETS)}.")
    n_fitted = len(embedder.pair_frequencies_)  # words of fit, without those added later
    rows = dict(embedder.vocabulary_)
    asked = [rows.setdefault(word, len(rows)) for word in words]
    corpus = embedder._encode_with(documents, rows)
    counts = _count(embedder, corpus, list(rows))
    known = counts[asked][:, :n_fitted]
    seen = row_sums(known)
    lonely = [word for word, n_seen in zip(words, seen, strict=True) if n_seen == 0]
    require_company(words, lonely)
    n_known_pairs = counts[:n_fitted][:, :n_fitted].sum(dtype=np.float64)
    if n_known_pairs == 0:
        raise ValueError(
            "The documents hold no pair of known words, which new ones are weighed against; give more text."
        )
    deviations, background = target_rows(
        embedder.target,
        known,
        row_frequencies=seen / n_known_pairs,
        frequencies=embedder.pair_frequencies_,
        negative=embedder.negative,
        noise_exponent=embedder.noise_exponent,
    )
    embedding = embedder.embedding_[:n_fitted].astype(np.float64)
    products = deviations @ embedding + background * embedding.sum(axis=0)  # m W   (n_words_given, n_components)
    vectors = (products / embedder.eigenvalues_).astype(np.float32)
    return vectors, np.bincount(corpus.ids, minlength=len(rows))[asked], lonely


def require_company(words: list[str], lonely: list[str], *, n_allowed: int | None = None) -> None:
    """Raise an error if more of the words are lonely than is allowed; None allows all but one."""
    if len(lonely) > (max(len(words) - 1, 0) if n_allowed is None else n_allowed):
        raise ValueError(
            f"No known word stands near {lonely[:10]} in the documents ({len(lonely)} of {len(words)} words); give "
            "documents that use them."
        )


def _count(embedder: Any, corpus: Corpus, words: list[str]) -> Any:
    """Count the pairs of known and new words as fit counts them, of shape (n_all_words, n_all_words)."""
    vocabulary = Vocabulary(np.array(words, dtype=object), np.ones(len(words), dtype=np.int64))
    return count_cooccurrences(
        corpus,
        vocabulary,
        window=embedder.window,
        window_weighting=embedder.window_weighting,
        n_jobs=embedder._n_threads(),
    ).counts
