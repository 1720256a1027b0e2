"""What a table's checks found that a list of what would help has to know."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.experiments._context import Context
from litmus_core.experiments._data.checks import stored_report
from litmus_core.types import Run, Task


def found_by_checks(context: Context, run: Run, task: Task) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the certain leaks, of the verdict or the data room, and the rows of labels in doubt there."""
    report = stored_report(context, task.dataset_version_id, task.target, task.test_version_id)
    told = [] if report is None else [each for each in report.findings if not each.known and each.fix]
    sure = [each for each in told if each.kind == "leakage" and each.severity == "harmful"]
    judged = () if run.verdict is None else run.verdict.cautions
    certain = [each.fix for each in judged if each.fix and each.severity == "harmful"]
    leaks = [name for fix in certain if fix.kind == "leave_out" for name in fix.columns]
    leaks += [name for each in sure if each.fix for name in each.fix.columns]
    rows = [row for each in told if each.kind == "suspicious_labels" and each.fix for row in each.fix.rows]
    return tuple(dict.fromkeys(name for name in leaks if name in task.features)), tuple(rows)


def without_fine(context: Context, run: Run) -> Run:
    """Return a run whose verdict is without what someone said to be fine since it was judged."""
    if run.verdict is None or not run.verdict.cautions:
        return run
    task = context.experiment(run.experiment_id).task
    fine = context.store.known_findings(context.dataset(task.dataset_version_id).dataset_id)
    left = tuple(each for each in run.verdict.cautions if each.key not in fine)
    return replace(run, verdict=replace(run.verdict, cautions=left))


def notes_of_checks(context: Context, task: Task) -> tuple[str, ...]:
    """Return what the list cannot say of the checks: that the whole of them were not made."""
    if stored_report(context, task.dataset_version_id, task.target, task.test_version_id) is not None:
        return ()
    return (
        "Not all of the table's checks were made: a label that is wrong, or a column that gives the answer "
        "away, may not be known here. Make them on Data (litmus check), then look again.",
    )
