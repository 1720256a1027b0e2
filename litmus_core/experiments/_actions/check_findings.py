"""Findings of a table's checks that concern the list of actions."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.experiments._context import Context
from litmus_core.experiments._data.checks import stored_report
from litmus_core.types import Run, Task


def findings_for_actions(context: Context, run: Run, task: Task) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return certain leaks, from the verdict or the Data page, and the rows with doubtful labels."""
    report = stored_report(context, task.dataset_version_id, task.target, task.test_version_id)
    findings = (
        []
        if report is None
        else [finding for finding in report.findings if not finding.dismissed and finding.fix]
    )
    sure = [finding for finding in findings if finding.kind == "leakage" and finding.severity == "harmful"]
    judged = () if run.verdict is None else run.verdict.cautions
    certain = [finding.fix for finding in judged if finding.fix and finding.severity == "harmful"]
    leaks = [name for fix in certain if fix.kind == "leave_out" for name in fix.columns]
    leaks += [name for finding in sure if finding.fix for name in finding.fix.columns]
    rows = [
        row
        for finding in findings
        if finding.kind == "suspicious_labels" and finding.fix
        for row in finding.fix.rows
    ]
    return tuple(dict.fromkeys(name for name in leaks if name in task.features)), tuple(rows)


def without_dismissed(context: Context, run: Run) -> Run:
    """Return a run whose verdict lacks the findings that somebody has since dismissed."""
    if run.verdict is None or not run.verdict.cautions:
        return run
    task = context.experiment(run.experiment_id).task
    fine = context.store.known_findings(context.dataset(task.dataset_version_id).dataset_id)
    left = tuple(caution for caution in run.verdict.cautions if caution.key not in fine)
    return replace(run, verdict=replace(run.verdict, cautions=left))


def notes_of_checks(context: Context, task: Task) -> tuple[str, ...]:
    """Return notes for the list about checks that were not completed."""
    if stored_report(context, task.dataset_version_id, task.target, task.test_version_id) is not None:
        return ()
    return (
        "Not all of the table's checks were made, so wrong labels and leaks may not be known here. Check the "
        "table on Data, then look again.",
    )
