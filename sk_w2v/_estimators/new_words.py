"""Vectors for words that the closed form was not fitted with (the Nyström extension)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, Self

import numpy as np

from .._numbers import row_sums
from .._typing import Float32Array, Int64Array, ObjectArray
from ..cooccurrence import count_cooccurrences
from ..corpus import Corpus, Vocabulary
from ..targets import TARGETS, target_rows
from .state import check_state


class NewWordsMixin:
    """Methods of a closed-form embedder that infer vectors of new words from text."""

    words_: ObjectArray
    vocabulary_: dict[str, int]
    word_counts_: Int64Array
    embedding_: Float32Array
    backend_: str
    read_corpus: Callable[..., tuple[Corpus, Vocabulary]]
    _store_words: Callable[..., None]

    def infer_word_vectors(self, words: Iterable[str], documents: Any) -> Float32Array:
        """Return vectors of words, known or not, from the words that they co-occur with in the documents.

        A word's row ``m`` of the target, from its pairs with the words of `fit`, gives the vector ``m W / Lambda``
        (Nyström). For a word and the documents of `fit` this is the fitted vector, up to the eigenpairs' residual.

        Parameters
        ----------
        words : iterable of str
        documents : iterable of str or of sequences of str
            Text that uses the words.

        Returns
        -------
        float32 array of shape (n_words_given, n_components_)

        Raises
        ------
        ValueError
            If a word never co-occurs with a known one, or the target is a callable.

        See Also
        --------
        add_words : Add the vectors to the vocabulary.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> embedder = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> kettle, tea, pen = embedder.infer_word_vectors(["kettle", "tea", "pen"], ["kettle tea cup", "pen ink"])
        >>> bool(kettle @ tea > 0 > kettle @ pen)
        True
        """
        check_state(self)
        asked = list(words)
        inferred = infer_vectors(self, asked, documents)
        require_known_neighbors(asked, inferred.isolated, n_allowed=0)
        return inferred.vectors

    def add_words(self, documents: Any, words: Iterable[str] | None = None) -> Self:
        """Add new words to the vocabulary, with vectors inferred from the documents.

        Eigenpairs and the vectors of known words do not change.

        Parameters
        ----------
        documents : list of str or of sequences of str
            Text that uses the words; it is read twice, a generator once.
        words : iterable of str or None
            The words to add; known ones are skipped. None adds every unknown word that occurs at least `min_count`
            times in the documents.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there is nothing to add, none of the words co-occurs with a known one, or the target is a callable.

        Warns
        -----
        UserWarning
            If some words never co-occur with a known one; these are not added.

        See Also
        --------
        infer_word_vectors : Return the vectors without adding them.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> embedder = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> embedder.add_words(["kettle tea cup"]).vocabulary_["kettle"]
        6
        """
        check_state(self)
        documents = list(documents) if isinstance(documents, Iterator) else documents
        new = self._new_words(documents, words)
        inferred = infer_vectors(self, new, documents)
        if inferred.isolated:
            warnings.warn(
                f"{len(inferred.isolated)} of {len(new)} words are not added, such as {inferred.isolated[:5]}: they "
                "co-occur with no known word in the documents.",
                UserWarning,
                stacklevel=2,
            )
        skipped = set(inferred.isolated)
        kept = np.array([word not in skipped for word in new])
        words_ = np.concatenate([self.words_, np.array(new, dtype=object)[kept]])
        vocabulary = Vocabulary(words_, np.concatenate([self.word_counts_, inferred.counts[kept]]))
        self._store_words(vocabulary, np.concatenate([self.embedding_, inferred.vectors[kept]]), self.backend_)
        return self

    def _new_words(self, documents: Any, words: Iterable[str] | None) -> list[str]:
        """Return the words to add: those that are given or frequent enough, and not known."""
        asked = self.read_corpus(documents)[1].words if words is None else words
        new = [word for word in dict.fromkeys(asked) if word not in self.vocabulary_]
        if not new:
            raise ValueError("No word to add: all are in the vocabulary, or too rare; lower min_count or name words.")
        return new


class InferredVectors(NamedTuple):
    """Vectors of words inferred from text.

    Attributes
    ----------
    vectors : float32 array of shape (n_words_given, n_components_)
    counts : int64 array of shape (n_words_given,)
        Tokens of each word.
    isolated : list of str
        Words that never co-occur with a known one; their vectors mean nothing.
    """

    vectors: Float32Array
    counts: Int64Array
    isolated: list[str]


def infer_vectors(embedder: Any, words: list[str], documents: Any) -> InferredVectors:
    """Return a closed-form model's vectors of words, from the words that they co-occur with in the documents.

    A word's row of the target ``m`` gives the vector ``m W / Lambda``: for a word that is in the vocabulary,
    ``M W = W Lambda`` returns the fitted vector.

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
    isolated = [word for word, n_seen in zip(words, seen, strict=True) if n_seen == 0]
    require_known_neighbors(words, isolated)
    deviations, background = target_rows(
        embedder.target,
        known,
        row_frequencies=seen / _require_known_pairs(counts[:n_fitted][:, :n_fitted]),
        frequencies=embedder.pair_frequencies_,
        negative=embedder.negative,
        noise_exponent=embedder.noise_exponent,
    )
    embedding = embedder.embedding_[:n_fitted].astype(np.float64)
    products = deviations @ embedding + background * embedding.sum(axis=0)  # m W   (n_words_given, n_components)
    vectors = (products / embedder.eigenvalues_).astype(np.float32)
    return InferredVectors(vectors, np.bincount(corpus.ids, minlength=len(rows))[asked], isolated)


def require_known_neighbors(words: list[str], isolated: list[str], *, n_allowed: int | None = None) -> None:
    """Raise an error if more of the words are isolated than is allowed; None allows all but one."""
    if len(isolated) > (max(len(words) - 1, 0) if n_allowed is None else n_allowed):
        raise ValueError(
            f"No known word co-occurs with {isolated[:10]} in the documents ({len(isolated)} of {len(words)} words); "
            "give documents that use them."
        )


def _require_known_pairs(counts: Any) -> Any:
    """Return the sum of the counts between known words, or raise an error if it is zero."""
    n_known_pairs = counts.sum(dtype=np.float64)
    if n_known_pairs == 0:
        raise ValueError(
            "The documents hold no pair of known words, which new words are compared with; give more text."
        )
    return n_known_pairs


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
