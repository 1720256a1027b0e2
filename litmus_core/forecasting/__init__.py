"""Forecasting: from a table of series to a judged forecast, and the folder that answers it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from litmus_core.forecasting._bundle.desk import ForecastServer
    from litmus_core.forecasting._bundle.files import load_forecaster, save_forecaster
    from litmus_core.forecasting._bundle.forecaster import Forecast, Forecaster, Learned
    from litmus_core.forecasting._bundle.new_values import observe_table
    from litmus_core.forecasting._messages import forecast_sentences, metric_title, subject_text
    from litmus_core.forecasting._models.statistical import check_statsforecast
    from litmus_core.forecasting._series.facts import SeriesFacts, read_facts
    from litmus_core.forecasting._series.frequency import frequency_names, step_noun
    from litmus_core.forecasting._series.table import SeriesColumns, SeriesRules
    from litmus_core.forecasting._training.baselines import (
        ForecastOutlook,
        SimpleForecast,
        read_outlook,
        score_by,
    )
    from litmus_core.forecasting._training.forecast import (
        ForecastSpec,
        LearnedForecast,
        learn_forecast,
        read_series,
    )
    from litmus_core.forecasting._training.past import PastForecasts, load_past, save_past
    from litmus_core.forecasting._training.report import ForecastReport, ModelLine

_HOMES = {
    "Forecast": "_bundle.forecaster",
    "ForecastOutlook": "_training.baselines",
    "ForecastReport": "_training.report",
    "ForecastSpec": "_training.forecast",
    "ForecastServer": "_bundle.desk",
    "Forecaster": "_bundle.forecaster",
    "Learned": "_bundle.forecaster",
    "LearnedForecast": "_training.forecast",
    "ModelLine": "_training.report",
    "PastForecasts": "_training.past",
    "SeriesColumns": "_series.table",
    "SeriesFacts": "_series.facts",
    "SeriesRules": "_series.table",
    "SimpleForecast": "_training.baselines",
    "check_statsforecast": "_models.statistical",
    "forecast_sentences": "_messages",
    "frequency_names": "_series.frequency",
    "learn_forecast": "_training.forecast",
    "load_forecaster": "_bundle.files",
    "load_past": "_training.past",
    "metric_title": "_messages",
    "observe_table": "_bundle.new_values",
    "read_facts": "_series.facts",
    "read_outlook": "_training.baselines",
    "read_series": "_training.forecast",
    "save_forecaster": "_bundle.files",
    "save_past": "_training.past",
    "score_by": "_training.baselines",
    "step_noun": "_series.frequency",
    "subject_text": "_messages",
}

__all__ = [
    "Forecast",
    "ForecastOutlook",
    "ForecastReport",
    "ForecastServer",
    "ForecastSpec",
    "Forecaster",
    "Learned",
    "LearnedForecast",
    "ModelLine",
    "PastForecasts",
    "SeriesColumns",
    "SeriesFacts",
    "SeriesRules",
    "SimpleForecast",
    "check_statsforecast",
    "forecast_sentences",
    "frequency_names",
    "learn_forecast",
    "load_forecaster",
    "load_past",
    "metric_title",
    "observe_table",
    "read_facts",
    "read_outlook",
    "read_series",
    "save_forecaster",
    "save_past",
    "score_by",
    "step_noun",
    "subject_text",
]


def __getattr__(name: str) -> Any:
    """Import a name on its first use: what answers needs nothing of what trains."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
