"""Vectors for words that the closed form was not fitted with (the Nyström extension)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .._numbers import row_sums
from ..cooccurrence import count_cooccurrences
from ..corpus import Corpus, Vocabulary
from ..targets import TARGETS, target_rows

FloatArray = npt.NDArray[np.float64]


def new_word_vectors(
    embedder: Any, words: list[str], documents: Any
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return a closed-form model's vectors of words by the company they keep, and the words' counts (tokens).

    A word's row of the target ``m`` gives the vector ``m W / Lambda``: for a word that is in the vocabulary,
    ``M W = W Lambda`` gives its own vector back.

    Returns
    -------
    vectors : float32 array of shape (n_words_given, n_components_)
    counts : int64 array of shape (n_words_given,)

    Raises
    ------
    ValueError
        If the target is the user's own, or a word never stands near a known one.
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
    if lonely:
        raise ValueError(f"No known word stands near {lonely[:10]} in the documents; give documents that use them.")
    deviations, background = target_rows(
        embedder.target,
        known,
        row_frequencies=seen / counts[:n_fitted][:, :n_fitted].sum(dtype=np.float64),
        frequencies=embedder.pair_frequencies_,
        negative=embedder.negative,
        noise_exponent=embedder.noise_exponent,
    )
    embedding = embedder.embedding_[:n_fitted].astype(np.float64)
    products = deviations @ embedding + background * embedding.sum(axis=0)  # m W   (n_words_given, n_components)
    vectors = (products / embedder.eigenvalues_).astype(np.float32)
    return vectors, np.bincount(corpus.ids, minlength=len(rows))[asked]


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
