"""Whether a metric and a bar fit a task."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from litmus_core.errors import UsageError
from litmus_core.metrics import get_metric, label_index, metrics_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from litmus_core.metrics import CostTable, Metric
    from litmus_core.types import Bar, Column, Task


def check_metric(task: Task, target: Column, *, labels: Callable[[], set[str]] | None) -> None:
    """Raise UsageError for a metric or bar that does not fit; ``labels`` are the classes."""
    metric = get_metric(task.metric)
    fitting = metrics_for(task.problem_type)
    if not metric.fits(task.problem_type):
        others = " or ".join(metric.problem_types)
        raise UsageError(
            f"The metric {metric.name} does not fit a {task.problem_type} question.",
            hint=f"Choose one of {', '.join(candidate.name for candidate in fitting)}; or ask for {others} "
            "by problem_type (--task), if the target can answer that.",
        )
    if metric.by_group and not task.needs.group:
        raise UsageError(
            f"The metric {metric.name} is counted within groups of rows, and nothing says which belong "
            "together.",
            hint="Choose a kind of question that groups rows, or another metric.",
        )
    if task.needs.is_order and not metric.is_custom:
        raise UsageError(
            f"The metric {metric.name} compares numbers, and the answers only say which row comes first.",
            hint="Choose a metric of the order, such as the default one.",
        )
    if metric.family == "top_k_accuracy" and metric.parameters["k"] >= target.n_distinct:
        raise UsageError(
            f"'{target.name}' has {target.n_distinct} classes, so the right one is always among "
            f"{metric.parameters['k']:g}.",
            hint=f"Choose k below {target.n_distinct}.",
        )
    if metric.costs is not None and labels is not None:
        _check_costs(metric.costs, sorted(labels()))
    if task.bar is not None:
        _check_bar(task.bar, metric)


def _check_costs(table: CostTable, labels: Sequence[str]) -> None:
    """Raise UsageError unless the table has costs for exactly the column's classes."""
    for name in table.classes:
        label_index(labels, name)
    table.matrix(labels)


def _check_bar(bar: Bar, metric: Metric) -> None:
    if get_metric(bar.metric).name != metric.name:
        raise UsageError(
            f"The bar is on {bar.metric}, but the metric is {metric.name}.",
            hint="Set both on the same metric.",
        )
    if bar.is_floor != metric.greater_is_better:
        better, op = ("higher", ">=") if metric.greater_is_better else ("lower", "<=")
        raise UsageError(
            f"For {metric.family}, {better} is better, so '{bar}' would accept the worse models.",
            hint=f"Write {metric.name} {op} {bar.value:g}.",
        )
    if not math.isfinite(bar.value):
        raise UsageError("The bar is not a finite number.", hint="Write a number such as 0.95.")
    if metric.lowest <= bar.value <= metric.highest:
        return
    below_zero = "" if math.isfinite(metric.highest) else " cannot be below 0"
    range_text = below_zero or f" is between {metric.lowest:g} and {metric.highest:g}"
    if math.isinf(metric.lowest):
        range_text = f" is at most {metric.highest:g}"
    is_percentage = metric.highest == 1.0 and 2.0 <= bar.value <= 100.0
    hint = f"Did you mean {bar.value / 100:g}?" if is_percentage else "Set the bar inside that range."
    raise UsageError(f"{metric.family}{range_text}, so the bar '{bar}' is not possible.", hint=hint)
