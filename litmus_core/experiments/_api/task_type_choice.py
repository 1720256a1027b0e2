"""Which kind of question it is: as asked, as the metric or the bar settles it, or as suggested."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from litmus_core.errors import UnknownNameError
from litmus_core.task_types import TaskType, all_task_types
from litmus_core.types import Bar, Column, Suggestion

if TYPE_CHECKING:
    from litmus_core.metrics import MetricSpec

# Kinds that other libraries know: what to ask for instead.
_ELSEWHERE = {
    "quantile": "Litmus predicts one value for each row. Ask for a regression, and judge it by "
    "quantile_loss(quantile=0.9).",
    "softclass": "Litmus learns from one answer for each row. Ask for binary or multiclass.",
    "classification": "Ask for binary or multiclass.",
    "time_series": "Ask for a regression with split='time:COLUMN'.",
    "forecasting": "Ask for a regression with split='time:COLUMN'.",
}


def check_problem_type(requested: str | None) -> None:
    """Raise UnknownNameError, with what to ask for instead, unless it is the key of a task type, or None."""
    keys = [task_type.key for task_type in all_task_types()]
    if requested is None or requested in keys:
        return
    error = UnknownNameError(kind="kind of question", name=str(requested), names=keys)
    error.hint = _ELSEWHERE.get(str(requested).lower(), error.hint)
    raise error


def choose_task_type(
    metric: str | MetricSpec | None, bar: Bar | None, suggestion: Suggestion, column: Column
) -> TaskType:
    """Return the suggested kind, or where the metric (or the bar's) does not fit it, the only one that does.

    Where none, or more than one, fits metric and column alike, the suggestion stays.
    """
    from litmus_core.metrics import get_metric

    name = metric if metric is not None else None if bar is None else bar.metric
    if name is None:
        return suggestion.type
    judge = get_metric(str(name))
    if judge.fits(suggestion.problem_type):
        return suggestion.type
    possible = [kind for kind in possible_kinds(column) if judge.fits(kind.key)]
    return possible[0] if len(possible) == 1 else suggestion.type


def possible_kinds(column: Column) -> tuple[TaskType, ...]:
    """Return the task types that a column's values can answer, however seldom each of them occurs."""
    from litmus_core.data import target_facts

    target = target_facts(column, n_rows=sys.maxsize)
    return tuple(task_type for task_type in all_task_types() if task_type.accepts(target))
