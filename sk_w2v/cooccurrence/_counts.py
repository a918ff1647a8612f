"""Co-occurrence counts: how often, and how near, any two words stand together."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import lcm
from types import ModuleType

import numpy as np
from scipy import sparse

from .._backends import get_backend, usable_threads
from .._backends.addresses import checked_csr
from .._numbers import LARGEST_INTEGER, in_64_bits
from .._typing import AnyArray, Int64Array
from ..corpus import Corpus, Vocabulary
from ._csr import add_exactly, square_csr, submatrix, summed
from ._spilling import count_runs, count_tokens, runs_within
from ._storage import pack_words, read_arrays, unpack_words, write_arrays

WINDOW_WEIGHTINGS = ("linear", "uniform", "harmonic")

# Harmonic weights are whole multiples of 1 / lcm(1, ..., window) up to this window, and rounded beyond it.
LAST_EXACT_HARMONIC_WINDOW = 22
LAST_EXACT_LINEAR_WINDOW = 1 << 30  # and linear ones of 1 / window up to this one
_ROUNDED_UNITS = 1 << 30
MOST_DRAWN_PAIRS = 1 << 24  # 16 bytes each: 270 MB
SMALLEST_SHARE = 1e-100  # of a pair among all: products and quotients of a few such shares are far from underflow


@dataclass(frozen=True, eq=False)
class Cooccurrence:
    """Counts of pairs, and the words they count.

    Attributes
    ----------
    counts : sparse array of shape (n_words, n_words)
        Symmetric and non-negative. From `count_cooccurrences` it is an int64 array in CSR form: what each pair counts
        for, in whole units, so that sums are exact in any order.
    vocabulary : Vocabulary of n_words words
    unit : float
        What one unit is worth (pairs): a pair side by side counts for 1.
    """

    counts: sparse.csr_array
    vocabulary: Vocabulary
    unit: float = 1.0

    def checked(self) -> Cooccurrence:
        """Return the counts in CSR form, once their arrays fit each other and the vocabulary, and none is negative.

        Raises
        ------
        ValueError
            If they do not fit, or hold a negative number, infinity or NaN.
        TypeError
            If they are no real numbers.
        """
        n_words = len(self.vocabulary)
        counts = checked_csr(self.counts, (n_words, n_words), "counts")
        numbers = in_64_bits(counts.data)
        if not (numbers.min(initial=0) >= 0 and numbers.max(initial=0) < np.inf):
            raise ValueError("The counts hold negative numbers, infinity or NaN; give counts >= 0.")
        return replace(self, counts=counts)

    def __add__(self, other: Cooccurrence) -> Cooccurrence:
        """Add the counts of another corpus, which must be of the same words in the same unit.

        Whole numbers add up exactly. The word counts stay if both have the same, as shards counted with one vocabulary
        do, and add up if not.

        Raises
        ------
        ValueError
            If words or units differ.
        OverflowError
            If a sum does not fit into 64 bits.

        Examples
        --------
        >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([3, 1]))
        >>> shards = [Corpus(np.array(ids, dtype=np.int32), np.array([0, 2])) for ids in ([0, 1], [0, 0])]
        >>> first, second = (count_cooccurrences(shard, words, window=2) for shard in shards)
        >>> (first + second).counts.toarray()
        array([[4, 2],
               [2, 0]])
        """
        if not isinstance(other, Cooccurrence):
            return NotImplemented
        if not np.array_equal(self.vocabulary.words, other.vocabulary.words):
            raise ValueError(
                f"The counts are of different words ({len(self.vocabulary)} and {len(other.vocabulary)}, or in another "
                "order); bring both to one list of words first: left.select(words) + right.select(words)."
            )
        if self.unit != other.unit:
            raise ValueError(
                f"The counts are in units of {self.unit} and {other.unit} pairs, which do not add up exactly; count "
                "both with one window and window_weighting."
            )
        vocabulary = _joint_vocabulary(self.vocabulary, other.vocabulary)
        return Cooccurrence(add_exactly(self.checked().counts, other.checked().counts), vocabulary, self.unit)

    def select(self, words: Sequence[str]) -> Cooccurrence:
        """Return the counts of the given words among themselves, in this order.

        Raises
        ------
        KeyError
            If a word is not in the vocabulary.
        ValueError
            If a word is given twice.
        """
        if isinstance(words, str):
            raise TypeError(f"words is one str, {words!r:.40}; give a list of words, such as [word].")
        rows = self.vocabulary.lookup(words)
        unknown = [word for word, row in zip(words, rows, strict=True) if row < 0]
        if unknown:
            raise KeyError(f"{len(unknown)} of {len(rows)} words are not in the vocabulary: {unknown[:10]}")
        if len(np.unique(rows)) < len(rows):
            raise ValueError(f"{len(rows) - len(np.unique(rows))} words are given twice; give each word once.")
        vocabulary = Vocabulary(self.vocabulary.words[rows], self.vocabulary.counts[rows])
        return Cooccurrence(submatrix(self.checked().counts, rows), vocabulary, self.unit)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the counts to a file, which `load` reads back to the bit; see `docs/format.md`.

        The file takes the place of an earlier one once it is complete on the disk, and keeps its mode; on failure the
        earlier one stays. A pipe or device is written straight into.

        Raises
        ------
        ValueError
            If the name ends as that of a compressed file, which it would not be.
        """
        counts = self.checked().counts
        packed, ends = pack_words(self.vocabulary.words)
        arrays = {
            "unit": np.array(self.unit, dtype=np.float64),
            "words": packed,
            "word_ends": ends,
            "word_counts": np.asarray(self.vocabulary.counts),
            "indptr": counts.indptr,
            "indices": counts.indices,
            "counts": counts.data,
        }
        write_arrays(path, "cooccurrence", arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, memory_map: bool = False) -> Cooccurrence:
        """Read counts that `save` wrote, after checking every byte.

        Parameters
        ----------
        memory_map : bool
            Whether to leave the counts in the file until they are used; they are read-only then.

        Raises
        ------
        ValueError
            If it is not such a file, of a later version, or damaged.
        OSError
            If it cannot be read or is a pipe.
        """
        arrays = read_arrays(path, "cooccurrence", memory_map=memory_map)
        try:
            words = unpack_words(arrays["words"], arrays["word_ends"])
            shape = (len(words), len(words))
            if {arrays[name].dtype.kind for name in ("word_ends", "indices", "indptr")} != {"i"}:
                raise TypeError("places must be signed integers")
            counts = sparse.csr_array((arrays["counts"], arrays["indices"], arrays["indptr"]), shape=shape)
            counts.check_format(full_check=True)  # kernels trust the indices
            unit = float(arrays["unit"])
            word_counts = arrays["word_counts"].reshape(len(words))
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} holds arrays that are no counts, {error!r:.120}; save it again.") from error
        return cls(counts, Vocabulary(words, word_counts), unit)


def count_cooccurrences(
    corpus: Corpus,
    vocabulary: Vocabulary,
    *,
    window: int,
    window_weighting: str = "linear",
    backend: ModuleType | None = None,
    n_jobs: int = 1,
    memory_budget: int | None = None,
) -> Cooccurrence:
    """Count each pair of tokens at most `window` apart in one document, in both directions.

    Parameters
    ----------
    corpus : Corpus
    vocabulary : Vocabulary
        The words behind the corpus' ids.
    window : int
        Greatest distance of a pair (tokens). One that no document is longer than costs no more than the longest
        document does, so that ``sys.maxsize`` stands for whole documents.
    window_weighting : {"linear", "uniform", "harmonic"}
        What a pair `o` tokens apart counts for: ``(window + 1 - o) / window`` (what word2vec's random window gives on
        average), 1, or ``1 / o`` (GloVe's).
    memory_budget : int or None
        Memory that counting may take besides the corpus and a copy of half its size (bytes), up to a few MB that Python
        and the allocator keep. Counts that might not fit go to a nameless file in `tempfile.gettempdir()` (on a disk:
        TMPDIR chooses it) and are mapped from there, the same to the bit. It holds with ``backend="cpu"``, until the
        counts are returned: what is made of them later is not part of it. None counts in memory.

    Raises
    ------
    ValueError
        If the budget is too small for one row of counts.
    OverflowError
        If counts might not fit into 64 bits, as those of a window of a million tokens in one document might not.
    OSError
        If the disk is full.

    Examples
    --------
    >>> vocabulary = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([2, 1]))
    >>> tea_cup_tea = Corpus(ids=np.array([0, 1, 0], dtype=np.int32), offsets=np.array([0, 3]))
    >>> cooccurrence = count_cooccurrences(tea_cup_tea, vocabulary, window=2)
    >>> (cooccurrence.counts * cooccurrence.unit).toarray()
    array([[1., 2.],
           [2., 0.]])
    """
    corpus = corpus.checked(len(vocabulary))
    weights, unit = window_weights(window, window_weighting, longest_document=longest_document(corpus))
    _require_sums_that_fit(corpus, len(vocabulary), weights)
    backend, n_jobs = backend or get_backend(), usable_threads(n_jobs)
    count_rows = partial(
        backend.count_pairs, corpus.ids, corpus.offsets, weights, n_words=len(vocabulary), n_jobs=n_jobs
    )
    if memory_budget is None:
        arrays = count_rows()
    else:
        runs = runs_within(memory_budget, corpus, n_words=len(vocabulary), window=len(weights), n_jobs=n_jobs)
        arrays = count_runs(lambda rows: count_rows(rows=rows), runs) if len(runs) > 1 else count_rows()
    return Cooccurrence(square_csr(*arrays), vocabulary, unit)


def sample_pairs(cooccurrence: Cooccurrence, *, random_state: np.random.RandomState) -> Corpus:
    """Draw as many pairs as were counted, by their weight, as a corpus of documents of two words each.

    Warns
    -----
    UserWarning
        If more than `MOST_DRAWN_PAIRS` were counted, so that no more than these are drawn.
    """
    upper = sparse.coo_array(sparse.triu(cooccurrence.checked().counts))
    weights = upper.data.astype(np.float64)
    weights[upper.row == upper.col] /= 2  # a word beside itself was counted in both directions, too
    n_pairs = _number_to_draw(float(weights.sum()) * cooccurrence.unit)
    n_drawn = random_state.multinomial(n_pairs, weights / weights.sum())
    drawn = np.repeat(np.arange(len(weights), dtype=upper.row.dtype), n_drawn)
    random_state.shuffle(drawn)
    ids = np.empty((n_pairs, 2), np.int32)
    ids[:, 0], ids[:, 1] = upper.row[drawn], upper.col[drawn]
    return Corpus(ids.ravel(), np.arange(0, 2 * n_pairs + 1, 2, dtype=np.int64))


def _number_to_draw(n_counted: float) -> int:
    """Return how many pairs to draw; say so if it is less than all."""
    if n_counted > MOST_DRAWN_PAIRS:
        warnings.warn(
            f"The counts hold {n_counted:.3g} pairs, of which {MOST_DRAWN_PAIRS} are drawn for stochastic gradient "
            'descent; ALSEmbedder and solver="gd" use them all, in less memory.',
            UserWarning,
            stacklevel=2,
        )
        return MOST_DRAWN_PAIRS
    return max(1, round(n_counted))


def longest_document(corpus: Corpus) -> int:
    """Return the length of the longest document (tokens)."""
    return int(np.max(np.diff(corpus.offsets), initial=0))


def window_weights(
    window: int, window_weighting: str, *, longest_document: int | None = None
) -> tuple[Int64Array, float]:
    """Return what a pair 1, ..., `window` tokens apart counts for in whole units, and the unit.

    No document is longer than `longest_document`, so that pairs further apart than it allows are left out.

    >>> window_weights(3, "linear")
    (array([3, 2, 1]), 0.3333333333333333)
    >>> window_weights(3, "harmonic")
    (array([6, 3, 2]), 0.16666666666666666)
    >>> window_weights(10**9, "linear", longest_document=3)
    (array([1000000000,  999999999]), 1e-09)
    """
    reach = window if longest_document is None else min(window, max(1, longest_document - 1))
    distances = np.arange(1, reach + 1)
    if window_weighting == "uniform":
        return np.ones(reach, dtype=np.int64), 1.0
    if window_weighting == "linear":
        if window <= LAST_EXACT_LINEAR_WINDOW:
            return window + 1 - distances, 1 / window
        shares = 1 - (distances - 1) / min(window, 1 << 62)  # beyond which all of them are 1
        return np.rint(_ROUNDED_UNITS * shares).astype(np.int64), 1 / _ROUNDED_UNITS
    if window_weighting == "harmonic":
        units = lcm(*range(1, window + 1)) if window <= LAST_EXACT_HARMONIC_WINDOW else _ROUNDED_UNITS
        return np.rint(units / distances).astype(np.int64), 1 / units
    raise ValueError(f"window_weighting={window_weighting!r} is unknown; use one of {WINDOW_WEIGHTINGS}.")


def _require_sums_that_fit(corpus: Corpus, n_words: int, weights: Int64Array) -> None:
    """Refuse weights with which the most frequent word might count for more beside itself than 64 bits hold."""
    most = 2 * weights.sum(dtype=np.float64)  # of one token
    if most * len(corpus.ids) < LARGEST_INTEGER:
        return
    n_tokens = int(count_tokens(corpus.ids, n_words).max(initial=0))
    if most * n_tokens >= LARGEST_INTEGER:
        raise OverflowError(
            f"Counts of a window of {len(weights)} tokens might not fit into 64 bits: a word occurs {n_tokens} times, "
            f"each for up to {most:.3g} units. Use a smaller window, or window_weighting='uniform'."
        )


def check_cooccurrence(cooccurrence: Cooccurrence) -> Cooccurrence:
    """Return counts that came from outside in canonical form, or say why they cannot be used.

    Raises
    ------
    ValueError
        If the counts are not square, do not fit the vocabulary, are not symmetric, hold negative or infinite numbers
        or NaN, or are all zero; or if the vocabulary repeats a word or has not a positive count for each.
    TypeError
        If counts are no real numbers.
    OverflowError
        If counts, or floats that add them up, do not fit into 64 bits.
    """
    counts = summed(cooccurrence.checked().counts)
    if not np.all(counts.data):
        counts = counts.copy()  # of arrays that may be the caller's
        counts.eliminate_zeros()
    n_words = len(cooccurrence.vocabulary.rows)  # or an error, if a word is there twice
    word_counts = in_64_bits(cooccurrence.vocabulary.counts, "counts of the vocabulary")
    if not np.all((word_counts > 0) & np.isfinite(word_counts)):
        raise ValueError(
            f"The vocabulary has the counts {word_counts!s:.60} for {n_words} words; give one positive count for each "
            "word."
        )
    if abs(counts - counts.T).max() > 1e-9 * abs(counts).max():
        raise ValueError("The counts are not symmetric; give counts + counts.T.")
    if not 0 < cooccurrence.unit < np.inf:
        raise ValueError(f"unit={cooccurrence.unit} is no worth of a count; give a positive number of pairs.")
    _check_range(counts.data)
    vocabulary = replace(cooccurrence.vocabulary, counts=word_counts)
    return require_pairs(Cooccurrence(counts, vocabulary, cooccurrence.unit))


def _check_range(counts: AnyArray) -> None:
    """Refuse floats whose sum, or whose shares of it, float64 cannot hold."""
    with np.errstate(over="ignore"):
        total = counts.sum(dtype=np.float64)
    if not np.isfinite(total):
        raise OverflowError(f"The counts, of up to {counts.max():.3g}, add up to infinity; divide all by one number.")
    if len(counts) and counts.min() < SMALLEST_SHARE * total:
        raise ValueError(
            f"The counts go from {counts.min():.3g} to {counts.max():.3g}, too far apart for products of their shares; "
            f"leave out those below {SMALLEST_SHARE:g} of the sum."
        )


def require_pairs(cooccurrence: Cooccurrence) -> Cooccurrence:
    """Return the counts, or say that there are none."""
    if cooccurrence.counts.nnz == 0:
        raise ValueError(
            f"No two of the {len(cooccurrence.vocabulary)} words stand together; give longer "
            "documents, a lower min_count, or counts that are not all zero."
        )
    return cooccurrence


def _joint_vocabulary(left: Vocabulary, right: Vocabulary) -> Vocabulary:
    """Return the words of both, with their counts if these are the same, or else the sums."""
    first, second = (in_64_bits(each.counts, "counts of the vocabulary") for each in (left, right))
    if np.array_equal(first, second):
        return left
    if first.dtype == second.dtype == np.int64 and np.any(first > LARGEST_INTEGER - second):
        raise OverflowError("A sum of the words' counts does not fit into 64 bits; give them as floats.")
    return Vocabulary(left.words, first + second)
