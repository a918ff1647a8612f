"""The explorer: a page that shows a vocabulary as it learns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt

from ..._estimators.base import BaseEmbedder
from ...datasets import AnalogyQuestions
from ...dynamics import RunRecorder
from ...io._writing import replaced_when_complete
from ._models import describe_models
from ._page import page_of
from ._words import as_questions, chosen_words


def explore(
    embedder: BaseEmbedder | Mapping[str, BaseEmbedder],
    path: str | Path,
    *,
    words: int | Iterable[str] = 2000,
    questions: AnalogyQuestions | Iterable[Sequence[str]] | None = None,
    recorder: RunRecorder | Mapping[str, RunRecorder] | None = None,
    clocks: Mapping[str, float] | None = None,
    projection: npt.ArrayLike | None = None,
    title: str = "A vocabulary learns",
) -> Path:
    """Write a page that shows words move and concepts light up as a model learns.

    The page is one HTML file that needs no network. The vectors of a closed form at any time of the gradient flow are a
    formula, which the page evaluates: what it shows at a time is `SpectralEmbedder.at_time`. Trained models show the
    passes that a recorder kept, with straight lines between them.

    Parameters
    ----------
    embedder : fitted embedder, or mapping of str to fitted embedders
        Models by name are shown side by side, on the words that all know.
    path : str or Path
        File to write, such as "learning.html".
    words : int or iterable of str, default=2000
        Number of words, the most frequent ones, or the words themselves. Up to 2,048 words, neighbors are exact at each
        time. For more, the file has neighbors at twelve stages and the first 32 modes.
    questions : AnalogyQuestions, iterable of four words each, or None
        Analogies to follow: when each is answered, and why not.
    recorder : RunRecorder, mapping of str to RunRecorder, or None
        For a trained model, its passes: ``RunRecorder(keep_vectors=True)``. For a closed form, a run to compare its
        effective rank and loss with; `clocks` then must have the run's unit first. A mapping has the models' names.
    clocks : mapping of str to float, or None
        Other clocks of the flow, by name: their units per unit of the flow's time, such as
        ``{"steps": descent_steps(1, learning_rate)}``. If it has the unit of a trained model ("steps" or "epochs"),
        closed forms beside it run over the same passes.
    projection : array-like of shape (n_components, 2), or None
        The map shows ``vectors @ projection``. None uses the first two principal components of the unit vectors at the
        end. A menu of the page shows two modes instead.
    title : str

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ModuleNotFoundError
        If the package is installed without the extra ``explorer``.
    KeyError
        If a word is not in the vocabulary.
    ValueError
        If there are fewer than three words, or a recorder does not match its model.

    See Also
    --------
    EmbeddingDisplay : A map for print.
    sk_w2v.inspection.concepts : The concepts as text.
    sk_w2v.inspection.emergence : When analogies are answered.
    sk_w2v.dynamics.gradient_flow : The formula.

    Examples
    --------
    >>> from sk_w2v import SpectralEmbedder
    >>> from sk_w2v.datasets import load_docstrings
    >>> embedder = SpectralEmbedder().fit(load_docstrings().data)  # doctest: +SKIP
    >>> explore(embedder, "learning.html", questions=[["row", "rows", "column", "columns"]])  # doctest: +SKIP
    PosixPath('learning.html')
    """
    models: dict[str, BaseEmbedder] = (
        {type(embedder).__name__: embedder} if isinstance(embedder, BaseEmbedder) else dict(embedder)
    )
    names = chosen_words(list(models.values()), words)
    content: dict[str, Any] = {
        "words": names,
        "models": describe_models(
            models, names, as_questions(questions), _by_name(recorder, models), dict(clocks or {}), projection
        ),
    }
    page = page_of(content, title)
    with replaced_when_complete(path) as file:
        file.write(page.encode("utf-8"))
    return Path(path)


def _by_name(
    recorder: RunRecorder | Mapping[str, RunRecorder] | None, models: Mapping[str, BaseEmbedder]
) -> dict[str, RunRecorder]:
    """Return the recorders by the names of their models."""
    if recorder is None:
        return {}
    if not isinstance(recorder, Mapping):
        if len(models) > 1:
            raise ValueError(
                f"One recorder for {len(models)} models; give a mapping with the models' names: {', '.join(models)}."
            )
        return dict.fromkeys(models, recorder)
    unknown = [name for name in recorder if name not in models]
    if unknown:
        raise ValueError(f"No model is named {unknown[0]!r}; recorders have the models' names: {', '.join(models)}.")
    return dict(recorder)
