"""The dataclass of co-occurrence counts: sums, selections and files of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from .._backends.addresses import checked_csr
from .._numbers import LARGEST_INTEGER, in_64_bits
from ..corpus import Vocabulary
from ._csr import add_exactly, submatrix
from ._storage import pack_words, read_arrays, unpack_words, write_arrays


@dataclass(frozen=True, eq=False)
class Cooccurrence:
    """Weighted counts of pairs of words, and the words.

    Attributes
    ----------
    counts : sparse array of shape (n_words, n_words)
        Symmetric and non-negative. `count_cooccurrences` returns an int64 CSR array in integer units, so that sums are
        exact in any order.
    vocabulary : Vocabulary of n_words words
        The word of each row and column.
    unit : float
        Weight of one unit (pairs), where a pair of adjacent tokens has weight 1.

    See Also
    --------
    count_cooccurrences : Count a corpus.
    count_shards : Count a corpus in shards and add the counts.
    check_cooccurrence : Validate counts from another source.
    sk_w2v.targets.make_target : Make a target from counts.

    Examples
    --------
    >>> words = Vocabulary(np.array(["tea", "cup"], dtype=object), np.array([3, 2]))
    >>> cooccurrence = Cooccurrence(sparse.csr_array([[0, 4], [4, 2]]), words, unit=0.5)
    >>> (cooccurrence.counts * cooccurrence.unit).toarray()
    array([[0., 2.],
           [2., 1.]])
    """

    counts: sparse.csr_array
    vocabulary: Vocabulary
    unit: float = 1.0

    def checked(self) -> Cooccurrence:
        """Validate the counts and return them in CSR form.

        Raises
        ------
        ValueError
            If the shape differs from the vocabulary's, the CSR arrays are inconsistent, or a count is negative,
            infinite or NaN.
        TypeError
            If the counts are not real numbers.
        """
        n_words = len(self.vocabulary)
        counts = checked_csr(self.counts, (n_words, n_words), "counts")
        numbers = in_64_bits(counts.data)
        if not (numbers.min(initial=0) >= 0 and numbers.max(initial=0) < np.inf):
            raise ValueError("The counts contain negative numbers, infinity or NaN; give counts >= 0.")
        return replace(self, counts=counts)

    def __add__(self, other: Cooccurrence) -> Cooccurrence:
        """Add the counts of another corpus, which must have the same words and the same unit.

        Integers are added exactly. The counts of words are added, too, unless they are the same in both, as in shards
        that were counted with one vocabulary.

        Raises
        ------
        ValueError
            If words or units differ.
        OverflowError
            If a sum does not fit into 64 bits.

        Examples
        --------
        >>> from sk_w2v.cooccurrence import count_cooccurrences
        >>> from sk_w2v.corpus import Corpus
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
                f"The counts have different words ({len(self.vocabulary)} and {len(other.vocabulary)}, or in another "
                "order); select the same words first: left.select(words) + right.select(words)."
            )
        if self.unit != other.unit:
            raise ValueError(
                f"The counts have units of {self.unit} and {other.unit} pairs, which cannot be added exactly; count "
                "both with the same window and window_weighting."
            )
        vocabulary = _joint_vocabulary(self.vocabulary, other.vocabulary)
        return Cooccurrence(add_exactly(self.checked().counts, other.checked().counts), vocabulary, self.unit)

    def select(self, words: Sequence[str]) -> Cooccurrence:
        """Return the counts between the given words, in this order.

        Raises
        ------
        KeyError
            If a word is not in the vocabulary.
        ValueError
            If a word is given twice.
        TypeError
            If `words` is one str.
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
        """Write the counts to a file, from which `load` reads exactly the same counts; see `docs/format.md`.

        An existing file is replaced when the new one is complete on the disk, and its mode is kept. If writing fails,
        the existing file stays. Pipes and devices are written to directly.

        Raises
        ------
        ValueError
            If the name has the ending of a compressed file; the file is not compressed.
        OSError
            If the file cannot be written.
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
        """Read counts that `save` wrote, with a checksum of every byte.

        Parameters
        ----------
        memory_map : bool
            Whether to map the counts from the file instead of reading them into memory; they are read-only then.

        Raises
        ------
        ValueError
            If the file was not written by `save`, has a later version, or is damaged.
        OSError
            If the file cannot be read or is a pipe.
        """
        arrays = read_arrays(path, "cooccurrence", memory_map=memory_map)
        try:
            words = unpack_words(arrays["words"], arrays["word_ends"])
            shape = (len(words), len(words))
            if {arrays[name].dtype.kind for name in ("word_ends", "indices", "indptr")} != {"i"}:
                raise TypeError("indices must be signed integers")
            counts = sparse.csr_array((arrays["counts"], arrays["indices"], arrays["indptr"]), shape=shape)
            counts.check_format(full_check=True)  # kernels trust the indices
            unit = float(arrays["unit"])
            word_counts = arrays["word_counts"].reshape(len(words))
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} contains arrays that are not counts, {error!r:.120}; save it again.") from error
        return cls(counts, Vocabulary(words, word_counts), unit)


def _joint_vocabulary(left: Vocabulary, right: Vocabulary) -> Vocabulary:
    """Return the vocabulary of a sum: the same counts of words if both have them, else their sums."""
    first, second = (in_64_bits(each.counts, "counts of the vocabulary") for each in (left, right))
    if np.array_equal(first, second):
        return left
    if first.dtype == second.dtype == np.int64 and np.any(first > LARGEST_INTEGER - second):
        raise OverflowError("A sum of counts of words does not fit into 64 bits; give them as floats.")
    return Vocabulary(left.words, first + second)
