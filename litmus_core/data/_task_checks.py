"""Check every part of a task against its table, with helpful messages."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from litmus_core.data._column_rules.group import check_group
from litmus_core.data._column_rules.monotone import check_monotone
from litmus_core.data._column_rules.weight import check_weight
from litmus_core.data._labels.row_scale import check_read_columns
from litmus_core.data._labels.target_transform import distinct_labels, with_task_target
from litmus_core.data._metric_checks import check_metric
from litmus_core.data._rows.read import check_names
from litmus_core.data._split.overlap import find_split_overlap
from litmus_core.data._split.split import MIN_ROWS
from litmus_core.data._suggestions import check_target
from litmus_core.data._target_facts import check_magnitude, check_spread, target_facts
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.runtime import label_text

if TYPE_CHECKING:
    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion, SplitPlan, Task

_SHORTEST_S = 5.0


def check_task(
    version: DatasetVersion,
    task: Task,
    *,
    validation: DatasetVersion | None = None,
    test: DatasetVersion | None = None,
    workspace: Workspace | None = None,
) -> None:
    """Raise the first problem of ``task`` on ``version``; return if it can run.

    ``validation`` and ``test`` are the versions that the task names for these parts; with a ``workspace``
    their rows and labels are also compared with the training table's. Raises UnknownNameError (with the
    nearest name), UsageError for invalid settings, DataError for what the rows do not allow.
    """
    _check_columns(version, task)
    task_version = with_task_target(workspace, version, task)
    check_problem(task_version, task)
    check_magnitude(workspace, version, task)
    check_spread(workspace, version, task)
    _check_positive_class(workspace, version, task)
    labels = None if workspace is None else partial(_labels, workspace, version, task)
    check_metric(task, task_version.column(task.target), labels=labels)
    _check_budget(task)
    _check_split(version, task)
    check_weight(workspace, version, task)
    check_monotone(version, task)
    check_read_columns(workspace, version, task)
    check_group(workspace, version, task)
    for name, separate in (("validation", validation), ("test", test)):
        if separate is not None:
            _check_separate_file(version, separate, task, part=name)
            _check_separate_labels(workspace, version, separate, task, part=name)
            check_magnitude(workspace, separate, task)
            check_weight(workspace, separate, task)
            check_read_columns(workspace, separate, task)
    if workspace is not None and (validation is not None or test is not None):
        find_split_overlap(workspace, version, task, validation=validation, test=test)


def _check_columns(version: DatasetVersion, task: Task) -> None:
    check_names(version, [task.target])
    check_names(version, task.features)
    if task.target in task.features:
        raise UsageError(
            f"'{task.target}' is what to predict, so models may not look at it.",
            hint="Leave it out of the columns to learn from.",
        )
    if not task.features:
        raise UsageError("There is no column to learn from.", hint="Choose at least one.")
    twice = {name for name in task.features if task.features.count(name) > 1}
    if twice:
        raise UsageError(f"'{min(twice)}' is among the columns to learn from twice.", hint="Name it once.")


def check_problem(version: DatasetVersion, task: Task) -> None:
    """Raise UsageError or DataError if the target does not fit the task type."""
    target = version.column(task.target)
    check_target(target, n_rows=version.n_rows)
    n_values = version.n_rows - target.n_missing
    n_separate = (task.validation_version_id is not None) + (task.test_version_id is not None)
    needed = MIN_ROWS // 2 if n_separate == 2 else MIN_ROWS
    if n_values < needed:
        raise DataError(
            f"Only {n_values} rows have a '{task.target}'; training and testing need at least {needed}.",
            hint="Add rows, or choose another target.",
        )
    task.type.check_target(target_facts(target, n_rows=version.n_rows))


def _check_positive_class(workspace: Workspace | None, version: DatasetVersion, task: Task) -> None:
    if task.positive_class is None:
        return
    if not task.type.has_positive_class:
        raise UsageError(
            "Only a yes-or-no question has a positive class.", hint="Leave the positive class out."
        )
    if workspace is not None:
        labels = _labels(workspace, version, task)
        folded = {label.casefold() for label in labels}
        if task.positive_class.casefold() not in folded:
            raise UnknownNameError(kind="class", name=task.positive_class, names=sorted(labels))


def _check_budget(task: Task) -> None:
    if not task.time_limit_s >= _SHORTEST_S:
        raise UsageError(
            f"A time limit of {task.time_limit_s:g} s is too short to train anything.",
            hint=f"Give it at least {_SHORTEST_S:g} s; a minute or two is a good start.",
        )
    if not math.isfinite(task.time_limit_s):
        raise UsageError("The time limit has no end.", hint="Give it a number of seconds.")
    budget = task.budget
    for name, limit in (("An answering time", budget.max_latency_ms), ("A size", budget.max_size_mb)):
        if limit is not None and not limit > 0:
            raise UsageError(f"{name} of {limit:g} cannot be met.", hint="Give a number above 0, or none.")
    if budget.batch_rows < 1:
        raise UsageError("A call answers at least one row.", hint="Set the rows per call to 1 or more.")


def _check_split(version: DatasetVersion, task: Task) -> None:
    plan = task.split
    _check_fractions(plan)
    if plan.kind == "random":
        return
    if plan.column is None:
        raise UsageError(
            f"A split by {plan.kind} needs a column.",
            hint="Name the column that holds the " + ("date." if plan.kind == "time" else "groups."),
        )
    check_names(version, plan.columns)
    columns = [version.column(name) for name in plan.columns]
    if task.target in plan.columns:
        raise UsageError(
            f"Rows cannot be split by '{task.target}': it is the target.", hint="Choose another column."
        )
    for other in columns if plan.kind == "time" else ():
        if not (other.stores_times or other.stores_numbers):
            raise UsageError(
                f"'{other.name}' holds neither dates nor numbers, so rows have no order in time.",
                hint="Choose a date column, or split at random. If it holds dates that were read as text, "
                f"set the kind of '{other.name}' to date.",
            )
    n_separate = (task.validation_version_id is not None) + (task.test_version_id is not None)
    column = max(columns, key=lambda one: one.n_distinct)
    if column.n_distinct < 3 - n_separate:
        raise UsageError(
            f"'{column.name}' has too few different values to split by ({column.n_distinct}).",
            hint="Choose another column, or split at random.",
        )


def _check_fractions(plan: SplitPlan) -> None:
    for name, fraction in (("test", plan.test_fraction), ("validation", plan.validation_fraction)):
        if fraction is not None and not 0.0 < fraction < 1.0:
            hint = (
                f"Did you mean {fraction / 100:g}?" if 1.0 < fraction < 100.0 else "Choose one such as 0.2."
            )
            raise UsageError(f"A {name} share of {fraction:g} is not between 0 and 1.", hint=hint)


def _check_separate_file(version: DatasetVersion, separate: DatasetVersion, task: Task, *, part: str) -> None:
    weight = () if task.weight is None else (task.weight,)
    needed = dict.fromkeys((task.target, *task.features, *weight, *task.split.columns))
    missing = [name for name in needed if name not in separate.column_names]
    if missing:
        shown = ", ".join(f"'{name}'" for name in missing[:3]) + (" and more" if len(missing) > 3 else "")
        raise DataError(
            f"The {part} table '{separate.name}' lacks {shown}.",
            hint="It needs the target, every column to learn from, the one to split by and the weight, "
            f"called as in '{version.name}'.",
        )
    if separate.n_rows - separate.column(task.target).n_missing < 1:
        raise DataError(
            f"The {part} table '{separate.name}' has no row with a '{task.target}'.",
            hint="Choose a table whose rows are labelled.",
        )
    for name in needed:
        here, other = version.column(name), separate.column(name)
        n_labelled = separate.n_rows - separate.column(name).n_missing
        if n_labelled and not here.stores_like(other):
            raise DataError(
                f"'{name}' holds {_storage_text(here.storage)} in '{version.name}' and "
                f"{_storage_text(other.storage)} in the {part} table '{separate.name}'.",
                hint="Write that column alike in both files, or add "
                f"'{separate.name}' again. On the Data page, add it as test or validation rows; in the "
                f"shell, use 'litmus import --like {version.id}'.",
            )


def _storage_text(storage: str) -> str:
    words = {"VARCHAR": "texts", "TIMESTAMP": "dates", "BOOLEAN": "true and false"}
    return words.get(storage, "numbers")


def _check_separate_labels(
    workspace: Workspace | None, version: DatasetVersion, separate: DatasetVersion, task: Task, *, part: str
) -> None:
    if workspace is None or not task.type.has_classes:
        return
    labels, other_labels = _labels(workspace, version, task), _labels(workspace, separate, task)
    if not labels & other_labels:
        raise DataError(
            f"No '{task.target}' of the {part} table '{separate.name}' occurs in '{version.name}': "
            f"'{min(other_labels)}' there, '{min(labels)}' here.",
            hint="Write the classes alike in both files.",
        )


def _labels(workspace: Workspace, version: DatasetVersion, task: Task) -> set[str]:
    return {label_text(label) for label in distinct_labels(workspace, version, task)}
