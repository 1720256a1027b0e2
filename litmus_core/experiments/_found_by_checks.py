"""What a table's checks found that a list of what would help has to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.types import ActionList, Task

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio


def found_by_checks(studio: Studio, task: Task) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the certain leaks and the rows of doubtful labels that the data room knows of already."""
    report = studio.findings(task.dataset_version_id, task.target, task.test_version_id)
    told = [] if report is None else [each for each in report.findings if not each.known and each.fix]
    sure = [each for each in told if each.kind == "leakage" and each.severity == "harmful"]
    leaks = [name for each in sure if each.fix for name in each.fix.columns]
    rows = [row for each in told if each.kind == "suspicious_labels" and each.fix for row in each.fix.rows]
    return tuple(dict.fromkeys(name for name in leaks if name in task.features)), tuple(rows)


def notes_of_checks(studio: Studio, task: Task, leaks: tuple[str, ...], found: ActionList) -> tuple[str, ...]:
    """Return what the list cannot say of the checks: that there are none, or that a leak was not tried."""
    if studio.findings(task.dataset_version_id, task.target, task.test_version_id) is None:
        return (
            "The table's checks were not made: a column that gives the answer away, or a label that is "
            "wrong, is not known here. Make them on Data (litmus check), then look again.",
        )
    if not leaks or any(each.kind == "leak" for each in found.actions):
        return ()
    named = ", ".join(f"'{each}'" for each in leaks)
    return (f"The answer is given away by {named}: no score here is true. Mend that on Data first.",)
