"""The registry of metrics by name, built-in and custom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from litmus_core.errors import UnknownNameError, UntrustedNameError
from litmus_core.metrics._classification import CLASSIFICATION_METRICS
from litmus_core.metrics._family import MetricFamily
from litmus_core.metrics._metric import Metric
from litmus_core.metrics._parsing.parameters import read_all
from litmus_core.metrics._parsing.spec import MetricSpec, metric_text, split_text
from litmus_core.metrics._regression import REGRESSION_METRICS
from litmus_core.task_types import get_task_type
from litmus_core.types import Column, ProblemType, Task

_FAMILIES: dict[str, MetricFamily] = {
    family.name: family for family in (*CLASSIFICATION_METRICS, *REGRESSION_METRICS)
}
_ALIASES: dict[str, str] = {alias: family.name for family in _FAMILIES.values() for alias in family.aliases}
_MOST_KEPT = 512
_custom_metrics: dict[str, MetricFamily] = {}  # custom metrics registered in this process
_untrusted: list[Callable[[], Sequence[str]]] = []  # lists files that may have more


def register_metrics(
    families: Iterable[MetricFamily], *, untrusted: Callable[[], Sequence[str]] = tuple
) -> None:
    """Register these custom families, and no others, in this process.

    Those with the name of a built-in metric are ignored. ``untrusted`` lists files that may have more metrics
    and that nobody trusted.
    """
    _untrusted[:] = [untrusted]
    _custom_metrics.clear()
    _custom_metrics.update({family.name: family for family in families if not is_built_in(family.name)})
    _metric.cache_clear()


def is_built_in(name: str) -> bool:
    """Return whether a built-in metric has that name."""
    return name in _FAMILIES or name in _ALIASES


def get_metric(text: str | MetricSpec) -> Metric:
    """Return the metric of that name, with parameters if it has any: ``fbeta(beta=2)``.

    Omitted parameters have their defaults. :attr:`Metric.name` is the text with all parameters, and names the
    same metric again. Raises UnknownNameError with the nearest name, UsageError for an invalid parameter.

    >>> get_metric("rmse").greater_is_better
    False
    >>> get_metric("coverage_at_precision(precision=0.85)").parameters["precision"]
    0.85
    """
    return _metric(str(text))


@lru_cache(maxsize=_MOST_KEPT)
def _metric(text: str) -> Metric:
    name, values_text = split_text(text)
    family = metric_family(name)
    values = read_all(family.parameters, values_text, metric=family.name)
    canonical = metric_text(family.name, values)
    if text != canonical:
        return _metric(canonical)
    return replace(
        family.make(**values),
        name=canonical,
        family=family.name,
        parameters=values,
    )


def metric_family(name: str) -> MetricFamily:
    """Return the family with that name or alias; raises UnknownNameError with the nearest one."""
    key = _ALIASES.get(name, name)
    family = _FAMILIES.get(key) or _custom_metrics.get(key)
    if family is None:
        names = [*_FAMILIES, *_ALIASES, *_custom_metrics]
        if files := [file for find in _untrusted for file in find()]:
            raise UntrustedNameError(kind="metric", name=name, names=names, files=files)
        raise UnknownNameError(kind="metric", name=name, names=names)
    return family


def is_in_target_unit(metric: str) -> bool:
    """Return whether a metric's values are in the target's unit; not if nobody has the metric any more."""
    try:
        return get_metric(metric).unit == "target"
    except UnknownNameError:  # a plug-in's that is no longer there
        return False


def score_unit(task: Task, target: Column) -> str:
    """Return the unit of a task's scores, such as a currency; "" if they have none, or none is known.

    ``target`` is the column that the task predicts. A task type of a plug-in may convert its numbers.
    """
    return target.unit if task.task_type is None and is_in_target_unit(task.metric) else ""


def metrics_for(problem_type: ProblemType) -> tuple[Metric, ...]:
    """Return the metrics that fit the task type, with default parameters, the default metric first."""
    default = get_task_type(problem_type).default_metric
    fitting = [metric for metric in all_metrics() if metric.fits(problem_type)]
    return tuple(sorted(fitting, key=lambda metric: metric.name != default))


def list_metrics() -> Sequence[Metric]:
    """Return a metric of each family, including those not offered for choice."""
    return [get_metric(name) for name in (*_FAMILIES, *_custom_metrics)]


def all_metrics() -> Sequence[Metric]:
    """Return a metric of each family offered for choice, with default parameters."""
    return [
        get_metric(name)
        for name in (*_FAMILIES, *(metric.name for metric in _custom_metrics.values() if metric.offered))
    ]


def default_metric(problem_type: ProblemType) -> Metric:
    """Return the metric to propose: ROC AUC for two classes, accuracy for more, RMSE for numbers."""
    return get_metric(get_task_type(problem_type).default_metric)
