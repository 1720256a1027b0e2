"""``metrics=``: the metric that decides, and metrics that are only reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from litmus_core.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from litmus_core.metrics import MetricSpec

    _Metric: TypeAlias = str | MetricSpec | Callable[..., Any]
    Metrics: TypeAlias = _Metric | Sequence[_Metric] | Mapping[str, Any]
else:
    Metrics = Any

_PARTS = ("validation", "test")


@dataclass(frozen=True, kw_only=True)
class MetricChoice:
    """The deciding metric (None: by the target), and the reported ones, with their parameters."""

    metric: str | None
    also_validation: tuple[str, ...] = ()
    also_test: tuple[str, ...] = ()


def read_metrics(metrics: Metrics | None) -> MetricChoice:
    """Return the metrics that ``metrics`` describes. Raises UsageError or UnknownNameError.

    >>> read_metrics(["accuracy", "log_loss"]).also_test
    ('log_loss',)
    """
    if metrics is None:
        return MetricChoice(metric=None)
    by_part = metrics if isinstance(metrics, Mapping) else dict.fromkeys(_PARTS, metrics)
    for part in by_part:
        if part not in _PARTS:
            raise UnknownNameError(kind="part of the rows", name=str(part), names=_PARTS)
    validation, test = (_texts(by_part.get(part, ())) for part in _PARTS)
    if not validation and not test:
        raise UsageError("No metric is named.", hint="Name one, or leave metrics out: Litmus proposes one.")
    first = (validation or test)[0]  # as given: a bar may name more parameters
    return MetricChoice(
        metric=first, also_validation=_others(validation, first), also_test=_others(test, first)
    )


def _texts(wanted: Any) -> list[str]:
    from litmus_core.metrics import MetricSpec

    if isinstance(wanted, str | MetricSpec):
        return [str(wanted)]
    if not isinstance(wanted, Iterable):
        raise UsageError(f"{wanted!r} is not a metric.", hint="Name one, such as 'roc_auc', or several.")
    return [str(metric) for metric in wanted]


def _others(metric_names: Sequence[str], first: str) -> tuple[str, ...]:
    from litmus_core.metrics import get_metric

    names = dict.fromkeys(get_metric(name).name for name in metric_names)
    return tuple(name for name in names if name != get_metric(first).name)
