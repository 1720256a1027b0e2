"""Which kind of question it is: as asked, as the metric or the bar settles it, or as suggested."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from litmus_core.errors import UnknownNameError
from litmus_core.types import Bar, Column, ProblemType, Suggestion

if TYPE_CHECKING:
    from litmus_core.metrics import MetricSpec

_MOST_CLASSES = 1_000  # of numbers that are taken as names of classes
# Kinds that other libraries know: what to ask for instead.
_ELSEWHERE = {
    "quantile": "Litmus predicts one value for each row. Ask for a regression, and judge it by "
    "quantile_loss(quantile=0.9).",
    "softclass": "Litmus learns from one answer for each row. Ask for binary or multiclass.",
    "classification": "Ask for binary or multiclass.",
    "time_series": "Ask for a regression with split='time:COLUMN'.",
    "forecasting": "Ask for a regression with split='time:COLUMN'.",
}


def check_problem_type(asked: str | None) -> None:
    """Raise UnknownNameError, with what to ask for instead, unless it is one of the three kinds, or None."""
    known = get_args(ProblemType)
    if asked is None or asked in known:
        return
    error = UnknownNameError(kind="kind of question", name=str(asked), known=known)
    error.hint = _ELSEWHERE.get(str(asked).lower(), error.hint)
    raise error


def settled_kind(
    metric: str | MetricSpec | None, bar: Bar | None, suggestion: Suggestion, column: Column
) -> ProblemType:
    """Return the suggested kind, or where the metric (or the bar's) does not fit it, the only one that does.

    Where none, or more than one, fits metric and column alike, the suggestion stays.
    """
    from litmus_core.metrics import get_metric

    name = metric if metric is not None else None if bar is None else bar.metric
    if name is None:
        return suggestion.problem_type
    fitting = get_metric(str(name)).problem_types
    if suggestion.problem_type in fitting:
        return suggestion.problem_type
    possible = [kind for kind in possible_kinds(column) if kind in fitting]
    return possible[0] if len(possible) == 1 else suggestion.problem_type


def possible_kinds(column: Column) -> tuple[ProblemType, ...]:
    """Return the kinds of question that a column's values can answer."""
    kinds: list[ProblemType] = ["binary"] if column.n_distinct == 2 else []
    if 2 < column.n_distinct <= _MOST_CLASSES:
        kinds.append("multiclass")
    if column.storage in ("BIGINT", "DOUBLE"):
        kinds.append("regression")
    return tuple(kinds)
