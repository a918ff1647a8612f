"""Looking words up: vectors, neighbors and analogies of a fitted embedder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from sklearn.preprocessing import normalize

from .._backends.dense import product
from .._typing import AnyFloatArray, Float32Array, ObjectArray
from .state import check_rows, check_shapes, check_state


class WordQueriesMixin:
    """Questions to `embedding_`, the rows of which are `words_`."""

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
        """
        rows = self._rows([words] if isinstance(words, str) else list(words))
        return self.embedding_[rows[0]] if isinstance(words, str) else self.embedding_[rows]

    def most_similar(self, word: str | AnyFloatArray, *, n: int = 10) -> list[tuple[str, float]]:
        """Return the words whose vectors have the largest cosine with a word's vector.

        Parameters
        ----------
        word : str or array of shape (n_components_,)
            A word, which is then left out of the answer, or any vector.
        n : int
            Length of the answer.

        Returns
        -------
        list of (word, cosine), best first

        Raises
        ------
        KeyError
            If the word is not in the vocabulary.
        ValueError
            If a vector has another shape, infinity or NaN.
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
        """Answer *a is to b as c is to?* by 3CosAdd: the words nearest to ``b - a + c``, of unit vectors.

        Parameters
        ----------
        a, b, c : str
            Three words; they are left out of the answer.
        n : int
            Length of the answer.

        Returns
        -------
        list of (word, cosine), best first

        Raises
        ------
        KeyError
            If a word is not in the vocabulary.

        References
        ----------
        Mikolov, Yih, Zweig (2013); the name is Levy and Goldberg's (2014).
        """
        rows = self._rows([a, b, c])
        unit_a, unit_b, unit_c = normalize(self.embedding_[rows])
        return self._nearest(unit_b - unit_a + unit_c, exclude=rows, n=n)

    def _rows(self, words: Sequence[str]) -> list[int]:
        """Return the words' rows, or name those that are unknown."""
        check_shapes(self)
        unknown = [word for word in words if word not in self.vocabulary_]
        if unknown:
            raise KeyError(
                f"Not in the vocabulary of {len(self.words_)} words: {unknown!r}; use words of "
                "`vocabulary_` (a lower min_count or more text makes it larger)."
            )
        rows = [self.vocabulary_[word] for word in words]
        check_rows(self, words, rows)
        return rows

    def _nearest(self, vector: AnyFloatArray, *, exclude: Sequence[int], n: int) -> list[tuple[str, float]]:
        """Return the `n` words of largest cosine with a vector."""
        if n < 1:
            raise ValueError(f"n={n} asks for no word; use n >= 1.")
        cosines = product(normalize(self.embedding_), normalize(vector[np.newaxis])[0])
        cosines[exclude] = -np.inf
        best = np.argsort(-cosines, kind="stable")[: min(n, len(cosines) - len(exclude))]
        words = [str(self.words_[row]) for row in best]
        if any(self.vocabulary_.get(word) != row for word, row in zip(words, best, strict=True)):
            check_state(self)  # which says what is wrong
        return [(word, float(cosines[row])) for word, row in zip(words, best, strict=True)]
