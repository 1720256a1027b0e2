"""Sample tables of series that come with Litmus, each with a forecast to make of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import UnknownNameError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.datasets import DatasetsService
from litmus_core.experiments._data.samples import SAMPLES_FOLDER
from litmus_core.experiments._forecasts.record import ForecastRecord
from litmus_core.experiments._forecasts.service import ForecastsService
from litmus_core.forecasting import ForecastSpec, SeriesColumns
from litmus_core.types import Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastSample:
    """A small real table of series with a forecast to make of it; ``teaches`` says what one sees."""

    name: str
    title: str
    description: str
    path: Path
    spec: ForecastSpec
    license: str
    source: str
    teaches: str


@dataclass(frozen=True, slots=True)
class ForecastSamplesService:
    """The sample tables of series that come with Litmus."""

    context: Context
    datasets: DatasetsService
    forecasts: ForecastsService

    def list(self) -> tuple[ForecastSample, ...]:
        """Return the samples; none in an installation without them."""
        return _samples()

    def start(self, name: str) -> ForecastRecord:
        """Import a sample (once), and start its forecast; raises UnknownNameError."""
        samples = {sample.name: sample for sample in _samples()}
        if name not in samples:
            raise UnknownNameError(kind="sample", name=name, names=samples)
        version = self.datasets.import_file(samples[name].path, name=samples[name].title)
        return self.forecasts.start(version, samples[name].spec, name=samples[name].title)


def _samples() -> tuple[ForecastSample, ...]:
    listing = SAMPLES_FOLDER / "forecasts.json"
    if not listing.exists():
        return ()
    return tuple(
        ForecastSample(
            name=load["name"],
            title=load["title"],
            description=load["description"],
            path=SAMPLES_FOLDER / load["file"],
            license=load["license"],
            source=load["source"],
            teaches=load["teaches"],
            spec=ForecastSpec(
                columns=SeriesColumns(time=load["time"], value=load["value"], id=load["id"]),
                horizon=load["horizon"],
                bar=Bar(**load["bar"], is_proposed=True),
            ),
        )
        for load in json.loads(listing.read_text(encoding="utf-8"))
    )
