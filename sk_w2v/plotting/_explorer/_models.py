"""What the page knows of each model: a formula for a closed form, recorded passes for a trained one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..._estimators.base import BaseEmbedder
from ..._typing import AnyFloatArray, Float64Array
from ...datasets import AnalogyQuestions
from ...dynamics import RunRecorder, squared_singular_values, time_constants
from ._arrays import numbers, packed
from ._lanes import flow_lanes
from ._neighbors import N_STAGES, staged_neighbors
from ._projection import planar
from ._recorded import describe_recorded
from ._words import rows_of

MAX_EXACT = 2048  # words whose neighbors the page computes itself
N_KEPT_MODES = 32  # modes in a file of more words
N_QUESTION_TIMES = 60


def describe_models(
    models: Mapping[str, BaseEmbedder],
    words: list[str],
    questions: AnalogyQuestions | None,
    recorders: Mapping[str, RunRecorder],
    clocks: Mapping[str, float],
    projection: npt.ArrayLike | None,
) -> list[dict[str, Any]]:
    """Return the description of each model; clocks that count the passes of a trained model link the sliders."""
    described = [
        {
            "name": name,
            **(
                _describe_flow(embedder, words, questions, recorders.get(name), clocks, projection)
                if embedder.has_flow
                else describe_recorded(embedder, words, questions, recorders.get(name), projection)
            ),
        }
        for name, embedder in models.items()
    ]
    _link(described, clocks)
    return described


def _link(described: list[dict[str, Any]], clocks: Mapping[str, float]) -> None:
    """Give closed forms the range of a trained model whose passes one of the clocks counts."""
    passes = next((each for each in described if each["kind"] == "recorded" and each["unit"] in clocks), None)
    flows = [each for each in described if each["kind"] == "flow"]
    if passes is not None:
        limits = [each / clocks[passes["unit"]] for each in passes["range"]]
    elif flows:
        limits = [min(each["range"][0] for each in flows), max(each["range"][1] for each in flows)]
    for flow in flows:
        flow["range"] = limits


def _describe_flow(
    embedder: Any,
    words: list[str],
    questions: AnalogyQuestions | None,
    recorder: RunRecorder | None,
    clocks: Mapping[str, float],
    projection: npt.ArrayLike | None,
) -> dict[str, Any]:
    """Return a closed form: its eigenpairs, from which the page computes vectors at any time."""
    modes = embedder.modes()
    directions = modes.directions[rows_of(embedder, words)]  # (n_words, n_modes)
    n_kept = directions.shape[1] if len(words) <= MAX_EXACT else min(N_KEPT_MODES, directions.shape[1])
    limits = flow_range(modes.strengths, modes.learning_times)
    end = directions * squared_singular_values(modes.strengths) ** embedder.eigenvalue_exponent
    return {
        "kind": "flow",
        "unit": "",
        "vocabularySize": len(embedder.words_),
        "nModes": n_kept,
        "modes": packed(directions[:, :n_kept]),
        "eigenvalues": modes.strengths.tolist(),
        "learningTimes": numbers(modes.learning_times),
        "exponent": float(embedder.eigenvalue_exponent),
        "initScale": float(embedder.init_scale),
        "squaredNorm": float(embedder.target_squared_norm_),
        "range": limits,
        "projection": planar(end[:, :n_kept], projection),
        "clocks": [{"name": str(name), "perTime": float(factor)} for name, factor in clocks.items()],
        "stages": None if len(words) <= MAX_EXACT else _flow_stages(embedder, directions, limits),
        "run": None if recorder is None else _run(recorder, clocks),
        **flow_lanes(embedder, words, questions, _steps(limits, N_QUESTION_TIMES)),
    }


def flow_range(eigenvalues: Float64Array, learning_times: Float64Array) -> list[float]:
    """Return the first and last time of the slider: before the first mode grows, after the last one has."""
    last = float(np.max(learning_times + 5 * time_constants(eigenvalues)))  # 5 constants past half: 99 % learned
    return [max(float(np.min(learning_times)) / 2, last / 100), last]


def _steps(limits: list[float], n_steps: int) -> Float64Array:
    """Return log-spaced times of the slider."""
    first, last = limits
    return np.geomspace(first, last, n_steps)


def _flow_stages(embedder: Any, directions: AnyFloatArray, limits: list[float]) -> dict[str, Any]:
    """Return the neighbors at a dozen times of the flow."""
    times = _steps(limits, N_STAGES)
    squared = squared_singular_values(embedder.eigenvalues_, time=times, init_scale=embedder.init_scale)
    return staged_neighbors(times.tolist(), (directions * each**embedder.eigenvalue_exponent for each in squared))


def _run(recorder: RunRecorder, clocks: Mapping[str, float]) -> dict[str, Any]:
    """Return the curves of a recorded run in the flow's time."""
    if not clocks:
        raise ValueError(
            "The time of the recorded run is not known; give clocks, such as "
            '{"steps": dynamics.descent_steps(1, learning_rate)}, the unit of the run first.'
        )
    per_time = next(iter(clocks.values()))
    return {
        "times": (recorder.passes_ / per_time).tolist(),
        "ranks": numbers(recorder.effective_ranks_),
        "losses": numbers(recorder.losses_),
    }
