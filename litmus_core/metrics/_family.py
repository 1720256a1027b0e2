"""Families of metrics that differ only in their parameters, and builders of metrics of each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from litmus_core import task_types
from litmus_core.metrics._case import Floats, LabelCase, ValueCase
from litmus_core.metrics._labels import LabelCounts, count
from litmus_core.metrics._metric import Metric, Rate, Unit
from litmus_core.metrics._parsing.parameters import AnyParameter
from litmus_core.metrics._uncertainty.draws import Draws
from litmus_core.task_types import classification_types
from litmus_core.types import ProblemType

Group = Literal["right answers", "ranking", "working point", "probabilities", "money", "distance", "your own"]

BOTH: tuple[ProblemType, ...] = tuple(
    classification_type.key for classification_type in classification_types()
)
BINARY: tuple[ProblemType, ...] = (task_types.BINARY.key,)
MULTICLASS: tuple[ProblemType, ...] = (task_types.MULTICLASS.key,)
REGRESSION: tuple[ProblemType, ...] = (task_types.REGRESSION.key,)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFamily:
    """All metrics that share a name; ``make`` builds one from keyword parameters."""

    name: str
    group: Group
    make: Callable[..., Metric]
    parameters: tuple[AnyParameter, ...] = ()
    aliases: tuple[str, ...] = ()
    offered: bool = True  # False: hidden in pickers, but can be looked up by name


def family_of(metric: Metric, group: Group, *, aliases: tuple[str, ...] = ()) -> MetricFamily:
    """Return the family of a metric without parameters."""
    return MetricFamily(name=metric.name, group=group, make=lambda: metric, aliases=aliases)


def label_metric(
    name: str,
    label: str,
    phrase: str,
    rate: Rate,
    *,
    problem_types: tuple[ProblemType, ...] = BOTH,
    unit: Unit = "share",
    lowest: float = 0.0,
    by_class: bool = True,
    tunes: bool = True,
    needs_both_classes: bool = True,
) -> Metric:
    """Return a metric of predicted labels; ``tunes``: a decision threshold may be tuned for it."""
    return Metric(
        name=name,
        label=label,
        phrase=phrase,
        greater_is_better=True,
        problem_types=problem_types,
        needs="labels",
        unit=unit,
        formula=on_counts(rate),
        lowest=lowest,
        by_class=by_class,
        threshold_rate=rate if tunes else None,
        needs_both_classes=needs_both_classes,
    )


def probability_metric(
    name: str,
    label: str,
    phrase: str,
    evaluate: Callable[[LabelCase, Draws], Floats],
    *,
    greater_is_better: bool,
    problem_types: tuple[ProblemType, ...] = BOTH,
    unit: Unit = "score",
    highest: float = 1.0,
    **more: Any,
) -> Metric:
    """Return a metric of class probabilities; ``more`` are further fields of Metric."""
    return Metric(
        name=name,
        label=label,
        phrase=phrase,
        greater_is_better=greater_is_better,
        problem_types=problem_types,
        needs="probabilities",
        unit=unit,
        formula=evaluate,
        highest=highest,
        **more,
    )


def value_metric(
    name: str,
    label: str,
    phrase: str,
    evaluate: Callable[[ValueCase, Draws], Floats],
    *,
    unit: Unit,
    greater_is_better: bool = False,
    lowest: float = 0.0,
    highest: float = np.inf,
    **more: Any,
) -> Metric:
    """Return a metric of predicted values; ``more`` are further fields of Metric."""
    return Metric(
        name=name,
        label=label,
        phrase=phrase,
        greater_is_better=greater_is_better,
        problem_types=REGRESSION,
        needs="values",
        unit=unit,
        formula=evaluate,
        lowest=lowest,
        highest=highest,
        **more,
    )


def on_counts(rate: Callable[[LabelCounts, int], Floats]) -> Callable[[LabelCase, Draws], Floats]:
    """Return the metric that applies ``rate`` to a case's counts."""

    def evaluate(case: LabelCase, draws: Draws) -> Floats:
        return rate(count(case, draws), case.positive)

    return evaluate
