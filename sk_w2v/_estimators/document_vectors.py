"""Document vectors: an embedder as a transformer, which pools the word vectors of each document."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin

from .._array_api import unit_rows
from .._typing import Float32Array, ObjectArray
from ..corpus import Corpus, Vocabulary
from ..pooling import POOLINGS, bag_of_words
from .devices import place_embedding
from .state import check_state


class DocumentVectorsMixin(ClassNamePrefixFeaturesOutMixin, TransformerMixin):
    """The methods of a transformer, of an embedder that has `encode` and `number_tokens`."""

    pooling: str
    oov: str
    norm: str | None
    words_: ObjectArray
    vocabulary_: dict[str, int]
    n_components_: int
    fit: Callable[..., Any]
    encode: Callable[[Any], Corpus]
    number_tokens: Callable[[Any], tuple[Corpus, list[str]]]
    _fitted_vocabulary: Callable[[], Vocabulary]

    def transform(self, X: Any) -> Float32Array:
        """Pool the word vectors of each document.

        With ``backend="cuda"`` and ``sklearn.set_config(array_api_dispatch=True)`` the result is a CuPy array, computed
        on the device, which scikit-learn's estimators accept. With `set_output`, it is a table on the host.

        Parameters
        ----------
        X : iterable of str or of sequences of str, of length n_documents
            Documents, in any form that `fit` takes. The parameter `oov` says what to do with out-of-vocabulary words.

        Returns
        -------
        float32 array of shape (n_documents, n_components_)
            A document without known words gets a zero vector.

        Raises
        ------
        TypeError
            If X or one of its documents has a wrong type.
        ValueError
            If ``oov="error"`` and a word is not in the vocabulary.

        Warns
        -----
        UserWarning
            If documents hold no known word; the warning says how many.

        See Also
        --------
        fit_transform : Fit to documents and transform them.
        sk_w2v.pooling : The poolings.
        """
        check_state(self)
        documents = X if self.oov == "ignore" else self._require_known(X)
        corpus = self.encode(documents)
        n_empty = int(np.sum(np.diff(corpus.offsets) == 0))
        if n_empty:
            warnings.warn(
                f"{n_empty} of {corpus.n_documents} documents hold no word of the vocabulary; their vectors are zero.",
                UserWarning,
                stacklevel=3,  # past scikit-learn's wrapper for set_output
            )
        bags = bag_of_words(corpus, len(self.words_))
        embedding, product = place_embedding(self)
        vectors = POOLINGS[self.pooling](bags, embedding, self._fitted_vocabulary(), product=product)
        return unit_rows(vectors) if self.norm == "l2" else vectors

    def fit_transform(self, X: Any, y: Any = None) -> Float32Array:
        """Fit to the documents and return their vectors, as `fit` and `transform` would.

        Parameters
        ----------
        X : iterable of str or of sequences of str, of length n_documents
        y : ignored

        Returns
        -------
        float32 array of shape (n_documents, n_components_)

        See Also
        --------
        transform : Pool the word vectors of other documents.
        """
        documents = list(X) if isinstance(X, Iterator) else X  # a generator can be read only once
        vectors: Float32Array = self.fit(documents).transform(documents)
        return vectors

    def _require_known(self, X: Any) -> Any:
        """Return the documents, or raise an error that names their unknown words."""
        documents = list(X) if isinstance(X, Iterator) else X  # a generator can be read only once
        _, words = self.number_tokens(documents)
        unknown = [word for word in words if word not in self.vocabulary_]
        if unknown:
            raise ValueError(
                f"{len(unknown)} words of X are not in the vocabulary of {len(self.words_)} words, such as "
                f"{unknown[:5]!r}; oov='ignore' skips them."
            )
        return documents

    @property
    def _n_features_out(self) -> int:
        return int(self.n_components_)
