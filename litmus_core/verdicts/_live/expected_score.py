"""The expected score before outcomes arrive, from the answers alone.

Calibrated probabilities give the frequency of each label: labels are drawn from them and scored. This is the
confidence-based performance estimation (CBPE) of NannyML, for every metric of classes. It detects a shift of
the rows (more cases with uncertain predictions), but no change in their meaning. Probabilities are
recalibrated first, and the error of the same estimate on the validation rows is part of its error.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from litmus_core.metrics import LabelCase, Metric, bootstrap
from litmus_core.types import ExpectedScore
from litmus_core.verdicts._live.increments import Floats, rows_of, value_of

_N_DRAWS = 100
_MOST_ROWS = 10_000
FEWEST_NEWEST = 100
FEWEST_REFERENCE = 200
_MOST_OFF = 0.02  # error of the estimate on the reference rows; beyond it there is no estimate
_NEWTON_STEPS = 25
_Z = 1.96


def expected_score(
    metric: Metric, live: LabelCase, reference: LabelCase, *, seed: int
) -> ExpectedScore | None:
    """Return the expected score on ``live``, whose codes are ignored; None if it cannot be estimated.

    ``reference`` are rows with outcomes that the model had not learned from. None with too few rows, or if
    the estimate is off by more than two points on the reference rows.
    """
    if live.n_rows < FEWEST_NEWEST or reference.n_rows < FEWEST_REFERENCE:
        return None
    rng = np.random.default_rng(seed)
    slope, shift = _calibration(reference)
    drawn_live = _drawn_scores(metric, live, _calibrated(live, slope, shift), rng)
    drawn_reference = _drawn_scores(metric, reference, _calibrated(reference, slope, shift), rng)
    actual = value_of(metric, reference)
    if not (len(drawn_live) and len(drawn_reference) and np.isfinite(actual)):
        return None
    gap = actual - float(drawn_reference.mean())
    scale = max(1.0, abs(actual)) if metric.unit != "target" else abs(actual)
    if abs(gap) > _MOST_OFF * scale:
        return None
    value = float(drawn_live.mean()) + gap
    replicates = metric.evaluate(reference, bootstrap(reference.n_rows, None, n=_N_DRAWS, seed=seed))
    of_reference = float(np.nanstd(replicates))
    error = _Z * float(np.hypot(drawn_live.std(), of_reference)) + abs(gap)
    low, high = max(value - error, metric.lowest), min(value + error, metric.highest)
    return ExpectedScore(value=min(max(value, low), high), low=low, high=high, n_rows=live.n_rows)


def _drawn_scores(metric: Metric, case: LabelCase, probabilities: Floats, rng: np.random.Generator) -> Floats:
    if case.n_rows > _MOST_ROWS:
        rows = np.sort(rng.choice(case.n_rows, _MOST_ROWS, replace=False))
        case, probabilities = rows_of(case, rows), probabilities[rows]
    reached = np.cumsum(probabilities, axis=1)
    scores = []
    for _ in range(_N_DRAWS):
        codes = (rng.random((case.n_rows, 1)) > reached).sum(axis=1)
        scores.append(value_of(metric, replace(case, codes=np.minimum(codes, case.n_classes - 1))))
    drawn = np.array(scores)
    return np.asarray(drawn[np.isfinite(drawn)])


def _calibration(case: LabelCase) -> tuple[float, float]:
    """Return the slope and shift of the logit that best fit the outcomes (Platt, 1999), for two classes."""
    if case.n_classes != 2:
        return 1.0, 0.0
    x = _logit(case.probabilities[:, 1])
    y = (case.codes == 1).astype(np.float64)
    weights = np.array([1.0, 0.0])
    columns = np.column_stack([x, np.ones_like(x)])
    for _ in range(_NEWTON_STEPS):
        p = _share(columns @ weights)
        slope = columns.T @ (y - p) - 1e-3 * (weights - [1.0, 0.0])
        curvature = (columns * (p * (1 - p))[:, None]).T @ columns + 1e-3 * np.eye(2)
        weights = weights + np.clip(np.linalg.solve(curvature, slope), -0.5, 0.5)
    return float(weights[0]), float(weights[1])


def _calibrated(case: LabelCase, slope: float, shift: float) -> Floats:
    if case.n_classes != 2:
        return np.asarray(case.probabilities)
    second = _share(slope * _logit(case.probabilities[:, 1]) + shift)
    return np.column_stack([1.0 - second, second])


def _share(logit: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -50.0, 50.0))))


def _logit(p: Floats) -> Floats:
    clipped = np.clip(p, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(clipped / (1 - clipped)))
