"""Queries of a fitted embedder: vectors of words, nearest neighbors and analogies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from sklearn.preprocessing import normalize
from sklearn.utils.validation import check_is_fitted

from .._backends.dense import product
from .._typing import AnyFloatArray, Float32Array, ObjectArray
from .query_terms import Term, terms_of, unknown_words_message
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

    def __getitem__(self, words: str | Iterable[str]) -> Float32Array:
        """Return the vectors of words, as `get_word_vectors` does."""
        if not isinstance(words, str | np.ndarray | Iterable):
            # A KeyError, as of a dict, also tells NumPy that this is no sequence.
            raise KeyError(
                f"{words!r} of type {type(words).__name__} is no word; give a word or a list of words. Rows are those "
                "of `embedding_`, and the words in order are `words_`."
            )
        return self.get_word_vectors(words)

    def __contains__(self, word: object) -> bool:
        check_is_fitted(self)
        return isinstance(word, str) and word in self.vocabulary_

    def __len__(self) -> int:
        """Return the number of words."""
        check_is_fitted(self)
        return len(self.words_)

    def __bool__(self) -> bool:
        return True  # fitted or not

    def similarity(self, a: str | AnyFloatArray, b: str | AnyFloatArray) -> float:
        """Return the cosine of two words.

        Parameters
        ----------
        a, b : str or array of shape (n_components_,)
            Words, or vectors.

        Returns
        -------
        float between -1 and 1; 0 if one of the vectors is zero

        Raises
        ------
        KeyError
            If a word is not in the vocabulary.

        See Also
        --------
        sk_w2v.metrics.similarity_correlation : The agreement with judgments of people.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> embedder = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> round(embedder.similarity("tea", "tea"), 6)
        1.0
        """
        terms = [term for each in (a, b) for term in self._terms(each)]
        if len(terms) != 2:
            raise TypeError(
                f"similarity compares two words, and got {len(terms)}; give one word or vector for a and b."
            )
        left, right = normalize([self._vector(term) for term in terms])
        return float(left @ right)

    def most_similar(
        self,
        positive: str | AnyFloatArray | Iterable[str | AnyFloatArray] | None,
        negative: str | AnyFloatArray | Iterable[str | AnyFloatArray] | None = None,
        *,
        n: int = 10,
        among: Iterable[str] | None = None,
        **unknown: Any,
    ) -> list[tuple[str, float]]:
        """Return the words with the largest cosine with a word, or with a sum of words.

        Parameters
        ----------
        positive : str, array of shape (n_components_,) or list of them
            A word, a vector, or several. The unit vectors of words are added; vectors are added as they are.
        negative : str, array of shape (n_components_,) or list of them, default=None
            Words and vectors to subtract.
        n : int
            Length of the result.
        among : iterable of str, default=None
            The words to rank; None ranks all. The words of the query are excluded in either case.

        Returns
        -------
        list of (word, cosine), in descending order of cosine

        Raises
        ------
        KeyError
            If a word is not in the vocabulary; the message names words that are close to it.
        TypeError
            If something is neither a word nor a vector.
        ValueError
            If a vector has another shape, infinity or NaN, or the sum is zero.

        See Also
        --------
        analogy : The nearest neighbors of a difference of words.
        similarity : The cosine of two words.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> embedder = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> len(embedder.most_similar("tea", n=2))
        2
        >>> [word for word, _ in embedder.most_similar(["tea", "cup"], negative="pen", among=["pot", "tea"])]
        ['pot']
        """
        _refuse(unknown)
        added, subtracted = self._terms(positive), self._terms(negative)
        query = self._sum(added, subtracted)
        excluded = self._rows([term for term in (*added, *subtracted) if isinstance(term, str)])
        return self._nearest(query, exclude=excluded, n=n, among=self._listed(among, "among"))

    def doesnt_match(self, words: Iterable[str]) -> str:
        """Return the word that is least similar to the mean of all.

        Parameters
        ----------
        words : iterable of str
            At least three words.

        Returns
        -------
        str

        Raises
        ------
        KeyError
            If a word is not in the vocabulary.
        ValueError
            If there are fewer than three words.

        See Also
        --------
        similarity : The cosine of two words.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> embedder = SpectralEmbedder(1, min_count=1).fit(["tea cup tea pot", "pen ink pen paper"])
        >>> embedder.doesnt_match(["tea", "cup", "ink"])
        'ink'
        """
        given = self._listed(words, "words") or []
        if len(given) < 3:
            raise ValueError(f"{len(given)} words cannot tell which of them does not match; give at least three.")
        units = normalize(self.embedding_[self._rows(given)])
        return str(given[int(np.argmin(units @ units.mean(axis=0)))])

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

    def _terms(self, given: Any) -> list[Term]:
        """Return the words and vectors of an argument."""
        check_shapes(self)
        return terms_of(given, self.embedding_.shape[1])

    def _vector(self, term: Term) -> AnyFloatArray:
        """Return a word's vector, or the vector."""
        return self.embedding_[self._rows([term])[0]] if isinstance(term, str) else term

    def _sum(self, added: Sequence[Term], subtracted: Sequence[Term]) -> AnyFloatArray:
        """Return the sum of words' unit vectors and of vectors, some of them subtracted."""
        if len(added) == 1 and not subtracted:
            return self._vector(added[0])
        if not added and not subtracted:
            raise ValueError("There is neither a positive nor a negative word; give at least one word or vector.")
        vectors = np.array([self._vector(term) for term in (*added, *subtracted)])  # (n_terms, n_components)
        are_words = np.array([isinstance(term, str) for term in (*added, *subtracted)])
        vectors[are_words] = normalize(vectors[are_words]) if are_words.any() else vectors[are_words]
        signs = np.repeat([1, -1], [len(added), len(subtracted)]).astype(vectors.dtype)
        total: AnyFloatArray = signs @ vectors
        if not np.any(total):
            raise ValueError("The positive and negative words add up to zero, which no word is near to; give others.")
        return total

    def _listed(self, words: Iterable[str] | None, name: str) -> list[str] | None:
        """Return words as a list, or raise an error if they are something else."""
        if words is None:
            return None
        if isinstance(words, str | bytes) or not isinstance(words, Iterable):
            raise TypeError(f"{name}={words!r:.60} is of type {type(words).__name__}; give a list of words.")
        listed = list(words)
        if not all(isinstance(word, str) for word in listed):
            wrong = next(word for word in listed if not isinstance(word, str))
            raise TypeError(f"{name} holds {wrong!r:.60} of type {type(wrong).__name__}; give words as str.")
        return listed

    def _rows(self, words: Sequence[str]) -> list[int]:
        """Return the words' rows, or raise an error that names the unknown words."""
        check_shapes(self)
        unknown = [word for word in words if word not in self.vocabulary_]
        if unknown:
            raise KeyError(unknown_words_message(unknown, self.words_.tolist(), self.vocabulary_))
        rows = [self.vocabulary_[word] for word in words]
        check_rows(self, words, rows)
        return rows

    def _nearest(
        self, vector: AnyFloatArray, *, exclude: Sequence[int], n: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return the `n` words, of all or of some, with the largest cosine with a vector."""
        if not isinstance(n, int | np.integer):
            raise TypeError(f"n={n!r} is no number of words; give an int.")
        if n < 1:
            raise ValueError(f"n={n} is less than 1; use n >= 1.")
        rows = np.arange(len(self.words_)) if among is None else np.unique(np.array(self._rows(among), np.intp))
        rows = rows[~np.isin(rows, exclude)]
        space = self.embedding_ if among is None else self.embedding_[rows]
        cosines = product(normalize(space), normalize(vector[np.newaxis])[0]) if len(rows) else np.empty(0)
        cosines = cosines[rows] if among is None else cosines
        best = np.argsort(-cosines, kind="stable")[:n]
        words = [str(self.words_[rows[place]]) for place in best]
        if any(self.vocabulary_.get(word) != rows[place] for word, place in zip(words, best, strict=True)):
            check_state(self)  # raises the error
        return [(word, float(cosines[place])) for word, place in zip(words, best, strict=True)]


def _refuse(unknown: dict[str, Any]) -> None:
    """Raise an error for arguments of other names, as gensim's."""
    if "topn" in unknown:
        raise TypeError(f"topn={unknown['topn']!r}: the length of the result is n; give n={unknown['topn']!r}.")
    if unknown:
        raise TypeError(f"most_similar() got an unexpected keyword argument {next(iter(unknown))!r}")
