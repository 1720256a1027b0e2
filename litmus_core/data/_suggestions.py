# ruff: noqa: S608 - names and paths are quoted by _duck
"""What Litmus proposes for a target: the kind of question, the metric, the columns to learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.data._duckdb import identifier, parquet, question
from litmus_core.data._feature_exclusion import find_left_out
from litmus_core.data._labels.class_labels import as_labels
from litmus_core.data._read import check_names, count_values, table_path
from litmus_core.errors import DataError, UsageError
from litmus_core.metrics import get_metric, metrics_for
from litmus_core.runtime import label_text
from litmus_core.types import LeftOut, SplitPlan, Suggestion

if TYPE_CHECKING:
    from pathlib import Path

    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion, ProblemType

MOST_CLASSES = 1_000
SENSIBLE_CLASSES = 100
_NUMBERS_AS_CLASSES = 10  # this many different whole numbers or fewer are names of classes
_LOPSIDED = 0.6  # share of one class beyond which guessing it looks too good
_YES = ("yes", "true", "1", "y", "t", "positive", "pos")


def suggest(workspace: Workspace, version: DatasetVersion, target: str) -> Suggestion:
    """Propose the task's parts for predicting the column ``target``; every one of them can be changed.

    Raises UnknownNameError for a column that is not there, UsageError for one that cannot be predicted
    (a date, one value only, no value at all).
    """
    check_names(version, [target])
    column = version.column(target)
    check_target(column, n_rows=version.n_rows)
    problem_type, why = _problem(workspace, version, column)
    counts = _class_counts(workspace, version, column) if problem_type != "regression" else {}
    metrics = tuple(metric.name for metric in metrics_for(problem_type))
    if problem_type == "multiclass":
        metrics = _fitting_classes(metrics, n_classes=len(counts))
    if problem_type == "regression":
        metrics = _fitting_numbers(metrics, table_path(workspace, version), column)
    share = max(counts.values(), default=0) / max(1, version.n_rows - column.n_missing)
    if problem_type == "multiclass" and share > _LOPSIDED:
        why += f" One of them is {share:.0%} of the rows, so each should count the same."
        metrics = ("balanced_accuracy", *(name for name in metrics if name != "balanced_accuracy"))
    classes = tuple(counts)[:MOST_CLASSES]
    left_out = find_left_out(workspace, version, column, problem_type=problem_type)
    left_out = _with_fixes(version, left_out, target)
    names_left_out = {each.column for each in left_out}
    return Suggestion(
        target=target,
        problem_type=problem_type,
        why=why,
        metric=metrics[0],
        metrics=metrics,
        features=tuple(
            name for name in version.column_names if name != target and name not in names_left_out
        ),
        left_out=left_out,
        n_missing_target=column.n_missing,
        classes=classes,
        positive_class=positive_of(classes) if problem_type == "binary" else None,
        split=_split(version, target),
    )


def _with_fixes(version: DatasetVersion, found: tuple[LeftOut, ...], target: str) -> tuple[LeftOut, ...]:
    """Return what is left out, in the table's order: by its nature or, first, by a fix of this version."""
    reasons = {each.column: each.reason for each in found}
    twins = {each.column for each in found if each.repeats_target}
    fixed = {name for fix in version.fixes if fix.kind == "leave_out" for name in fix.columns} - {target}
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
    """Return how the latest fix asks for rows to be parted; at random where none does."""
    asked = [fix.split for fix in version.fixes if fix.kind == "split" and fix.split is not None]
    return next((plan for plan in reversed(asked) if plan.column != target), SplitPlan())


def check_target(column: Column, *, n_rows: int) -> None:
    """Raise UsageError or DataError when ``column`` cannot be a target, whatever the question."""
    if column.n_missing >= n_rows:
        raise DataError(f"'{column.name}' is empty in every row.", hint="Choose another column to predict.")
    if column.kind == "date":
        raise UsageError(
            f"'{column.name}' holds dates, which cannot be predicted.",
            hint="Choose a number (such as days until then) or a category.",
        )
    if column.n_distinct < 2:
        raise DataError(
            f"'{column.name}' has the same value in every row, so there is nothing to predict.",
            hint="Choose another column to predict.",
        )


def _problem(workspace: Workspace, version: DatasetVersion, column: Column) -> tuple[ProblemType, str]:
    n = column.n_distinct
    if n == 2:
        first, second = sorted(_class_counts(workspace, version, column))
        return "binary", f"Two different values, so this is a choice between {first} and {second}."
    if column.storage in ("BIGINT", "DOUBLE"):
        if n > _NUMBERS_AS_CLASSES or not _is_whole(table_path(workspace, version), column):
            return "regression", f"{n:,} different numbers, so this is a question of how much."
        return "multiclass", f"Only {n} different whole numbers, so this is a choice between {n} classes."
    why = f"{n:,} different values, so this is a choice between {n:,} categories."
    n_values = version.n_rows - column.n_missing
    if n > 0.5 * n_values:
        why += " Most of them appear only once, which is too seldom to learn from: choose another column."
    elif n > SENSIBLE_CLASSES:
        why += f" More than {SENSIBLE_CLASSES} is a lot: merging the rare ones into 'other' often helps."
    return "multiclass", why


def _is_whole(table: Path, column: Column) -> bool:
    if column.storage == "BIGINT":
        return True
    value = identifier(column.name)
    with question("look at the target") as connection:
        answer = connection.execute(
            f"SELECT bool_and({value} = floor({value})) FROM {parquet(table)}"
        ).fetchone()
    return bool(answer and answer[0])


def _class_counts(workspace: Workspace, version: DatasetVersion, column: Column) -> dict[str, int]:
    """Return how many rows each label of the target has, by its text, most frequent first."""
    values, counts = count_values(workspace, version, column.name)
    found: dict[str, int] = {}
    for label, count in zip(as_labels(values).tolist(), counts.tolist(), strict=True):
        if label is not None and label == label:
            found[label_text(label)] = found.get(label_text(label), 0) + count
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def positive_of(classes: tuple[str, ...]) -> str:
    """Return the label that reads as yes, else the rarer one."""
    return next((label for label in classes if label.strip().lower() in _YES), classes[-1])


def _fitting_classes(metrics: tuple[str, ...], *, n_classes: int) -> tuple[str, ...]:
    """Keep short lists shorter than all classes."""
    short = get_metric("top_k_accuracy")
    if short.parameters["k"] < n_classes:
        return metrics
    return tuple(f"top_k_accuracy(k={n_classes - 1})" if each == short.name else each for each in metrics)


def _fitting_numbers(metrics: tuple[str, ...], table: Path, column: Column) -> tuple[str, ...]:
    """Leave out the metrics that these numbers leave undefined: logarithms below 0, shares of 0."""
    value = identifier(column.name)
    with question("look at the target") as connection:
        lowest, n_zero = connection.execute(
            f"SELECT min({value}), count(*) FILTER ({value} = 0) FROM {parquet(table)}"
        ).fetchone() or (0, 0)
    unfit = {"rmsle"} if lowest < 0 else set()
    if n_zero:
        unfit |= {"mape", "medape"}
    return tuple(name for name in metrics if name not in unfit)
