"""Test a task's assertions on the chosen candidate, as part of the verdict."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from litmus_core.errors import LitmusError
from litmus_core.jobs._judging.scores import open_chosen

if TYPE_CHECKING:
    from pathlib import Path

    from litmus_core.jobs._run_data import RunData
    from litmus_core.types import AssertionResult, Candidate, Task

_log = logging.getLogger(__name__)


def judged_assertions(
    folder: Path, data: RunData, candidate: Candidate, task: Task
) -> tuple[AssertionResult, ...]:
    """Return whether the assertions hold, for the verdict; open if they cannot be tested."""
    from litmus_core.verdicts import untested

    try:
        return try_assertions(folder, data, candidate, task)
    except (LitmusError, OSError) as error:  # the verdict stands without them; promotion tests them again
        _log.warning("The assertions could not be tried: %s", error)
        return untested(task.assertions)


def try_assertions(
    folder: Path, data: RunData, candidate: Candidate, task: Task
) -> tuple[AssertionResult, ...]:
    """Return whether the assertions hold on the rows of the candidate's validation score.

    Raises LitmusError or OSError if the run's files are missing.
    """
    from litmus_core.diagnostics import check_assertions
    from litmus_core.engine import post_predictions, validation_predictions

    if not task.assertions:
        return ()
    index, prediction = validation_predictions(folder, candidate.model)
    if candidate.postprocess:
        prediction = post_predictions(folder, candidate.id)
    return check_assertions(
        task.assertions,
        open_chosen(folder, candidate),
        data.frame.iloc[index][[column.name for column in data.columns]],
        truth=data.frame[data.target].to_numpy()[index],
        prediction=prediction,
        metric=data.metric(task.metric, index),
        target=task.target,
        seed=task.seed,
    )
