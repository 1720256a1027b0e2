"""Forecasts of the workspace: started, listed, exported, removed."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import (
    BusyError,
    DataError,
    NotFoundError,
    TrainingError,
    UsageError,
    reading,
    writing,
)
from litmus_core.experiments._background import start_work
from litmus_core.experiments._context import Context
from litmus_core.experiments._forecasts.proposal import propose_columns, time_columns
from litmus_core.experiments._forecasts.record import (
    MODEL,
    PAST,
    REPORT,
    REQUEST,
    ForecastRecord,
    ForecastRequest,
    progress_message,
)
from litmus_core.forecasting import (
    Forecaster,
    ForecastOutlook,
    ForecastReport,
    ForecastSpec,
    PastForecasts,
    SeriesColumns,
    SeriesFacts,
    SeriesRules,
    check_statsforecast,
    learn_forecast,
    load_forecaster,
    load_past,
    read_facts,
    read_outlook,
    read_series,
    save_forecaster,
    save_past,
)
from litmus_core.types import DatasetVersion, Finding, from_plain, to_plain

if TYPE_CHECKING:
    import pandas as pd


_ID = re.compile(r"fc_[0-9a-f]+")  # no path: it may come from an address


@dataclass(frozen=True, slots=True)
class ForecastsService:
    """Forecasts, each a folder with its request, its report and the model that answers."""

    context: Context

    def check(self, version: DatasetVersion, spec: ForecastSpec) -> tuple[Finding, ...]:
        """Return what there is to say of the series; raises DataError where they cannot be forecast."""
        return read_series(self._renamed(version, spec.columns), spec)[1]

    def propose(self, version: DatasetVersion) -> SeriesColumns | None:
        """Return which columns to begin with; None where the table has no time or no number."""
        if not time_columns(version):
            return None
        return propose_columns(version, self._all_rows(version))

    def facts(self, version: DatasetVersion, columns: SeriesColumns, rules: SeriesRules) -> SeriesFacts:
        """Return what a table holds as series; raises DataError where it holds none that fit together."""
        return read_facts(self._renamed(version, columns), columns, rules)

    def outlook(self, version: DatasetVersion, spec: ForecastSpec) -> ForecastOutlook:
        """Return what there is to say before training; raises DataError where nothing can be forecast."""
        return read_outlook(self._renamed(version, spec.columns), spec)

    def start(
        self, version: DatasetVersion, spec: ForecastSpec, *, name: str | None = None
    ) -> ForecastRecord:
        """Start a training in a process of its own, which outlives this one.

        What ``check`` refuses is refused here, before anything starts.
        """
        from litmus_core.jobs import forecast_job
        from litmus_core.store import new_id, utc_now

        check_statsforecast()
        self.check(version, spec)
        request = ForecastRequest(
            id=new_id("fc"),
            name=name or version.name,
            created_at=utc_now(),
            dataset_version_id=version.id,
            spec=spec,
        )
        folder = self._folder(request.id)
        with writing(folder):
            folder.mkdir(parents=True)
            (folder / REQUEST).write_text(json.dumps(to_plain(request)), encoding="utf-8")
        start_work(
            forecast_job(self.context.workspace, request.id),
            "forecast",
            request.id,
            workspace=self.context.workspace,
            busy=f"Forecast '{request.id}' is being trained.",
        )
        return self.get(request.id)

    def train(self, forecast_id: str, *, on_progress: Callable[[str], None]) -> ForecastReport:
        """Train a requested forecast in this process, and put its model and its report into its folder."""
        request, folder = self._request(forecast_id), self._folder(forecast_id)
        version = self.context.dataset(request.dataset_version_id)
        table = self._renamed(version, request.spec.columns)
        forecaster, report, past = learn_forecast(
            table,
            request.spec,
            report=lambda stage, share: on_progress(progress_message(stage, share)),
        )
        save_forecaster(forecaster, folder / MODEL)
        save_past(past, folder / PAST)
        fresh = folder / f"{REPORT}.new"
        fresh.write_text(json.dumps(to_plain(report)), encoding="utf-8")
        fresh.replace(folder / REPORT)
        return report

    def get(self, forecast_id: str) -> ForecastRecord:
        """Return a forecast; raises NotFoundError for an unknown id."""
        from litmus_core.jobs import forecast_job

        request, folder = self._request(forecast_id), self._folder(forecast_id)
        job = forecast_job(self.context.workspace, forecast_id)
        if (folder / REPORT).exists():
            with reading(folder / REPORT):
                report = from_plain(ForecastReport, json.loads((folder / REPORT).read_text(encoding="utf-8")))
            return ForecastRecord(request=request, state="finished", report=report, model=folder / MODEL)
        status = job.status()
        if status is not None:
            return ForecastRecord(request=request, state="running", message=status)
        problem = job.problem()
        if (folder / REPORT).exists():  # it ended between the two looks
            return self.get(forecast_id)
        return ForecastRecord(request=request, state="failed" if problem else "interrupted", message=problem)

    def list(self) -> list[ForecastRecord]:
        """Return all forecasts, the newest first."""
        records = [self.get(forecast_id) for forecast_id in self.ids()]
        return sorted(records, key=lambda record: record.request.created_at, reverse=True)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all forecasts."""
        return tuple(path.parent.name for path in self.context.workspace.forecasts.glob(f"*/{REQUEST}"))

    def newest(self) -> ForecastRecord:
        """Return the newest finished forecast; raises NotFoundError where there is none."""
        for record in self.list():
            if record.state == "finished":
                return record
        raise NotFoundError(kind="finished forecast", id="(any)", hint="Train one: litmus forecast.")

    def wait(
        self, forecast_id: str, *, on_progress: Callable[[str], None] = lambda message: None
    ) -> ForecastRecord:
        """Return a forecast once its training has ended; raises TrainingError where it failed."""
        record = self.get(forecast_id)
        on_progress(record.message)
        while record.state == "running":
            time.sleep(0.2)
            record = self.get(forecast_id)
            on_progress(record.message)
        if record.state != "finished":
            raise TrainingError(
                record.message or f"The training of forecast '{forecast_id}' was interrupted.",
                hint="Start it again: litmus forecast.",
            )
        return record

    def stop(self, forecast_id: str) -> None:
        """End a training; nothing of it is left but its request."""
        from litmus_core.jobs import forecast_job

        self._request(forecast_id)
        forecast_job(self.context.workspace, forecast_id).stop()

    def open(self, forecast_id: str) -> Forecaster:
        """Return what answers of a finished forecast."""
        return load_forecaster(self._model(forecast_id))

    def past(self, forecast_id: str) -> tuple[PastForecasts, ...]:
        """Return the history of each series, and what was forecast of it at the judging origins."""
        self._model(forecast_id)
        return load_past(self._folder(forecast_id) / PAST)

    def export(self, forecast_id: str, folder: Path | str) -> Path:
        """Copy what answers into a new ``folder``; it needs NumPy and Litmus alone."""
        model, target = self._model(forecast_id), Path(folder)
        if target.exists():
            raise UsageError(f"'{target}' exists.", hint="Name a folder that does not.")
        with writing(target):
            shutil.copytree(model, target)
        return target

    def remove(self, forecast_id: str) -> None:
        """Remove a forecast with its model; raises BusyError while it is trained."""
        if self.get(forecast_id).state == "running":
            raise BusyError(f"Forecast '{forecast_id}' is being trained.", hint="Stop it first.")
        shutil.rmtree(self._folder(forecast_id))

    def _model(self, forecast_id: str) -> Path:
        record = self.get(forecast_id)
        if record.model is None:
            raise NotFoundError(
                kind="model of forecast", id=forecast_id, hint=f"It is {record.state}. See: litmus forecasts."
            )
        return record.model

    def _request(self, forecast_id: str) -> ForecastRequest:
        is_id = _ID.fullmatch(forecast_id) is not None
        if not is_id or not (path := self._folder(forecast_id) / REQUEST).exists():
            raise NotFoundError(kind="forecast", id=forecast_id, names=self.ids())
        with reading(path):
            return from_plain(ForecastRequest, json.loads(path.read_text(encoding="utf-8")))

    def _folder(self, forecast_id: str) -> Path:
        return self.context.workspace.forecast_dir(forecast_id)

    def _renamed(self, version: DatasetVersion, columns: SeriesColumns) -> pd.DataFrame:
        """Return a version's rows under the names that its file had, where ``columns`` uses those."""
        table = self._all_rows(version)
        original = {
            column.name: column.original_name
            for column in version.columns
            if column.original_name in columns.names and column.original_name not in table.columns
        }
        return table.rename(columns=original)

    def _all_rows(self, version: DatasetVersion) -> pd.DataFrame:
        from litmus_core.data import read_rows

        if not version.n_rows:
            raise DataError(
                f"'{version.name}' has no rows.", hint="Import a table with a row for each value."
            )
        return read_rows(self.context.workspace, version, n_rows=version.n_rows)
