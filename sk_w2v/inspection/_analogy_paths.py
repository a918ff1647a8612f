"""3CosAdd answers at each rank or time of a fitted model, without refitting.

A set of 12,000 questions uses about 900 different words. Their products with all words form one table, and each
further component adds one outer product to it. A question is decided by whether any word scores higher than the right
one. A word that scored higher at the previous step usually still does, so one comparison often suffices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from scipy.linalg.blas import sgemm

from .._typing import AnyArray, AnyFloatArray, BoolArray, Float32Array, Int64Array

Path = Callable[[Int64Array], Iterator[tuple[Float32Array, Float32Array]]]

TABLE_SIZE = 1 << 25  # products held at once: 128 MB, plus 128 MB for their cosines


def rank_path(vectors: Float32Array, ranks: Int64Array) -> Path:
    """Return a path along the first 1, 2, ... columns of `vectors`, at the given increasing numbers of columns."""

    def steps(asked: Int64Array) -> Iterator[tuple[Float32Array, Float32Array]]:
        products = np.zeros((len(asked), len(vectors)), dtype=np.float32)
        squares = np.zeros(len(vectors))
        for first, end in pairwise([0, *ranks.tolist()]):
            added = np.ascontiguousarray(vectors[:, first:end])
            _add_products(products, added[asked], added)
            squares += np.einsum("wd,wd->w", added, added)
            yield products, _inverse_roots(squares)

    return steps


def weighted_path(vectors: Float32Array, weights: AnyFloatArray) -> Path:
    """Return a path along ``vectors * weights[i]`` for each row of weights."""

    def steps(asked: Int64Array) -> Iterator[tuple[Float32Array, Float32Array]]:
        for weight in weights:
            weighted = (vectors * weight).astype(np.float32)
            yield weighted[asked] @ weighted.T, _inverse_roots(np.einsum("wd,wd->w", weighted, weighted))

    return steps


def vectors_path(path: Iterable[Float32Array]) -> Path:
    """Return a path along given vectors, of shape (n_words, n_components) at each step."""

    def steps(asked: Int64Array) -> Iterator[tuple[Float32Array, Float32Array]]:
        for vectors in path:
            yield vectors[asked] @ vectors.T, _inverse_roots(np.einsum("wd,wd->w", vectors, vectors))

    return steps


def answered_along(path: Path, rows: Int64Array, n_steps: int, *, n_words: int, n_jobs: int = 1) -> BoolArray:
    """Return whether each question is answered at each step, of shape (n_questions, n_steps).

    Parameters
    ----------
    path : callable
        `rank_path` or `weighted_path`.
    rows : int array of shape (n_questions, 4)
        Rows of the words a, b, c and of the right answer.
    """
    answered = np.zeros((len(rows), n_steps), dtype=bool)
    order = np.lexsort(rows.T[::-1])  # groups questions with the same a and b
    n_batches = -(-len(np.unique(rows[:, :3])) * n_words // TABLE_SIZE)
    with ThreadPoolExecutor(n_jobs) as pool:
        for batch in np.array_split(order, max(1, n_batches)):
            asking = _Asking(rows[batch], pool, n_jobs)
            for step, (products, inverses) in enumerate(path(asking.asked)):
                answered[batch, step] = asking.answer(products, inverses)
    return answered


class _Asking:
    """A batch of questions, each with the last word found to score higher than the right one."""

    def __init__(self, rows: Int64Array, pool: ThreadPoolExecutor, n_jobs: int) -> None:
        self.asked, places = np.unique(rows[:, :3], return_inverse=True)
        self._rows, self._places = rows, places.reshape(-1, 3)
        self._rivals = rows[:, 3].copy()  # it never scores higher than itself
        self._pool, self._n_jobs = pool, n_jobs

    def answer(self, products: Float32Array, inverses: Float32Array) -> BoolArray:
        """Return which questions are answered, given the vectors' products and inverse lengths."""
        right = self._scores(products, inverses, self._rows[:, 3])
        answered = self._scores(products, inverses, self._rivals) <= right
        undecided = np.flatnonzero(answered)
        needed = np.unique(self._places[undecided])
        cosines = np.empty_like(products)
        self._map(lambda part: self._normalize(products, inverses, cosines, needed[part]), len(needed))
        self._map(lambda part: self._search(cosines, undecided[part], answered), len(undecided))
        return answered

    def _map(self, function: Callable[[slice], None], n: int) -> None:
        """Call the function on parts of range(n) in threads."""
        bounds = np.linspace(0, n, self._n_jobs + 1).astype(int)
        list(self._pool.map(function, [slice(first, end) for first, end in pairwise(bounds)]))

    def _normalize(self, products: Float32Array, inverses: Float32Array, cosines: Float32Array, rows: AnyArray) -> None:
        """Fill rows of the cosines one at a time, so that each stays in the cache."""
        for row, inverse in zip(rows, inverses[self.asked[rows]], strict=True):
            np.multiply(products[row], inverses, out=cosines[row])
            cosines[row] *= inverse

    def _scores(self, products: Float32Array, inverses: Float32Array, words: Int64Array) -> Float32Array:
        """Return the score of one word for each question, with the same rounding as in `_search`."""
        a, b, c = (products[place, words] * inverses[words] * inverses[self.asked[place]] for place in self._places.T)
        scores: Float32Array = (b - a) + c
        return scores

    def _search(self, cosines: Float32Array, questions: Int64Array, answered: BoolArray) -> None:
        """Score all words for each of these questions and record the best."""
        difference, scores = np.empty((2, cosines.shape[1]), dtype=np.float32)
        last = (-1, -1)
        for question in questions:
            a, b, c = self._places[question]
            if (a, b) != last:
                np.subtract(cosines[b], cosines[a], out=difference)
                last = (a, b)
            np.add(difference, cosines[c], out=scores)
            scores[self._rows[question, :3]] = -np.inf
            best = scores.argmax()
            answered[question] = best == self._rows[question, 3]
            self._rivals[question] = best


def _add_products(products: Float32Array, left: Float32Array, right: Float32Array) -> None:
    """Add ``left @ right.T`` in place."""
    sgemm(1.0, right.T, left.T, beta=1.0, c=products.T, overwrite_c=1, trans_a=1)  # Fortran order is the transpose


def _inverse_roots(squares: AnyFloatArray) -> Float32Array:
    """Return the inverse lengths, 0 for zero vectors."""
    roots = np.sqrt(squares)
    inverses: Float32Array = np.divide(1, roots, out=np.zeros_like(roots), where=roots > 0).astype(np.float32)
    return inverses
