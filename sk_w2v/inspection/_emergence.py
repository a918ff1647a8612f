"""Emergence: at which rank and time a fitted model answers analogies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import effective_n_jobs

from .._estimators.base import BaseEmbedder
from .._estimators.lookup import find_embedder
from .._tables import Table, counted, html_table
from .._typing import AnyArray, BoolArray, Float64Array, Int64Array, ObjectArray
from ..datasets import AnalogyQuestions
from ..dynamics import squared_singular_values
from ._analogy_paths import Path, answered_along, rank_path, weighted_path

N_TIMES = 50


@dataclass(frozen=True, eq=False, repr=False)
class Emergence:
    """Which questions are answered at which rank and time.

    Attributes
    ----------
    words : object array of shape (n_questions, 4)
        The questions whose words are all known.
    categories : object array of shape (n_questions,)
    coverage : float
        Share of the given questions that are known.
    ranks : int array of shape (n_ranks,)
        Numbers of components evaluated.
    times : float array of shape (n_times,)
        Times of the flow evaluated, with all components; empty for a trained model.
    by_rank : bool array of shape (n_questions, n_ranks)
        Whether each question is answered at each rank.
    by_time : bool array of shape (n_questions, n_times)
        Whether each question is answered at each time.

    See Also
    --------
    emergence : Computes it.
    """

    words: ObjectArray
    categories: ObjectArray
    coverage: float
    ranks: Int64Array
    times: Float64Array
    by_rank: BoolArray
    by_time: BoolArray

    @property
    def rank_accuracy(self) -> Float64Array:
        """Share of the questions answered at each rank, of shape (n_ranks,)."""
        return np.asarray(self.by_rank.mean(axis=0))

    @property
    def time_accuracy(self) -> Float64Array:
        """Share of the questions answered at each time, of shape (n_times,)."""
        return np.asarray(self.by_time.mean(axis=0))

    @property
    def first_ranks(self) -> Float64Array:
        """Smallest rank that answers each question, of shape (n_questions,); NaN if none does."""
        return _first(self.by_rank, self.ranks)

    @property
    def lasting_ranks(self) -> Float64Array:
        """Smallest rank from which on each question stays answered, of shape (n_questions,); NaN if there is none."""
        return _first(_from_here_on(self.by_rank), self.ranks)

    @property
    def first_times(self) -> Float64Array:
        """Earliest time at which each question is answered, of shape (n_questions,); NaN if there is none."""
        return _first(self.by_time, self.times)

    @property
    def lasting_times(self) -> Float64Array:
        """Earliest time from which on each question stays answered, of shape (n_questions,); NaN if there is none."""
        return _first(_from_here_on(self.by_time), self.times)

    def by_category(self) -> dict[str, Emergence]:
        """Return the emergence of each category, in the order of the questions."""
        return {str(each): self._only(self.categories == each) for each in dict.fromkeys(self.categories)}

    def table(self) -> Table:
        """Return one row for each category, ready for `pandas.DataFrame`, in the order of emergence.

        From ``rank`` and ``time`` on, the accuracy stays at or above half of its maximum. ``lasting_rank`` and
        ``lasting_time`` are medians over the questions that stay answered. NaN if there is none.
        """
        rows = [{"category": name, **each._summary()} for name, each in self.by_category().items()]
        return Table(sorted(rows, key=lambda row: np.nan_to_num(row["rank"], nan=np.inf)))

    def __repr__(self) -> str:
        """Return the numbers of questions, ranks and times, and the share answered at the last rank."""
        steps = f"{counted(len(self.ranks), 'rank')}, {counted(len(self.times), 'time')}"
        categories = counted(len(set(self.categories)), "category", "categories")
        answered = f"{self.rank_accuracy[-1]:.1%} answered at rank {self.ranks[-1]}"
        return f"Emergence({counted(len(self.words), 'question')} in {categories}, {steps}: {answered})"

    def _repr_html_(self) -> str:
        """Return the table of categories."""
        return html_table(self.table(), caption=repr(self))

    def _only(self, members: BoolArray) -> Emergence:
        """Return the emergence of some of the questions."""
        parts = {name: getattr(self, name)[members] for name in ("words", "categories", "by_rank", "by_time")}
        return replace(self, **parts)

    def _summary(self) -> dict[str, Any]:
        """Return the numbers of one category."""
        return {
            "n_questions": len(self.words),
            "accuracy": float(self.rank_accuracy[-1]),
            "best_accuracy": float(self.rank_accuracy.max()),
            "rank": _half_way(self.rank_accuracy, self.ranks),
            "time": _half_way(self.time_accuracy, self.times),
            "lasting_rank": _median(self.lasting_ranks),
            "lasting_time": _median(self.lasting_times),
        }


def emergence(
    embedder: Any,
    questions: AnalogyQuestions,
    *,
    ranks: npt.ArrayLike | None = None,
    times: npt.ArrayLike | None = None,
    n_jobs: int | None = None,
) -> Emergence:
    """Evaluate every analogy at every rank and time of a fitted model, without refitting.

    The vectors at rank r are the first r components of the closed form, or of a trained model's singular value
    decomposition, the strongest first. The vectors at a time are all components of the gradient flow at that time.
    Analogies are answered by 3CosAdd over the whole vocabulary, excluding the three input words.

    Parameters
    ----------
    embedder : fitted embedder, or a pipeline or search with one
    questions : AnalogyQuestions
        As returned by `sk_w2v.datasets.read_analogies`. Questions with unknown words are left out; see
        `Emergence.coverage`.
    ranks : int array-like of shape (n_ranks,) or None
        Increasing numbers of components. None uses 1, ..., n_components_.
    times : array-like of shape (n_times,) or None
        Times of the flow, for a closed form only. None uses 50 log-spaced times from the first learning time to twice
        the last. An empty list skips the times.
    n_jobs : int or None
        Number of threads; -1 means all processors. None means 1 unless in a `joblib.parallel_config` context.

    Returns
    -------
    Emergence

    Raises
    ------
    ValueError
        If no question has all of its words in the vocabulary, ranks are not increasing between 1 and the number of
        components, or times are given for a trained model.

    See Also
    --------
    diagnose_analogy : Why one analogy is not answered.
    sk_w2v.metrics.analogy_accuracy : The accuracy of the fitted vectors.
    sk_w2v.plotting.EmergenceDisplay : A plot of the accuracy by rank or time.

    Notes
    -----
    The flow starts along the eigenvectors. Its first vectors therefore are not noise, as after random initialization:
    they have all modes at equal lengths and answer some questions until the first modes outgrow the others. Prefer the
    times from which on a question *stays* answered.

    Each rank costs one outer product of the input words with all words, and a scan over all words for the questions
    that may be answered. Products are summed in float32, so near ties may differ from `metrics.analogy_accuracy`.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
    >>> words = np.array([["concept0_word0", "concept0_word1", "concept1_word0", "concept1_word1"]], dtype=object)
    >>> found = emergence(embedder, AnalogyQuestions(words, np.array(["concepts"], dtype=object)), times=[])
    >>> found.by_rank.shape, found.coverage
    ((1, 4), 1.0)
    """
    embedder = find_embedder(embedder)
    vectors = embedder.modes().vectors
    ranks = _checked_ranks(ranks, vectors.shape[1])
    times = _checked_times(embedder, times)
    known = np.array([all(word in embedder.vocabulary_ for word in row) for row in questions.words], dtype=bool)
    if not known.any():
        raise ValueError(
            f"None of the {len(known)} questions has all of its words in the vocabulary of {len(vectors)} words; "
            "lower min_count, or check the case of the words (lowercase=True when reading)."
        )
    rows = np.array([[embedder.vocabulary_[word] for word in row] for row in questions.words[known]], dtype=np.int64)

    def ask(path: Path, n_steps: int) -> BoolArray:
        return answered_along(path, rows, n_steps, n_words=len(vectors), n_jobs=effective_n_jobs(n_jobs))

    return Emergence(
        questions.words[known],
        questions.categories[known],
        float(known.mean()),
        ranks,
        times,
        by_rank=ask(rank_path(vectors, ranks), len(ranks)),
        by_time=ask(weighted_path(vectors, _weights(embedder, times)), len(times)),
    )


def _checked_ranks(ranks: npt.ArrayLike | None, n_components: int) -> Int64Array:
    """Return the ranks to evaluate."""
    if ranks is None:
        return np.arange(1, n_components + 1)
    chosen = np.asarray(ranks, dtype=np.int64).reshape(-1)
    if len(chosen) == 0 or chosen[0] < 1 or chosen[-1] > n_components or np.any(np.diff(chosen) <= 0):
        raise ValueError(f"ranks={ranks!r} do not increase from 1 to at most the model's {n_components} components.")
    return chosen


def _checked_times(embedder: BaseEmbedder, times: npt.ArrayLike | None) -> Float64Array:
    """Return the times to evaluate."""
    if not embedder.has_flow:
        if times is not None and np.size(times):
            raise ValueError(
                f"A {type(embedder).__name__} has no times of a flow; give a SpectralEmbedder, or no times."
            )
        return np.zeros(0)
    if times is None:
        first, last = embedder.learning_times_[[0, -1]]
        return np.geomspace(max(first, 1e-3 * last), 2 * last, N_TIMES)
    chosen = np.asarray(times, dtype=np.float64).reshape(-1)
    if np.any(np.isnan(chosen)) or np.any(chosen < 0) or np.any(np.diff(chosen) <= 0):
        raise ValueError(f"times={times!r} are not increasing or below 0; give increasing times of at least 0.")
    return chosen


def _weights(embedder: BaseEmbedder, times: Float64Array) -> Float64Array:
    """Return the factors that scale the closed form's vectors to each time, of shape (n_times, n_components)."""
    if not embedder.has_flow:
        return np.zeros((0, 0))
    now = squared_singular_values(embedder.eigenvalues_, time=embedder.time, init_scale=embedder.init_scale)
    then = squared_singular_values(embedder.eigenvalues_, time=times, init_scale=embedder.init_scale)
    weights: Float64Array = (then / now) ** embedder.eigenvalue_exponent
    return weights


def _first(flags: BoolArray, steps: AnyArray) -> Float64Array:
    """Return the first flagged step of each row, or NaN."""
    if flags.shape[1] == 0:
        return np.full(len(flags), np.nan)
    return np.where(flags.any(axis=1), steps[flags.argmax(axis=1)], np.nan)


def _from_here_on(flags: BoolArray) -> BoolArray:
    """Return whether each flag and all later ones are set."""
    return np.logical_and.accumulate(flags[:, ::-1], axis=1)[:, ::-1]


def _half_way(accuracy: Float64Array, steps: AnyArray) -> float:
    """Return the step from which on the accuracy is at least half of its maximum, or NaN."""
    if not accuracy.any():
        return float("nan")
    return float(_first(_from_here_on(accuracy[np.newaxis] >= accuracy.max() / 2), steps)[0])


def _median(values: Float64Array) -> float:
    """Return the median without NaN, or NaN if nothing is left."""
    values = values[~np.isnan(values)]
    return float(np.median(values)) if len(values) else float("nan")
