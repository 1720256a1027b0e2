"""The predictions of a candidate for the rows that it was scored on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.errors import NotFoundError
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.types import Candidate, Run

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from litmus_core.advice import StoredPredictions
    from litmus_core.jobs import RunData


def predictions_of(
    context: Context, candidate: Candidate, *, with_steps: bool = False
) -> StoredPredictions | None:
    """Return a candidate's predictions, before or after its steps; None without its files."""
    from litmus_core.advice import StoredPredictions
    from litmus_core.engine import ScoredPredictions
    from litmus_core.runtime import ModelInfo, to_frame

    folder = context.workspace.run_dir(candidate.run_id)
    run = context.run(candidate.run_id)
    task, data = context.experiment(run.experiment_id).task, run_data(context, run)
    try:
        index, predictions = _predictions(run, candidate, folder, data, with_steps=with_steps)
    except (FileNotFoundError, NotFoundError):
        return None
    info = ModelInfo.of(json.loads((folder / "model.json").read_text(encoding="utf-8")))
    rows = data.frame.iloc[index][[column.name for column in data.columns]]
    scored = ScoredPredictions(
        predictions=predictions,
        rows=to_frame(rows, info.columns),
        truth=data.frame[data.target].to_numpy()[index],
        info=info,
        metric=data.metric(task.metric, index),
    )
    return StoredPredictions(scored, data.blocks_of(index), task.seed)


def _predictions(
    run: Run, candidate: Candidate, folder: Path, data: RunData, *, with_steps: bool
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the scored rows (n,) and the predictions; open the model only if they are not stored."""
    from litmus_core.engine import post_predictions, validation_predictions
    from litmus_core.jobs import has_validated, read_validated

    if candidate.id == run.chosen_id and not candidate.postprocess and has_validated(folder):
        validated = read_validated(folder)
        return validated.index if data.places is None else np.searchsorted(
            data.places, validated.index
        ), validated.predictions
    index, predictions = validation_predictions(folder, candidate.model)
    return index, post_predictions(
        folder, candidate.id
    ) if with_steps and candidate.postprocess else predictions
