"""The choice of a metric: metrics in groups, and the parameters of the selected one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.presenters.metrics import kind_of_metric, metric_messages
from litmus_core.errors import UsageError
from litmus_core.metrics import (
    CostTable,
    Group,
    MetricParameter,
    TableParameter,
    get_metric,
    metric_family,
    metric_text,
)

__all__ = [
    "MOST_CLASSES",
    "CostsView",
    "JudgingView",
    "SliderView",
    "group_of",
    "present_judging",
    "with_costs",
    "with_parameter",
]

MOST_CLASSES = 12  # the limit for a table of costs

_GROUPS: dict[Group, str] = {
    "right answers": "Right answers",
    "ranking": "Ranking",
    "working point": "Fixed precision or recall",
    "probabilities": "Reliable probabilities",
    "money": "What mistakes cost",
    "distance": "How far off",
    "your own": "Your own",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SliderView:
    """A metric's numeric parameter; ``is_share``: it is shown as a percentage."""

    name: str
    label: str
    minimum: float
    maximum: float
    step: float
    value: float
    is_whole: bool
    is_share: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsView:
    """Misclassification costs: a row for each true class, a column for each prediction."""

    classes: tuple[str, ...]
    costs: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingView:
    """The choice of a metric.

    ``groups`` has families of metrics by the group's name; the other fields are about the selected metric.
    """

    groups: dict[str, tuple[str, ...]]
    titles: dict[str, str]  # the plain and technical name of each family
    help: str
    sliders: tuple[SliderView, ...]
    costs: CostsView | None
    too_many_classes: bool  # too many for a table of costs


def present_judging(names: Sequence[str], metric: str, *, classes: Sequence[str]) -> JudgingView:
    """Group the metrics in ``names``, and present the parameters of ``metric``."""
    groups: dict[str, list[str]] = {}
    titles = {}
    for group, title in _GROUPS.items():
        for name in names:
            family = get_metric(name).family
            if metric_family(family).group == group:
                groups.setdefault(title, []).append(family)
                titles[family] = f"{metric_messages(name).plain} ({kind_of_metric(family)})"
    chosen_metric = get_metric(metric)
    parameters = metric_family(chosen_metric.family).parameters
    takes_table = any(isinstance(parameter, TableParameter) for parameter in parameters)
    return JudgingView(
        groups={title: tuple(families) for title, families in groups.items()},
        titles=titles,
        help=metric_messages(metric).help,
        sliders=tuple(
            _slider(parameter, float(chosen_metric.parameters[parameter.name]), n_classes=len(classes))
            for parameter in parameters
            if isinstance(parameter, MetricParameter)
        ),
        costs=_costs(metric, classes) if takes_table and len(classes) <= MOST_CLASSES else None,
        too_many_classes=takes_table and len(classes) > MOST_CLASSES,
    )


def group_of(metric: str, view: JudgingView) -> str:
    """Return the name of the metric's group; the first group if no group has it."""
    family = get_metric(metric).family
    return next(
        (title for title, families in view.groups.items() if family in families), next(iter(view.groups))
    )


def with_parameter(metric: str, name: str, value: float) -> str:
    """Return the metric's text with another value of one parameter.

    >>> with_parameter("recall_at_precision", "precision", 0.85)
    'recall_at_precision(precision=0.85)'
    """
    chosen_metric = get_metric(metric)
    values = {**chosen_metric.parameters, name: round(value, 6)}
    return get_metric(metric_text(chosen_metric.family, values)).name


def with_costs(classes: Sequence[str], costs: Sequence[Sequence[float]]) -> str:
    """Return the metric's text with these costs by true class (rows) and prediction; if every mistake costs
    1, plain ``cost``. Raises UsageError for an invalid table.

    >>> with_costs(["no", "yes"], [[0, 1], [20, 0]])
    'cost(table={"no":{"yes":1},"yes":{"no":20}})'
    """
    if any(cost != cost or cost is None for row in costs for cost in row):
        raise UsageError("A cost is missing.", hint="Write a number, 0 where an answer costs nothing.")
    if all(cost == (place != at) for place, row in enumerate(costs) for at, cost in enumerate(row)):
        return "cost"
    return f"cost(table={CostTable.of_matrix(classes, costs)})"


def _slider(parameter: MetricParameter, value: float, *, n_classes: int) -> SliderView:
    most = parameter.highest
    if parameter.name == "k":  # a list of all classes would always hold the right one
        most = max(parameter.lowest + 1, min(most, n_classes - 1))
    return SliderView(
        name=parameter.name,
        label=parameter.label,
        minimum=parameter.lowest,
        maximum=most,
        step=parameter.step,
        value=min(value, most),
        is_whole=parameter.is_integer,
        is_share=parameter.highest <= 1,
    )


def _costs(metric: str, classes: Sequence[str]) -> CostsView:
    table = get_metric(metric).costs
    try:
        costs = None if table is None else table.matrix(classes).tolist()
    except UsageError:  # the table is for another column's classes
        costs = None
    usual = [[float(truth != answer) for answer in classes] for truth in classes]
    return CostsView(classes=tuple(classes), costs=tuple(map(tuple, costs or usual)))
