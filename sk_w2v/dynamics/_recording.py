"""Recording of a training run, to compare it with the theory."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._typing import AnyArray, Float32Array, Float64Array, Int64Array
from . import effective_rank


class RunRecorder:
    """A callback that records modes, effective rank and loss of a training run.

    Pass it to ``SGNSEmbedder.set_callbacks`` before `fit`, with any solver. It needs scikit-learn 1.9 or newer. The
    vectors are copied once in every pass, recorded or not.

    Parameters
    ----------
    n_records : int, default=100
        Approximate number of passes to record, log-spaced, including the first and the last.
    keep_vectors : bool, default=False
        Whether to keep the word vectors as well.

    Attributes
    ----------
    passes_ : int array of shape (n_recorded,)
        Number of passes made: epochs, steps or sweeps.
    strengths_ : float64 array of shape (n_recorded, n_components)
        Singular values of ``W C'`` in descending order; for tied vectors, the squared singular values of ``W``.
    effective_ranks_ : float64 array of shape (n_recorded,)
        `dynamics.effective_rank` of the strengths.
    losses_ : float64 array of shape (n_recorded,)
    vectors_ : list of float32 arrays of shape (n_words, n_components)
        Empty unless `keep_vectors`.

    See Also
    --------
    effective_rank : The effective number of modes.
    sk_w2v.plotting.LearningDynamicsDisplay : Plots the theory.

    Examples
    --------
    >>> from sk_w2v import SGNSEmbedder
    >>> from sk_w2v.datasets import make_planted_corpus
    >>> recorder = RunRecorder(n_records=5)
    >>> embedder = SGNSEmbedder(4, solver="gd", learning_rate=1e-3, max_iter=20, random_state=0).set_callbacks(recorder)
    >>> _ = embedder.fit(make_planted_corpus(n_documents=200, random_state=0).data)
    >>> recorder.passes_, recorder.strengths_.shape
    (array([ 1,  2,  4,  9, 20]), (5, 4))
    """

    def __init__(self, *, n_records: int = 100, keep_vectors: bool = False) -> None:
        if n_records < 1:
            raise ValueError(f"n_records={n_records} records nothing; use n_records >= 1.")
        self.n_records = n_records
        self.keep_vectors = keep_vectors

    def setup(self, estimator: Any, context: Any) -> None:
        """Choose the passes to record and clear an earlier run."""
        self._chosen = set(np.geomspace(1, estimator.max_iter, self.n_records).round().astype(int).tolist())
        self._passes: list[int] = []
        self._strengths: list[Float64Array] = []
        self._losses: list[float] = []
        self.vectors_: list[Float32Array] = []

    def teardown(self, estimator: Any, context: Any) -> None:
        """Do nothing; the records are kept."""

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        """Do nothing; a pass is recorded at its end."""

    def on_fit_task_end(self, estimator: Any, context: Any, *, fitted_estimator: Any = None) -> bool:
        """Record the pass if it was chosen; never ask to stop."""
        if fitted_estimator is not None and fitted_estimator.n_iter_ in self._chosen:
            self._passes.append(fitted_estimator.n_iter_)
            self._strengths.append(
                product_singular_values(fitted_estimator.input_embedding_, fitted_estimator.context_embedding_)
            )
            self._losses.append(fitted_estimator.loss_curve_[-1])
            if self.keep_vectors:
                self.vectors_.append(fitted_estimator.input_embedding_)
        return False

    @property
    def passes_(self) -> Int64Array:
        """Number of passes made, of shape (n_recorded,)."""
        return np.array(self._passes, dtype=np.int64)

    @property
    def strengths_(self) -> Float64Array:
        """Singular values of ``W C'``, of shape (n_recorded, n_components)."""
        return np.array(self._strengths)

    @property
    def effective_ranks_(self) -> Float64Array:
        """Effective rank of ``W C'``, of shape (n_recorded,)."""
        return effective_rank(self.strengths_)

    @property
    def losses_(self) -> Float64Array:
        """Loss, of shape (n_recorded,)."""
        return np.array(self._losses)


def product_singular_values(words: AnyArray, contexts: AnyArray) -> Float64Array:
    """Return the singular values of ``W C'``, in descending order, without the matrix of all pairs.

    Examples
    --------
    >>> product_singular_values(np.eye(3)[:, :2], 2 * np.eye(3)[:, :2])
    array([2., 2.])
    """
    left, right = (np.linalg.qr(np.asarray(vectors, np.float64), mode="reduced").R for vectors in (words, contexts))
    values: Float64Array = np.linalg.svd(left @ right.T)[1]
    return values
