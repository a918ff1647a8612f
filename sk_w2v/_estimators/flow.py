"""What eigenpairs give without refitting: fewer components, other times of the gradient flow, factors and modes."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, ClassVar, Self

import numpy as np

from .._backends.dense import row_products
from .._typing import AnyIntArray, Float32Array, Float64Array, Int64Array
from ..dynamics import squared_singular_values
from ..targets import noise_distribution
from .modes import Modes
from .state import check_shapes, check_state


class FlowMixin:
    """Methods of an embedder whose vectors are eigenpairs of a target at a time of the gradient flow."""

    has_flow: ClassVar[bool] = True

    time: float | None
    init_scale: float
    eigenvalue_exponent: float
    noise_exponent: float
    embedding_: Float32Array
    eigenvalues_: Float64Array
    learning_times_: Float64Array
    word_counts_: Int64Array
    n_components_: int
    set_params: Callable[..., Any]

    def truncate(self, n_components: int) -> Self:
        """Return a fitted embedder of the first `n_components` components, as if fitted with that number.

        Components are nested, so that nothing is computed.

        Parameters
        ----------
        n_components : int
            At most `n_components_`.

        Returns
        -------
        SpectralEmbedder

        Raises
        ------
        ValueError
            If `n_components` is not between 1 and `n_components_`.

        See Also
        --------
        at_time : Stop the gradient flow at another time.
        sk_w2v.inspection.emergence : Which concepts are learned at which rank or time.

        Examples
        --------
        >>> from sk_w2v import SpectralEmbedder
        >>> from sk_w2v.datasets import make_planted_corpus
        >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
        >>> embedder.truncate(2).embedding_.shape[1]
        2
        """
        check_shapes(self)
        if not 1 <= n_components <= self.n_components_:
            raise ValueError(f"n_components={n_components} is not between 1 and n_components_={self.n_components_}.")
        truncated: Self = copy(self)
        truncated.set_params(n_components=n_components)
        truncated.n_components_ = n_components
        truncated.embedding_ = self.embedding_[:, :n_components].copy()
        for name in ("eigenvalues_", "residuals_", "learning_times_"):
            setattr(truncated, name, getattr(self, name)[:n_components].copy())
        return truncated

    def at_time(self, time: float | None) -> Self:
        """Return a fitted embedder at another time of the gradient flow, as if fitted with it.

        The eigenpairs are kept; only the scale of each component changes. The time may be earlier or later than that
        of `fit`.

        Parameters
        ----------
        time : float or None
            At least 0, in the unit of the parameter `time`; None is the converged solution.

        Returns
        -------
        SpectralEmbedder

        Raises
        ------
        ValueError
            If the time is negative or NaN.

        See Also
        --------
        truncate : Keep the first components.
        sk_w2v.dynamics.gradient_flow : The formula.

        Examples
        --------
        >>> import numpy as np
        >>> from sk_w2v import SpectralEmbedder
        >>> from sk_w2v.datasets import make_planted_corpus
        >>> embedder = SpectralEmbedder(4).fit(make_planted_corpus(n_documents=300, random_state=0).data)
        >>> early = embedder.at_time(embedder.learning_times_[0])
        >>> round(float(np.sum(early.embedding_[:, 0] ** 2) / embedder.eigenvalues_[0]), 3)
        0.5
        """
        check_shapes(self)
        if time is not None and not time >= 0:
            raise ValueError(f"time={time} is before the start; give a number that is at least 0, or None for the end.")
        then, now = (
            squared_singular_values(self.eigenvalues_, time=each, init_scale=self.init_scale)
            for each in (time, self.time)
        )
        moved: Self = copy(self)
        moved.set_params(time=time)
        moved.embedding_ = (self.embedding_ * (then / now) ** self.eigenvalue_exponent).astype(np.float32)
        return moved

    def factors(self) -> tuple[Float32Array, Float32Array]:
        """Return ``V diag(s)`` twice, whose products estimate the target, whatever `eigenvalue_exponent` is.

        Returns
        -------
        words, contexts : float32 array of shape (n_words, n_components_)
            The same array.

        See Also
        --------
        modes : The eigenpairs themselves.
        """
        squared = squared_singular_values(self.eigenvalues_, time=self.time, init_scale=self.init_scale)
        factors = (self.embedding_ * squared ** (0.5 - self.eigenvalue_exponent)).astype(np.float32)
        return factors, factors

    def modes(self) -> Modes:
        """Return the target's eigenpairs, whatever `time` is.

        Returns
        -------
        Modes

        See Also
        --------
        factors : Vectors whose products estimate the target.
        """
        check_state(self)
        directions = self.at_time(None).embedding_ * self.eigenvalues_**-self.eigenvalue_exponent
        return Modes(directions.astype(np.float32), self.eigenvalues_, self.learning_times_, self.embedding_)

    def _estimate_pmi(self, rows: AnyIntArray, columns: AnyIntArray) -> Float64Array:
        """Return each pair's product, corrected for the noise exponent: PMI to first order, up to a constant."""
        products = row_products(*self.factors(), rows, columns)
        frequencies = noise_distribution(self.word_counts_)
        noise = noise_distribution(self.word_counts_, noise_exponent=self.noise_exponent)
        lift = noise / frequencies  # n / p   (n_words,)
        return products + np.log((lift[rows] + lift[columns]) / 2)
