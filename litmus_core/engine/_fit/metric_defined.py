"""Check that the scored rows leave the metric defined."""

from __future__ import annotations

import numpy as np

from litmus_core.engine._run_folder.folder import ScoredRows
from litmus_core.engine._target import Target
from litmus_core.errors import UsageError
from litmus_core.metrics import get_metric, metrics_for


def check_defined(metric_name: str, target: Target, rows: ScoredRows) -> None:
    """Raise DataError, before any training, if the scored rows leave the metric undefined."""
    metric = get_metric(metric_name)
    if not metric.fits(target.problem_type):
        raise UsageError(
            f"The metric '{metric.name}' does not fit a {target.problem_type} task.",
            hint="Choose one of: "
            + ", ".join(other.name for other in metrics_for(target.problem_type))
            + ".",
        )
    constant = rows.shares if target.task_type.has_classes else rows.shares[0]
    truth = rows.truth[rows.scored]
    rows.metric(metric_name, rows.scored).for_classes(target.classes).score(
        truth,
        np.tile(constant, (len(truth), 1)),
        classes=range(len(target.classes)),
        positive_class=1 if target.task_type.has_positive_class else None,
    )
