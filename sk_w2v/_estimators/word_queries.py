"""Queries of a fitted embedder: vectors of words, nearest neighbors and analogies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from sklearn.preprocessing import normalize

from .._backends.dense import product
from .._typing import AnyFloatArray, Float32Array, ObjectArray
from .state import check_rows, check_shapes, check_state


class WordQueriesMixin:
    """Methods that query `embedding_`, whose rows are `words_`."""

    words_: ObjectArray
    vocabulary_: dict[str, int]
    embedding_: Float32Array

    def get_word_vectors(self, words: str | Iterable[str]) -> Float32Array:
        """Return the vectors of words.

        Parameters
        ----------
        words : str or iterable of str

        Returns
        -------
        float32 array of shape (n_components_,) for one word, (n_words_given, n_components_) for several

        Raises
        ------
        KeyError
            If a word is not in the vocabulary.

        See Also
        --------
        most_similar : The nearest neighbors of a word.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> embedder = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> embedder.get_word_vectors(["tea", "pen"]).shape
        (2, 1)
        """
        rows = self._rows([words] if isinstance(words, str) else list(words))
        return self.embedding_[rows[0]] if isinstance(words, str) else self.embedding_[rows]

    def most_similar(self, word: str | AnyFloatArray, *, n: int = 10) -> list[tuple[str, float]]:
        """Return the words whose vectors have the largest cosine with a word's vector.

        Parameters
        ----------
        word : str or array of shape (n_components_,)
            A word, which the result excludes, or any vector.
        n : int
            Length of the result.

        Returns
        -------
        list of (word, cosine), in descending order of cosine

        Raises
        ------
        KeyError
            If the word is not in the vocabulary.
        ValueError
            If a vector has another shape, infinity or NaN.

        See Also
        --------
        analogy : The nearest neighbors of a difference of words.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> embedder = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> len(embedder.most_similar("tea", n=2))
        2
        """
        if isinstance(word, str):
            row = self._rows([word])
            return self._nearest(self.embedding_[row[0]], exclude=row, n=n)
        check_shapes(self)
        vector = np.asarray(word)
        if vector.shape != self.embedding_.shape[1:] or not np.all(np.isfinite(vector)):
            raise ValueError(
                f"The vector has shape {vector.shape} or numbers that are not finite; give a word, or "
                f"{self.embedding_.shape[1]} finite numbers."
            )
        return self._nearest(vector, exclude=[], n=n)

    def analogy(self, a: str, b: str, c: str, *, n: int = 10) -> list[tuple[str, float]]:
        """Answer *a is to b as c is to?* with 3CosAdd: the words nearest to ``b - a + c`` of the unit vectors.

        Parameters
        ----------
        a, b, c : str
            Three words, which the result excludes.
        n : int
            Length of the result.

        Returns
        -------
        list of (word, cosine), in descending order of cosine

        Raises
        ------
        KeyError
            If a word is not in the vocabulary.

        See Also
        --------
        sk_w2v.inspection.diagnose_analogy : Why an analogy fails.
        sk_w2v.metrics.analogy_accuracy : The share of analogies that are answered.

        References
        ----------
        Mikolov, Yih, Zweig (2013), "Linguistic regularities in continuous space word representations"; the name 3CosAdd
        is from Levy and Goldberg (2014).

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> embedder = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> len(embedder.analogy("tea", "cup", "pen", n=2))
        2
        """
        rows = self._rows([a, b, c])
        unit_a, unit_b, unit_c = normalize(self.embedding_[rows])
        return self._nearest(unit_b - unit_a + unit_c, exclude=rows, n=n)

    def _rows(self, words: Sequence[str]) -> list[int]:
        """Return the words' rows, or raise an error that names the unknown words."""
        check_shapes(self)
        unknown = [word for word in words if word not in self.vocabulary_]
        if unknown:
            raise KeyError(
                f"Not in the vocabulary of {len(self.words_)} words: {unknown!r}; use words of "
                "`vocabulary_`, or fit with a lower min_count or more text."
            )
        rows = [self.vocabulary_[word] for word in words]
        check_rows(self, words, rows)
        return rows

    def _nearest(self, vector: AnyFloatArray, *, exclude: Sequence[int], n: int) -> list[tuple[str, float]]:
        """Return the `n` words with the largest cosine with a vector."""
        if n < 1:
            raise ValueError(f"n={n} is less than 1; use n >= 1.")
        cosines = product(normalize(self.embedding_), normalize(vector[np.newaxis])[0])
        cosines[exclude] = -np.inf
        best = np.argsort(-cosines, kind="stable")[: min(n, len(cosines) - len(exclude))]
        words = [str(self.words_[row]) for row in best]
        if any(self.vocabulary_.get(word) != row for word, row in zip(words, best, strict=True)):
            check_state(self)  # raises the error
        return [(word, float(cosines[row])) for word, row in zip(words, best, strict=True)]
