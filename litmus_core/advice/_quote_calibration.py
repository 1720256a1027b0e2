"""Quotes of a run's time, memory and score, calibrated by the outcomes of the workspace's earlier quotes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from litmus_core.metrics import Metric, get_metric
from litmus_core.types import Quote, QuoteBasis, QuoteOutcome

_EIGHTY = 1.2816  # half-width of an 80 % interval, in standard deviations
# Prior of the share of the way from the quick model's score to a perfect score that runs gain, and its spread
# between tables: guesses, which thirteen runs did not contradict.
_GAIN, _GAIN_SPREAD = 0.1, 0.1
_GAIN_UNSURE = 0.06  # spread of that share between workspaces
_SPREAD_WEIGHT = 6.0  # weight of the prior spread, in outcomes
_LEAST_GAIN, _MOST_GAIN = -1.0, 1.0
_RATIO_WEIGHT = 2.0  # weight of the expected time and memory, in outcomes
_MOST_TIMES = 8.0  # limit on the ratio of a single outcome


def quote_of(
    metric_name: str,
    basis: QuoteBasis,
    outcomes: Sequence[QuoteOutcome],
    *,
    limit_s: float,
    extra_s: float,
    unit: str = "",
) -> Quote:
    """Return the quote of a run with a time limit of ``limit_s``, and ``extra_s`` for measuring after it.

    ``outcomes`` are of earlier quotes in the workspace, of all tables: shares of the way from guessing to
    perfect are comparable between metrics, and so are ratios of time and memory. ``unit`` is the score's.
    """
    scale = _Scale.of(get_metric(metric_name), basis)
    low, middle, high = (scale.score(share) for share in _shares(scale, basis, outcomes))
    seconds = basis.seconds * _mean_ratio(
        [_relative(outcome.minutes, outcome.quote.basis.seconds / 60) for outcome in outcomes]
    )
    memory = [_relative(outcome.memory_mb, outcome.quote.basis.memory_mb) for outcome in outcomes]
    return Quote(
        metric=metric_name,
        minutes=(min(seconds, limit_s) + extra_s) / 60,
        memory_mb=basis.memory_mb * _mean_ratio(memory),
        score=middle,
        low=min(low, high),
        high=max(low, high),
        n_runs=sum(outcome.score is not None for outcome in outcomes),
        basis=basis,
        unit=unit,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Scores as shares of the way from ``constant`` (0) to ``perfect`` (1)."""

    constant: float
    perfect: float

    @classmethod
    def of(cls, metric: Metric, basis: QuoteBasis) -> _Scale:
        """Return a metric's scale; without a perfect score, its end is twice the quick model's way."""
        best = metric.highest if metric.greater_is_better else metric.lowest
        if not math.isfinite(best):
            way = abs(basis.quick - basis.constant) or max(1.0, abs(basis.constant))
            best = basis.constant + 2 * (way if metric.greater_is_better else -way)
        return cls(constant=basis.constant, perfect=best)

    def share(self, score: float) -> float:
        way = self.perfect - self.constant
        return (score - self.constant) / way if way else 0.0  # guessing is perfect

    def score(self, share: float) -> float:
        return self.constant + min(share, 1.0) * (self.perfect - self.constant)

    def error(self, noise: float) -> float:
        way = abs(self.perfect - self.constant)
        return noise / way if way else 0.0


def _shares(scale: _Scale, basis: QuoteBasis, outcomes: Sequence[QuoteOutcome]) -> tuple[float, float, float]:
    """Return the low end, the middle and the high end of the expected score, as shares."""
    start = _start(scale, basis)
    gain, spread, unsure = _gain(outcomes)
    middle = start + gain * (1.0 - start)
    reach = _EIGHTY * math.hypot(scale.error(basis.noise), (1.0 - start) * math.hypot(spread, unsure))
    return middle - reach, middle, middle + reach


def _start(scale: _Scale, basis: QuoteBasis) -> float:
    """Return the quick model's share, 0 if it is worse than guessing."""
    return min(max(scale.share(basis.quick), 0.0), 1.0)


def _gain(outcomes: Sequence[QuoteOutcome]) -> tuple[float, float, float]:
    """Return the expected share of the rest that runs gain, its spread, and its standard error."""
    gained_shares = [pair for outcome in outcomes if (pair := _gained_share(outcome)) is not None]
    weights = [1.0 / (_GAIN_SPREAD**2 + noise**2) for _, noise in gained_shares]
    precision = 1.0 / _GAIN_UNSURE**2
    total = precision + sum(weights)
    gain = (precision * _GAIN + sum(w * g for w, (g, _) in zip(weights, gained_shares, strict=True))) / total
    excess_variances = [max(0.0, (g - gain) ** 2 - noise**2) for g, noise in gained_shares]
    spread = math.sqrt(
        (_SPREAD_WEIGHT * _GAIN_SPREAD**2 + sum(excess_variances)) / (_SPREAD_WEIGHT + len(excess_variances))
    )
    return gain, spread, 1.0 / math.sqrt(total)


def _gained_share(outcome: QuoteOutcome) -> tuple[float, float] | None:
    """Return the share of the rest that a run gained, and its noise; None if there is no rest."""
    basis = outcome.quote.basis
    scale = _Scale.of(get_metric(outcome.quote.metric), basis)
    rest = 1.0 - _start(scale, basis)
    if outcome.score is None or rest < 0.01:
        return None
    gained = (scale.share(outcome.score) - _start(scale, basis)) / rest
    return min(max(gained, _LEAST_GAIN), _MOST_GAIN), scale.error(basis.noise) / rest


def _relative(came: float | None, expected: float) -> float | None:
    return came / expected if came and expected > 0 else None


def _mean_ratio(times: Sequence[float | None]) -> float:
    """Return the geometric mean of the ratios, shrunk towards 1 if there are few."""
    ratios = [min(max(time, 1 / _MOST_TIMES), _MOST_TIMES) for time in times if time is not None]
    return math.exp(sum(map(math.log, ratios)) / (len(ratios) + _RATIO_WEIGHT))
