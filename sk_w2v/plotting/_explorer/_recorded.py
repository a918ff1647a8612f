"""A trained model on the page: the vectors of recorded passes, in the directions that are strongest at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..._estimators.base import BaseEmbedder
from ..._typing import AnyFloatArray, Float32Array, Float64Array
from ...datasets import AnalogyQuestions
from ...dynamics import RunRecorder, effective_rank
from ._arrays import numbers, packed
from ._lanes import recorded_lanes
from ._neighbors import N_STAGES, staged_neighbors
from ._projection import planar
from ._words import rows_of

N_FRAMES = 24  # passes in the file
N_DIRECTIONS = 8  # of each frame
UNITS = {"sgd": "epochs", "gd": "steps"}


@dataclass(frozen=True, eq=False)
class Run:
    """The vectors after some passes, and the curves of all recorded passes.

    Attributes
    ----------
    passes : list of float
    vectors : list of float32 arrays of shape (n_words, n_components)
        One for each of `passes`; the words are those of the embedder.
    curve_passes, ranks, losses : lists of the same length
        Effective rank and loss of all recorded passes.
    """

    passes: list[float]
    vectors: list[Float32Array]
    curve_passes: list[float]
    ranks: list[float | None]
    losses: list[float | None]


def describe_recorded(
    embedder: BaseEmbedder,
    words: list[str],
    questions: AnalogyQuestions | None,
    recorder: RunRecorder | None,
    projection: npt.ArrayLike | None,
) -> dict[str, Any]:
    """Return a trained model: what the page shows at each recorded pass."""
    run = _last_pass(embedder) if recorder is None else _recorded(embedder, recorder)
    rows = rows_of(embedder, words)
    basis = _directions(run.vectors[-1][rows])  # (n_components, n_directions)
    frames = np.stack([vectors[rows] @ basis for vectors in run.vectors])  # (n_frames, n_words, n_directions)
    strengths = np.sum(frames.astype(np.float64) ** 2, axis=1)  # (n_frames, n_directions)
    return {
        "kind": "recorded",
        "unit": unit_of(embedder),
        "vocabularySize": len(embedder.words_),
        "nModes": basis.shape[1],
        "frames": packed(frames),
        "times": run.passes,
        "strengths": strengths.tolist(),
        "learningTimes": numbers(_half_times(np.array(run.passes), strengths)),
        "curveTimes": run.curve_passes,
        "ranks": run.ranks,
        "losses": run.losses,
        "range": [run.passes[0], run.passes[-1]],
        "projection": planar(frames[-1], projection),
        "clocks": [],
        "stages": _stages(run, rows),
        "run": None,
        **recorded_lanes(embedder, words, questions, run.passes, run.vectors),
    }


def unit_of(embedder: BaseEmbedder) -> str:
    """Return what a pass of a trained model is called."""
    return UNITS.get(str(embedder.get_params(deep=False).get("solver")), "passes")


def _last_pass(embedder: BaseEmbedder) -> Run:
    """Return the end of a run that was not recorded."""
    last = [float(getattr(embedder, "n_iter_", 1))]
    losses = getattr(embedder, "loss_curve_", None) or [float("nan")]
    rank = float(effective_rank(embedder.modes().strengths))
    return Run(last, [embedder.get_word_vectors(embedder.words_)], last, [rank], numbers(losses[-1:]))


def _recorded(embedder: BaseEmbedder, recorder: RunRecorder) -> Run:
    """Return the recorded run, or say what the recorder lacks."""
    if not recorder.vectors_:
        raise ValueError("The recorder kept no vectors; fit with RunRecorder(keep_vectors=True) as a callback.")
    if recorder.vectors_[-1].shape[0] != len(embedder.words_):
        raise ValueError(
            f"The recorder has vectors of {recorder.vectors_[-1].shape[0]} words and the model {len(embedder.words_)}; "
            "give the recorder of this model's fit."
        )
    passes = recorder.passes_.astype(float)
    chosen = np.unique(np.linspace(0, len(passes) - 1, N_FRAMES).round().astype(int))
    return Run(
        passes[chosen].tolist(),
        [recorder.vectors_[place] for place in chosen],
        passes.tolist(),
        numbers(recorder.effective_ranks_),
        numbers(recorder.losses_),
    )


def _directions(vectors: AnyFloatArray) -> Float64Array:
    """Return the strongest right singular vectors; the largest entry of the words along each is positive."""
    _, _, right = np.linalg.svd(np.asarray(vectors, dtype=np.float64), full_matrices=False)
    basis = right[:N_DIRECTIONS].T  # (n_components, n_directions)
    along = vectors @ basis
    signs = np.sign(along[np.abs(along).argmax(axis=0), np.arange(basis.shape[1])])
    directions: Float64Array = basis * np.where(signs == 0, 1, signs)
    return directions


def _half_times(passes: Float64Array, strengths: Float64Array) -> Float64Array:
    """Return the first recorded pass at which each direction has half of its strength at the end."""
    return passes[np.argmax(strengths >= strengths[-1] / 2, axis=0)]


def _stages(run: Run, rows: Any) -> dict[str, Any]:
    """Return the neighbors at up to a dozen of the recorded passes."""
    chosen = np.unique(np.linspace(0, len(run.passes) - 1, N_STAGES).round().astype(int))
    return staged_neighbors([run.passes[place] for place in chosen], (run.vectors[place][rows] for place in chosen))
