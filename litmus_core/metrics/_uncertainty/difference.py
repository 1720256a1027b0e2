"""The score difference of two models on the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from litmus_core.metrics._metric import Metric
from litmus_core.metrics._uncertainty.draws import paired

_REPLICATES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """The score difference of two models on ``n_rows`` rows, with a 95 % interval.

    It is in the metric's unit; positive means that the first is better, even if lower scores are better.
    ``chance`` is the share of bootstrap draws in which the first was better.
    """

    metric: str
    value: float
    low: float
    high: float
    chance: float
    n_rows: int


def paired_difference(
    metric: Metric,
    y_true: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    *,
    thresholds: tuple[float | NDArray[Any] | None, float | NDArray[Any] | None] = (None, None),
    classes: Sequence[Any] = (),
    positive_class: Any = None,
    blocks: NDArray[Any] | None = None,
    seed: int,
    n: int = _REPLICATES,
) -> PairedDifference:
    """Compare two models' predictions of the same rows: both are scored on the same bootstrap draws.

    Shared errors cancel out, so the interval is narrower than the two scores' intervals suggest. ``first``
    and ``second`` are (n, k) probabilities in the order of ``classes``, or (n,) values.

    >>> from litmus_core.metrics import get_metric
    >>> truth, near, far = [1.0, 2.0, 3.0], [1.0, 2.0, 3.5], [2.0, 3.0, 4.0]
    >>> found = paired_difference(get_metric("mae"), truth, near, far, seed=0)
    >>> round(found.value, 3), found.low > 0, found.chance
    (0.833, True, 1.0)
    """
    sign = 1.0 if metric.greater_is_better else -1.0
    values, drawn = [], []
    for predictions, threshold in zip((first, second), thresholds, strict=True):
        case = metric.case(
            y_true, predictions, classes=classes, positive_class=positive_class, threshold=threshold
        )
        draws = paired(case.n_rows, blocks, n=n, seed=seed)
        values.append(sign * metric.value(case))
        drawn.append(sign * np.asarray(metric.evaluate(case, draws), dtype=np.float64))
    differences = drawn[0] - drawn[1]
    present = differences[~np.isnan(differences)]
    value = values[0] - values[1]
    low, high = (value, value) if not len(present) else np.quantile(present, [0.025, 0.975])
    return PairedDifference(
        metric=metric.name,
        value=float(value),
        low=float(min(low, value)),
        high=float(max(high, value)),
        chance=float((present > 0).mean() + 0.5 * (present == 0).mean()) if len(present) else 0.5,
        n_rows=len(np.asarray(y_true)),
    )
