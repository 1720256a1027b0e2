"""Metrics of predictions and their confidence intervals. NumPy only, so that every package may import it.

A metric's value keeps its sign (an RMSE is positive, lower is better). One implementation gives the
score of all rows and of every bootstrap replicate.
"""

from litmus_core.metrics._case import LabelCase, ValueCase, label_case, label_index
from litmus_core.metrics._constant import best_constant, constant_answer, constant_score, values_to_try
from litmus_core.metrics._costs import CostTable
from litmus_core.metrics._family import Group, MetricFamily
from litmus_core.metrics._metric import Metric, Needs
from litmus_core.metrics._parsing.bar import parse_bar
from litmus_core.metrics._parsing.parameters import MetricParameter, TableParameter, TextParameter
from litmus_core.metrics._parsing.spec import MetricSpec, metric_text
from litmus_core.metrics._registry import (
    all_metrics,
    default_metric,
    get_metric,
    is_built_in,
    is_in_target_unit,
    list_metrics,
    metric_family,
    metrics_for,
    register_metrics,
    score_unit,
)
from litmus_core.metrics._threshold import tune_threshold
from litmus_core.metrics._uncertainty.choice_luck import choice_luck
from litmus_core.metrics._uncertainty.difference import PairedDifference, paired_difference
from litmus_core.metrics._uncertainty.draws import Draws, EveryRow, bootstrap, paired
from litmus_core.metrics._uncertainty.groups import SingleGroups, mean_over_groups, rows_by_group
from litmus_core.metrics._uncertainty.interval import score_interval
from litmus_core.metrics._uncertainty.nested_interval import nested_interval
from litmus_core.metrics._weights import effective_rows, weighted_quantile

__all__ = [
    "CostTable",
    "Draws",
    "EveryRow",
    "Group",
    "LabelCase",
    "Metric",
    "MetricFamily",
    "MetricParameter",
    "MetricSpec",
    "Needs",
    "PairedDifference",
    "SingleGroups",
    "TableParameter",
    "TextParameter",
    "ValueCase",
    "all_metrics",
    "best_constant",
    "bootstrap",
    "choice_luck",
    "constant_answer",
    "constant_score",
    "default_metric",
    "effective_rows",
    "get_metric",
    "is_built_in",
    "is_in_target_unit",
    "label_case",
    "label_index",
    "list_metrics",
    "mean_over_groups",
    "metric_family",
    "metric_text",
    "metrics_for",
    "nested_interval",
    "paired",
    "paired_difference",
    "parse_bar",
    "register_metrics",
    "rows_by_group",
    "score_interval",
    "score_unit",
    "tune_threshold",
    "values_to_try",
    "weighted_quantile",
]
