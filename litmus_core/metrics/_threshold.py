"""The best decision threshold for a metric, from validation predictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from litmus_core.metrics import _labels
from litmus_core.metrics._case import Floats, LabelCase
from litmus_core.metrics._costs import cost_at_thresholds, zero_one_costs
from litmus_core.metrics._metric import Metric

_MOST_TRIED = 500


def tune_threshold(
    metric: Metric,
    y_true: ArrayLike,
    probabilities: ArrayLike,
    *,
    classes: Sequence[Any],
    positive_class: Any = None,
) -> float | None:
    """Return the threshold on the positive class's probability that scores best, or None to keep 0.5.

    None for metrics that no threshold changes or that tuning would make trivial, and if no threshold scores
    better. Metrics with a limit on another rate (recall at a precision) get the threshold at that limit;
    costs always get a threshold. ``probabilities`` (n, 2) must not come from rows the model was trained on.
    """
    rate = metric.threshold_rate
    if len(classes) != 2 or (rate is None and not metric.takes_costs):
        return None
    case = metric.case(y_true, probabilities, classes=classes, positive_class=positive_class)
    if not isinstance(case, LabelCase):
        return None
    if rate is None:
        return _cheapest(case)
    tried = _thresholds(case.probabilities[:, case.positive])
    if not len(tried):
        return None
    scores = np.nan_to_num(rate(_counts_at(case, tried), case.positive), nan=-np.inf)
    best = int(np.argmax(scores))
    usual = float(np.nan_to_num(rate(_counts_at(case, np.array([0.5])), case.positive)[0], nan=-np.inf))
    return float(tried[best]) if scores[best] > usual else None


def _cheapest(case: LabelCase) -> float:
    """Return the cheapest threshold; among equally cheap ones, the threshold for exact probabilities."""
    expected = _expected_threshold(case)
    tried = np.r_[expected, _thresholds(case.probabilities[:, case.positive])]
    return float(tried[np.argmin(cost_at_thresholds(case, tried))])


def _expected_threshold(case: LabelCase) -> float:
    """Return the probability above which a positive prediction has the lower expected cost."""
    costs = zero_one_costs(2) if case.costs is None else case.costs
    yes, no = case.positive, 1 - case.positive
    alarm, miss = costs[no, yes] - costs[no, no], costs[yes, no] - costs[yes, yes]
    return float(alarm / (alarm + miss))


def _thresholds(scores: Floats) -> Floats:
    """Return up to 500 values halfway between neighbouring scores, evenly over the rows."""
    distinct = np.unique(scores)
    if len(distinct) > _MOST_TRIED:
        distinct = np.unique(np.quantile(scores, np.linspace(0, 1, _MOST_TRIED)))
    return np.asarray((distinct[1:] + distinct[:-1]) / 2)


def _counts_at(case: LabelCase, thresholds: Floats) -> _labels.LabelCounts:
    """Return the counts at each threshold, in the place of replicates."""
    scores = case.probabilities[:, case.positive]
    weights = np.ones(case.n_rows) if case.weights is None else case.weights
    order = np.argsort(scores)
    place = np.searchsorted(scores[order], thresholds, side="left")

    def counted(rows: Floats) -> tuple[Floats, float]:
        reached = np.r_[0.0, np.cumsum(rows[order])]
        return reached[place], float(reached[-1])

    positives_below, n_positive = counted(weights * (case.codes == case.positive))
    negatives_below, n_negative = counted(weights * (case.codes == 1 - case.positive))
    below, n_rows = counted(weights)
    columns = {
        case.positive: (n_positive - positives_below, n_positive, n_rows - below),
        1 - case.positive: (negatives_below, n_negative, below),
    }
    ones = np.ones(len(thresholds))
    right, true, predicted = (
        np.column_stack([columns[at][which] * ones for at in (0, 1)]) for which in range(3)
    )
    return _labels.LabelCounts(right=right, true=true, predicted=predicted, total=n_rows * ones)
