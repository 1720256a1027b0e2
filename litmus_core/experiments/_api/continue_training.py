"""``litmus_core.continue_training(…)``: continue training a candidate, and return live handles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litmus_core.experiments._api.handles.group import TrainingHandles
from litmus_core.experiments._api.handles.handle import TrainingHandle
from litmus_core.experiments._studio import Studio


def continue_training(
    candidate_id: str,
    version_id: str | None = None,
    *,
    old_per_new: float = 1.0,
    retrain: bool = True,
    workspace: Path | str | None = None,
) -> TrainingHandle | Any:
    """Add trees to a candidate's boosted model on newer rows, and retrain it from scratch to compare.

    Returns at once: TrainingHandles of both runs, or one TrainingHandle if ``retrain`` is False.
    ``version_id`` is a version of its table with rows appended (None: the newest). Trees are added on the new
    training rows and on ``old_per_new`` times as many old ones. Raises a LitmusError before anything starts
    if the candidate cannot continue or the version does not fit it.
    """
    studio = Studio.open(workspace)
    try:
        runs = studio.warm_start.start(candidate_id, version_id, old_per_new=old_per_new, retrain=retrain)
    except BaseException:
        studio.close()
        raise
    handles = [TrainingHandle(studio, run.id) for run in runs]
    return TrainingHandles(handles) if retrain else handles[0]
