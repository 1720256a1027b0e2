"""Suggestions for a target: task type, metric, and feature columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.data._feature_exclusion import find_left_out
from litmus_core.data._rows.read import check_names
from litmus_core.data._suggested_metrics import suggest_metrics
from litmus_core.data._target_facts import class_counts, read_target_facts
from litmus_core.errors import DataError, UsageError
from litmus_core.task_types import MOST_CLASSES, all_task_types
from litmus_core.text import format_count
from litmus_core.types import LeftOut, SplitPlan, Suggestion

if TYPE_CHECKING:
    from litmus_core.store import Workspace
    from litmus_core.task_types import TargetFacts, TaskType
    from litmus_core.types import Column, DatasetVersion

_YES = ("yes", "true", "1", "y", "t", "positive", "pos")


def suggest(workspace: Workspace, version: DatasetVersion, target: str) -> Suggestion:
    """Suggest a task for predicting the column ``target``; every part of it can be changed.

    Raises UnknownNameError for an unknown column, UsageError for one that cannot be predicted (a date, one
    value only, no value at all).
    """
    check_names(version, [target])
    column = version.column(target)
    check_target(column, n_rows=version.n_rows)
    task_type, why = _suggest_task_type(read_target_facts(workspace, version, column))
    counts = class_counts(workspace, version, column) if task_type.has_classes else {}
    metrics, note = suggest_metrics(task_type, workspace, version, column, counts)
    classes = tuple(counts)[:MOST_CLASSES]
    left_out = find_left_out(workspace, version, column, problem_type=task_type.key)
    left_out = _with_fixes(version, left_out, target)
    names_left_out = {excluded.column for excluded in left_out}
    return Suggestion(
        target=target,
        problem_type=task_type.key,
        why=why + note,
        metric=metrics[0],
        metrics=metrics,
        features=tuple(
            name for name in version.column_names if name != target and name not in names_left_out
        ),
        left_out=left_out,
        n_missing_target=column.n_missing,
        classes=classes,
        positive_class=default_positive_class(classes) if task_type.has_positive_class else None,
        split=_split(version, target),
    )


def _with_fixes(version: DatasetVersion, excluded: tuple[LeftOut, ...], target: str) -> tuple[LeftOut, ...]:
    """Return the excluded columns in table order: by their nature or, first, by a fix of this version."""
    reasons = {column.column: column.reason for column in excluded}
    twins = {column.column for column in excluded if column.repeats_target}
    fixed = {name for fix in version.lineage.fixes if fix.kind == "leave_out" for name in fix.columns} - {
        target
    }
    reasons |= dict.fromkeys(fixed, "It was left out when the table was checked.")
    plan = _split(version, target)
    if plan.kind == "group" and plan.column is not None:
        reasons.setdefault(plan.column, "Rows are kept together by it, so new rows have values of their own.")
    return tuple(
        LeftOut(column=name, reason=reasons[name], repeats_target=name in twins - fixed)
        for name in version.column_names
        if name in reasons
    )


def _split(version: DatasetVersion, target: str) -> SplitPlan:
    """Return the split that the latest fix requires; random without one."""
    splits = [fix.split for fix in version.lineage.fixes if fix.kind == "split" and fix.split is not None]
    return next((plan for plan in reversed(splits) if plan.column != target), SplitPlan())


def check_target(column: Column, *, n_rows: int) -> None:
    """Raise UsageError or DataError if ``column`` cannot be a target for any task."""
    if column.n_missing >= n_rows:
        raise DataError(f"'{column.name}' is empty in every row.", hint="Choose another column to predict.")
    if column.traits.is_moment:
        raise UsageError(
            f"'{column.name}' holds dates, which cannot be predicted.",
            hint="Choose a number (such as days until then) or a category.",
        )
    if column.n_distinct < 2 and column.n_missing:
        raise DataError(
            f"'{column.name}' has one value only, and is missing in {format_count(column.n_missing, 'row')}.",
            hint="A word such as NA or None means missing: if it is a class, write another word for it. "
            "Or choose another column to predict.",
        )
    if column.n_distinct < 2:
        raise DataError(
            f"'{column.name}' has the same value in every row, so there is nothing to predict.",
            hint="Choose another column to predict.",
        )


def _suggest_task_type(target: TargetFacts) -> tuple[TaskType, str]:
    """Return the first task type that claims the target, and why."""
    for task_type in all_task_types():
        if why := task_type.suggest(target):
            return task_type, why
    raise LookupError(f"no task type claims '{target.name}'")


def default_positive_class(classes: tuple[str, ...]) -> str:
    """Return the label that means yes, else the rarer one."""
    return next((label for label in classes if label.strip().lower() in _YES), classes[-1])
