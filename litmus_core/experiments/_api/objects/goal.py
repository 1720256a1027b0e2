"""Replace scorers and functions in a goal by names of metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.experiments._api.goal import Goal, read_goal
from litmus_core.experiments._api.metrics import read_metrics
from litmus_core.experiments._api.objects.metric import read_scorer, stored_metric
from litmus_core.metrics import parse_bar
from litmus_core.runtime import Label
from litmus_core.types import ProblemType

if TYPE_CHECKING:
    from litmus_core.experiments._plugins.service import PluginsService


def stored_goal(
    goal: Any,
    plugins: PluginsService,
    problem_type: Callable[[], ProblemType],
    labels: Callable[[], Sequence[Label]] = tuple,
) -> Goal:
    """Return the goal with each scorer and function replaced by the name of a metric of the workspace.

    ``problem_type`` is called only if a function judges, and ``labels`` only if it does not take any label.
    Raises UsageError.
    """
    read: Goal = read_goal(Goal(metrics=goal) if _is_function(goal) else goal)
    if read.metrics is None:
        return read
    bar = parse_bar(read.bar) if isinstance(read.bar, str) else read.bar
    functions: list[str] = []

    def stored(metric: Any) -> Any:
        nonlocal bar
        scoring = read_scorer(metric)
        if scoring is None or isinstance(scoring, str):
            return scoring or metric
        function_bar = bar if bar is not None and bar.metric == scoring.name else None
        direction = None if function_bar is None else function_bar.is_floor
        name = stored_metric(scoring, plugins, problem_type(), direction=direction, labels=labels)
        functions.append(name)
        bar = bar if function_bar is None else replace(function_bar, metric=functions[-1])
        return functions[-1]

    metrics: Any = read.metrics
    if isinstance(metrics, Mapping):
        metrics = {part: _map_metrics(named, stored) for part, named in metrics.items()}
    else:
        metrics = _map_metrics(metrics, stored)
    _check_first(metrics, functions)
    return replace(read, metrics=metrics, bar=bar)


def _check_first(metrics: Any, functions: Sequence[str]) -> None:
    """Raise UsageError for a function that is only reported: a run stores only the deciding metric."""
    secondary = [name for name in functions if name != read_metrics(metrics).metric]
    if secondary:
        raise UsageError(
            f"'{secondary[0]}' is a function, and a run knows only the metric that decides.",
            hint="Name it first, or report a metric of Litmus beside.",
        )


def _map_metrics(metrics: Any, stored: Callable[[Any], Any]) -> Any:
    return [stored(metric) for metric in metrics] if isinstance(metrics, list | tuple) else stored(metrics)


def _is_function(goal: Any) -> bool:
    return callable(goal) and not isinstance(goal, type)
