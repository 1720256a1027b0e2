"""The guide's table says what the metrics are."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from litmus_core.metrics import Metric, MetricParameter, all_metrics, metric_family

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guides" / "metrics.md").read_text(encoding="utf-8")
_KINDS = {"binary": "2", "multiclass": "3+", "regression": "number"}


def row(metric: Metric) -> str:
    parts = []
    for each in metric_family(metric.family).parameters:
        if isinstance(each, MetricParameter):
            parts.append(f"`{each.name}` {each.lowest:g} to {each.highest:g} ({each.default:g})")
        else:
            parts.append("`table`: costs by truth and answer (every mistake 1)")
    kinds = ", ".join(_KINDS[kind] for kind in metric.problem_types)
    better = "higher" if metric.greater_is_better else "lower"
    low, high = (f"{end:g}" if math.isfinite(end) else "" for end in (metric.lowest, metric.highest))
    reach = f"{low} to {high}" if low and high else f"{low} or more" if low else f"{high} or less"
    if metric.family == "cost":
        reach = "by its table"
    return f"| `{metric.family}` | {metric.label} | {kinds} | {better} | {reach} | {'; '.join(parts)} |"


@pytest.mark.parametrize("metric", all_metrics(), ids=lambda metric: metric.family)
def test_every_metric_has_its_row(metric):
    assert row(metric) in GUIDE
