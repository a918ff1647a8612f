"""The words that several models know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .._estimators.base import BaseEmbedder
from .._estimators.state import check_state
from .._typing import Int64Array


def shared_rows(embedders: Sequence[BaseEmbedder]) -> list[Int64Array]:
    """Return each embedder's rows of the words that all of them know, in the first one's order.

    Raises
    ------
    ValueError
        If they share no word.
    """
    for embedder in embedders:
        check_state(embedder)
    first, *others = embedders
    words = [word for word in first.words_ if all(word in other.vocabulary_ for other in others)]
    if not words:
        sizes = ", ".join(str(len(embedder.words_)) for embedder in embedders)
        raise ValueError(
            f"The models know {sizes} words, and none that all of them know; fit them on texts of one language, "
            "tokenised alike (lowercase, token_pattern)."
        )
    return [np.array([embedder.vocabulary_[word] for word in words], dtype=np.int64) for embedder in embedders]
