"""Removal of the components that all document vectors share."""

from __future__ import annotations

from copy import copy
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin, _fit_context
from sklearn.utils import Tags
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted, validate_data

from .._backends.dense import eigh, inner_product, product
from .._typing import AnyFloatArray
from .site import LinkedMixin


class CommonComponentRemover(LinkedMixin, OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Remove the common components of document vectors: the second step of SIF and of uSIF.

    The components are the first right singular vectors of the document vectors of `fit`, not centered. They mostly
    represent what is independent of a document's topic. Use it after an embedder with ``pooling="sif"`` or ``"usif"``
    and ``norm=None`` when vectors are compared by cosines; a linear classifier does not need it.

    Parameters
    ----------
    n_components : int, default=1
        Number of components to remove: 1 in SIF [1]_, 5 in uSIF [2]_.
    weighted : bool, default=False
        Whether to remove each component in proportion to its share of the squared singular values, as uSIF does
        ("piecewise"). False removes the components completely.

    Attributes
    ----------
    components_ : array of shape (n_components_, n_features_in_)
        Orthonormal rows.
    removed_ : array of shape (n_components_,)
        Share of each component that is removed; 1 is all of it.
    n_features_in_ : int
        Length of the document vectors.

    See Also
    --------
    SpectralEmbedder : An embedder with ``pooling="sif"`` and ``"usif"``.
    sk_w2v.pooling : The poolings.

    References
    ----------
    .. [1] Arora, Liang, Ma (2017), "A simple but tough-to-beat baseline for sentence embeddings".
    .. [2] Ethayarajh (2018), "Unsupervised random walk sentence embeddings: a strong but simple baseline".

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import CommonComponentRemover
    >>> vectors = np.array([[5.0, 1], [5, -1]])
    >>> np.abs(CommonComponentRemover().fit_transform(vectors)).round(6)
    array([[0., 1.],
           [0., 1.]])
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "weighted": ["boolean"],
    }

    def __init__(self, n_components: int = 1, *, weighted: bool = False) -> None:
        self.n_components = n_components
        self.weighted = weighted

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> CommonComponentRemover:
        """Find the common components.

        Parameters
        ----------
        X : array of shape (n_documents, n_features)
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X is not a two-dimensional array of finite numbers.
        """
        fitted = copy(self)  # self changes only after nothing can fail any more
        X = validate_data(fitted, X, dtype=[np.float64, np.float32])
        eigenvalues, directions = eigh(inner_product(X.astype(np.float64), X))  # in ascending order
        n_components = min(self.n_components, len(eigenvalues))
        squared = eigenvalues[::-1][:n_components].clip(0)
        fitted.components_ = directions.T[::-1][:n_components].astype(X.dtype)
        fitted.removed_ = squared / (squared.sum() or 1) if self.weighted else np.ones(n_components)
        self.__dict__ = fitted.__dict__
        return self

    def transform(self, X: Any) -> AnyFloatArray:
        """Return the vectors without the common components.

        Parameters
        ----------
        X : array of shape (n_documents, n_features_in_)

        Returns
        -------
        array of shape (n_documents, n_features_in_)

        Raises
        ------
        ValueError
            If X has another number of features than in `fit`, or is not finite.
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        common = product(X, self.components_.T) * self.removed_  # (n_documents, n_components)
        rest: AnyFloatArray = X - product(common, self.components_).astype(X.dtype)
        return rest

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
