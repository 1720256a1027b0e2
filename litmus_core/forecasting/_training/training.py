"""Train on a panel: validate, choose, judge, and fit once more on all values."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.forecasting._models.statistical import check_statsforecast
from litmus_core.forecasting._series.panel import Panel, seasonal_scale
from litmus_core.forecasting._training.ensemble import choose_weights, combine
from litmus_core.forecasting._training.intervals import Band, conformal_band, recent_movement
from litmus_core.forecasting._training.origins import Part, plan_origins
from litmus_core.forecasting._training.past import PastForecasts
from litmus_core.forecasting._training.report import TITLES, ForecastReport, ForecastScores, ModelLine
from litmus_core.forecasting._training.rolling import (
    BASELINES,
    BOOSTERS,
    Answers,
    FitPlan,
    FittedModels,
    States,
    fit_models,
    series_workers,
)
from litmus_core.forecasting._training.scores import (
    MetricName,
    Rolled,
    chance_to_pass,
    count_distinct,
    coverage_of,
    is_gain,
    judged_score,
    mase_of,
    pinball_of,
    score_of,
    truths,
    wape_of,
)
from litmus_core.types import Bar, Verdict
from litmus_core.verdicts import judge_outcome

Array = NDArray[Any]
FALLBACK = "seasonal_naive"
Rolls = Mapping[Part, Sequence[Answers]]  # every model's forecasts at the origins of a part, by series
_MOST_REFITTED = 200  # series up to which models are fitted again before the judging origins
_MOST_ARIMA = 50  # series up to which the slowest model is tried
_LONGEST_ARIMA = 4  # values of a season up to which it is


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastGoal:
    """What a forecast is for: how far it goes, how it is judged, and how sure its intervals are."""

    horizon: int
    bar: Bar | None = None
    level: float = 0.8
    seed: int = 0

    @property
    def metric(self) -> MetricName:
        """The metric that judges."""
        return "wape" if self.bar is not None and self.bar.metric == "wape" else "mase"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainedModels:
    """Models fitted on all values, their weights, and the band around their mean.

    ``past`` is what was forecast at the judging origins.
    """

    panel: Panel
    fitted: FittedModels
    weights: dict[str, float]
    band: Band
    report: ForecastReport
    past: tuple[PastForecasts, ...]


def usual_models(panel: Panel) -> tuple[str, ...]:
    """Return the keys of the models to try on a panel, baselines first."""
    small = len(panel.series) <= _MOST_ARIMA and panel.season <= _LONGEST_ARIMA
    return (*BASELINES, "ets", "theta", *(["arima"] if small else []), BOOSTERS)


def train_panel(
    panel: Panel,
    goal: ForecastGoal,
    *,
    models: Sequence[str] = (),
    report: Callable[[str, float], None] = lambda stage, share: None,
) -> TrainedModels:
    """Return the models of a panel, judged at origins that nothing was chosen by.

    ``report`` gets the stage and the share of it that is done. Raises MissingExtraError where
    statsforecast is missing.
    """
    check_statsforecast()
    started = time.monotonic()
    with series_workers(len(panel.series)) as workers:
        work = _Work(panel, goal, tuple(models) or usual_models(panel), report, workers)
        rolls = work.roll()
        earlier: Rolls = {part: forecasts for part, forecasts in rolls.items() if part != "test"}
        judged_weights, weights = work.weights(earlier), work.weights(rolls)
        fitted = work.fit_finally(weights)
    test = work.rolled(rolls["test"], "test", judged_weights)
    judged = work.band(earlier, judged_weights)
    lines = work.lines(rolls, weights)
    return TrainedModels(
        panel=panel,
        fitted=fitted,
        weights=weights,
        band=work.band(rolls, weights),
        report=_report(work, test, judged, lines, time.monotonic() - started),
        past=tuple(work.past(test, judged)),
    )


class _Work:
    """One training: the panel, the origins of its series, and what is computed from them."""

    def __init__(
        self,
        panel: Panel,
        goal: ForecastGoal,
        models: tuple[str, ...],
        report: Callable[[str, float], None] = lambda stage, share: None,
        workers: Executor | None = None,
    ) -> None:
        self.panel, self.goal, self.models = panel, goal, models
        self._report, self._workers = report, workers
        self._is_positive = panel.is_positive  # which reads all values
        self._earlier: tuple[States, ...] = ()  # of the first fit, whose forms the last one takes over
        self.plans = [plan_origins(len(series), goal.horizon) for series in panel.series]
        scales = [
            seasonal_scale(series.values[: plan.validation[0]], panel.season)
            for series, plan in zip(panel.series, self.plans, strict=True)
        ]
        self.scales = scales
        levels = [max(float(np.abs(series.values).mean()), 1e-9) for series in panel.series]
        self.units = np.array([scale or level for scale, level in zip(scales, levels, strict=True)])

    @property
    def refits(self) -> bool:
        """Whether models are fitted again before the judging origins."""
        return len(self.panel.series) <= _MOST_REFITTED

    def roll(self) -> Rolls:
        """Return every model's forecasts at the origins of each part, by series."""
        if not self.refits:
            return self._roll_on()
        parts: list[Part] = ["validation", "test"]
        if all(plan.early for plan in self.plans):
            parts.insert(0, "early")
        return {part: self._fit(part, [plan.of(part) for plan in self.plans]).forecasts for part in parts}

    def _roll_on(self) -> Rolls:
        """Return forecasts of models that are fitted once, before the validating origins."""
        fitted = self._fit("validation", [(*plan.validation, *plan.test) for plan in self.plans])
        if all(plan.validation[0] > 2 * self.panel.season for plan in self.plans):
            self._earlier = fitted.states
        pairs = [
            (forecasts, len(plan.validation))
            for forecasts, plan in zip(fitted.forecasts, self.plans, strict=True)
        ]
        return {
            "validation": [{key: rows[:cut] for key, rows in forecasts.items()} for forecasts, cut in pairs],
            "test": [{key: rows[cut:] for key, rows in forecasts.items()} for forecasts, cut in pairs],
        }

    def fit_finally(self, weights: dict[str, float]) -> FittedModels:
        """Return the models that count, and the fallback, fitted on all values."""
        return self._fit("final", (), tuple(dict.fromkeys([FALLBACK, *weights])))

    def _fit(
        self, stage: str, origins: Sequence[tuple[int, ...]], models: tuple[str, ...] = ()
    ) -> FittedModels:
        return fit_models(
            self.panel,
            FitPlan(models=models or self.models, horizon=self.goal.horizon, seed=self.goal.seed),
            origins=origins,
            like=() if origins else self._earlier,
            workers=self._workers,
            report=lambda share: self._report("validation" if stage == "early" else stage, share),
        )

    def rolled(self, forecasts: Sequence[Answers], part: Part, weights: dict[str, float]) -> list[Rolled]:
        """Return the ensemble's forecasts beside the truth, by series."""
        return [
            Rolled(
                truth=truths(series.values, series.is_filled, plan.of(part), self.goal.horizon),
                answer=self._clipped(combine(by_model, weights, fallback=FALLBACK)),
                unit=scale,
            )
            for series, plan, by_model, scale in zip(
                self.panel.series, self.plans, forecasts, self.scales, strict=True
            )
        ]

    def errors(self, rolls: Rolls) -> dict[str, float]:
        """Return the score of each model alone: the geometric mean of the parts that have forecasts of it.

        The fallback answers where a series has none.
        """
        logs: dict[str, list[float]] = {}
        for part, forecasts in rolls.items():
            for model in _models_of(forecasts):
                score = score_of(self.goal.metric, self.rolled(forecasts, part, {model: 1.0}))
                logs.setdefault(model, []).append(float(np.log(max(score, 1e-12))))
        return {model: float(np.exp(np.mean(numbers))) for model, numbers in logs.items()}

    def weights(self, rolls: Rolls) -> dict[str, float]:
        """Return the weight of each model that all parts have forecasts of.

        The last season answers alone where they hardly beat it, or where that may be chance.
        """
        everywhere = set.intersection(*map(_models_of, rolls.values()))
        errors = {model: error for model, error in self.errors(rolls).items() if model in everywhere}
        weights = choose_weights(errors, fallback=FALLBACK)
        pairs = [
            (self.rolled(forecasts, part, weights), self.rolled(forecasts, part, {FALLBACK: 1.0}))
            for part, forecasts in rolls.items()
        ]
        return weights if is_gain(self.goal.metric, pairs) else {FALLBACK: 1.0}

    def band(self, rolls: Rolls, weights: dict[str, float]) -> Band:
        """Return the intervals of an ensemble: by the longest part that validates, and the judging one.

        Where models learned first, early origins go as far as the validating ones.
        """
        first: Part = "early" if "early" in rolls else "validation"
        parts = [part for part in (first, "test") if part in rolls]
        rolled = [self.rolled(rolls[part], part, weights) for part in parts]
        errors = [
            np.concatenate([one.errors for one in of_series]) for of_series in zip(*rolled, strict=True)
        ]
        horizon, season = self.goal.horizon, self.panel.season
        movements = []
        for series, plan in zip(self.panel.series, self.plans, strict=True):
            origins = [origin for part in parts for origin in plan.of(part)]
            until_then = series.values if "test" in rolls else series.values[: plan.test[0]]
            movements.append(recent_movement(until_then, origins, season, horizon))
        return conformal_band(errors, self.units, np.array(movements))

    def lines(self, rolls: Rolls, weights: dict[str, float]) -> tuple[ModelLine, ...]:
        """Return a line for each model, the best at validation first."""
        judged = self.errors({"test": rolls["test"]})
        before = self.errors({part: forecasts for part, forecasts in rolls.items() if part != "test"})
        lines = [
            ModelLine(
                key=model,
                title=TITLES[model],
                validation=error,
                weight=weights.get(model, 0.0),
                test=judged.get(model) if model in BASELINES else None,
                n_failed=sum(model not in one for one in rolls["validation"]),
            )
            for model, error in before.items()
        ]
        return tuple(sorted(lines, key=lambda line: line.validation))

    def past(self, rolled: Sequence[Rolled], band: Band) -> Iterator[PastForecasts]:
        """Yield what was forecast of each series at its judging origins, with the intervals judged."""
        rows = zip(self.panel.series, self.plans, rolled, strict=True)
        for index, (series, plan, one) in enumerate(rows):
            half = band.half_widths(index, self.goal.level)
            yield PastForecasts(
                name=series.name,
                times=self.panel.frequency.times(np.arange(series.start, series.end)),
                values=series.values,
                is_filled=series.is_filled,
                origins=np.array(plan.test),
                forecasts=one.answer,
                low=self._clipped(one.answer - half),
                high=self._clipped(one.answer + half),
            )

    def _clipped(self, forecasts: Array) -> Array:
        return np.maximum(forecasts, 0.0) if self._is_positive else forecasts


def _models_of(forecasts: Sequence[Answers]) -> set[str]:
    return {model for one in forecasts for model in one}


def _report(
    work: _Work, rolled: Sequence[Rolled], band: Band, lines: tuple[ModelLine, ...], seconds: float
) -> ForecastReport:
    goal = work.goal
    halves = [band.half_widths(index, goal.level) for index in range(len(rolled))]
    eighty = [band.half_widths(index, 0.8) for index in range(len(rolled))]
    coverage, n_values = coverage_of(rolled, halves)
    return ForecastReport(
        frequency=work.panel.frequency.name,
        season=work.panel.season,
        horizon=goal.horizon,
        level=goal.level,
        n_series=len(rolled),
        n_origins=max(len(plan.test) for plan in work.plans),
        refitted=work.refits,
        models=lines,
        verdict=_verdict(goal, rolled, lines),
        scores=ForecastScores(
            mase=mase_of(rolled),
            wape=wape_of(rolled),
            pinball=pinball_of(rolled, eighty),
            coverage=coverage,
            n_values=n_values,
            n_distinct=sum(
                count_distinct(one, plan.test) for one, plan in zip(rolled, work.plans, strict=True)
            ),
        ),
        seconds=seconds,
    )


def _verdict(goal: ForecastGoal, rolled: Sequence[Rolled], lines: tuple[ModelLine, ...]) -> Verdict:
    score = judged_score(goal.metric, rolled)
    baseline = min(line.test for line in lines if line.test is not None)
    names = [line.title for line in lines if line.weight]
    return Verdict(
        outcome=judge_outcome(goal.bar, score, baseline),
        candidate_id="",
        score=score,
        baseline=baseline,
        model=names[0] if len(names) == 1 else f"Ensemble of {len(names)} models",
        bar=goal.bar,
        gap=None if goal.bar is None else goal.bar.gap(score.value),
        probability_passes=None if goal.bar is None else chance_to_pass(goal.metric, rolled, goal.bar),
        n_compared=len(lines),
    )
