"""Choose the task type: the requested one, the one that the metric or bar implies, or the suggested one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from litmus_core.errors import UnknownNameError
from litmus_core.task_types import TaskType, all_task_types
from litmus_core.types import Bar, Column, Suggestion

if TYPE_CHECKING:
    from litmus_core.metrics import MetricSpec

# Task types of other libraries, and what to request instead.
_ELSEWHERE = {
    "quantile": "Litmus predicts one value for each row. Ask for a regression, and judge it by "
    "quantile_loss(quantile=0.9).",
    "softclass": "Litmus learns from one answer for each row. Ask for binary or multiclass.",
    "classification": "Ask for binary or multiclass.",
    "time_series": "Ask for a regression with split='time:COLUMN'.",
    "forecasting": "Ask for a regression with split='time:COLUMN'.",
}


def check_problem_type(requested: str | None) -> None:
    """Raise UnknownNameError, with a hint, unless ``requested`` is the key of a task type or None."""
    keys = [task_type.key for task_type in all_task_types()]
    if requested is None or requested in keys:
        return
    error = UnknownNameError(kind="kind of question", name=str(requested), names=keys)
    error.hint = _ELSEWHERE.get(str(requested).lower(), error.hint)
    raise error


def choose_task_type(
    metric: str | MetricSpec | None, bar: Bar | None, suggestion: Suggestion, column: Column
) -> TaskType:
    """Return the suggested task type or, if the metric or bar does not fit it, the only one that does.

    If none or several fit both metric and column, the suggestion stays.
    """
    from litmus_core.metrics import get_metric

    name = metric if metric is not None else None if bar is None else bar.metric
    if name is None:
        return suggestion.type
    judge = get_metric(str(name))
    if judge.fits(suggestion.problem_type):
        return suggestion.type
    possible = [kind for kind in possible_task_types(column) if judge.fits(kind.key)]
    return possible[0] if len(possible) == 1 else suggestion.type


def possible_task_types(column: Column) -> tuple[TaskType, ...]:
    """Return the task types that a column's values allow, however rare the values are."""
    from litmus_core.data import target_facts

    target = target_facts(column, n_rows=sys.maxsize)
    return tuple(task_type for task_type in all_task_types() if task_type.accepts(target))
