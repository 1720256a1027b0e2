"""Metrics at an operating point: the best value of one rate while another reaches a limit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from litmus_core.metrics._case import Floats, LabelCase
from litmus_core.metrics._labels import LabelCounts
from litmus_core.metrics._uncertainty.draws import Draws, divide

Rating = Callable[[Floats, Floats], Floats]  # (R, m) rows and correct rows among the first ones, to (R,)
_SLACK = 1e-12  # so that a share of exactly 0.85 reaches 0.85 despite rounding


def precision_at_recall(case: LabelCase, draws: Draws, *, recall: float) -> Floats:
    """Return the best precision among thresholds with at least ``recall``."""

    def rate(rows: Floats, positives: Floats) -> Floats:
        recalls = _share(positives, positives[:, -1:])
        precisions = np.where(recalls >= recall - _SLACK, _share(positives, rows), -1.0)
        return np.where(positives[:, -1] > 0, precisions.max(axis=1), np.nan)

    return _over_list(case.probabilities[:, case.positive], case.codes == case.positive, draws, rate)


def recall_at_precision(case: LabelCase, draws: Draws, *, precision: float) -> Floats:
    """Return the highest recall among thresholds with at least ``precision``; 0 if there is none."""

    def rate(rows: Floats, positives: Floats) -> Floats:
        is_precise = _share(positives, rows) >= precision - _SLACK
        recalls = np.where(is_precise, _share(positives, positives[:, -1:]), 0.0).max(axis=1)
        return np.where(positives[:, -1] > 0, recalls, np.nan)

    return _over_list(case.probabilities[:, case.positive], case.codes == case.positive, draws, rate)


def coverage_at_precision(case: LabelCase, draws: Draws, *, precision: float) -> Floats:
    """Return the largest share of rows, most confident first, predicted with ``precision``; 0 if none."""

    def rate(rows: Floats, right: Floats) -> Floats:
        is_precise = (rows > 0) & (_share(right, rows) >= precision - _SLACK)
        return np.asarray(np.where(is_precise, rows, 0.0).max(axis=1) / rows[:, -1])

    surest = case.probabilities.max(axis=1)
    return _over_list(surest, case.probabilities.argmax(axis=1) == case.codes, draws, rate)


def precision_where_recall(counts: LabelCounts, positive: int, *, recall: float) -> Floats:
    """Rate thresholds by precision; those with too little recall get NaN."""
    recalls = divide(counts.right[:, positive], counts.true[:, positive])
    value = divide(counts.right[:, positive], counts.predicted[:, positive])
    return np.where(recalls >= recall - _SLACK, value, np.nan)


def recall_where_precision(counts: LabelCounts, positive: int, *, precision: float) -> Floats:
    """Rate thresholds by recall; those with too little precision get NaN."""
    right = divide(counts.right[:, positive], counts.predicted[:, positive])
    value = divide(counts.right[:, positive], counts.true[:, positive])
    return np.where(right >= precision - _SLACK, value, np.nan)


def _over_list(scores: Floats, wanted: np.ndarray, draws: Draws, rate: Rating) -> Floats:
    """Return ``rate`` of the top rows and the wanted rows among them, at each score from the highest down."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    ends = np.flatnonzero(np.r_[ranked[1:] != ranked[:-1], True])
    is_wanted = wanted[order].astype(np.float64)
    rated = []
    for weights in draws.weights():
        listed = weights[:, order]
        rated.append(rate(np.cumsum(listed, axis=1)[:, ends], np.cumsum(listed * is_wanted, axis=1)[:, ends]))
    return np.concatenate(rated)


def _share(top: Floats, bottom: Floats) -> Floats:
    """Divide; 0 where ``bottom`` is 0."""
    wide = np.broadcast_to(bottom, top.shape)
    return np.asarray(np.divide(top, wide, out=np.zeros(top.shape), where=wide > 0))
