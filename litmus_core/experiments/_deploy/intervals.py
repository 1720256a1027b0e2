"""Intervals and label sets: the certainty of predictions, for all rows or by group."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from litmus_core.errors import LitmusError, NotFoundError, UnknownNameError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.types import Candidate, IntervalGroupsChosen, Task, Verdict

if TYPE_CHECKING:
    from litmus_core.runtime import Calibration

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IntervalsService:
    """The intervals and label sets of a workspace's candidates, which need no training."""

    context: Context

    def calibration(self, candidate_id: str) -> Calibration | None:
        """Return the calibration of a candidate's intervals or label sets; None if its files were removed.

        Raises UsageError if its predictions only rank rows.
        """
        candidate = self.context.candidate(candidate_id)
        if _task(self.context, candidate).needs.is_order:
            raise UsageError(
                f"{candidate.name} answers which row comes first, so there is no interval around an answer.",
                hint="Look at its score and the interval of that.",
            )
        return calibration_of(self.context, candidate_id)

    def group_by(self, candidate_id: str, column: str) -> Candidate:
        """Calibrate intervals or label sets separately for each group of ``column``; "" ends that.

        Groups with fewer than 100 rows that the model did not learn from are calibrated together.
        What is exported or deployed already stays as it is. The verdict has the coverage of what is answered
        from now on, on the rows that judged the model. Raises UnknownNameError unless the candidate
        reads a column of that name, UsageError unless it has few values that repeat.
        """
        self.check_group(candidate_id, column)
        candidate = replace(self.context.candidate(candidate_id), interval_by=column)
        self.context.record(
            IntervalGroupsChosen(
                candidate_id=candidate_id, column=column, verdicts=_with_coverage(self.context, candidate)
            )
        )
        return self.context.candidate(candidate_id)

    def check_group(self, candidate_id: str, column: str) -> None:
        """Raise UnknownNameError or UsageError if a candidate's rows cannot be grouped by ``column``."""
        run = self.context.run(self.context.candidate(candidate_id).run_id)
        columns = run_data(self.context, run).columns
        group_column = next((one for one in columns if one.name == column), None)
        if column and group_column is None:
            raise UnknownNameError(kind="column", name=column, names=[one.name for one in columns])
        if group_column is not None and not group_column.traits.is_choice:
            raise UsageError(
                f"'{column}' does not split the rows into groups: it is a {group_column.traits.label}.",
                hint="Name a category, a place, or a yes/no column.",
            )


def calibration_of(context: Context, candidate_id: str) -> Calibration | None:
    """Return the calibration of a candidate as it is deployed.

    None if its files were removed, or if its predictions only rank rows.
    """
    from litmus_core.jobs import calibrate_candidate

    candidate = context.candidate(candidate_id)
    run, task = context.run(candidate.run_id), _task(context, candidate)
    if task.needs.is_order:
        return None
    folder = context.workspace.run_dir(run.id)
    try:
        calibration = calibrate_candidate(folder, run_data(context, run), candidate, metric=task.metric)
    except (FileNotFoundError, NotFoundError):
        return None
    return (
        replace(calibration, coverage=run.verdict.coverage)
        if run.chosen_id == candidate_id and run.verdict
        else calibration
    )


def _with_coverage(context: Context, candidate: Candidate) -> tuple[tuple[str, Verdict], ...]:
    """Return the verdict on a candidate with the coverage of its intervals or label sets as they are now.

    There is none unless its run chose it, and no coverage if files were removed.
    """
    from litmus_core.jobs import judged_coverage, predictions_on_test

    run, task = context.run(candidate.run_id), _task(context, candidate)
    if run.chosen_id != candidate.id or run.verdict is None or task.needs.is_order:
        return ()
    folder, coverage = context.workspace.run_dir(run.id), None
    try:
        data = run_data(context, run)
        predictions = predictions_on_test(folder, data, candidate, procedure=True)
        coverage = judged_coverage(folder, data, candidate, predictions, metric=task.metric)
    except (LitmusError, OSError) as error:
        _log.info("Intervals could not be measured: %s", error)
    return ((run.id, replace(run.verdict, coverage=coverage)),)


def _task(context: Context, candidate: Candidate) -> Task:
    return context.experiment(context.run(candidate.run_id).experiment_id).task
