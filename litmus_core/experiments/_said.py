"""What a candidate's model answered to the rows that it was scored on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from litmus_core.errors import NotFoundError
from litmus_core.experiments._diagnosis import run_data
from litmus_core.types import Candidate

if TYPE_CHECKING:
    from litmus_core.advice import Said
    from litmus_core.experiments._studio import Studio


def said_of(studio: Studio, candidate: Candidate, *, after_steps: bool = False) -> Said | None:
    """Return what a candidate's model answered, before its steps or after them; None without its files."""
    from litmus_core.advice import Said
    from litmus_core.engine import Scored, post_answers, validation_predictions
    from litmus_core.metrics import get_metric
    from litmus_core.runtime import ModelInfo, to_frame

    folder = studio.workspace.run_dir(candidate.run_id)
    try:
        index, answers = validation_predictions(folder, candidate.model)
        if after_steps and candidate.postprocess:
            answers = post_answers(folder, candidate.id)
    except (FileNotFoundError, NotFoundError):
        return None
    run = studio.run(candidate.run_id)
    task, data = studio.experiment(run.experiment_id).task, run_data(studio, run)
    info = ModelInfo.of(json.loads((folder / "model.json").read_text(encoding="utf-8")))
    rows = data.frame.iloc[index][[column.name for column in data.columns]]
    scored = Scored(
        answers=answers,
        rows=to_frame(rows, info.columns),
        truth=data.frame[data.target].to_numpy()[index],
        info=info,
        metric=get_metric(task.metric),
    )
    return Said(scored, data.blocks_of(index), task.seed)
