"""The words that several models know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .._estimators.base import BaseEmbedder
from .._estimators.state import check_state
from .._typing import Int64Array


def shared_rows(embedders: Sequence[BaseEmbedder]) -> list[Int64Array]:
    """Return each embedder's rows of the words that all embedders know, in the order of the first.

    Raises
    ------
    ValueError
        If they share no words.
    """
    for embedder in embedders:
        check_state(embedder)
    first, *others = embedders
    words = [word for word in first.words_ if all(word in other.vocabulary_ for other in others)]
    if not words:
        sizes = ", ".join(str(len(embedder.words_)) for embedder in embedders)
        raise ValueError(
            f"The models know {sizes} words but share none; fit them on text of the same language with the same "
            "tokenization (vectorizer)."
        )
    return [np.array([embedder.vocabulary_[word] for word in words], dtype=np.int64) for embedder in embedders]
