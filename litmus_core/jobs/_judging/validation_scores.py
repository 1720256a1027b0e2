"""Score predictions of validation rows by the task's metric, and by those that are reported beside it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from litmus_core.errors import DataError
from litmus_core.types import Score, Task

if TYPE_CHECKING:
    import numpy as np

    from litmus_core.metrics import Metric

_log = logging.getLogger(__name__)
_REPLICATES = 200


def validation_score(
    metric: Metric,
    task: Task,
    truth: np.ndarray,
    prediction: np.ndarray,
    *,
    classes: Sequence[Any],
    threshold: float | None,
    blocks: np.ndarray | None,
) -> Score:
    """Return the score with its interval. Raises DataError if it is undefined on these rows."""
    from litmus_core.metrics import score_interval

    score, _ = score_interval(
        metric,
        truth,
        prediction,
        classes=classes,
        positive_class=task.positive_class,
        threshold=threshold,
        blocks=blocks,
        seed=task.seed,
        n=_REPLICATES,
    )
    return score


def other_scores(
    metrics: Sequence[Metric], task: Task, truth: np.ndarray, prediction: np.ndarray, **options: Any
) -> tuple[Score, ...]:
    """Return the scores by additional metrics, without those undefined on these rows.

    ``options`` are those of :func:`validation_score`.
    """
    scores = []
    for metric in metrics:
        try:
            scores.append(validation_score(metric, task, truth, prediction, **options))
        except DataError as error:
            _log.warning("%s could not be computed: %s", metric.name, error)
    return tuple(scores)
