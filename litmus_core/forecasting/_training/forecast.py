"""From a table to a forecaster with its report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from litmus_core.errors import UsageError
from litmus_core.forecasting._bundle.forecaster import Forecaster, Learned, SeriesModels
from litmus_core.forecasting._series.panel import Panel
from litmus_core.forecasting._series.table import SeriesColumns, SeriesRules, read_panel
from litmus_core.forecasting._training.checks import check_panel
from litmus_core.forecasting._training.past import PastForecasts
from litmus_core.forecasting._training.report import ForecastReport
from litmus_core.forecasting._training.scores import METRICS
from litmus_core.forecasting._training.training import FALLBACK, ForecastGoal, TrainedModels, train_panel
from litmus_core.types import Bar, Finding

if TYPE_CHECKING:
    import pandas as pd


_NO_RULES = SeriesRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastSpec:
    """What to forecast: the columns, how they become series, how far, and how it is judged.

    ``bar`` is on ``mase`` or ``wape``. ``level`` is the share of intervals that hold the truth.
    """

    columns: SeriesColumns
    horizon: int
    rules: SeriesRules = _NO_RULES
    bar: Bar | None = None
    level: float = 0.8
    seed: int = 0


class LearnedForecast(NamedTuple):
    """What forecasts, what is known of it, and what it forecast at the judging origins."""

    forecaster: Forecaster
    report: ForecastReport
    past: tuple[PastForecasts, ...]


def read_series(table: pd.DataFrame, spec: ForecastSpec) -> tuple[Panel, tuple[Finding, ...]]:
    """Return the series of a table and the findings; raises DataError where they cannot be forecast."""
    if spec.bar is not None and spec.bar.metric not in METRICS:
        raise UsageError(
            f"A forecast's bar cannot be on '{spec.bar.metric}'.", hint=f"Choose {' or '.join(METRICS)}."
        )
    panel, findings = read_panel(table, spec.columns, spec.rules)
    panel, more = check_panel(panel, spec.horizon)
    return panel, (*findings, *more)


def learn_forecast(
    table: pd.DataFrame,
    spec: ForecastSpec,
    *,
    report: Callable[[str, float], None] = lambda stage, share: None,
) -> LearnedForecast:
    """Train, judge and return what forecasts, with what is known of it.

    ``report`` gets a stage ("validation", "test", "final") and the share of its series that are done.
    """
    panel, findings = read_series(table, spec)
    goal = ForecastGoal(horizon=spec.horizon, bar=spec.bar, level=spec.level, seed=spec.seed)
    trained = train_panel(panel, goal, report=report)
    report_with_findings = replace(trained.report, findings=findings)
    forecaster = forecaster_of(trained, goal, replace(spec.columns, static=()))
    return LearnedForecast(forecaster, report_with_findings, trained.past)


def forecaster_of(trained: TrainedModels, goal: ForecastGoal, columns: SeriesColumns) -> Forecaster:
    """Return what forecasts of trained models; ``columns`` are those of its table."""
    panel = trained.panel
    learned = Learned(
        frequency=panel.frequency,
        season=panel.season,
        horizon=goal.horizon,
        level=goal.level,
        is_positive=panel.is_positive,
        weights=trained.weights,
        fallback=FALLBACK,
        boosters=trained.fitted.boosters,
        known_columns=panel.known_columns,
        codes={name: texts for name, texts in panel.codes.items() if name in panel.known_columns},
        columns=columns,
    )
    models = [
        SeriesModels(series=series, states=states)
        for series, states in zip(panel.series, trained.fitted.states, strict=True)
    ]
    return Forecaster(learned, models, trained.band).shortened()
