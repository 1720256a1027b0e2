"""Calibrate a surrogate model's gain to the run's models, by the outcomes of earlier predictions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean, stdev

from litmus_core.advice._trials.runner import TrialDifference
from litmus_core.metrics import get_metric
from litmus_core.types import ActionKind, ActionOutcome, Gain, Score

_EIGHTY = 1.2816  # half-width of an 80 % interval, in standard deviations
# The usual share of the surrogate's gain that the run's models show, and its spread between actions, before
# anything is
# known of this workspace; outcomes change both. Folds, families, rows and tuning as on seven held-out tables
# (benchmarks/README.md), the spread as in two seeds of them. Few or none of the others occurred there: they
# are guesses.
_USUAL: dict[ActionKind, tuple[float, float]] = {
    "folds": (0.6, 1.2), "family": (0.6, 0.95), "tune": (0.25, 0.55), "rows": (0.3, 1.4),
    "class rows": (0.3, 1.4), "segment rows": (0.3, 1.4), "memory": (0.3, 1.4),
    "time": (0.8, 0.5), "made columns": (0.7, 0.5), "balanced": (0.7, 0.5), "columns": (0.6, 0.5),
    "stack": (1.0, 1.0), "labels": (0.8, 0.5), "leak": (1.0, 0.5), "own": (1.0, 0.5),
    "threshold": (1.0, 0.2), "calibrate": (1.0, 0.2), "abstain": (1.0, 0.2),
}  # fmt: skip
# Measured on the model's own predictions, not on a surrogate's.
_OWN_ANSWERS: tuple[ActionKind, ...] = ("threshold", "calibrate", "abstain")
_UNSURE, _UNSURE_OWN = 0.3, 0.1  # spread of that share between workspaces
# actual to measured gain; a tiny measured gain makes any ratio possible
_LEAST_RATIO, _MOST_RATIO = -1.0, 3.0
_FEWEST_OUTCOMES = 5  # needed to estimate a spread


def calibrate_gain(
    kind: ActionKind, measured: TrialDifference, outcomes: Sequence[ActionOutcome], *, more: float = 0.0
) -> Gain:
    """Return the expected gain of an action with which the surrogate gained ``measured``.

    ``outcomes`` are of earlier actions, of every kind; ``more`` is a further spread, in the metric's unit.
    """
    share, unsure = share_measured(kind, outcomes)
    value = share * measured.value
    spread = math.hypot(share * measured.spread, unsure * measured.value, more)
    return Gain(
        value=value, low=value - _EIGHTY * spread, high=value + _EIGHTY * spread, measured=measured.value
    )


def calibrate_plugin_gain(key: str, gain: Gain, outcomes: Sequence[ActionOutcome]) -> Gain:
    """Return the expected gain of a custom action that promises ``gain``.

    The promise is believed until actions with this ``key`` have outcomes; then it is scaled by their share.
    """
    past = [outcome for outcome in outcomes if outcome.key == key and outcome.kind == "own"]
    if not any(_measured_gain(outcome) is not None for outcome in past):
        return gain
    share, unsure = share_measured("own", past)
    spread = math.hypot(share * (gain.high - gain.low) / (2 * _EIGHTY), unsure * gain.value)
    value = share * gain.value
    return Gain(
        value=value, low=value - _EIGHTY * spread, high=value + _EIGHTY * spread, measured=gain.measured
    )


def clip_to_perfect(gain: Gain, score: Score) -> Gain:
    """Return a gain that does not exceed a perfect score, if the metric has one; ``score`` is the current
    one.
    """
    metric = get_metric(score.metric)
    if metric.greater_is_better and metric.unit not in ("share", "score"):
        return gain
    most = metric.highest - score.value if metric.greater_is_better else score.value - metric.lowest
    return replace(gain, value=min(gain.value, most), low=min(gain.low, most), high=min(gain.high, most))


def share_measured(kind: ActionKind, outcomes: Sequence[ActionOutcome]) -> tuple[float, float]:
    """Return the share of a surrogate's gain that such actions bring, and the spread for the next action."""
    ratios = [
        min(max(came / outcome.predicted.measured, _LEAST_RATIO), _MOST_RATIO)
        for outcome in outcomes
        if outcome.kind == kind
        and outcome.predicted.measured > 0
        and (came := _measured_gain(outcome)) is not None
    ]
    return _update_share(*_USUAL[kind], ratios, unsure=_UNSURE_OWN if kind in _OWN_ANSWERS else _UNSURE)


def interpolate_gain(kind: ActionKind, low: float, high: float, outcomes: Sequence[ActionOutcome]) -> Gain:
    """Return the expected gain of an action between two measured ones.

    Its position between them is that of earlier outcomes; the middle if there are none.
    """
    places = []
    for outcome in outcomes:
        came, start, width = (
            _measured_gain(outcome),
            outcome.predicted.low,
            outcome.predicted.high - outcome.predicted.low,
        )
        if outcome.kind == kind and width > 0 and came is not None:
            places.append(min(max((came - start) / width, _LEAST_RATIO), _MOST_RATIO))
    place, _ = _update_share(0.5, 0.5, places, unsure=_UNSURE)
    value = low + min(max(place, 0.0), 1.0) * (high - low)
    return Gain(value=value, low=low, high=high, measured=value)


def _update_share(
    usual: float, scatter: float, ratios: Sequence[float], *, unsure: float
) -> tuple[float, float]:
    """Return the usual share, updated by the outcomes, and the spread for the next action."""
    if len(ratios) >= _FEWEST_OUTCOMES:
        scatter = stdev(ratios)
    weight = len(ratios) / max(scatter, 0.1) ** 2
    start = 1 / unsure**2
    share = (usual * start + (fmean(ratios) if ratios else 0.0) * weight) / (start + weight)
    return share, math.hypot(scatter, 1 / math.sqrt(start + weight))


def _measured_gain(outcome: ActionOutcome) -> float | None:
    return outcome.validation if outcome.test is None else outcome.test
