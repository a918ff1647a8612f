"""The base class of trained models: initial vectors, callbacks, fitted attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.utils._param_validation import Interval, StrOptions

from .._backends import backend_name, get_backend
from .._backends.dense import row_products
from .._progress import Stage
from .._typing import AnyIntArray, Float32Array, Float64Array
from ..cooccurrence import WINDOW_WEIGHTINGS, Cooccurrence
from ..corpus import Vocabulary
from ..losses import LOSSES
from ..postprocessing import COMBINATIONS, postprocess
from ..solvers import Pass, TrainedVectors
from ..solvers._pair_weights import PairWeights, word2vec_weights
from ..solvers._sampling import keep_probabilities
from ..targets import noise_distribution
from .base import BaseEmbedder
from .initialization import starting_vectors
from .progress import CallbackTasks
from .state import check_state


class TrainedEmbedder(BaseEmbedder):
    """Word and context vectors that minimize a loss; a subclass has `fit` and its parameters."""

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **BaseEmbedder._parameter_constraints,
        "loss": [StrOptions(LOSSES.keys())],  # a view, which includes losses that are added later
        "window_weighting": [StrOptions(set(WINDOW_WEIGHTINGS))],
        "subsample": [Interval(Real, 0, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left"), None],
        "combine": [StrOptions(set(COMBINATIONS))],
    }

    tied: bool = False
    warm_start: bool = False
    center: bool = False
    weighting: str = "word2vec"
    weight_exponent: float = 1.0
    init_scale: float = 0.03
    init: Any
    loss: str
    _start_tol: ClassVar[float]  # largest residual of the closed form's eigenpairs with init="spectral"
    input_embedding_: Float32Array
    context_embedding_: Float32Array

    def _end_pass(self, tasks: CallbackTasks, vocabulary: Vocabulary, trained: TrainedVectors) -> bool:
        """Provide callbacks with the state after a pass; return False, since they stop the fit themselves."""
        if self.warm_start:
            self._store(vocabulary, trained)  # so that an interrupt leaves this pass
        tasks.as_if_stopped = lambda: dict(vars(copy(self)._store(vocabulary, trained)))
        return False

    def _n_starting_stages(self) -> int:
        """Return the number of stages from counts to initial vectors."""
        return 2 if isinstance(self.init, str) and self.init == "spectral" else 0

    def _store(self, vocabulary: Vocabulary, trained: TrainedVectors) -> Self:
        """Set the fitted attributes, of copies: training may go on to write to the arrays."""
        words = trained.words.copy()
        contexts = words if self.tied else trained.contexts.copy()
        self._store_words(
            vocabulary,
            postprocess(words, contexts, combine=self.combine, center=self.center),
            backend_name(get_backend(self.backend)),
            input_embedding_=words,
            context_embedding_=contexts,
            loss_curve_=list(trained.losses),
            validation_loss_=list(trained.validation_losses),
            n_iter_=len(trained.losses),
        )
        return self

    def _start(
        self, count: Callable[[], Cooccurrence], vocabulary: Vocabulary, rng: np.random.RandomState
    ) -> tuple[Float32Array, Float32Array | None]:
        """Return the initial word and context vectors; in a warm start known words keep theirs."""
        words, contexts = starting_vectors(
            self.init,
            count,
            len(vocabulary),
            self.n_components,
            init_scale=self.init_scale,
            tol=self._start_tol,
            random_state=rng,
            backend=get_backend(self.backend),
            n_jobs=self._n_threads(),
        )
        if self.warm_start and hasattr(self, "vocabulary_"):
            check_state(self)
            known = Vocabulary(self.words_, self.word_counts_).lookup(vocabulary.words)
            contexts = np.zeros_like(words) if contexts is None else contexts
            words[known >= 0] = self.input_embedding_[known[known >= 0]]
            contexts[known >= 0] = self.context_embedding_[known[known >= 0]]
        return words, contexts

    def _descend_counts(
        self, solver: Callable[..., Iterator[Pass]], counts: Cooccurrence, rng: np.random.RandomState, **parameters: Any
    ) -> Iterator[Pass]:
        """Return the passes of a solver of the expected loss from the initial vectors."""
        words, contexts = self._start(lambda: counts, counts.vocabulary, rng)
        if contexts is None:  # at zero, the gradient of the word vectors is zero
            contexts, _ = self._start(lambda: counts, counts.vocabulary, rng)
        with Stage("weigh pairs", expects=True) as stage:
            weights = self._weights(counts)
            stage.note = f"{len(weights.indices):,} pairs"
        return solver(weights, words, contexts, loss=self.loss, **parameters, **self._computing())

    def _computing(self) -> dict[str, Any]:
        """Return the backend and the number of threads of a solver."""
        return {"backend": get_backend(self.backend), "n_jobs": self._n_threads()}

    def _weights(self, cooccurrence: Cooccurrence) -> PairWeights:
        """Return word2vec's weight of each pair in the expected loss."""
        counts = cooccurrence.vocabulary.counts
        weights = word2vec_weights(
            cooccurrence,
            negative=self.negative,
            noise=noise_distribution(counts, noise_exponent=self.noise_exponent),
            keep=keep_probabilities(noise_distribution(counts), subsample=self.subsample),
        )
        return weights.tempered(self.weight_exponent)

    def factors(self) -> tuple[Float32Array, Float32Array]:
        """Return the word and context vectors as trained, whose products the loss is a function of.

        Returns
        -------
        words, contexts : float32 arrays of shape (n_words, n_components_)
            The same array if ``tied=True``.
        """
        return self.input_embedding_, self.context_embedding_

    def _estimate_pmi(self, rows: AnyIntArray, columns: AnyIntArray) -> Float64Array:
        """Return each pair's product, corrected for noise and subsampling: PMI to first order, up to a constant."""
        products = row_products(self.input_embedding_, self.context_embedding_, rows, columns)
        frequencies = noise_distribution(self.word_counts_)
        lift = noise_distribution(self.word_counts_, noise_exponent=self.noise_exponent) / frequencies  # n / p
        if self.weighting == "word2vec":
            lift = lift / keep_probabilities(frequencies, subsample=self.subsample)
        if self.tied or self.weighting == "uniform":  # noise replaces either word
            return products + np.log((lift[rows] + lift[columns]) / 2)
        return products + np.log(lift[columns])
