"""``litmus_core.forecast``: from a table of series to a judged forecast."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from litmus_core.errors import UsageError
from litmus_core.experiments._api.tables import import_any
from litmus_core.experiments._forecasts.record import ForecastRecord
from litmus_core.experiments._studio import Studio
from litmus_core.forecasting import (
    Forecast,
    Forecaster,
    ForecastReport,
    ForecastSpec,
    SeriesColumns,
    SeriesRules,
    forecast_sentences,
    load_forecaster,
)
from litmus_core.types import Bar, BarOp

_BAR = re.compile(r"\s*(mase|wape)\s*(<=)\s*([0-9.eE+-]+)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastOptions:
    """How a table becomes regular series, and the level of its intervals.

    ``frequency``: a name such as "monthly"; None: detected. ``season``: values in a season; None: the usual
    number. ``duplicates``: how rows with the same time are merged: refuse, sum, mean or last. ``gaps``: a
    missing value is the one a season earlier ("past"), or 0 ("zero"). ``level`` is the share of intervals
    that hold the truth.
    """

    frequency: str | None = None
    season: int | None = None
    duplicates: Literal["refuse", "sum", "mean", "last"] = "refuse"
    gaps: Literal["past", "zero"] = "past"
    level: float = 0.8
    seed: int = 0
    name: str | None = None


class TrainedForecast:
    """A forecast that was trained and judged."""

    def __init__(self, record: ForecastRecord, model: Path) -> None:
        if record.report is None:
            raise UsageError(f"Forecast '{record.id}' is {record.state}.", hint="Wait for its end.")
        self.id, self.model = record.id, model
        self.report: ForecastReport = record.report

    def __repr__(self) -> str:
        """Return the forecast's report in sentences."""
        return "\n".join(forecast_sentences(self.report))

    @property
    def forecaster(self) -> Forecaster:
        """The trained forecaster."""
        return load_forecaster(self.model)

    def forecast(self, series: str | None = None, **options: Any) -> Forecast:
        """Return the next values of a series: see :meth:`Forecaster.forecast`."""
        return self.forecaster.forecast(series, **options)


def forecast(
    data: Any,
    *,
    time: str,
    value: str,
    horizon: int,
    id: str | None = None,  # noqa: A002 - the field's own word
    known_future: Sequence[str] = (),
    static: Sequence[str] = (),
    bar: str | Bar | None = None,
    options: ForecastOptions = ForecastOptions(),
    workspace: Path | str | None = None,
) -> TrainedForecast:
    """Train and judge a forecast of the next ``horizon`` values of each series; return it once it is done.

    ``data`` is as for :func:`litmus_core.train`: a row for each time of each series. ``id`` is the column
    that tells series apart. ``known_future`` are columns whose future is known, ``static`` those that
    never change within a series. ``bar`` is on MASE or WAPE: ``"mase<=0.9"``. Raises DataError before
    training where the series cannot be forecast, with the closest valid value as its hint.

        sales = litmus_core.forecast("sales.csv", time="month", value="units", horizon=12)
        sales.forecast().values
    """
    spec = forecast_spec(
        SeriesColumns(time=time, value=value, id=id, known_future=tuple(known_future), static=tuple(static)),
        horizon=horizon,
        bar=bar,
        options=options,
    )
    with Studio.open(workspace) as studio:
        version = import_any(studio, data, name=options.name)
        started = studio.forecasts.start(version, spec, name=options.name)
        return TrainedForecast(studio.forecasts.wait(started.id), studio.forecasts.model(started.id))


def forecast_spec(
    columns: SeriesColumns, *, horizon: int, bar: str | Bar | None, options: ForecastOptions
) -> ForecastSpec:
    """Return the forecast spec for arguments from Python or the command line."""
    rules = SeriesRules(
        frequency=options.frequency,
        season=options.season,
        duplicates=options.duplicates,
        gaps=options.gaps,
    )
    return ForecastSpec(
        columns=columns,
        horizon=horizon,
        rules=rules,
        bar=_bar(bar) if isinstance(bar, str) else bar,
        level=options.level,
        seed=options.seed,
    )


def _bar(text: str) -> Bar:
    match = _BAR.fullmatch(text)
    if match is None:
        raise UsageError(f"{text!r} is not a bar for a forecast.", hint="Write 'mase<=0.9' or 'wape<=0.1'.")
    operator: BarOp = "<="
    return Bar(metric=match[1], op=operator, value=float(match[3]))
