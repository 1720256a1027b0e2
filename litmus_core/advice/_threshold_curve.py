"""The effect of each decision threshold and each abstention limit on validation rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.advice._abstention import answered_rows_at
from litmus_core.advice._stored_predictions import StoredPredictions
from litmus_core.advice._surrogate import Floats
from litmus_core.errors import DataError
from litmus_core.metrics import score_interval
from litmus_core.runtime import label_text
from litmus_core.types import Score

_LEAST, _MOST = 0.001, 0.999  # limits of a threshold: at 0 and 1 all rows would get the same prediction
_GRID = np.round(np.arange(0.01, 1.0, 0.01), 2)
_SPLITS = 6  # random splits into halves
_SHARES = tuple(round(0.05 * at, 2) for at in range(11))  # shares of rows left to people
_Z = 1.96
_FEWEST_ANSWERED = 20
_REPLICATES = 200


@dataclass(frozen=True, slots=True)
class _BinaryCase:
    """Rows with probabilities of the positive class, which of them are positive, and weights, (n,) each."""

    scores: Floats
    positive: NDArray[np.bool_]
    weights: Floats

    def at(self, rows: NDArray[np.bool_]) -> _BinaryCase:
        return _BinaryCase(self.scores[rows], self.positive[rows], self.weights[rows])


Find = Callable[[_BinaryCase], float]  # the rows to a threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdPoint:
    """The effect of the threshold ``at`` on ``n_rows`` rows, of which ``n_positive`` are positive.

    ``alarms`` rows are predicted positive, ``hits`` of them rightly. These count rows alike; ``false_alarms``
    and ``misses`` are shares of the rows' weights.
    """

    at: float
    n_rows: int
    n_positive: int
    alarms: float
    hits: float
    false_alarms: float
    misses: float

    @property
    def precision(self) -> float | None:
        """The share of alarms that are right; None without any alarm."""
        return self.hits / self.alarms if self.alarms else None

    @property
    def recall(self) -> float | None:
        """The share of positive rows that are found; None without any positive row."""
        return self.hits / self.n_positive if self.n_positive else None

    def cost(self, *, alarm: float, miss: float) -> float:
        """Return the cost of 1,000 rows by weight, given the costs of a false alarm and of a missed row."""
        return 1_000 * (alarm * self.false_alarms + miss * self.misses)

    def precision_interval(self) -> tuple[float, float]:
        """Return the precision's 95 % interval (Wilson's)."""
        return _wilson(self.hits, self.alarms)

    def recall_interval(self) -> tuple[float, float]:
        """Return the recall's 95 % interval (Wilson's)."""
        return _wilson(self.hits, self.n_positive)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdCurve:
    """Points at thresholds from 0.01 to 0.99, with the task's ``scores`` there.

    Scores are NaN where undefined, and () if no threshold changes them.
    """

    positive: str
    points: tuple[ThresholdPoint, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The remaining rows when the share ``left``, with a confidence below ``below``, goes to people.

    ``score`` is the task's score and ``right`` the share of correct predictions, both of the remaining
    ``n_rows``.
    """

    below: float
    left: float
    score: float
    right: float
    n_rows: int

    def right_interval(self) -> tuple[float, float]:
        """Return the 95 % interval (Wilson's) of the share of correct predictions."""
        return _wilson(self.right * self.n_rows, self.n_rows)


def threshold_curve(predictions: StoredPredictions) -> ThresholdCurve:
    """Return the effect of each threshold on the positive class's probability (two classes)."""
    everyone, predictions = predictions, predictions.some()
    info, metric = predictions.scored.info, predictions.scored.metric
    scores = []
    for at in _GRID if metric.needs == "labels" and not metric.is_custom else ():
        try:
            scores.append(
                metric.score(
                    predictions.scored.truth,
                    predictions.scored.predictions,
                    classes=info.classes,
                    positive_class=info.positive_class,
                    threshold=float(at),
                )
            )
        except DataError:  # undefined there
            scores.append(float("nan"))
    return ThresholdCurve(
        positive=label_text(info.classes[info.positive_index]),
        points=tuple(point_at(everyone, float(at)) for at in _GRID),
        scores=tuple(scores),
    )


def point_at(predictions: StoredPredictions, at: float) -> ThresholdPoint:
    """Return the effect of one threshold."""
    case = _binary_case(predictions)
    return _point(case, at, case.scores >= at)


def score_at(predictions: StoredPredictions, at: float) -> Score:
    """Return the task's score at a threshold, with its interval; raises DataError if it is undefined."""
    info = predictions.scored.info
    score, _ = score_interval(
        predictions.scored.metric,
        predictions.scored.truth,
        predictions.scored.predictions,
        classes=info.classes,
        positive_class=info.positive_class,
        threshold=at,
        blocks=predictions.blocks,
        seed=predictions.seed,
        n=_REPLICATES,
    )
    return score


def keep_precision(
    predictions: StoredPredictions, precision: float
) -> tuple[ThresholdPoint, ThresholdPoint] | None:
    """Return the point with the highest recall at this precision, by two estimates.

    The first is measured on all rows. It is optimistic, since the threshold is chosen on the same rows. The
    second is measured on halves, with thresholds chosen on the other half. None if no threshold reaches the
    precision.
    """

    def find(case: _BinaryCase) -> float:
        lines, sums = _thresholds(case, np.ones(len(case.scores)), case.positive)
        alarms, hits = sums
        positions = np.flatnonzero(hits >= precision * alarms - 1e-9)
        return float(lines[positions[-1]]) if len(positions) else np.nan

    return _with_cross_fit(predictions, find)


def cheapest(
    predictions: StoredPredictions, *, alarm: float, miss: float
) -> tuple[ThresholdPoint, ThresholdPoint] | None:
    """Return the point with the lowest cost of mistakes, on all rows and estimated from halves."""

    def find(case: _BinaryCase) -> float:
        negatives, positives = case.weights * ~case.positive, case.weights * case.positive
        lines, sums = _thresholds(case, negatives, positives)
        false_alarms, hits = sums
        return float(lines[np.argmin(alarm * false_alarms + miss * (positives.sum() - hits))])

    return _with_cross_fit(predictions, find)


def answered_curve(predictions: StoredPredictions, *, threshold: float | None = None) -> tuple[Answered, ...]:
    """Return how well the remaining rows are predicted, as more of the least certain ones go to people."""
    predictions = predictions.some()
    points: list[Answered] = []
    for share in _SHARES:
        answered, below = answered_rows_at(predictions.scored, share, threshold=threshold)
        if answered.sum() < _FEWEST_ANSWERED:
            break
        point = _answered_point(predictions, answered, below if share else 0.0, threshold=threshold)
        if point is not None and (not points or point.left > points[-1].left):
            points.append(point)
    return tuple(points)


def _answered_point(
    predictions: StoredPredictions, answered: NDArray[np.bool_], below: float, *, threshold: float | None
) -> Answered | None:
    scored, info = predictions.scored, predictions.scored.info
    rows = np.flatnonzero(answered)
    case = scored.metric.at(rows).case(
        scored.truth[rows],
        scored.predictions[rows],
        classes=info.classes,
        positive_class=info.positive_class,
        threshold=threshold,
    )
    try:
        score = scored.metric.value(case)
    except DataError:  # undefined on the remaining rows
        return None
    return Answered(
        below=below,
        left=1.0 - float(answered.mean()),
        score=score,
        right=float((case.decided == case.codes).mean()),  # type: ignore[union-attr]
        n_rows=len(rows),
    )


def _binary_case(predictions: StoredPredictions) -> _BinaryCase:
    from litmus_core.engine import label_case

    case = label_case(predictions.scored)
    return _BinaryCase(
        case.probabilities[:, case.positive],
        case.codes == case.positive,
        np.ones(case.n_rows) if case.weights is None else case.weights,
    )


def _point(case: _BinaryCase, at: float, flagged: NDArray[Any]) -> ThresholdPoint:
    """Return the effect of predicting ``flagged`` rows positive: which, or how often each, from 0 to 1."""
    weights = case.weights / case.weights.sum()
    return ThresholdPoint(
        at=at,
        n_rows=len(case.scores),
        n_positive=int(case.positive.sum()),
        alarms=float(flagged.sum()),
        hits=float(flagged[case.positive].sum()),
        false_alarms=float(weights @ (flagged * ~case.positive)),
        misses=float(weights @ ((1.0 - flagged) * case.positive)),
    )


def _thresholds(case: _BinaryCase, *values: NDArray[Any]) -> tuple[Floats, list[Floats]]:
    """Return descending thresholds, between neighbouring scores, and sums of ``values`` of the rows above."""
    order = np.argsort(-case.scores, kind="stable")
    ranked = case.scores[order]
    ends = np.flatnonzero(np.r_[ranked[1:] < ranked[:-1], True])
    below = np.r_[ranked[1:], 0.0][ends]
    thresholds = np.clip((ranked[ends] + below) / 2, _LEAST, _MOST)
    return thresholds, [np.cumsum(one[order], dtype=np.float64)[ends] for one in values]


def _with_cross_fit(
    predictions: StoredPredictions, find: Find
) -> tuple[ThresholdPoint, ThresholdPoint] | None:
    from litmus_core.engine import cross_fit_halves

    case = _binary_case(predictions)
    threshold = find(case)
    if np.isnan(threshold):
        return None
    flagged = np.zeros(len(case.scores))
    for split in range(predictions.seed, predictions.seed + _SPLITS):
        half = cross_fit_halves(predictions.scored.truth, predictions.blocks, regression=False, seed=split)
        for part in (0, 1):
            inside = half == part
            half_threshold = find(case.at(~inside))
            flagged[inside] += case.scores[inside] >= (1.0 if np.isnan(half_threshold) else half_threshold)
    return _point(case, threshold, case.scores >= threshold), _point(case, threshold, flagged / _SPLITS)


def _wilson(hits: float, n: float) -> tuple[float, float]:
    if n <= 0:
        return 0.0, 1.0
    share, z2 = hits / n, _Z**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))
