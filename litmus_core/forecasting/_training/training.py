"""Train on a panel: validate, choose, judge, and fit once more on all values."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.forecasting._models.statistical import check_statsforecast
from litmus_core.forecasting._series.panel import Panel, seasonal_scale
from litmus_core.forecasting._training.ensemble import choose_weights, combine
from litmus_core.forecasting._training.intervals import Band, conformal_band
from litmus_core.forecasting._training.origins import plan_origins
from litmus_core.forecasting._training.past import PastForecasts
from litmus_core.forecasting._training.report import TITLES, ForecastReport, ForecastScores, ModelLine
from litmus_core.forecasting._training.rolling import BASELINES, BOOSTERS, FittedModels, fit_models
from litmus_core.forecasting._training.scores import (
    MetricName,
    Rolled,
    chance_to_pass,
    coverage_of,
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
Answers = dict[str, Array]  # of each model at the origins of one series, (k, horizon)
FALLBACK = "seasonal_naive"
_MOST_REFITTED = 200  # series up to which models are fitted again before the judging origins
_LEAST_GAIN = 0.02  # of the error of the last season, that models have to be better by
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
    work = _Work(panel, goal, tuple(models) or usual_models(panel), report)
    validation, test = work.roll()
    weights = work.weights(validation)
    rolled = {
        part: work.rolled(forecasts, part, weights)
        for part, forecasts in (("validation", validation), ("test", test))
    }
    judged = conformal_band([one.errors for one in rolled["validation"]], work.units)
    both = [
        np.concatenate([first.errors, second.errors])
        for first, second in zip(rolled["validation"], rolled["test"], strict=True)
    ]
    lines = work.lines(validation, test, weights)
    needed = [*dict.fromkeys([FALLBACK, *weights])]
    fitted = fit_models(
        panel, needed, goal.horizon, seed=goal.seed, report=lambda share: report("final", share)
    )
    findings_report = _report(work, rolled["test"], judged, lines, time.monotonic() - started)
    return TrainedModels(
        panel=panel,
        fitted=fitted,
        weights=weights,
        band=conformal_band(both, work.units),
        report=findings_report,
        past=tuple(work.past(rolled["test"], judged)),
    )


class _Work:
    """One training: the panel, the origins of its series, and what is computed from them."""

    def __init__(
        self, panel: Panel, goal: ForecastGoal, models: tuple[str, ...], report: Callable[[str, float], None]
    ) -> None:
        self.panel, self.goal, self.models, self._report = panel, goal, models, report
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

    def roll(self) -> tuple[list[Answers], list[Answers]]:
        """Return every model's forecasts at the validating and at the judging origins, by series."""
        fitted = self._fit("validation")
        parts = []
        for index, (series, plan) in enumerate(zip(self.panel.series, self.plans, strict=True)):
            origins = plan.validation if self.refits else (*plan.validation, *plan.test)
            parts.append(fitted.roll(index, series, origins, self.goal.horizon))
        if not self.refits:
            cuts = [len(plan.validation) for plan in self.plans]
            pairs = list(zip(parts, cuts, strict=True))
            return (
                [{key: rows[:cut] for key, rows in part.items()} for part, cut in pairs],
                [{key: rows[cut:] for key, rows in part.items()} for part, cut in pairs],
            )
        again = self._fit("test")
        return parts, [
            again.roll(index, series, plan.test, self.goal.horizon)
            for index, (series, plan) in enumerate(zip(self.panel.series, self.plans, strict=True))
        ]

    def _fit(self, part: str) -> FittedModels:
        starts = [getattr(plan, part)[0] for plan in self.plans]
        series = [one.until(n) for one, n in zip(self.panel.series, starts, strict=True)]
        return fit_models(
            replace(self.panel, series=tuple(series)),
            self.models,
            self.goal.horizon,
            seed=self.goal.seed,
            report=lambda share: self._report(part, share),
        )

    def rolled(self, forecasts: Sequence[Answers], part: str, weights: dict[str, float]) -> list[Rolled]:
        """Return the ensemble's forecasts beside the truth, by series."""
        return [
            Rolled(
                truth=truths(series.values, series.is_filled, getattr(plan, part), self.goal.horizon),
                answer=self._clipped(combine(by_model, weights, fallback=FALLBACK)),
                unit=scale,
            )
            for series, plan, by_model, scale in zip(
                self.panel.series, self.plans, forecasts, self.scales, strict=True
            )
        ]

    def errors(self, forecasts: Sequence[Answers], part: str) -> dict[str, float]:
        """Return the score of each model alone, by its key; the fallback answers where a series has none."""
        return {
            model: score_of(self.goal.metric, self.rolled(forecasts, part, {model: 1.0}))
            for model in self.models
            if any(model in one for one in forecasts)
        }

    def weights(self, forecasts: Sequence[Answers]) -> dict[str, float]:
        """Return the weight of each model; the last season alone where models hardly beat it."""
        errors = self.errors(forecasts, "validation")
        weights = choose_weights(errors)
        error = score_of(self.goal.metric, self.rolled(forecasts, "validation", weights))
        return weights if error < (1.0 - _LEAST_GAIN) * errors[FALLBACK] else {FALLBACK: 1.0}

    def lines(
        self, validation: Sequence[Answers], test: Sequence[Answers], weights: dict[str, float]
    ) -> tuple[ModelLine, ...]:
        """Return a line for each model, the best at validation first."""
        before, judged = self.errors(validation, "validation"), self.errors(test, "test")
        lines = [
            ModelLine(
                key=model,
                title=TITLES[model],
                validation=error,
                weight=weights.get(model, 0.0),
                test=judged.get(model) if model in BASELINES else None,
                n_failed=sum(model not in one for one in validation),
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
        return np.maximum(forecasts, 0.0) if self.panel.is_positive else forecasts


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
