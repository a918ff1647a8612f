"""Checks that the fitted attributes of an embedder are consistent, before kernels use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

# Dimensions and dtype kinds of the fitted arrays, for those that an embedder has.
DIMENSIONS_AND_KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    "words_": (("n_words",), "OU"),
    "word_counts_": (("n_words",), "iuf"),
    "document_counts_": (("n_words",), "iu"),
    "embedding_": (("n_words", "n_components_"), "f"),
    "input_embedding_": (("n_words", "n_components_"), "f"),
    "context_embedding_": (("n_words", "n_components_"), "f"),
    "eigenvalues_": (("n_components_",), "f"),
    "residuals_": (("n_components_",), "f"),
    "learning_times_": (("n_components_",), "f"),
}


def check_shapes(embedder: Any) -> None:
    """Raise an error if the shapes or types of fitted attributes are inconsistent, in constant time.

    Raises
    ------
    NotFittedError
        If there are none.
    ValueError
        With the inconsistent attributes and their shapes.
    """
    check_is_fitted(embedder)
    fitted = vars(embedder)
    sizes = {"n_words": len(fitted["words_"]), "n_components_": fitted["n_components_"]}
    wrong = [
        f"{name} {_described(fitted[name])}, not of shape {tuple(sizes[axis] for axis in axes)}"
        for name, (axes, kinds) in DIMENSIONS_AND_KINDS.items()
        if fitted.get(name) is not None and not _has_shape(fitted[name], tuple(sizes[axis] for axis in axes), kinds)
    ]
    of_fit = fitted.get("pair_frequencies_")  # `add_words` adds none
    if of_fit is not None and not (_has_shape(of_fit, np.shape(of_fit)[:1], "f") and len(of_fit) <= sizes["n_words"]):
        wrong.append(f"pair_frequencies_ {_described(of_fit)}")
    if not isinstance(fitted["vocabulary_"], Mapping) or len(fitted["vocabulary_"]) != sizes["n_words"]:
        wrong.append(f"vocabulary_ of {len(fitted['vocabulary_'])} words")
    if wrong:
        raise _inconsistent(embedder, f"{sizes['n_words']} words_ of n_components_={sizes['n_components_']}", wrong)


def check_state(embedder: Any) -> None:
    """Do what `check_shapes` does, and check that `vocabulary_` maps each of `words_` to its row."""
    check_shapes(embedder)
    words, rows = embedder.words_.tolist(), embedder.vocabulary_
    in_order = list(rows) == words and list(rows.values()) == list(range(len(words)))
    if not in_order and any(rows.get(word) != row for row, word in enumerate(words)):
        raise _inconsistent(embedder, "words_", ["vocabulary_, which does not give the row of each word"])
    shares = getattr(embedder, "pair_frequencies_", None)
    if shares is not None and not abs(shares.sum() - 1) < 1e-6:
        raise _inconsistent(embedder, "words_", [f"pair_frequencies_ with the sum {shares.sum():.3g}, not 1"])


def check_rows(embedder: Any, words: Sequence[str], rows: Sequence[int]) -> None:
    """Raise ValueError if the rows of words in `vocabulary_` differ from those in `words_`."""
    n_words = len(embedder.words_)
    if not all(0 <= row < n_words and embedder.words_[row] == word for word, row in zip(words, rows, strict=True)):
        raise _inconsistent(embedder, "words_", ["vocabulary_, which does not give the row of each word"])


def _has_shape(array: Any, shape: tuple[int, ...], kinds: str) -> bool:
    """Return whether an object is an array of a shape, with one of the dtype kinds."""
    return isinstance(array, np.ndarray) and array.shape == shape and array.dtype.kind in kinds


def _described(array: Any) -> str:
    """Return an array's shape and dtype as text, or the type of another object."""
    if isinstance(array, np.ndarray):
        return f"of shape {array.shape} and type {array.dtype}"
    return f"of type {type(array).__name__}"


def _inconsistent(embedder: Any, base: str, wrong: list[str]) -> ValueError:
    return ValueError(
        f"The fitted attributes of this {type(embedder).__name__} are inconsistent. With {base}, there is "
        f"{'; '.join(wrong)}. Fit again, or load a file that was not modified."
    )
