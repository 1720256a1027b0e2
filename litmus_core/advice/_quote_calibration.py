"""Quotes of a run, calibrated by how earlier quotes of the workspace came true."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from litmus_core.metrics import Metric, get_metric
from litmus_core.types import Quote, QuoteBasis, QuoteOutcome

_EIGHTY = 1.2816  # an 80 % interval is so many standard deviations to either side
# The share of the way from the quick model's score to a perfect one that runs gain, and its spread between
# tables, before anything is known of the workspace: guesses, which thirteen runs did not contradict.
_GAIN, _GAIN_SPREAD = 0.1, 0.1
_GAIN_UNSURE = 0.06  # spread of that share between workspaces
_AS_SURE_AS = 6.0  # outcomes: what the spread above counts for
_LEAST_GAIN, _MOST_GAIN = -1.0, 1.0
_USUAL_RUNS = 2.0  # what the expected time and memory count for, in outcomes
_MOST_TIMES = 8.0  # a single outcome says no more than that


def quote_of(
    metric_name: str, basis: QuoteBasis, outcomes: Sequence[QuoteOutcome], *, limit_s: float, extra_s: float
) -> Quote:
    """Return the quote of a run with a time limit of ``limit_s`` and ``extra_s`` of measuring beyond it.

    ``outcomes`` are of earlier quotes in the workspace, of all tables: shares of the way from guessing to
    perfect are comparable between metrics, and so are ratios of time and memory.
    """
    scale = _Scale.of(get_metric(metric_name), basis)
    low, middle, high = (scale.score(share) for share in _shares(scale, basis, outcomes))
    seconds = basis.seconds * _ratio(
        [_times(outcome.minutes, outcome.quote.basis.seconds / 60) for outcome in outcomes]
    )
    memory = [_times(outcome.memory_mb, outcome.quote.basis.memory_mb) for outcome in outcomes]
    return Quote(
        metric=metric_name,
        minutes=(min(seconds, limit_s) + extra_s) / 60,
        memory_mb=basis.memory_mb * _ratio(memory),
        score=middle,
        low=min(low, high),
        high=max(low, high),
        n_runs=sum(outcome.score is not None for outcome in outcomes),
        basis=basis,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Scores as shares of the way from ``constant`` (0) to ``perfect`` (1)."""

    constant: float
    perfect: float

    @classmethod
    def of(cls, metric: Metric, basis: QuoteBasis) -> _Scale:
        """Return a metric's scale; where it has no perfect score, twice as good as the quick model is one."""
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
    """Return the low end, the middle and the high end of the score that is expected, as shares."""
    start = _start(scale, basis)
    gain, spread, unsure = _gain(outcomes)
    middle = start + gain * (1.0 - start)
    reach = _EIGHTY * math.hypot(scale.error(basis.noise), (1.0 - start) * math.hypot(spread, unsure))
    return middle - reach, middle, middle + reach


def _start(scale: _Scale, basis: QuoteBasis) -> float:
    """Return the quick model's share; one that is worse than guessing says nothing."""
    return min(max(scale.share(basis.quick), 0.0), 1.0)


def _gain(outcomes: Sequence[QuoteOutcome]) -> tuple[float, float, float]:
    """Return the usual share of the rest that runs gain, its spread, and how unsure the usual one is."""
    met = [pair for outcome in outcomes if (pair := _met(outcome)) is not None]
    weights = [1.0 / (_GAIN_SPREAD**2 + noise**2) for _, noise in met]
    precision = 1.0 / _GAIN_UNSURE**2
    total = precision + sum(weights)
    gain = (precision * _GAIN + sum(w * g for w, (g, _) in zip(weights, met, strict=True))) / total
    beyond = [max(0.0, (g - gain) ** 2 - noise**2) for g, noise in met]
    spread = math.sqrt((_AS_SURE_AS * _GAIN_SPREAD**2 + sum(beyond)) / (_AS_SURE_AS + len(beyond)))
    return gain, spread, 1.0 / math.sqrt(total)


def _met(outcome: QuoteOutcome) -> tuple[float, float] | None:
    """Return the share of the rest that a run gained, and that share's noise; None if there is no rest."""
    basis = outcome.quote.basis
    scale = _Scale.of(get_metric(outcome.quote.metric), basis)
    rest = 1.0 - _start(scale, basis)
    if outcome.score is None or rest < 0.01:
        return None
    gained = (scale.share(outcome.score) - _start(scale, basis)) / rest
    return min(max(gained, _LEAST_GAIN), _MOST_GAIN), scale.error(basis.noise) / rest


def _times(came: float | None, expected: float) -> float | None:
    return came / expected if came and expected > 0 else None


def _ratio(times: Sequence[float | None]) -> float:
    """Return what to multiply an expectation by: the outcomes' geometric mean, held back by few of them."""
    ratios = [min(max(time, 1 / _MOST_TIMES), _MOST_TIMES) for time in times if time is not None]
    return math.exp(sum(map(math.log, ratios)) / (len(ratios) + _USUAL_RUNS))
