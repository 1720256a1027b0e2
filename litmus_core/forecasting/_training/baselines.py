"""What the simple forecasts are worth, before anything else is trained: by them a bar is set."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.forecasting._series.panel import Panel, seasonal_scale
from litmus_core.forecasting._training.forecast import ForecastSpec, read_series
from litmus_core.forecasting._training.origins import plan_origins
from litmus_core.forecasting._training.report import TITLES
from litmus_core.forecasting._training.rolling import BASELINES, FitPlan, fit_models
from litmus_core.forecasting._training.scores import MetricName, Rolled, mase_of, truths, wape_of
from litmus_core.types import Finding

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleForecast:
    """A simple forecast and its scores at the origins that validate; those that judge stay unseen."""

    key: str
    title: str
    mase: float
    wape: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastOutlook:
    """What there is to say before training: findings, and the simple forecasts, the best first.

    ``metric`` is the one that a bar is best put on: WAPE, or MASE where some values are negative.
    """

    findings: tuple[Finding, ...]
    baselines: tuple[SimpleForecast, ...]
    metric: MetricName

    @property
    def proposed(self) -> float:
        """The bar that asks for as much as the best simple forecast."""
        return score_by(self.metric, self.baselines[0])


def score_by(metric: MetricName, simple: SimpleForecast) -> float:
    """Return a simple forecast's score."""
    return simple.wape if metric == "wape" else simple.mase


def read_outlook(table: pd.DataFrame, spec: ForecastSpec) -> ForecastOutlook:
    """Return what there is to say before training; raises DataError where nothing can be forecast."""
    panel, findings = read_series(table, spec)
    baselines = _score(panel, spec.horizon)
    metric: MetricName = "wape"
    if not panel.is_positive or not all(isfinite(simple.wape) for simple in baselines):
        metric = "mase"
    baselines.sort(key=lambda simple: score_by(metric, simple))
    return ForecastOutlook(findings=findings, baselines=tuple(baselines), metric=metric)


def _score(panel: Panel, horizon: int) -> list[SimpleForecast]:
    origins = [plan_origins(len(series), horizon).validation for series in panel.series]
    fitted = fit_models(panel, FitPlan(models=BASELINES, horizon=horizon), origins=origins)
    by_model: dict[str, list[Rolled]] = {key: [] for key in BASELINES}
    is_positive = panel.is_positive
    for series, at, forecasts in zip(panel.series, origins, fitted.forecasts, strict=True):
        truth = truths(series.values, series.is_filled, at, horizon)
        unit = seasonal_scale(series.values[: at[0]], panel.season)
        for key, answer in forecasts.items():
            clipped = np.maximum(answer, 0.0) if is_positive else answer
            by_model[key].append(Rolled(truth=truth, answer=clipped, unit=unit))
    return [
        SimpleForecast(key=key, title=TITLES[key], mase=mase_of(rolled), wape=wape_of(rolled))
        for key, rolled in by_model.items()
        if rolled
    ]
