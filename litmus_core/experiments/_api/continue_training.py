"""``litmus_core.continue_training(…)``: from a candidate to live handles of its continued training."""

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
    anew: bool = True,
    workspace: Path | str | None = None,
) -> TrainingHandle | Any:
    """Go on with a candidate's boosted trees on rows that came since, and train it anew beside that.

    Returns at once: TrainingHandles of both runs, or with ``anew`` False the one TrainingHandle.
    ``version_id`` is a version of its table with rows appended (None: the newest); trees are added on the new
    training rows and on ``old_per_new`` times as many old ones. Raises a LitmusError in words, before
    anything starts, where the candidate cannot go on or the version does not fit it.
    """
    studio = Studio.open(workspace)
    try:
        runs = studio.warm_start.start(candidate_id, version_id, old_per_new=old_per_new, anew=anew)
    except BaseException:
        studio.close()
        raise
    handles = [TrainingHandle(studio, run.id) for run in runs]
    return TrainingHandles(handles) if anew else handles[0]
