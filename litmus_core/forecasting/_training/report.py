"""What a training found: models, scores and the verdict, as facts that JSON holds."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.types import Finding, Verdict

TITLES = {
    "naive": "Last value",
    "seasonal_naive": "Last season",
    "drift": "Drift",
    "ets": "Exponential smoothing (AutoETS)",
    "theta": "Theta (AutoTheta)",
    "arima": "ARIMA (AutoARIMA)",
    "boosters": "Boosted trees on lags (LightGBM)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLine:
    """One model: its error at the validating origins, and at the judging ones where it is a baseline.

    ``weight`` is its share in the ensemble; 0: it does not count. ``n_failed`` series have no fit of it.
    """

    key: str
    title: str
    validation: float
    weight: float = 0.0
    test: float | None = None
    n_failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastScores:
    """Scores of the ensemble at the judging origins, which nothing was chosen by.

    ``coverage`` is the share of ``n_values`` that lay within their intervals. Origins follow each other, so
    that several forecast the same value: ``n_distinct`` counts each once.
    """

    mase: float
    wape: float
    pinball: float
    coverage: float
    n_values: int
    n_distinct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastReport:
    """What is known after a training. Intervals were promised at ``level``.

    ``n_origins`` judged the longest series; ``refitted`` is whether models were fitted again before them.
    """

    frequency: str
    season: int
    horizon: int
    level: float
    n_series: int
    n_origins: int
    refitted: bool
    models: tuple[ModelLine, ...]
    verdict: Verdict
    scores: ForecastScores
    seconds: float
    findings: tuple[Finding, ...] = ()

    @property
    def baseline(self) -> ModelLine:
        """The baseline with the best judged score."""
        lines = [line for line in self.models if line.test is not None]
        return min(lines, key=lambda line: float(line.test or 0.0))
