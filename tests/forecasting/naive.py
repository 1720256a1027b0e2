"""A forecast that repeats the last value of two shops, on record like a trained one: nothing is trained."""

from __future__ import annotations

import numpy as np

from litmus_core.experiments import ForecastRequest, ForecastsService
from litmus_core.forecasting import Forecaster, ForecastReport, read_series, save_forecaster
from litmus_core.forecasting._bundle.forecaster import Learned, SeriesModels
from litmus_core.forecasting._states import NaiveState
from litmus_core.forecasting._training.intervals import Band
from litmus_core.forecasting._training.report import ForecastScores, ModelLine
from litmus_core.types import Score, Verdict
from tests.forecasting.tables import SPEC, shops


def naive_forecaster(*, scale: float = 1.0) -> Forecaster:
    """Return what answers; ``scale`` is how wide the ranges are."""
    panel, _ = read_series(shops(), SPEC)
    learned = Learned(
        frequency=panel.frequency,
        season=panel.season,
        horizon=4,
        level=0.8,
        is_positive=True,
        weights={"naive": 1.0},
        fallback="naive",
        boosters=None,
        known_columns=(),
        codes={},
    )
    models = [
        SeriesModels(series=one, states={"naive": NaiveState(float(one.values[-1]))}) for one in panel.series
    ]
    band = Band(scales=np.full(2, scale), profile=np.arange(1.0, 5.0), quantiles=np.arange(1.0, 7.0))
    return Forecaster(learned, models, band)


def add_naive(forecasts: ForecastsService, id_: str, name: str) -> None:
    """Put a finished forecast on record, with the folder that answers."""
    at = "2026-01-01T00:00:00+00:00"
    request = ForecastRequest(id=id_, name=name, created_at=at, dataset_version_id="dv_1", spec=SPEC)
    score = Score(metric="mase", value=1.0, low=0.9, high=1.1, n_rows=8)
    report = ForecastReport(
        frequency="quarterly",
        season=4,
        horizon=4,
        level=0.8,
        n_series=2,
        n_origins=1,
        refitted=False,
        models=(ModelLine(key="naive", title="Last value", validation=1.0, weight=1.0, test=1.0),),
        verdict=Verdict(outcome="no bar", candidate_id="", score=score, baseline=1.0),
        scores=ForecastScores(mase=1.0, wape=0.1, pinball=1.0, coverage=0.8, n_values=8, n_distinct=8),
        seconds=1.0,
    )
    forecasts.folders.add(request)
    save_forecaster(naive_forecaster(), forecasts.folders.folder(id_) / "model")
    forecasts.folders.finish(id_, report)
